"""Plain words become Markdown that says the same words and nothing else, and formulas become the dialect's own.

What a line could mean to the item reader (an option, an answer, a heading, a gap) is escaped as well.
"""

import re

# Control characters, and those of the private-use area that mark gaps, mean nothing in a foreign text.
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
MARKS = re.compile("[\ue000\ue001]")
_SPECIAL = re.compile(
    r"[\\`*\[{]|<(?![\s\d=])|~(?=~)|(?<=~)~|(?<!\w)_{1,2}(?=[^\s_])|(?<=[^\s_])_{1,2}(?!\w)|&(?=[#\w]+;)|\$"
)
_ENTITIES = {"<": "&lt;", "&": "&amp;", "~": "&#126;", "$": "&#36;"}
_LINE_START = re.compile(r"(#|>|_(?=__+\s*\Z)|[-+](?=\s|\Z|-)|=|:|\||\d{1,9}[.)](?=\s|\Z))")
_STARTS = {"=": "&#61;", ":": "&#58;", "|": "&#124;"}
# A formula has an end in sight; without that bound, marks that are never closed would take long to look through.
_FORMULA = re.compile(r"\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$(.{1,2000}?)\$\$", re.DOTALL)


def clean(text: str) -> str:
    """Return a foreign text without control characters."""
    return _DROPPED.sub("", text)


def escaped(text: str) -> str:
    """Return Markdown that shows `text` as it is, within a line."""
    money = text.count("$") < 2
    return _SPECIAL.sub(lambda found: _escape(found[0], money), text)


def _escape(mark: str, money: bool) -> str:
    if mark == "$" and money:
        return mark
    return _ENTITIES.get(mark) or "".join("\\" + one for one in mark)


def line_start(text: str) -> str:
    """Return a line of Markdown whose beginning is read as words, not as a heading, list, quotation or answer."""
    found = _LINE_START.match(text)
    if not found:
        return text
    mark = found[0]
    if mark in _STARTS:
        return _STARTS[mark] + text[len(mark) :]
    if mark[0].isdigit():
        return f"{mark[:-1]}\\{text[len(mark) - 1 :]}"
    return "\\" + text


def formulas(text: str) -> list[tuple[str, bool, str]]:
    r"""Split a text at `\(…\)`, `\[…\]` and `$$…$$`: pieces as (kind, display, text), kind "text" or "formula"."""
    pieces: list[tuple[str, bool, str]] = []
    done = 0
    for found in _FORMULA.finditer(text):
        latex = next(one for one in found.groups() if one is not None)
        if "$" in latex or not latex.strip():
            continue
        pieces.append(("text", False, text[done : found.start()]))
        pieces.append(("formula", found[1] is None, " ".join(latex.split())))
        done = found.end()
    pieces.append(("text", False, text[done:]))
    return pieces


def formula(latex: str, display: bool) -> str:
    """Return a formula in the dialect's own marks."""
    plain = " ".join(latex.split())
    return f"$${plain}$$" if display else f"${plain}$"


def joined(before: str, piece: str) -> tuple[str, bool]:
    """Join an inline formula to what stands before it; says whether a space had to be put between them."""
    opens = piece.startswith("$") and not piece.startswith("$$")
    if opens and before and not re.search(r"[\s(]\Z", before):
        return f"{before} {piece}", True
    return before + piece, False
