"""Pictures that stand in the text itself, as `data:` addresses, become files of their own."""

import base64
import binascii
import hashlib
import re
import urllib.parse
from collections.abc import Callable

_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/webp": "webp",
    "image/svg+xml": "svg",
}  # fmt: skip
_ADDRESS = re.compile(r"data:(image/[\w.+-]{1,20})(?:;[\w=-]{1,40})*?(;base64)?,", re.IGNORECASE)
LARGEST = 20_000_000

Keep = Callable[[str, bytes], str]


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
