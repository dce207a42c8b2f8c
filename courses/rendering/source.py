"""Where authored text stands in its file, so that a fault can point at the line that caused it.

The renderer reports what is wrong in the finished HTML, which has no positions; a `Source` finds the words
that led to it. Knows nothing of Markdown beyond where code is.
"""

import re
from typing import Literal

from assessments.model import Fault

Severity = Literal["error", "warning"]

_FENCE = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^`\n]|(?!\1)`)*?(?<!`)\1(?!`)")


def blank_code(text: str) -> str:
    """Return `text` with fenced code and code spans replaced by spaces; lines and columns stay where they are."""
    lines = text.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            lines[number] = " " * len(line)
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip("`~ \t"):
                fence = ""
        elif mark:
            fence = mark[1]
            lines[number] = " " * len(line)
        elif "`" in line:
            lines[number] = _CODE_SPAN.sub(lambda found: " " * len(found[0]), line)
    return "\n".join(lines)


class Source:
    """One stretch of authored text and its place in a file.

    `text` begins at line `first_line` of `path`, which lies in `folder` of the course. Asking again for the same
    words finds their next occurrence, so that two equal mistakes point at two places.
    """

    def __init__(self, path: str, text: str, first_line: int = 1, folder: str = "") -> None:
        self.path = path
        self.first_line = first_line
        self.folder = folder
        self._text = blank_code(text)
        self._raw = text
        self._asked: dict[str, int] = {}

    def find(self, *needles: str) -> tuple[int, int]:
        """Return line and column (both from 1) of the first of `needles` that occurs, else of the beginning."""
        for needle in needles:
            if not needle:
                continue
            start = self._text.find(needle, self._asked.get(needle, 0))
            if start < 0:
                start = self._text.find(needle)
            if start < 0 and needle.startswith(("`", "~")):
                start = self._raw.find(needle)
            if start >= 0:
                self._asked[needle] = start + len(needle)
                line = self._text.count("\n", 0, start)
                return self.first_line + line, start - (self._text.rfind("\n", 0, start) + 1) + 1
        return self.first_line, 1

    def fault(self, severity: Severity, message: str, *needles: str) -> Fault:
        """Make a fault that points at the first of `needles` found in the text."""
        line, column = self.find(*needles)
        return Fault(self.path, line, column, severity, message)
