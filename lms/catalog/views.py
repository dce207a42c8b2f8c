"""The media of published courses: bytes that never change under an address that names their digest."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from lms.catalog.queries import blob, public_media
from lms.web.guard import access

blueprint = Blueprint("catalog", __name__, template_folder="templates")

# Shown inside a page; everything else is offered for download, so that no file of a course runs as a page.
SHOWN = re.compile(r"(image/(svg\+xml|png|jpeg|gif|webp|avif)|(video|audio)/[\w.+-]+|text/vtt)\Z")
STILL = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/media/<digest>/<name>")
@access()
def media(digest: str, name: str) -> ResponseReturnValue:
    """A picture, recording, caption or file of a lesson. Answers ranges and unchanged copies."""
    found = public_media(digest) if re.fullmatch(r"[0-9a-f]{64}", digest) else None
    if found is None:
        abort(404)
    shown = SHOWN.fullmatch(found.media_type) is not None
    response = Response(mimetype=found.media_type if shown else "application/octet-stream")
    response.headers["Content-Disposition"] = _disposition("inline" if shown else "attachment", name)
    response.headers["Content-Security-Policy"] = STILL
    response.cache_control.private = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    response.set_etag(digest)
    if not request.if_none_match.contains(digest):
        response.set_data(blob(digest) or b"")
    return response.make_conditional(request, accept_ranges=True, complete_length=found.size)


def _disposition(kind: str, name: str) -> str:
    plain = re.sub(r'[^\w.\- ]|["\\]', "_", name.encode("ascii", "replace").decode())
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
