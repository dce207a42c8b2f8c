"""The press: HTML becomes a tagged, archival PDF. Certificates and reports use it; no other code makes PDF pages.

What it presses is PDF/UA-1 (tagged, readable aloud) and PDF/A-2a (complete in itself, for the archive) at once.

Fonts, parsed style sheets and drawings are kept between pages, because loading them costs three times as much as
pressing. The same input gives the same bytes. The press may not know what it prints, the network, the clock,
nor any file outside the library: addresses that are not its own assets are refused.
"""

import atexit
import gc
import os
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pydyf  # type: ignore[import-untyped]

from certificates.assets import asset, style

# PDF/A-2a is tagged as PDF/UA-1 asks; only the mark of the latter is missing, and _Finish adds it.
_COLOURS = "--srgb"
_FORM = {"pdf_variant": "pdf/a-2a", "output_intent": _COLOURS, "pdf_identifier": True}
_UA_MARK = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""

# Enough for the certificate, every kind of report and some changes of theirs in one process.
_MOST_STYLES = 32


class PressError(RuntimeError):
    """A page that cannot be pressed as asked."""


class TooManyPages(PressError):
    """The text needs more pages than were allowed; `pages` says how many."""

    def __init__(self, pages: int, allowed: int) -> None:
        super().__init__(f"the text needs {pages} pages, {allowed} allowed")
        self.pages = pages


class MissingLetters(PressError):
    """No installed font has some letters of the text; `letters` holds them."""

    def __init__(self, letters: str) -> None:
        named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters[:10])
        super().__init__(
            f"no installed font has: {named}; install fonts for that script, "
            "for example the Debian packages fonts-noto-core and fonts-noto-cjk"
        )
        self.letters = letters


def report_css() -> str:
    """Return the base style sheet of reports, to be the first of `press`'s style sheets.

    It gives A4 portrait with a running header and "page of pages", tables with repeated headers, the heat
    map, figures and key figures. A document fills the running header with `<p class="running">`.
    """
    return style("report.css")


def press(
    html: str,
    css: Sequence[str] = (),
    *,
    title: str,
    language: str,
    author: str,
    keywords: Sequence[str] = (),
    created: datetime | date,
    tag_languages: Mapping[str, str] | None = None,
    most_pages: int | None = None,
    whole: bool = False,
) -> bytes:
    """Press `html` with the style sheets `css` (their texts, in order) into a tagged, archival PDF.

    `html` is a document or the markup of a body; its texts must be escaped already. `title`, `language`
    (BCP 47), `author` and `keywords` describe the document; `created` dates it: an aware datetime, or a date,
    which counts as midnight UTC. `tag_languages` names the language of structure types that differ from the
    page, for example `{"H1": "vi"}`. Raises TooManyPages where the text needs more than `most_pages`, and with
    `whole` MissingLetters where no font has a letter of it; without `whole` such letters become boxes.
    """
    if not (title.strip() and language.strip()):
        raise PressError("expected a title and a language: a tagged page cannot be read aloud without them")
    stamp = _stamp(created)
    # Pango's font map belongs to one thread at a time.
    with _lock:
        warm = _warm()
        document = warm.render(html, css, language)
        if most_pages is not None and len(document.pages) > most_pages:
            raise TooManyPages(len(document.pages), most_pages)
        described = document.metadata
        described.title, described.lang, described.authors = title, language, [author]
        described.keywords = list(keywords)
        described.created = described.modified = stamp
        described.attachments, described.description, described.generator = [], None, None
        finish = _Finish(tag_languages or {}, whole)
        pressed: bytes = document.write_pdf(finisher=finish, **_FORM, cache=warm.images)
        warm.forget_refused()
        return pressed


def _stamp(created: datetime | date) -> str:
    if not isinstance(created, datetime):
        return f"{created.isoformat()}T00:00:00Z"
    if created.tzinfo is None:
        raise PressError("expected a created time with its zone")
    return created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Finish:
    """Called with the PDF objects before they are written: mark of PDF/UA, languages of tags, check of letters."""

    def __init__(self, tag_languages: Mapping[str, str], whole: bool) -> None:
        self.tag_languages = {f"/{tag}": language for tag, language in tag_languages.items()}
        self.whole = whole

    def __call__(self, document: Any, pdf: Any) -> None:
        metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
        metadata.stream = [part.replace(b"</rdf:RDF>", _UA_MARK) for part in metadata.stream]
        _drop_doubled_links(pdf)
        for entry in _elements(pdf):
            if language := self.tag_languages.get(entry["S"]):
                entry["Lang"] = pydyf.String(language)
        if self.whole:
            missing = {chr(sign) for font in document.fonts.values() for sign in font.missing}
            letters = sorted(sign for sign in missing if unicodedata.category(sign)[0] in "LMN")
            if letters:
                raise MissingLetters("".join(letters))


def _elements(pdf: Any) -> list[Any]:
    return [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/StructElem"]


def _drop_doubled_links(pdf: Any) -> None:
    """Keep one annotation a link: WeasyPrint adds one for each element inside a link, outside its tag."""
    places = {each.reference: each["Obj"] for each in pdf.objects if _is_link_place(pdf, each)}
    doubled = set()
    for element in _elements(pdf):
        if element["S"] != "/Link":
            for place in [kid for kid in element["K"] if kid in places]:
                element["K"].remove(place)
                doubled.add(places[place])
    for page in pdf.objects:
        if doubled and isinstance(page, dict) and "Annots" in page:
            page["Annots"] = pydyf.Array([each for each in page["Annots"] if each not in doubled])


def _is_link_place(pdf: Any, entry: Any) -> bool:
    if not isinstance(entry, dict) or entry.get("Type") != "/OBJR":
        return False
    return bool(pdf.objects[int(entry["Obj"].split()[0])].get("Subtype") == "/Link")


@dataclass
class _Profile:
    """The colour profile of all pages, in the shape of WeasyPrint's own class.

    That one leaves its file open and gives other bytes once it has been asked for its name.
    """

    content: bytes
    name: str = "sRGB IEC61966-2.1"
    components: tuple[str, ...] = ("r", "g", "b")
    pdf_reference: bytes | None = None


class _Warm:
    """What is kept between pages: the font configuration, parsed style sheets and drawings."""

    def __init__(self) -> None:
        # WeasyPrint doubles the start-up of whoever imports it, so only a press loads it.
        from weasyprint import CSS, HTML
        from weasyprint import pdf as weasyprint_pdf
        from weasyprint.text.fonts import FontConfiguration

        self._colours = {_COLOURS: _Profile((files(weasyprint_pdf) / "sRGB2014.icc").read_bytes())}
        self._css, self._html = CSS, HTML
        self._fetcher = _own_assets_only()
        self.fonts = FontConfiguration()
        self.images: dict[str, Any] = {}
        self._styles: OrderedDict[str, Any] = OrderedDict()
        self._faces = self._parsed(style("fonts.css"))

    def render(self, html: str, css: Sequence[str], language: str) -> Any:
        """Lay `html` out and return WeasyPrint's document."""
        page = self._html(string=html, url_fetcher=self._fetcher, base_url="asset:page")
        page.etree_element.set("lang", language)
        sheets = [self._faces, *(self._parsed(text) for text in css)]
        return page.render(
            **_FORM,
            font_config=self.fonts,
            color_profiles=dict(self._colours),
            stylesheets=sheets,
            cache=self.images,
        )

    def forget_refused(self) -> None:
        """Keep the drawings and not the addresses that were refused, of which there is no end."""
        for address in [address for address, image in self.images.items() if image is None]:
            del self.images[address]

    def _parsed(self, text: str) -> Any:
        if text not in self._styles:
            self._styles[text] = self._css(
                string=text, font_config=self.fonts, url_fetcher=self._fetcher, base_url="asset:style"
            )
            if len(self._styles) > _MOST_STYLES:
                self._styles.popitem(last=False)
        self._styles.move_to_end(text)
        return self._styles[text]


def _own_assets_only() -> Any:
    """Return a fetcher for WeasyPrint that gives the library's own assets and refuses everything else."""
    # See _Warm: WeasyPrint is loaded by a press only.
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssetsOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, media_type = asset(url)
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return OwnAssetsOnly()


_lock = threading.RLock()
_kept: _Warm | None = None


def _warm() -> _Warm:
    global _kept
    if _kept is None:
        _kept = _Warm()
    return _kept


def _forget_in_child() -> None:
    """Start a forked process cold: the parent's font files are the parent's to delete."""
    global _kept, _lock
    if _kept is not None:
        _kept.fonts._folder = None
    _kept = None
    _lock = threading.RLock()


def _forget_at_exit() -> None:
    """Free fonts and layouts while the libraries that own them are still loaded."""
    global _kept
    _kept = None
    gc.collect()


os.register_at_fork(after_in_child=_forget_in_child)
atexit.register(_forget_at_exit)
