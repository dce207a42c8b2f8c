"""A checklist for observing somebody at work: one Markdown file, read with every fault of it at once.

    ---
    code: OBS-A1
    title: Find and verify before a decision
    competency: A1
    level: 3
    edition: "2026.1"
    minutes: 5
    ---

    What to watch for, in a sentence or two.

    - [ ] Opens the chart with two identifiers {#two-identifiers .critical}
      > What counts as met, in a line.
    - [ ] Looks at the date of each result {#dates}

An item is a line of a task list that ends in its lasting id; `.critical` says that the level of the checklist cannot
be signed unless the item was met. Knows no disk, no database and no clock.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assessments.model import Fault
from courses.coursefile import unknown_competency
from courses.documents import CODE, Document, failed, language_of, open_document
from courses.rendering.renderer import Renderer
from courses.rendering.source import Source

MOST_ITEMS = 12  # more cannot be watched and ticked in a minute at the bedside
MET, NOT_MET, NOT_SEEN = "met", "not-met", "not-seen"
ANSWERS = (MET, NOT_MET, NOT_SEEN)
_ITEM = re.compile(r"(?P<mark>[-*+])(?P<gap>[ \t]+)\[(?P<box>.?)\](?P<space>[ \t]*)(?P<words>.*)\Z")
_ATTRIBUTES = re.compile(r"\{:?[ \t]*(?P<inside>[^{}]*)\}[ \t]*\Z")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_EXPECTED_ITEM = "expected an item such as “- [ ] Compares two identifiers {#two-identifiers}”"


@dataclass(frozen=True)
class ChecklistItem:
    """One thing to watch. `html` and `hint_html` are finished; `critical` means that it must be met."""

    id: str
    html: str
    hint_html: str
    critical: bool


@dataclass(frozen=True)
class Checklist:
    """A checklist as it is published. `level` is what it supports, 1 to 4; `digest` names this very text."""

    code: str
    title: str
    competency: str
    level: int
    edition: str
    minutes: int
    language: str
    intro_html: str
    items: tuple[ChecklistItem, ...]
    digest: str
    path: str


@dataclass(frozen=True)
class Outcome:
    """What an observer ticked. `open_critical` are the critical items that were not met, in order."""

    met: int
    not_met: int
    not_seen: int
    open_critical: tuple[str, ...]


def outcome(critical: Mapping[str, bool], answers: Mapping[str, str]) -> Outcome:
    """Count the answers to a checklist; `critical` says by item id whether it must be met, in order.

    An item without an answer was not seen. Raises ValueError for an unknown item or answer.
    """
    for item, answer in answers.items():
        if item not in critical:
            raise ValueError(f"the checklist has no item {item!r}")
        if answer not in ANSWERS:
            raise ValueError(f"expected one of {', '.join(ANSWERS)}, not {answer!r}")
    given = [answers.get(item, NOT_SEEN) for item in critical]
    missing = tuple(item for item, must in critical.items() if must and answers.get(item) != MET)
    return Outcome(given.count(MET), given.count(NOT_MET), given.count(NOT_SEEN), missing)


def read_checklist(
    text: str, path: str, competencies: Collection[str] | None = None
) -> tuple[Checklist | None, list[Fault]]:
    """Read one checklist; None whenever there is an error among the faults.

    `path` stands in the faults; `competencies` are the framework's codes, None where they are not checked.
    """
    faults: list[Fault] = []
    document = open_document(text, path, faults)
    if document is None:
        return None, faults
    read = _fields(document, competencies)
    intro, items = _body(document, read.language, faults)
    return (None if failed(faults) else replace(read, intro_html=intro, items=items)), faults


def _fields(document: Document, known: Collection[str] | None) -> Checklist:
    fields = document.fields
    code = fields.text(
        "code", required=True, pattern=CODE, expected="a lasting id of A–Z, 0–9 and hyphens, as in OBS-A1"
    )
    title = fields.text("title", required=True, expected="the checklist's title")
    expected = "a competency of the framework, as in B1"
    competency = fields.text("competency", required=True, expected=expected, longest=20)
    if competency and known is not None and competency not in known:
        fields.error("competency", unknown_competency(competency, frozenset(known)))
    level = fields.whole("level", 0, required=True, low=1, high=4, expected="the level it supports, 1 to 4") or 0
    edition = fields.text("edition", required=True, expected='an edition such as "2026.1"', longest=40)
    minutes = fields.whole("minutes", 0, required=True, low=1, high=120, expected="whole minutes, 1 to 120") or 0
    language = language_of(fields)
    fields.finish()
    return Checklist(code, title, competency, level, edition, minutes, language, "", (), document.digest, document.path)


def _body(document: Document, language: str, faults: list[Fault]) -> tuple[str, tuple[ChecklistItem, ...]]:
    """Split the body into the words before the first item and the items; note what is wrong with either."""
    path, first = document.path, document.body_line
    lines = document.body.split("\n")
    begins = [number for number, line in enumerate(lines) if _ITEM.match(line)]
    renderer = Renderer(language=language)
    intro = "\n".join(lines[: begins[0]] if begins else lines)
    rendered = renderer.block(intro, document.source(intro, first))
    faults += rendered.faults
    items: list[ChecklistItem] = []
    for place, start in enumerate(begins):
        end = begins[place + 1] if place + 1 < len(begins) else len(lines)
        item = _item(lines[start:end], first + start, path, renderer, faults)
        if item is not None and item.id in {other.id for other in items}:
            faults.append(Fault(path, first + start, 1, "error", f"the id “{item.id}” stands here twice"))
        elif item is not None:
            items.append(item)
    if not begins:
        faults.append(Fault(path, first, 1, "error", f"the checklist has no item: {_EXPECTED_ITEM}"))
    if len(items) > MOST_ITEMS:
        message = f"{len(items)} items: at most {MOST_ITEMS} can be watched and ticked at the bedside"
        faults.append(Fault(path, first + begins[MOST_ITEMS], 1, "warning", message))
    if items and not any(item.critical for item in items):
        faults.append(Fault(path, first + begins[0], 1, "warning", "no item is .critical: say which must be met"))
    return rendered.html, tuple(items)


def _item(
    lines: Sequence[str], number: int, path: str, renderer: Renderer, faults: list[Fault]
) -> ChecklistItem | None:
    """Read an item from its lines; the first begins with the box, `>` lines are the hint."""

    def say(line: int, message: str, severity: Literal["error", "warning"] = "error", column: int = 1) -> None:
        faults.append(Fault(path, number + line, column, severity, message))

    found = _ITEM.match(lines[0])
    assert found is not None, "the caller begins an item at each line that looks like one"
    if found["box"] != " ":
        say(0, f"“[{found['box']}]” is no empty box: {_EXPECTED_ITEM}", column=found.start("box"))
        return None
    if not found["space"]:
        say(0, f"a space is missing after the box: {_EXPECTED_ITEM}", column=found.end("box") + 2)
        return None
    words, hint = [found["words"]], []
    for line, text in enumerate(lines[1:], 1):
        bare = text.strip()
        if not bare:
            continue
        if bare.startswith(">") and text.startswith((" ", "\t")):
            hint.append(bare[1:].strip())
        elif text.startswith("  ") and not hint:
            words.append(bare)
        else:
            say(line, f"this line belongs to no item and is not read: {_EXPECTED_ITEM}", "warning")
    return _finished(" ".join(words), " ".join(hint), number, path, renderer, faults)


def _finished(
    words: str, hint: str, number: int, path: str, renderer: Renderer, faults: list[Fault]
) -> ChecklistItem | None:
    attributes = _ATTRIBUTES.search(words)
    parts = attributes["inside"].split() if attributes else []
    ids = [part[1:] for part in parts if part.startswith("#")]
    odd = [part for part in parts if not part.startswith("#") and part != ".critical"]
    if len(ids) != 1 or not _ID.match(ids[0]):
        given = f"“#{ids[0]}” is no id" if ids else "the item has no id"
        faults.append(Fault(path, number, 1, "error", f"{given}: {_EXPECTED_ITEM}"))
        return None
    if odd:
        message = f"“{odd[0]}” is not known here: expected #id and perhaps .critical"
        faults.append(Fault(path, number, 1, "error", message))
        return None
    text = words[: attributes.start()].strip() if attributes else ""
    if not text:
        faults.append(Fault(path, number, 1, "error", f"the item says nothing: {_EXPECTED_ITEM}"))
        return None
    shown, said = (renderer.inline(each, Source(path, each, number)) for each in (text, hint))
    faults += (*shown.faults, *said.faults)
    return ChecklistItem(ids[0], shown.html, said.html, ".critical" in parts)
