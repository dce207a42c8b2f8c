"""Headings of an item file: their attribute lists, and the values that attributes may take.

`## Title {#id .type competency=B1 level=2 points=2 tags="alerts safety" objective="2,5" shuffle=no}`. Tags part at
commas or spaces. Front matter of the file gives defaults for every name but the id and the type.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from assessments.frontmatter import Node
from assessments.source import Line, Report

ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_HEADING = re.compile(r"(#+)(?!#)([ \t]*)(.*)\Z")
_ATTRIBUTES = re.compile(r"\{:?([^{}]*)\}")
_TOKEN = re.compile(r"""([\w.-]+)=("[^"]*"|'[^']*'|[^\s"']\S*|)|([#.])(\S*)|(\S+)""")
_POINTS = re.compile(r"\d{1,4}(?:\.\d{1,4})?\Z")
NAMES = ("competency", "level", "points", "tags", "objective", "shuffle", "partial", "case")
# Names that a file may carry for its readers and that say nothing about its items.
QUIET = ("title", "language")


@dataclass(frozen=True)
class Traits:
    """What attribute lists and front matter say about an item; `points` is None where nothing is said."""

    competency: str | None = None
    level: int | None = None
    points: Fraction | None = None
    tags: tuple[str, ...] = ()
    objective: tuple[int, ...] = ()
    shuffle: bool = True
    partial: bool = True
    case: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of level one or two: its words, its id and class as given, and its other attributes."""

    line: int
    level: int
    title: str
    title_column: int
    id: str | None
    id_column: int
    kind: str | None
    kind_column: int
    attributes: Mapping[str, tuple[str, int]]


def read_heading(line: Line, report: Report) -> Heading | None:
    """Read a line as a heading of level one or two; None where it is none."""
    if line.opaque:
        return None
    found = _HEADING.match(line.text)
    if not found or len(found[1]) > 2:
        return None
    if not found[2] and found[3]:
        # Written without its space, a line is taken for a heading only where nothing else was likely meant.
        if found[1] == "#" and not _ATTRIBUTES.search(found[3]):
            return None
        report.error(line.number, len(found[1]) + 1, "expected a space between # and the words of a heading")
    title = _without_closing(found[3])
    lists = list(_ATTRIBUTES.finditer(title))
    base = found.start(3)
    last = lists[-1] if lists else None
    if last:
        title = title[: last.start()] + title[last.end() :]
    heading = Heading(line.number, len(found[1]), title.strip(), base + 1, None, base + 1, None, base + 1, {})
    if last:
        heading = _attributes(heading, last[1], base + last.start(1), report)
    return heading


def _without_closing(text: str) -> str:
    """Take away the run of # that may close a heading after a space."""
    bare = text.rstrip().rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text.rstrip()


def _attributes(heading: Heading, text: str, offset: int, report: Report) -> Heading:
    values: dict[str, tuple[str, int]] = {}
    for token in _TOKEN.finditer(text):
        column = offset + token.start() + 1
        if token[1]:
            if token[1] in values:
                report.error(heading.line, column, f"{token[1]} is given twice")
            values[token[1]] = (token[2].strip("\"'"), column)
        elif token[3] == "#" and heading.id is None:
            heading = replace(heading, id=token[4], id_column=column)
        elif token[3] == "." and heading.kind is None:
            heading = replace(heading, kind=token[4], kind_column=column)
        elif token[3]:
            what = "id" if token[3] == "#" else "type"
            report.error(heading.line, column, f"a second {what} {token[0]}; expected one")
        else:
            report.error(heading.line, column, f"cannot read {token[0]!r} here; expected #id, .type or name=value")
    return replace(heading, attributes=values)


def checked_id(heading: Heading, what: str, report: Report) -> str | None:
    """Return the heading's id where it has a good one; `what` names the thing for the fault."""
    if heading.id is None:
        report.error(heading.line, 1, f"{what} has no id; expected {{#some-id}} at the end of its heading")
        return None
    if not ID.match(heading.id):
        report.error(
            heading.line, heading.id_column,
            f"the id {heading.id!r} is not one; expected small letters a-z, digits and hyphens, as in #alert-override",
        )  # fmt: skip
        return None
    return heading.id


def item_traits(heading: Heading, defaults: Traits, report: Report, objectives: int | None = None) -> Traits:
    """Return what the heading says over the file's defaults; unknown names and values are faults.

    `objectives` is how many objectives the course has, None where that is not to be checked.
    """
    changes: dict[str, Any] = {}
    for name, (text, column) in heading.attributes.items():
        if name not in READERS:
            report.error(heading.line, column, f"unknown attribute {name!r}; expected one of {', '.join(NAMES)}")
            continue
        value = READERS[name](text)
        if value is None:
            report.error(heading.line, column, f"{name}={text!r} cannot be read; expected {EXPECTED[name]}")
        elif name == "objective" and (message := _beyond(value, objectives)):
            report.error(heading.line, column, message)
        else:
            changes[name] = value
    return replace(defaults, **changes)


def _beyond(positions: tuple[int, ...], objectives: int | None) -> str | None:
    """Return the message for a position that the course's objectives do not have, None where all is well."""
    missing = [str(one) for one in positions if objectives is not None and one > objectives]
    if not missing:
        return None
    found = f"the course has {objectives} objectives" if objectives else "course.md lists no objectives"
    expected = f"a position from 1 to {objectives}" if objectives else "some under “objectives:”, or no objective here"
    return f"objective {', '.join(missing)} does not exist: {found}; expected {expected}"


def default_traits(fields: Mapping[str, Node], report: Report, objectives: int | None = None) -> Traits:
    """Return the file's defaults from its front matter; `objectives` as for `item_traits`."""
    changes: dict[str, Any] = {}
    for name, node in fields.items():
        if name in QUIET:
            continue
        if name not in READERS:
            known = ", ".join(NAMES)
            report.warning(node.line, 1, f"{name!r} is not a default for questions and is ignored; known are {known}")
            continue
        text = node.text
        if name in ("tags", "objective") and isinstance(node.value, list) and all(one.text for one in node.value):
            text = ",".join(one.text or "" for one in node.value)
        value = READERS[name](text) if text is not None else None
        if value is None:
            report.error(node.line, node.column, f"{name} cannot be read; expected {EXPECTED[name]}")
        elif name == "objective" and (message := _beyond(value, objectives)):
            report.error(node.line, node.column, message)
        else:
            changes[name] = value
    return Traits(**changes)


def _word(text: str) -> str | None:
    return text if text and not re.search(r"\s", text) else None


def _level(text: str) -> int | None:
    return int(text) if text in ("1", "2", "3", "4", "5") else None


def _points(text: str) -> Fraction | None:
    return Fraction(text) if _POINTS.match(text) and text.isascii() and Fraction(text) > 0 else None


def _tags(text: str) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(re.split(r"[,\s]+", text.strip(" ,")))) if text.strip(" ,") else None


def _positions(text: str) -> tuple[int, ...] | None:
    """Read positions that count from 1, each once, in order; None where one of them is none."""
    found = [one for one in re.split(r"[,\s]+", text.strip(" ,")) if one]
    if not found or not all(re.fullmatch(r"[1-9][0-9]?", one) for one in found):
        return None
    return tuple(sorted({int(one) for one in found}))


def _truth(text: str) -> bool | None:
    return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())


READERS: Mapping[str, Callable[[str], Any]] = {
    "competency": _word,
    "level": _level,
    "points": _points,
    "tags": _tags,
    "objective": _positions,
    "shuffle": _truth,
    "partial": _truth,
    "case": _truth,
}
EXPECTED = {
    "competency": "a competency code such as B1",
    "level": "a whole number from 1 to 5",
    "points": "a number above 0 such as 2 or 0.5",
    "tags": 'words parted by commas or spaces, as in tags="alerts safety"',
    "objective": 'positions of objectives in course.md from 1 to 99, as in objective=2 or objective="2,5"',
    "shuffle": "yes or no",
    "partial": "yes or no",
    "case": "yes or no",
}
