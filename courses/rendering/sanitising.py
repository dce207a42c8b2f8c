"""The one gate that finished HTML passes: an explicit list of what may stay, and the names of what went.

The list is ours, not the library's default, so that an upgrade cannot widen it. MathML stands in it element by
element. No style attribute passes, because the pages' policy refuses them all.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

_TEXT = (
    "a abbr aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp section small source span "
    "strong sub summary sup table tbody td tfoot th thead time tr track u ul var video audio wbr"
)
MATHML = (
    "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt "
    "mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none"
)
TAGS = frozenset((_TEXT + " " + MATHML).split())
# Their content goes with them: it is a program, a style, a drawing or a form, never prose.
DROPPED_WITH_CONTENT = frozenset(
    "applet button canvas embed form frame frameset head iframe link meta noscript object script select style svg "
    "template textarea title".split()
)
_EVERYWHERE = frozenset({"class", "id", "lang", "dir", "title", "aria-label", "aria-hidden"})
_MATH_LAYOUT = frozenset(
    "accent accentunder columnalign columnlines columnspacing depth displaystyle fence form height linethickness "
    "lspace mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel "
    "separator stretchy symmetric voffset width columnspan rowspan mathcolor mathbackground".split()
)
_OWN = {
    "a": {"href", "rel"},
    "abbr": {"title"},
    "audio": {"src", "controls", "preload"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "input": {"checked", "disabled"},
    "ins": {"datetime"},
    "math": {"display", "alttext"},
    "ol": {"start", "reversed", "type"},
    "source": {"src"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
    "track": {"src", "srclang", "label", "default"},
    "video": {"src", "controls", "preload", "width", "height"},
}
_VALUES = {
    "a": {"role": {"doc-noteref", "doc-backlink"}},
    "div": {"role": {"region", "group"}, "tabindex": {"0"}},
    "input": {"type": {"checkbox"}},
    "pre": {"role": {"region"}, "tabindex": {"0"}},
    "section": {"role": {"doc-endnotes"}},
    "track": {"kind": {"captions", "subtitles", "descriptions"}},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Names that the page around a lesson uses itself; a second element of that name would break its links.
RESERVED_IDS = frozenset({"main", "check", "content", "nav", "menu", "search", "footer", "header", "theme-label"})
_ID = re.compile(r"[^\s\"'<>&\x00-\x1f]{1,200}\Z")


def _attributes() -> dict[str, set[str]]:
    allowed: dict[str, set[str]] = {"*": set(_EVERYWHERE)}
    for tag, names in _OWN.items():
        allowed[tag] = set(names)
    for tag in MATHML.split():
        allowed[tag] = allowed.get(tag, set()) | set(_MATH_LAYOUT)
    return allowed


def _keep_ids(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "id" and (value in RESERVED_IDS or not _ID.match(value)):
        return None
    return value


def _drop_ids(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute == "id" else value


def _cleaner(*, ids: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes=_attributes(),
        tag_attribute_values={
            tag: {name: set(values) for name, values in by_name.items()} for tag, by_name in _VALUES.items()
        },
        attribute_filter=_keep_ids if ids else _drop_ids,
        url_schemes=set(SCHEMES),
        link_rel=None,
        generic_attribute_prefixes=None,
    )


_PAGE = _cleaner(ids=True)
_FRAGMENT = _cleaner(ids=False)


def clean(html: str, *, ids: bool) -> str:
    """Return `html` with nothing in it but what the lists allow; `ids` says whether id attributes may stay."""
    return (_PAGE if ids else _FRAGMENT).clean(html)


class _Inventory(HTMLParser):
    """Collects the tags and attributes of HTML as written, with the attributes' values."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, ""][""] += 1
        for name, value in attrs:
            self.found[tag, name][value or ""] += 1

    def handle_pi(self, data: str) -> None:
        self.found["?", ""][""] += 1

    def handle_decl(self, decl: str) -> None:
        self.found["!", ""][""] += 1


def _inventory(html: str) -> dict[tuple[str, str], Counter[str]]:
    reader = _Inventory()
    reader.feed(html)
    reader.close()
    return reader.found


@dataclass(frozen=True)
class Removal:
    """One thing that the gate took out: a tag (`attribute` empty) or an attribute of a tag that stayed."""

    tag: str
    attribute: str
    value: str


def removals(before: str, after: str, *, ids: bool) -> list[Removal]:
    """Name what the gate took out between `before` and `after`, each as often as it happened."""
    written, left = _inventory(before), _inventory(after)
    found = []
    for (tag, attribute), values in sorted(written.items()):
        # The attributes of a removed tag went with it; ids of passages inside a page are dropped without a word.
        if attribute and (tag not in TAGS or (attribute == "id" and not ids)):
            continue
        kept = left.get((tag, attribute), Counter())
        gone = max(0, values.total() - kept.total())
        candidates = list((values - kept).elements()) or list(values.elements())
        found += [Removal(tag, attribute, value) for value in candidates[:gone]]
    return found
