"""The one gate that finished HTML passes: an explicit list of what may stay, and the names of what went.

The list is ours, not the library's default, so that an upgrade cannot widen it. MathML stands in it element by
element. No style attribute passes, because the pages' policy refuses them all.
"""

import re
from collections import Counter
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
    "video": {"src", "controls", "preload", "width", "height", "poster"},
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
RESERVED_IDS = frozenset({"main", "check", "content", "nav", "menu", "search", "footer", "header"})
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
    """Counts the tags and attributes of HTML as written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.counts: Counter[tuple[str, str]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag, ""] += 1
        for name, _ in attrs:
            self.counts[tag, name] += 1

    def handle_pi(self, data: str) -> None:
        self.counts["?", ""] += 1

    def handle_decl(self, decl: str) -> None:
        self.counts["!", ""] += 1


def inventory(html: str) -> Counter[tuple[str, str]]:
    """Return how often each (tag, "") and (tag, attribute) occurs in `html`."""
    reader = _Inventory()
    reader.feed(html)
    reader.close()
    return reader.counts


def removed(before: str, after: str, *, ids: bool) -> list[tuple[str, str]]:
    """Name what the gate took out, as (tag, "") or (tag, attribute), once for each time."""
    difference = inventory(before) - inventory(after)
    if not ids:
        difference = Counter({key: count for key, count in difference.items() if key[1] != "id"})
    gone_tags = {tag for tag, name in difference if not name and tag not in TAGS}
    return [
        (tag, name)
        for (tag, name), count in sorted(difference.items())
        # The attributes of a removed tag went with it and are not worth a line of their own.
        if not (name and tag in gone_tags)
        for _ in range(count)
    ]
