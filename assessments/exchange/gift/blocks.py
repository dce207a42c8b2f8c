r"""A GIFT file taken apart: comments, categories, and each question's title, text and answers.

A backslash before one of `~ = # { } :` and itself makes a plain character; `\n` is a line end. While a file is taken
apart, escaped characters stand as characters of the private-use area, so that no rule mistakes them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_PLAIN = "~=#{}:\\"
_HELD = {mark: chr(0xE100 + place) for place, mark in enumerate(_PLAIN)}
_SHOWN = {held: mark for mark, held in _HELD.items()}
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_HELD_ANY = re.compile("[\ue100-\ue1ff]")
_LINE_END = "\ue180"
_TITLE = re.compile(r"\s*::(.*?)::\s*", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)\Z")
_NOTED = re.compile(r"\[(id|tag):([^\]]*)\]")


@dataclass
class Block:
    """One question as written: `before` and `after` its answers, which are None where there are no braces.

    `format` is the one its text names; `ids` and `tags` stand in a comment above it. `trouble` says why it cannot be
    read.
    """

    line: int
    title: str = ""
    format: str = ""
    before: str = ""
    answers: str | None = None
    after: str = ""
    category: str = ""
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    trouble: str = ""


def plain(text: str) -> str:
    """Return what a text says, its escaped characters as themselves."""
    return _HELD_ANY.sub(lambda found: _SHOWN.get(found[0], ""), text.replace(_LINE_END, "\n"))


def escaped(text: str) -> str:
    """Return a text as GIFT writes it."""
    return re.sub(r"[~=#{}:\\]", lambda found: "\\" + found[0], text).replace("\n", "\\n")


def blocks(text: str) -> Iterator[Block]:
    """Yield the questions of a file. Questions are parted by blank lines; comments and categories stand on lines."""
    category = ""
    rows: list[str] = []
    ids: list[str] = []
    tags: list[str] = []
    first = 1
    for number, row in enumerate([*_HELD_ANY.sub("", text).split("\n"), ""], 1):
        if row.lstrip().startswith("//"):
            for kind, value in _NOTED.findall(row):
                (ids if kind == "id" else tags).append(_unescaped(value))
            continue
        named = _CATEGORY.match(row)
        if row.strip() and not named:
            first = first if rows else number
            rows.append(row)
            continue
        if rows:
            yield _block("\n".join(rows), Block(first, category=category, ids=ids, tags=tags))
            rows, ids, tags = [], [], []
        if named:
            category = named[1].strip()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _held(found: re.Match[str]) -> str:
    return _LINE_END if found[1] == "n" else _HELD[found[1]]


def _block(source: str, block: Block) -> Block:
    text = _ESCAPE.sub(_held, source)
    title = _TITLE.match(text)
    if title:
        block.title = plain(title[1]).strip()
        text = text[title.end() :]
    named = _FORMAT.match(text)
    if named:
        block.format = named[1].lower()
        text = text[named.end() :]
    start, end = text.find("{"), text.rfind("}")
    if start < 0 and end < 0:
        block.before = text.strip()
    elif start < 0 or end < start:
        block.trouble = "its braces do not match: expected the answers between { and }"
    else:
        block.before, block.answers, block.after = text[:start], text[start + 1 : end], text[end + 1 :]
        if "{" in block.answers or "}" in block.answers:
            block.trouble = "it holds several pairs of braces: expected one, or a backslash before plain braces"
    return block
