"""Advice on Markdown as written, line by line, outside code: what renders otherwise than its author expects."""

import re

from assessments.model import Fault
from courses.rendering.source import Severity, blank_code

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t])")
_TIGHT_HEADING = re.compile(r"#{2,6}[^#\s]")
_LIST_ITEM = re.compile(r"(?:[-*+]|\d{1,3}\.)[ \t]+\S")
_SHALLOW = re.compile(r" {2,3}(?:[-*+]|\d{1,3}\.)[ \t]+\S")
_VAGUE = re.compile(r"(?<!!)\[\s*(click here|here|this|link|more|read more|this link|this page)\s*\]\(", re.IGNORECASE)
_NOTE_USE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
_REFERENCE_USE = re.compile(r"(?<![\]\\!])\[[^\[\]\n]+\]\[([^\[\]\n]*)\]")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]^\n][^\]\n]*)\]:[ \t]*\S", re.MULTILINE)
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_BARE_ADDRESS = re.compile(r"(?<![\w(<\"'\]=/:])https?://\S+")
_PLACEHOLDER = re.compile(r"\b(?:TODO|FIXME|XXX|TBD)\b|\bLorem ipsum\b")


def style_faults(path: str, text: str, *, bank: bool) -> list[Fault]:
    """Return advice and broken notes for one Markdown file; `bank` says that it holds items, whose headings have
    another meaning."""
    start = _body_start(text)
    blanked = blank_code(text)
    lines = blanked.split("\n")
    faults: list[Fault] = []

    def say(number: int, column: int, message: str, severity: Severity = "warning") -> None:
        faults.append(Fault(path, number, column, severity, message))

    level = 1
    for number, line in enumerate(lines, start=1):
        if number < start:
            continue
        heading = _HEADING.match(line)
        if heading and not bank:
            depth = len(heading[1])
            if depth == 1:
                say(number, 1, "a # heading: the title stands in the front matter, begin with ##")
            elif depth > level + 1:
                say(number, 1, f"a heading of level {depth} after one of level {level}: skip no level")
            level = max(depth, 1)
        elif _TIGHT_HEADING.match(line):
            say(number, 1, "no space after #: this is not read as a heading")
        previous = lines[number - 2] if number > 1 else ""
        if _list_without_room(previous, line) and not bank:
            say(number, 1, "a list needs an empty line before it, or it is read as running text")
        if _SHALLOW.match(line) and _LIST_ITEM.match(previous) and not bank:
            say(number, 1, "a list inside a list is indented by four spaces, or it is read as part of the outer one")
        for found in _VAGUE.finditer(line):
            say(number, found.start() + 1, f"the link says “{found[1]}”: say where it leads")
        for found in () if _REFERENCE.match(line) else _BARE_ADDRESS.finditer(line):
            say(number, found.start() + 1, "an address in running text is not a link: write [where it leads](address)")
        for found in _PLACEHOLDER.finditer(line):
            say(number, found.start() + 1, f"“{found[0]}” is left in the text")
    faults += _fences(path, text, start)
    faults += _notes(path, blanked, bank=bank)
    return faults


def _body_start(text: str) -> int:
    """Return the line after the front matter."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return 1
    return next((number + 1 for number, line in enumerate(lines[1:], start=2) if line.rstrip() == "---"), 1)


def _list_without_room(previous: str, line: str) -> bool:
    if not _LIST_ITEM.match(line) or not previous.strip():
        return False
    before = previous.lstrip()
    return not (
        _LIST_ITEM.match(before)
        or previous.startswith((" ", "\t", "#", ">", "|", ":", "*[", "[^", "---"))
        or line.startswith("---")
    )


def _fences(path: str, text: str, start: int) -> list[Fault]:
    opened, mark = 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        found = _FENCE.match(line) if number >= start else None
        if not found:
            continue
        if not mark:
            opened, mark = number, found[1]
        elif found[1].startswith(mark) and not found[2].strip():
            mark = ""
    return [Fault(path, opened, 1, "warning", f"the code fence {mark} never closes")] if mark else []


def _notes(path: str, text: str, *, bank: bool) -> list[Fault]:
    def at(index: int, severity: Severity, message: str) -> Fault:
        return Fault(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index), severity, message)

    notes = {found[1] for found in _NOTE.finditer(text)}
    used = {found[1] for found in _NOTE_USE.finditer(text)}
    faults = []
    for found in _NOTE_USE.finditer(text):
        if bank:
            faults.append(
                at(found.start(), "warning", f"notes are not read in questions: write the source of [^{found[1]}] out")
            )
        elif found[1] not in notes:
            faults.append(
                at(
                    found.start(),
                    "error",
                    f"the note [^{found[1]}] is not there: expected a line that begins with [^{found[1]}]:",
                )
            )
    faults += [
        at(found.start(), "warning", f"nothing refers to the note [^{found[1]}]")
        for found in _NOTE.finditer(text)
        if found[1] not in used
    ]
    references = {" ".join(found[1].lower().split()) for found in _REFERENCE.finditer(text)}
    for found in _REFERENCE_USE.finditer(text):
        name = " ".join((found[1] or found[0][1 : found[0].index("]")]).lower().split())
        if name not in references and not name.startswith("^"):
            faults.append(
                at(
                    found.start(),
                    "error",
                    f"the link refers to [{name}], which is not there: expected a line that begins with [{name}]:",
                )
            )
    return faults
