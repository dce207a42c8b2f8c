"""The body of an item taken apart: stem, the lines that answer it, and the rationale.

Each way of answering has its own split. All of them work on source lines outside code, and name every line that
belongs nowhere. What the parts mean is for the item types to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from assessments.source import Line, Report

ANSWER_LINE = re.compile(r"= (?=\S)")
_RIGHT_OR_NOT = (" ", "x", "X")
_OPTION = re.compile(r" ?[-*+](?P<before>[ \t]*)\[(?P<mark>[^\[\]]{0,3})\](?P<rest>.*)\Z")
_LINK_AFTER = re.compile(r"\([^()\s]*\)|\[[^\[\]]+\]|:")
_ENTRY = re.compile(r" ?\d{1,9}[.)][ \t]+(?=\S)")
_FEEDBACK = re.compile(r"[ \t]*>[ \t]?")
_DELIMITER = re.compile(r":?-+:?")
CONTINUATION = 2
DEEPEST_FEEDBACK = 4


@dataclass(frozen=True)
class Passage:
    """Some text and the place of its first character in the file."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class OptionSource:
    """An option as written: its box, its text, and the feedback under it."""

    line: int
    column: int
    right: bool
    text: str
    feedback: str | None


@dataclass(frozen=True)
class Cell:
    """A cell of a table, without outer space."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Parts:
    """An item's body. `stem` begins on line `stem_line`; the split that was asked for fills one answer field."""

    stem: str
    rationale: str | None
    stem_line: int = 0
    options: tuple[OptionSource, ...] = ()
    answers: tuple[Passage, ...] = ()
    entries: tuple[Passage, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def option_box(line: Line) -> Literal["option", "near", ""]:
    """Say whether a line is an option, nearly one (a fault), or neither, such as a link in a list."""
    if line.opaque:
        return ""
    found = _OPTION.match(line.text)
    if not found:
        return ""
    mark, rest, spaced = found["mark"], found["rest"], bool(found["before"])
    if mark in _RIGHT_OR_NOT and spaced and rest.startswith((" ", "\t")) and rest.strip():
        return "option"
    if _LINK_AFTER.match(rest) or (not spaced and line.text.lstrip().startswith("*")):
        return ""
    return "near" if mark.strip() in ("", "x", "X") else ""


def first_option(lines: Sequence[Line]) -> int | None:
    """Return the index of the first option or near option."""
    return next((index for index, line in enumerate(lines) if option_box(line)), None)


def first_answer(lines: Sequence[Line]) -> int | None:
    """Return the index of the first answer line: `= ` and something, after a blank line."""
    for index, line in enumerate(lines):
        if is_answer(line) and index > 0 and lines[index - 1].blank:
            return index
    return None


def is_answer(line: Line) -> bool:
    """Say whether a line looks like an answer line; where it stands is for the caller to judge."""
    return not line.opaque and bool(ANSWER_LINE.match(line.text))


@dataclass
class _Draft:
    """An option while its lines are being read."""

    line: int
    column: int
    right: bool
    text: list[str]
    feedback: list[str] = field(default_factory=list)

    def finished(self) -> OptionSource:
        feedback = "\n".join(self.feedback).strip("\n")
        return OptionSource(self.line, self.column, self.right, _outdented(self.text), feedback or None)


def split_options(lines: Sequence[Line], report: Report) -> Parts:
    """Take a task list apart: the stem before it, its options with feedback, and the rationale."""
    start = first_option(lines)
    if start is None:
        return split_gaps(lines, report)
    drafts: list[_Draft] = []
    at = start
    stray = False
    while at < len(lines):
        line = lines[at]
        box = option_box(line)
        if box and (draft := _option(line, report)):
            drafts.append(draft)
        elif not line.opaque and line.text.startswith(">"):
            break
        elif not box and not line.blank and not (drafts and _belongs(line, drafts[-1], report)):
            if not stray:
                report.error(line.number, line.first_column, _STRAY_OPTION)
            stray = True
            at += 1
            continue
        elif line.blank and drafts:
            (drafts[-1].feedback or drafts[-1].text).append("")
        stray = stray and line.blank
        at += 1
    rationale = _rationale(lines[at:], report)
    options = tuple(draft.finished() for draft in drafts)
    return Parts(_text(lines[:start]), rationale, _begin(lines[:start]), options=options)


_STRAY_OPTION = (
    "this line is neither an option, nor indented to continue one, nor rationale; expected `- [ ] text`, "
    "two spaces before it, or `> ` at the start"
)


def _option(line: Line, report: Report) -> _Draft | None:
    found = _OPTION.match(line.text)
    if not found:
        return None
    column = line.first_column
    mark, rest = found["mark"], found["rest"]
    right = mark.strip() in ("x", "X")
    if not found["before"]:
        report.error(line.number, column + 1, "a space is missing before the box; expected `- [ ] text`")
    elif mark not in _RIGHT_OR_NOT:
        report.error(line.number, found.start("mark"), f"the box [{mark}] is not one; expected [ ] or [x]")
    elif not rest.strip():
        report.error(line.number, column, "this option is empty; expected text after the box")
    elif not rest.startswith((" ", "\t")):
        report.error(line.number, found.start("rest") + 1, "a space is missing after the box; expected `[x] text`")
    return _Draft(line.number, column, right, [rest.strip()])


def _belongs(line: Line, draft: _Draft, report: Report) -> bool:
    """Add a line to the option above it, as its text or its feedback; False where it belongs to neither."""
    if line.opaque:
        if line.indent >= CONTINUATION:
            draft.text.append(line.text)
            return True
        return False
    quoted = line.text.lstrip().startswith(">")
    if quoted and line.indent > 0:
        if not CONTINUATION <= line.indent <= DEEPEST_FEEDBACK:
            report.error(
                line.number, line.first_column,
                f"this > is indented by {line.indent}; expected two to four spaces for the option's feedback, "
                "or none for the rationale",
            )  # fmt: skip
        draft.feedback.append(_FEEDBACK.sub("", line.text, count=1))
        return True
    if line.indent < CONTINUATION:
        return False
    if any(draft.feedback):
        report.error(
            line.number, line.first_column,
            "this line stands after the option's feedback; expected > before it, or the feedback last",
        )  # fmt: skip
        return True
    if option_box(Line(line.number, line.text.lstrip())) == "option":
        report.warning(
            line.number, line.first_column,
            "this indented box is read as text of the option above; begin the line with - to make it an option",
        )  # fmt: skip
    draft.text.append(line.text)
    return True


def split_answers(lines: Sequence[Line], report: Report) -> Parts:
    """Take answer lines apart: the stem before them, the text after each `= `, and the rationale."""
    start = first_answer(lines)
    if start is None:
        return split_gaps(lines, report)
    answers: list[Passage] = []
    at = start
    while at < len(lines) and (lines[at].blank or is_answer(lines[at])):
        line = lines[at]
        if not line.blank:
            answers.append(
                Passage(line.text[2:].strip(), line.number, len(line.text) - len(line.text[2:].lstrip()) + 1)
            )
        at += 1
    stem = lines[:start]
    return Parts(_text(stem), _rationale(lines[at:], report), _begin(stem), answers=tuple(answers))


def split_gaps(lines: Sequence[Line], report: Report) -> Parts:
    """Take an item apart that answers within its stem: only a rationale may follow."""
    stem, rationale = _split_quote(lines)
    return Parts(_text(stem), rationale, _begin(stem))


def split_list(lines: Sequence[Line], report: Report) -> Parts:
    """Take the last numbered list before the rationale as the answer."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if _is_entry(lines[i])), None)
    if last is None:
        return split_gaps(lines, report)
    start = last
    while start > 0 and (_is_entry(lines[start - 1]) or lines[start - 1].blank or _continues(lines[start - 1])):
        start -= 1
    while not _is_entry(lines[start]):
        start += 1
    entries: list[tuple[Line, int, list[str]]] = []
    at = start
    while at < len(lines):
        line = lines[at]
        if _is_entry(line):
            found = _ENTRY.match(line.text)
            column = found.end() + 1 if found else 1
            entries.append((line, column, [line.text[column - 1 :].strip()]))
        elif line.blank or _continues(line):
            entries[-1][2].append(line.text)
        else:
            break
        at += 1
    passages = tuple(Passage(_outdented(text), line.number, column) for line, column, text in entries)
    stem = lines[:start]
    return Parts(_text(stem), _rationale(lines[at:], report), _begin(stem), entries=passages)


def split_table(lines: Sequence[Line], report: Report) -> Parts:
    """Take the last table before the rationale as the answer; the first of its rows is the header."""
    starts = [i for i in range(len(lines) - 1) if _is_row(lines[i]) and _is_delimiter(lines[i + 1])]
    if not starts:
        return split_gaps(lines, report)
    start = starts[-1]
    at = start
    while at < len(lines) and _is_row(lines[at]):
        at += 1
    rows = [table_row(lines[i]) for i in range(start, at) if i != start + 1]
    stem = lines[:start]
    return Parts(_text(stem), _rationale(lines[at:], report), _begin(stem), rows=tuple(rows))


def table_row(line: Line) -> tuple[Cell, ...]:
    """Split a line of a table at its bars, but not at escaped ones (`\\|` is a plain bar) or those in code."""
    cells: list[Cell] = []
    text, start, at, ticks = line.text, 0, 0, ""
    while at <= len(text):
        if at == len(text) or (text[at] == "|" and not ticks):
            raw = text[start:at]
            cells.append(Cell(raw.strip().replace("\\|", "|"), line.number, start + len(raw) - len(raw.lstrip()) + 1))
            start = at + 1
        elif text[at] == "\\" and not ticks:
            at += 1
        elif text[at] == "`":
            run = re.match(r"`+", text[at:])
            mark = run[0] if run else "`"
            if ticks == mark:
                ticks = ""
            elif not ticks and mark in text[at + len(mark) :]:
                ticks = mark
            at += len(mark) - 1
        at += 1
    if not cells[0].text and text.lstrip().startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].text and text.rstrip().endswith("|"):
        cells = cells[:-1]
    return tuple(cells)


def _is_row(line: Line) -> bool:
    return not line.opaque and "|" in line.text and not line.text.startswith(">")


def _is_delimiter(line: Line) -> bool:
    return _is_row(line) and all(_DELIMITER.fullmatch(cell.text) for cell in table_row(line))


def _is_entry(line: Line) -> bool:
    return not line.opaque and bool(_ENTRY.match(line.text))


def _continues(line: Line) -> bool:
    return not line.blank and line.indent >= CONTINUATION


def _split_quote(lines: Sequence[Line]) -> tuple[Sequence[Line], str | None]:
    """Part a body into its stem and the quotation at its very end, which is the rationale."""
    end = len(lines)
    while end and lines[end - 1].blank:
        end -= 1
    start = end
    while start and not lines[start - 1].opaque and lines[start - 1].text.startswith(">"):
        start -= 1
    if start == end or start == 0:
        return lines[:end], None
    return lines[:start], _unquoted(lines[start:end])


def _rationale(lines: Sequence[Line], report: Report) -> str | None:
    """Read what follows the answers: quotation at column 1, and nothing else."""
    quoted: list[Line] = []
    stray = False
    for line in lines:
        if line.blank or line.text.startswith(">"):
            quoted.append(line)
            stray = stray and not line.text.startswith(">")
        elif not stray:
            stray = True
            report.error(
                line.number, line.first_column,
                "this line stands after the answer; expected only the rationale there, each line with > at column 1",
            )  # fmt: skip
    return _unquoted(quoted)


def _unquoted(lines: Sequence[Line]) -> str | None:
    text = "\n".join(re.sub(r"\A> ?", "", line.text) for line in lines).strip("\n")
    return text if text.strip() else None


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines).strip("\n").rstrip()


def _begin(lines: Sequence[Line]) -> int:
    return next((line.number for line in lines if not line.blank), 0)


def _outdented(rows: Sequence[str]) -> str:
    """Join the first row with those under it, from which the indent they share is taken."""
    below = [row.expandtabs(4) for row in rows[1:]]
    shared = min((len(row) - len(row.lstrip()) for row in below if row.strip()), default=0)
    return "\n".join([rows[0], *(row[shared:].rstrip() for row in below)]).strip("\n").rstrip()
