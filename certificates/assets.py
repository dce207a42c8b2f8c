"""The library's own files for the press: fonts, style sheets and drawings, by name.

The press may load these and nothing else. This module may not know the network nor any other folder.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from certificates import drawings

SCHEME = "asset:"

_FOLDER = Path(__file__).parent
_MEDIA_TYPES = {".woff2": "font/woff2", ".css": "text/css", ".svg": "image/svg+xml"}
_DRAWN: dict[str, Callable[[], str]] = {
    "band.svg": drawings.band_svg,
    "seal.svg": drawings.seal_svg,
    "mark.svg": drawings.mark_svg,
}


class UnknownAsset(LookupError):
    """An address that is none of the library's own files."""


def asset(address: str) -> tuple[bytes, str]:
    """Return the bytes and the media type of `asset:NAME`. Raises UnknownAsset for every other address."""
    name = address.removeprefix(SCHEME)
    if name == address:
        raise UnknownAsset(f"the press loads only its own assets, not {address[:80]!r}")
    if drawn := _DRAWN.get(name):
        return drawn().encode(), _MEDIA_TYPES[".svg"]
    path = _files().get(name)
    if path is None:
        raise UnknownAsset(f"no asset of that name: {name[:80]!r}")
    return path.read_bytes(), _MEDIA_TYPES[path.suffix]


@cache
def style(name: str) -> str:
    """Return the text of the style sheet `name`, for example `report.css`."""
    return asset(SCHEME + name)[0].decode()


@cache
def _files() -> dict[str, Path]:
    """Return the files by name. Names come from the folder, so no address can point out of it."""
    found = [*_FOLDER.glob("*.css"), *(_FOLDER / "fonts").glob("*.woff2")]
    return {path.name: path for path in found}
