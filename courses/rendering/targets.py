"""Every link and every media address of a finished page is looked up, checked and written for the platform.

Works on sanitised HTML, so Markdown links and raw HTML obey the same rules. An address that leads nowhere is an
error; images get their size, recordings their captions.
"""

import posixpath
import re
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from courses.rendering.record import Record
from courses.rendering.shelf import MediaEntry, Shelf, Track

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_EMPTY_ALT = re.compile(r"(?:image|picture|figure|photo|screenshot|graphic|diagram|img)\W*\d*\Z", re.IGNORECASE)
_FILE_ALT = re.compile(r"[^\s]+\.(?:png|jpe?g|gif|webp|svg)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """A link to a place inside a page: the page's address (empty for its own), the anchor, the words written."""

    page: str
    anchor: str
    written: str


def resolve(address: str, folder: str = "") -> str | None:
    """Return a relative address as a path inside the course folder, None where it would leave the folder.

    `folder` is where the text stands, relative to the course folder.
    """
    path = unquote(address)
    if "\\" in path or "\x00" in path or path.startswith("/"):
        return None
    normal = posixpath.normpath(posixpath.join(folder, path))
    return None if normal == "." or normal.split("/")[0] == ".." else normal


class TargetWriter(HTMLParser):
    """Rewrites the start tags that carry addresses and copies everything else as it is.

    Afterwards: `html`, `ids`, `references` to check against the pages' anchors, `words` and `images`.
    """

    def __init__(self, shelf: Shelf, record: Record, folder: str = "") -> None:
        """`folder` is where the text stands, relative to the course folder."""
        super().__init__(convert_charrefs=False)
        self.shelf = shelf
        self.folder = folder
        self.record = record
        self.ids: set[str] = set()
        self.references: list[Reference] = []
        self.words = 0
        self.images = 0
        self.prose: list[str] = []
        self._out: list[str] = []
        self._quiet = 0

    @property
    def html(self) -> str:
        """The rewritten page."""
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self._identify(values["id"])
        if tag in ("pre", "math"):
            self._quiet += 1
        written = self.get_starttag_text() or ""
        after = ""
        if tag == "a" and "href" in values:
            self._link(values)
        elif tag == "img":
            self._image(values)
        elif tag in ("video", "audio"):
            after = self._recording(tag, values)
        elif tag in ("source", "track"):
            self._media_address(values, "src", "recording")
        elif tag == "input":
            values["disabled"] = ""
            values["aria-label"] = self.record.labels.done if "checked" in values else self.record.labels.open
        elif tag == "math" and values.get("display") == "block":
            # A wide formula scrolls by itself, and what scrolls must be reachable by keyboard.
            values["tabindex"] = "0"
        else:
            self._out.append(written)
            return
        self._out.append(_start_tag(tag, values) + after)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("pre", "math"):
            self._quiet = max(0, self._quiet - 1)
        if tag in ("p", "li", "h2", "h3", "h4", "h5", "h6", "td", "th", "dd", "dt", "figcaption"):
            self.prose.append("\n")
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._out.append(data)
        if not self._quiet:
            self.words += len(_WORD.findall(data))
            self.prose.append(data)

    def handle_entityref(self, name: str) -> None:
        self._out.append(f"&{name};")
        if not self._quiet:
            self.prose.append(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._out.append(f"&#{name};")

    def _identify(self, identifier: str) -> None:
        if identifier in self.ids:
            message = f"the id “{identifier}” is given twice on this page, first here: ids are unique"
            self.record.problem("error", message, f"#{identifier}", identifier)
        self.ids.add(identifier)

    def _link(self, values: dict[str, str]) -> None:
        address = values["href"].strip()
        if not address:
            self._broken("a link", "", address, "](")
            return
        scheme = _SCHEME.match(address)
        if scheme:
            if scheme[1].lower() in ("http", "https"):
                values["rel"] = "noopener"
            return
        if address.startswith("#"):
            self.references.append(Reference("", unquote(address[1:]), address))
            return
        path, _, anchor = address.partition("#")
        place = resolve(path, self.folder)
        page = self.shelf.page(place) if place and place.endswith(".md") else None
        if page is not None:
            values["href"] = page + (f"#{anchor}" if anchor else "")
            if anchor:
                self.references.append(Reference(page, unquote(anchor), address))
            return
        entry = self.shelf.media(place) if place else None
        if entry is not None:
            values["href"] = entry.url
            return
        self._broken("a link", place, address, address)
        del values["href"]

    def _image(self, values: dict[str, str]) -> None:
        self.images += 1
        written = values.get("src", "")
        alternative = values.get("alt", "").strip()
        decorative = "decorative" in values.get("class", "").split() and "alt" in values
        if not alternative and not decorative:
            self.record.problem(
                "error", f"the image “{written}” has no alternative text: say in words what it shows, "
                "as in ![A nurse scans a wristband](media/scan.png)", f"]({written}", written, "![](", "<img",
            )  # fmt: skip
        elif _EMPTY_ALT.match(alternative) or _FILE_ALT.match(alternative):
            self.record.problem(
                "warning", f"the alternative text “{alternative}” does not say what the image shows",
                f"![{alternative}]", alternative,
            )  # fmt: skip
        values.setdefault("alt", "")
        entry = self._media_address(values, "src", "image")
        if entry is None:
            return
        if not entry.media_type.startswith("image/"):
            self.record.problem("error", f"“{written}” is not an image", f"]({written}", written)
            return
        _set_size(values, entry)
        values["loading"] = "lazy"
        values["decoding"] = "async"

    def _recording(self, tag: str, values: dict[str, str]) -> str:
        values["controls"] = ""
        values.setdefault("preload", "metadata")
        written = values.get("src", "")
        if not values.get("aria-label", "").strip():
            self.record.problem(
                "error", f"the recording “{written}” has no name: say in words what it is, "
                "as in ![How to scan a wristband](media/scan.mp4)", f"]({written}", written, f"<{tag}",
            )  # fmt: skip
        if not written:
            return ""
        entry = self._media_address(values, "src", "recording")
        if entry is None:
            return ""
        if entry.media_type.partition("/")[0] != tag:
            self.record.problem("error", f"“{written}” is not {tag}", f"]({written}", written)
        if tag == "video":
            _set_size(values, entry)
        if not entry.tracks:
            stem = posixpath.splitext(written)[0]
            self.record.problem(
                "error" if tag == "video" else "warning",
                f"the recording “{written}” has no captions: put {stem}.vtt beside it", f"]({written}", written,
            )  # fmt: skip
        tracks = "".join(self._track(track, first=track is entry.tracks[0]) for track in entry.tracks)
        return tracks + f'<a href="{escape(entry.url)}">{escape(self.record.labels.media)}</a>'

    def _track(self, track: Track, *, first: bool) -> str:
        label = escape(f"{self.record.labels.captions} ({track.language})")
        source = f'src="{escape(track.url)}" srclang="{escape(track.language)}"'
        return f'<track kind="captions" {source} label="{label}"{" default" if first else ""}>'

    def _media_address(self, values: dict[str, str], name: str, what: str) -> MediaEntry | None:
        written = values.get(name, "").strip()
        external = _SCHEME.match(written) or written.startswith("//")
        place = None if external else resolve(written.partition("#")[0], self.folder)
        entry = self.shelf.media(place) if place else None
        if entry is not None:
            values[name] = entry.url
            return entry
        if external:
            self.record.problem(
                "error", f"the {what} “{written}” lies on another site: put the file into media/ and link to it there",
                f"]({written}", written,
            )  # fmt: skip
        else:
            article = "an" if what == "image" else "a"
            self._broken(f"{article} {what}", place, written, f"]({written}", written, f"<{what[:3]}")
        values.pop(name, None)
        return None

    def _broken(self, what: str, place: str | None, written: str, *needles: str) -> None:
        if place is None:
            expected = "a path inside the course folder, as in 20-order-sets.md or media/scan.png"
            message = f"{what} leads to “{written}”: expected {expected}"
        else:
            near = self.shelf.near(place)
            message = f"{what} leads to “{written}”, which the course does not have"
            if near:
                message += f": did you mean {posixpath.relpath(near, self.folder or '.')}?"
        self.record.problem("error", message, *needles)


def _set_size(values: dict[str, str], entry: MediaEntry) -> None:
    """Give the size of the file; an author's width or height alone keeps the proportions."""
    if not entry.width or not entry.height:
        return
    wide, high = values.get("width", ""), values.get("height", "")
    if wide.isascii() and wide.isdigit() and 0 < int(wide) < 10_000:
        values["height"] = str(max(1, round(int(wide) * entry.height / entry.width)))
    elif high.isascii() and high.isdigit() and 0 < int(high) < 10_000:
        values["width"] = str(max(1, round(int(high) * entry.width / entry.height)))
    else:
        values["width"], values["height"] = str(entry.width), str(entry.height)


def _start_tag(tag: str, values: dict[str, str]) -> str:
    written = "".join(
        f' {name}="{escape(value)}"' if value or name == "alt" else f" {name}" for name, value in values.items()
    )
    return f"<{tag}{written}>"


def media_url(digest: str, name: str) -> str:
    """Return the address of a published media file."""
    return f"/media/{digest}/{quote(name)}"
