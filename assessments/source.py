"""The lines of an item file, and which of them are code or comment, so that a rule never mistakes them for an item.

Works on source lines before any Markdown is rendered.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.model import Fault, Severity

_FENCE = re.compile(r"[ \t]*(?:(?:[-*+](?: \[[ xX]\])?|\d+[.)])[ \t]+)?(`{3,}|~{3,})(.*)")
_BULLET = re.compile(r"[ \t]?(?:[-*+]|\d+[.)])")


@dataclass(frozen=True)
class Line:
    """One line of the file. `opaque` lines are code: they carry text but no structure."""

    number: int
    text: str
    opaque: bool = False

    @property
    def blank(self) -> bool:
        """Whether there is nothing on the line."""
        return not self.text.strip()

    @property
    def indent(self) -> int:
        """How many columns of space stand before the text; a tab reaches to the next multiple of four."""
        wide = self.text.expandtabs(4)
        return len(wide) - len(wide.lstrip())

    @property
    def first_column(self) -> int:
        """The column (from 1) of the first character that is not space."""
        return len(self.text) - len(self.text.lstrip()) + 1


class Report:
    """Collects the faults of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def error(self, line: int, column: int, message: str) -> None:
        """Note what must be mended."""
        self._add(line, column, "error", message)

    def warning(self, line: int, column: int, message: str) -> None:
        """Note what should be looked at."""
        self._add(line, column, "warning", message)

    def _add(self, line: int, column: int, severity: Severity, message: str) -> None:
        self.faults.append(Fault(self.path, line, column, severity, message))


def split_lines(text: str, first_line: int, report: Report) -> list[Line]:
    """Number the lines of a text, mark those inside fences, and blank the comments that begin a line.

    What is opened and never closed is a fault and stays text, so that it swallows nothing.
    """
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    opaque = [False] * len(rows)
    hopeless: set[str] = set()
    at = 0
    while at < len(rows):
        if rows[at].startswith("<!--"):
            end = _comment_end(rows, at) if "<!--" not in hopeless else None
            if end is None:
                hopeless.add("<!--")
                report.error(first_line + at, 1, "this comment is never closed; expected -->")
            else:
                rows[end] = rows[end].partition("-->")[2].strip()
                rows[at:end] = [""] * (end - at)
                at = end
        elif fence := _opened_fence(rows[at]):
            end = _fence_end(rows, at, fence) if fence not in hopeless else None
            if end is None:
                hopeless.add(fence)
                column = rows[at].index(fence) + 1
                report.error(first_line + at, column, f"this code fence is never closed; expected a line of {fence}")
            else:
                # The line that opens a fence may be an option or list entry, which is structure.
                opaque[at] = not _BULLET.match(rows[at])
                opaque[at + 1 : end + 1] = [True] * (end - at)
                at = end
        at += 1
    return [Line(first_line + index, row, opaque[index]) for index, row in enumerate(rows)]


def _comment_end(rows: Sequence[str], start: int) -> int | None:
    return next((index for index in range(start, len(rows)) if "-->" in rows[index]), None)


def _opened_fence(row: str) -> str | None:
    """Return the run of marks that opens a fence; backticks that close on their own line open none."""
    found = _FENCE.match(row)
    return found[1] if found and not (found[1][0] == "`" and "`" in found[2]) else None


def _fence_end(rows: Sequence[str], start: int, fence: str) -> int | None:
    closing = re.compile(rf"[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*\Z")
    return next((index for index in range(start + 1, len(rows)) if closing.match(rows[index])), None)


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of every stretch of code in a Markdown text: fences and code spans."""
    spans = []
    offset = 0
    lines = split_lines(text, 1, Report(""))
    prose: list[str] = []
    for line in lines:
        size = len(line.text) + 1
        prose.append(" " * (size - 1) if line.opaque else line.text)
        if line.opaque:
            spans.append((offset, offset + size - 1))
        offset += size
    for found in _CODE_SPAN.finditer("\n".join(prose)):
        spans.append(found.span())
    return sorted(spans)


# A run of backticks up to the next run of the same length, within a paragraph; an escaped backtick opens nothing.
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.DOTALL)


def math_spans(text: str, code: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return start and end of every formula outside of `code`: `$$…$$`, and `$…$` by the dialect's rule for money."""
    masked = list(text)
    for start, end in code:
        masked[start:end] = " " * (end - start)
    return [found.span() for found in _MATH.finditer("".join(masked))]


# `$` opens only at a start, after space or `(`, and closes only after a non-space and before a non-digit.
_MATH = re.compile(
    r"(?<!\\)\$\$(?:(?!\n[ \t]*\n).)+?(?<!\\)\$\$"
    r"|(?:(?<=[\s(])|(?<![\s\S]))\$(?![\s$])(?:(?!\n[ \t]*\n)[^$])*?(?<![\s\\])\$(?!\d)",
    re.DOTALL,
)
