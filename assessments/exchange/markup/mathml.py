"""MathML of other systems becomes LaTeX, where a source is given with it or its elements are the plain ones."""

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

_OPERATORS = {
    "×": r"\times ", "·": r"\cdot ", "÷": r"\div ", "±": r"\pm ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "−": "-",
    "∑": r"\sum ", "∫": r"\int ", "∞": r"\infty ", "→": r"\to ", "%": r"\%", "{": r"\{", "}": r"\}",
    "\u2061": "", "\u2062": "", "α": r"\alpha ", "β": r"\beta ", "Δ": r"\Delta ", "μ": r"\mu ", "π": r"\pi ",
}  # fmt: skip
# A source may stand in the marks that set it off from words.
_MARKS = re.compile(r"\A(?:\\\[|\\\(|\$\$?) ?| ?(?:\\\]|\\\)|\$\$?)\Z")
_ROWS = ("math", "mrow", "mstyle", "mpadded", "semantics")


def latex(math: Any) -> str | None:
    """Return the LaTeX of a `math` element, or None where it cannot be told exactly."""
    for one in math.iter():
        if _name(one) == "annotation" and "tex" in (one.get("encoding") or "").lower() and (one.text or "").strip():
            return _MARKS.sub("", " ".join(one.text.split())) or None
    try:
        return " ".join(_written(math).split()) or None
    except KeyError:
        return None


def _name(element: Any) -> str:
    if not isinstance(element.tag, str):
        return ""
    return str(etree.QName(element).localname).lower()


def _children(element: Any) -> list[Any]:
    return [one for one in element if not _name(one).startswith("annotation")]


def _written(element: Any) -> str:
    name = _name(element)
    parts = _children(element)
    words = (element.text or "").strip()
    if name in ("mi", "mn", "mo"):
        shown = "".join(_OPERATORS.get(one, one) for one in words)
        return shown if len(words) == 1 or name != "mi" else rf"\mathrm{{{shown}}}"
    if name in ("mtext", "ms"):
        return rf"\text{{{words}}}"
    if name == "mspace":
        return r"\ "
    if name in _ROWS:
        return "".join(_written(one) for one in parts)
    two = [_written(one) for one in parts]
    if name == "msqrt":
        return rf"\sqrt{{{''.join(two)}}}"
    if name == "mfenced":
        return rf"\left({','.join(two)}\right)"
    patterns = {"mfrac": r"\frac{%s}{%s}", "msup": "{%s}^{%s}", "msub": "{%s}_{%s}", "mroot": r"\sqrt[%s]{%s}"}
    if name == "msubsup" and len(two) == 3:
        return f"{{{two[0]}}}_{{{two[1]}}}^{{{two[2]}}}"
    if name == "mroot":
        two.reverse()
    if len(two) != 2:
        raise KeyError(name)
    return patterns[name] % tuple(two)
