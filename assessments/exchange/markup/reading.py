"""HTML becomes Markdown: paragraphs, headings, lists, tables, emphasis, links, pictures and formulas.

Whatever cannot be kept is named in `losses`. The result holds no line that the item reader would take for structure.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

from assessments.exchange.faults import Refusal
from assessments.exchange.markup.escaping import clean, escaped, formula, formulas, joined, line_start
from assessments.exchange.markup.mathml import latex
from assessments.exchange.naming import one_line

DEEPEST = 60
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol li table blockquote pre hr section article header footer main figure figcaption "
    "dl dt dd center fieldset address details summary rubricBlock".split()
)
_DROPPED = {
    "script": "a script", "style": "a style sheet", "iframe": "an embedded page", "object": "an embedded object",
    "embed": "an embedded object", "video": "a video", "audio": "a sound", "form": "a form", "input": "a form field",
    "select": "a form field", "textarea": "a form field", "button": "a button", "svg": "a drawing",
    "canvas": "a drawing", "applet": "an embedded object", "template": "a template",
}  # fmt: skip
_SILENT = frozenset("head title meta link noscript source track colgroup col stylesheet".split())
_RAW = frozenset("sub sup u kbd small mark".split())
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "s": "~~", "del": "~~", "strike": "~~"}
_OTHER_EMPHASIS = {
    "*": re.compile(r"\*\*[^*]+\*\*"), "**": re.compile(r"\*[^*]+\*"), "~~": re.compile(r"(?!)"),
}  # fmt: skip
_SPACE = re.compile(r"[ \t\n\r\f]+")
_STYLE = re.compile(r"(?<![\w-])(?:color|background|font|text-decoration|font-size)[\w-]*\s*:", re.IGNORECASE)
_ALIGNED = re.compile(r"text-align\s*:\s*(?:center|right|justify|end)\b", re.IGNORECASE)
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+\Z", re.IGNORECASE)
LINE = "<br>"

Media = Callable[[str], "str | None"]
Special = Callable[[Any], "str | None"]


@dataclass
class Markdown:
    """Turns one passage into Markdown. `media` gives the path of a picture by its address, None where there is none;

    `special` may answer for an element with Markdown of its own. `losses` gathers what was left out.
    """

    media: Media = lambda address: None
    special: Special = lambda element: None
    losses: list[str] = field(default_factory=list)

    def blocks(self, source: Any) -> str:
        """Return the Markdown of an element or of HTML text, in paragraphs."""
        return "\n\n".join(text for _, text in self._parts(source))

    def phrase(self, source: Any) -> str:
        """Return Markdown on one line, for a cell or a prompt; paragraphs become lines of it."""
        parts = self._parts(source)
        if any(kind != "p" for kind, _ in parts):
            self._lose("lists, tables or headings inside a cell became plain lines")
            element = element_of(source) if isinstance(source, str) else source
            return line_start(escaped(one_line(clean(spoken(element)))))
        return LINE.join(text for _, text in parts)

    def _lose(self, what: str) -> None:
        if what not in self.losses:
            self.losses.append(what)

    def _parts(self, source: Any) -> list[tuple[str, str]]:
        element = element_of(source) if isinstance(source, str) else source
        return list(self._flow(element, 0))

    def _flow(self, element: Any, depth: int) -> Iterator[tuple[str, str]]:
        """Yield the blocks of an element as (kind, text); runs of inline content become paragraphs."""
        if depth > DEEPEST:
            raise Refusal(f"its text is nested deeper than {DEEPEST} elements")
        run = _Run(self)
        run.text(element.text)
        for child in element:
            name = tag(child)
            given = self.special(child) if name else None
            if given is not None:
                run.raw(given)
            elif name in _BLOCKS or (name and name not in _DROPPED and _holds_blocks(child)):
                yield from run.paragraph()
                yield from self._block(child, name, depth + 1)
                run = _Run(self)
            elif name:
                run.element(child, name, depth + 1)
            run.text(child.tail)
        yield from run.paragraph()

    def _block(self, element: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
        self._style(element)
        if re.fullmatch("h[1-6]", name):
            words = LINE.join(text for _, text in self._flow(element, depth))
            if words:
                if name in ("h1", "h2"):
                    self._lose("headings of the first two levels became headings of the third")
                yield "h", f"{'#' * max(3, int(name[1]))} {words}"
        elif name in ("ul", "ol"):
            yield from self._list(element, name, depth)
        elif name == "table":
            yield from self._table(element, depth)
        elif name == "blockquote":
            inner = "\n\n".join(text for _, text in self._flow(element, depth))
            if inner:
                yield "quote", "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
        elif name == "pre":
            text = clean("".join(element.itertext())).strip("\n")
            fence = "`" * max(3, max((len(one) for one in re.findall("`+", text)), default=0) + 1)
            if text.strip():
                yield "code", f"{fence}\n{text}\n{fence}"
        elif name == "hr":
            yield "hr", "* * *"
        else:
            yield from self._flow(element, depth)

    def _list(self, element: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
        rows = []
        number = 0
        for child in element:
            if not tag(child):
                continue
            number += 1
            inner = "".join(
                text if not place else f"\n{text}" if kind == "list" else f"\n\n{text}"
                for place, (kind, text) in enumerate(self._flow(child, depth + 1))
            )
            mark = f"{number}." if name == "ol" else "-"
            lines = inner.split("\n")
            below = [f"    {line}".rstrip() for line in lines[1:]]
            rows.append("\n".join([f"{mark} {lines[0]}".rstrip(), *below]))
        if rows:
            yield "list", "\n".join(rows)

    def _table(self, element: Any, depth: int) -> Iterator[tuple[str, str]]:
        rows = [one for one in element.iter() if tag(one) == "tr"]
        if any(tag(one) == "table" for row in rows for one in row.iter()):
            raise Refusal("its text holds a table inside a table")
        cells = [[one for one in row if tag(one) in ("td", "th")] for row in rows]
        cells = [row for row in cells if row]
        for caption in element:
            if tag(caption) == "caption":
                yield from self._flow(caption, depth)
        if not cells:
            return
        if any(one.get("colspan", "1") != "1" or one.get("rowspan", "1") != "1" for row in cells for one in row):
            self._lose("cells of a table that reached over several columns or rows became single ones")
        if not all(tag(one) == "th" for one in cells[0]):
            self._lose("a table without a header row takes its first row as one")
        width = max(len(row) for row in cells)
        written = [[self._cell(one, depth) for one in row] + [""] * (width - len(row)) for row in cells]
        lines = [f"| {' | '.join(row)} |" for row in written]
        yield "table", "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])

    def _cell(self, element: Any, depth: int) -> str:
        parts = list(self._flow(element, depth))
        if any(kind != "p" for kind, _ in parts):
            self._lose("lists, tables or headings inside a cell became plain lines")
            return escaped(one_line(clean(spoken(element)))).replace("|", "\\|")
        return LINE.join(text for _, text in parts).replace("|", "\\|")

    def _style(self, element: Any) -> None:
        if _STYLE.search(element.get("style") or "") or tag(element) == "font" or element.get("bgcolor"):
            self._lose("colours and fonts were left out")
        if _ALIGNED.search(element.get("style") or "") or tag(element) == "center":
            self._lose("the alignment of text was left out")

    def link(self, element: Any, words: str) -> str:
        """Return a link, or its words alone where it leads nowhere safe."""
        address = (element.get("href") or "").strip()
        if not words or not _SAFE_LINK.match(address):
            if address and not address.startswith("#"):
                self._lose(f"a link to {address[:80]!r} became plain words")
            return words
        return f"[{words}]({address.replace('(', '%28').replace(')', '%29')})"

    def picture(self, element: Any) -> str:
        """Return a picture of the media folder, a formula that was drawn as one, or nothing."""
        source = element.get("data-equation-content")
        if source:
            return formula(source, display=False)
        address = (element.get("src") or element.get("data") or "").strip()
        # QTI has no alternative text on an object: what stands within it is shown where the picture is not.
        words = escaped(one_line(clean(element.get("alt") or (spoken(element) if tag(element) == "object" else ""))))
        path = self.media(address)
        if path is None:
            self._lose(f"a picture could not be taken along: {address[:80]!r}")
            if _SAFE_LINK.match(address):
                return f"[{words or 'picture'}]({address.replace('(', '%28').replace(')', '%29')})"
            return f"({words})" if words else ""
        if not words:
            self._lose("a picture has no alternative text; write one, as a course needs it")
        return f"![{words}]({path})"


class _Run:
    """A run of inline content on its way to a paragraph."""

    def __init__(self, home: Markdown) -> None:
        self.home = home
        self.written = ""

    def text(self, words: str | None) -> None:
        """Add plain words, with formulas in their marks."""
        for kind, display, piece in formulas(clean(words or "")):
            if kind == "formula":
                self._join(formula(piece, display))
            else:
                self.written += escaped(_SPACE.sub(" ", piece))

    def raw(self, markdown: str) -> None:
        """Add what is Markdown already."""
        self.written += markdown

    def _join(self, piece: str) -> None:
        self.written, spaced = joined(self.written, piece)
        if spaced:
            self.home._lose("a space was put before a formula")

    def paragraph(self) -> Iterator[tuple[str, str]]:
        """Yield the run as one paragraph, if there is anything in it."""
        text = re.sub(r" *<br> *", LINE, _SPACE.sub(" ", self.written)).strip(" \xa0")
        text = re.sub(rf"\A(?:{LINE}|[ \xa0])+|(?:{LINE}|[ \xa0])+\Z", "", text)
        if text:
            yield "p", line_start(text)

    def element(self, element: Any, name: str, depth: int) -> None:
        """Add an inline element with what is in it."""
        home = self.home
        if depth > DEEPEST:
            raise Refusal(f"its text is nested deeper than {DEEPEST} elements")
        home._style(element)
        if name == "br":
            self.written += LINE
        elif name == "img" or (name == "object" and (element.get("type") or "").startswith("image/")):
            self.written += home.picture(element)
        elif name == "math":
            source = latex(element)
            if source is None:
                home._lose("a formula in MathML became plain words")
                self.text(one_line("".join(element.itertext())))
            else:
                self._join(formula(source, element.get("display") == "block"))
        elif name == "script" and "math/tex" in (element.get("type") or ""):
            self._join(formula(element.text or "", "display" in element.get("type")))
        elif name in _DROPPED:
            home._lose(f"{_DROPPED[name]} was left out")
        elif name not in _SILENT:
            self._wrapped(element, name, depth)

    def _wrapped(self, element: Any, name: str, depth: int) -> None:
        if name == "code":
            text = one_line(clean("".join(element.itertext())))
            ticks = "`" * (max((len(one) for one in re.findall("`+", text)), default=0) + 1)
            pad = " " if text.startswith("`") or text.endswith("`") else ""
            self.written += f"{ticks}{pad}{text}{pad}{ticks}" if text else ""
            return
        inner = _Run(self.home)
        inner.text(element.text)
        for child in element:
            given = self.home.special(child) if tag(child) else None
            if given is not None:
                inner.raw(given)
            elif tag(child):
                inner.element(child, tag(child), depth + 1)
            inner.text(child.tail)
        words = inner.written
        mark = _MARKS.get(name, "")
        core = words.strip(" \xa0\n")
        before, after = words[: len(words) - len(words.lstrip(" \xa0\n"))], words[len(words.rstrip(" \xa0\n")) :]
        if not core:
            self.written += before
        elif mark and (mark[0] not in (core[0], core[-1]) or _OTHER_EMPHASIS[mark].fullmatch(core)):
            self.written += f"{before}{mark}{core}{mark}{after}"
        elif mark:
            self.home._lose("emphasis inside emphasis was left out")
            self.written += words
        elif name in _RAW:
            self.written += f"{before}<{name}>{core}</{name}>{after}"
        elif name == "a":
            self.written += f"{before}{self.home.link(element, core)}{after}"
        elif core.startswith("$"):
            self.written += before
            self._join(core + after)
        else:
            self.written += words


def _holds_blocks(element: Any) -> bool:
    return any(tag(one) in _BLOCKS for one in element.iterdescendants())


def spoken(element: Any) -> str:
    """Return the words of an element, those of two blocks parted by a space."""
    words: list[str] = []
    for event, one in etree.iterwalk(element, events=("start", "end")):
        name = tag(one)
        words.append(" " if name in _BLOCKS or name == "br" else "")
        if event == "start":
            words.append(one.text or "" if name else "")
        elif one is not element:
            words.append(one.tail or "")
    return "".join(words)


def tag(element: Any) -> str:
    """Return the name of an element without its namespace; empty for comments and the like."""
    if not isinstance(element.tag, str):
        return ""
    return str(element.tag).rpartition("}")[2]


def element_of(text: str) -> Any:
    """Parse HTML text into one element; broken HTML is read as browsers do."""
    bare = re.sub(r"\A\s*<\?xml[^>]*\?>", "", clean(text))
    return lxml.html.fragment_fromstring(bare, create_parent="div", parser=_PARSER)


_PARSER = lxml.html.HTMLParser(
    no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
)
