"""Pictures found by their address: in a package, or in the text itself as `data:` addresses."""

import base64
import binascii
import hashlib
import posixpath
import re
import urllib.parse
from collections.abc import Callable, Mapping, Sequence

_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/webp": "webp",
    "image/svg+xml": "svg",
}  # fmt: skip
_ADDRESS = re.compile(r"data:(image/[\w.+-]{1,20})(?:;[\w=-]{1,40})*?(;base64)?,", re.IGNORECASE)
LARGEST = 20_000_000

Keep = Callable[[str, bytes], str]
Find = Callable[[str], "str | None"]


def in_text(address: str, keep: Keep) -> str | None:
    """Return the path of a picture that an address holds itself, `keep` storing it; None for every other address."""
    found = _ADDRESS.match(address)
    if not found or found[1].lower() not in _ENDINGS:
        return None
    body = address[found.end() :]
    if len(body) > LARGEST:
        return None
    try:
        data = (
            base64.b64decode("".join(body.split()), validate=True) if found[2] else urllib.parse.unquote_to_bytes(body)
        )
    except (binascii.Error, ValueError):
        return None
    # They have no names; one by content is the same wherever the picture comes from, and no other picture's.
    name = f"picture-{hashlib.sha256(data).hexdigest()[:8]}.{_ENDINGS[found[1].lower()]}"
    return keep(name, data) if data else None


def finder(
    files: Mapping[str, bytes], place: str, keep: Keep, folders: Sequence[str] = (), base: re.Pattern[str] | None = None
) -> Find:
    """Return what finds a picture of a package by its address in the file at `place`; `keep` stores it.

    It is looked for beside that file, then in `folders`. `base` matches what a system writes before an address for the
    root of its package.
    """
    homes = [posixpath.dirname(place), *folders]

    def find(address: str) -> str | None:
        if address.startswith("data:"):
            return in_text(address, keep)
        plain = urllib.parse.unquote(address.partition("?")[0].partition("#")[0])
        plain = base.sub("", plain).lstrip("/") if base is not None else plain
        if not plain or "://" in plain or plain.startswith("/"):
            return None
        for home in homes:
            wanted = posixpath.normpath(posixpath.join(home, plain))
            if files.get(wanted):
                return keep(posixpath.basename(wanted), files[wanted])
        return None

    return find
