"""Headings get an id from their words and a link to themselves; their list is the page's outline."""

import html
import re
import unicodedata
from dataclasses import dataclass

from courses.rendering.sanitising import RESERVED_IDS

_HEADING = re.compile(r"<h([2-6])((?: [^>]*)?)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_FORMULA = re.compile(r'<math[^>]*? alttext="([^"]*)"[^>]*>.*?</math>', re.DOTALL)
_NOTE = re.compile(r"<sup[^>]*><a[^>]*footnote-ref.*?</sup>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """One entry of a page's outline; `level` is 2 to 6."""

    id: str
    title: str
    level: int


def plain_text(fragment: str) -> str:
    """Return the words of an HTML fragment, formulas by their source, note marks left out."""
    fragment = _FORMULA.sub(r"\1", _NOTE.sub("", fragment))
    return " ".join(html.unescape(_TAG.sub("", fragment)).split())


def slug(title: str) -> str:
    """Return an id made from `title`: letters and digits of any script, joined by hyphens."""
    words = unicodedata.normalize("NFKC", title).lower()
    return re.sub(r"[^\w]+|_+", "-", words).strip("-")[:80].rstrip("-")


def anchored(page: str, prefix: str = "") -> tuple[str, tuple[Heading, ...]]:
    """Return `page` with an anchor in every heading, and the outline.

    Ids already given by authors stay; `prefix` stands before the others.
    """
    taken = {found[1] for found in _ID.finditer(page)} | set(RESERVED_IDS)
    outline: list[Heading] = []

    def replace(found: re.Match[str]) -> str:
        level, attributes, content = found[1], found[2], found[3]
        title = plain_text(content)
        given = _ID.search(attributes)
        if given:
            identifier = html.unescape(given[1])
        else:
            identifier = base = prefix + (slug(title) or "section")
            number = 1
            while identifier in taken:
                number += 1
                identifier = f"{base}-{number}"
            taken.add(identifier)
            attributes += f' id="{html.escape(identifier)}"'
        outline.append(Heading(identifier, title, int(level)))
        if "<a " not in content:
            content = f'<a class="anchor" href="#{html.escape(identifier)}">{content}</a>'
        return f"<h{level}{attributes}>{content}</h{level}>"

    return _HEADING.sub(replace, page), tuple(outline)
