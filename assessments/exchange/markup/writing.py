"""Markdown becomes HTML that other systems show: a plain default for those who bring no renderer of their own.

Formulas become `\\(…\\)` and `\\[…\\]`, which other systems hand to their own mathematics. Markup outside a short list
is taken away, so that nothing an author wrote runs in another system.
"""

import html
import re
from collections.abc import Callable
from typing import Any, TypeAlias

import markdown
import nh3
from lxml import etree  # type: ignore[import-untyped]

from assessments.exchange.markup.reading import element_of, tag
from assessments.source import code_spans, math_spans

Render: TypeAlias = Callable[[str], str]

_INLINE = frozenset("a abbr b br cite code dfn em i img kbd q samp small span strong sub sup var".split())
_FLOW = frozenset(
    "blockquote caption dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td tfoot th thead tr ul".split()
)
_ALLOWED = set(_INLINE | _FLOW | {"del", "u", "mark", "s"})
_KEPT = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}
_HELD, _HELD_END = "\ue010", "\ue011"
_PLACE = re.compile(f"{_HELD}(\\d+){_HELD_END}")
_PICTURE = re.compile(r"""(<img\b[^>]*?\bsrc=)(["'])media/([^"']+)\2""")


def plain_html(text: str) -> str:
    """Return the HTML of a Markdown text, in blocks."""
    held: list[str] = []
    code = code_spans(text)
    pieces: list[str] = []
    done = 0
    for start, end in math_spans(text, code):
        pieces += [text[done:start], f"{_HELD}{len(held)}{_HELD_END}"]
        held.append(text[start:end])
        done = end
    pieces.append(text[done:])
    made = markdown.markdown("".join(pieces), extensions=_EXTENSIONS, extension_configs=_SETTINGS, output_format="html")
    clean = nh3.clean(made, tags=_ALLOWED, attributes=_KEPT, link_rel=None, url_schemes={"http", "https", "mailto"})
    return _PLACE.sub(lambda found: _formula(held[int(found[1])]) if int(found[1]) < len(held) else "", clean)


_EXTENSIONS = ["tables", "fenced_code", "sane_lists", "def_list", "attr_list", "abbr", "footnotes", "pymdownx.tilde"]


# Single tildes mean nothing in the dialect.
_SETTINGS = {"pymdownx.tilde": {"subscript": False}}


def _formula(text: str) -> str:
    display = text.startswith("$$")
    latex = html.escape(text.strip("$").strip(), quote=False)
    return rf"\[{latex}\]" if display else rf"\({latex}\)"


def phrase_html(text: str, render: Render) -> str:
    """Return the HTML of a short text: without the paragraph around it where there is only one."""
    made = render(text).strip()
    found = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", made, re.DOTALL)
    return found[1] if found else made


def with_pictures(made: str, prefix: str) -> str:
    """Return HTML whose pictures of the media folder are found under another prefix."""
    return _PICTURE.sub(lambda found: f"{found[1]}{found[2]}{prefix}{found[3]}{found[2]}", made)


def pictures(made: str) -> list[str]:
    """Return the paths under `media/` that HTML shows, in order."""
    return ["media/" + html.unescape(found[3]) for found in _PICTURE.finditer(made)]


def plain_words(text: str, render: Render) -> tuple[str, bool]:
    """Return a Markdown text as plain words on one line, and whether it was more than plain words on one line."""
    made = render(text).strip()
    words = " ".join("".join(element_of(made).itertext()).split()) if made else ""
    return words, phrase_html(text, render) != html.escape(words, quote=False)


def xhtml(made: str, parent: Any, *, inline: bool) -> None:
    """Put HTML into an XML element as elements that QTI knows; with `inline`, blocks are opened up into phrases."""
    _move(element_of(made), parent, inline)


def _move(source: Any, target: Any, inline: bool) -> None:
    """Copy text and children of `source` to the end of `target`, renaming what QTI does not know to `span`."""
    _add_text(target, source.text)
    for child in source:
        name = tag(child)
        if name in _INLINE or (name in _FLOW and not inline):
            made = etree.SubElement(target, name)
            for attribute in sorted(_KEPT.get(name, set()) - {"align", "start"}):
                if child.get(attribute) is not None:
                    made.set(attribute, child.get(attribute))
            _move(child, made, inline)
        elif name:
            _move(child, target if inline else etree.SubElement(target, "span"), inline)
        _add_text(target, child.tail)


def _add_text(target: Any, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
