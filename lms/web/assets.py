"""Static files: read once, compressed once, with a hash of their content in the address so that browsers keep them.

Pages themselves are not compressed here: a proxy does that where the hospital wants it
(docs/deployment.md), and a page that carries a secret is better left as it is.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request

from lms.web.guard import access

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
WORTH = 0.9  # a compressed form is kept where it saves a tenth or more


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    data: bytes
    packed: bytes | None
    media_type: str
    tag: str


@cache
def file(name: str) -> StaticFile | None:
    """A static file by its path below `static/`, or None; paths that lead out of the folder are unknown."""
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
        return None
    data = path.read_bytes()
    packed = gzip.compress(data, 9, mtime=0)
    kind = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}.get(
        path.suffix
    )
    kind = kind or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    tag = hashlib.sha256(data).hexdigest()[:12]
    return StaticFile(data, packed if len(packed) < WORTH * len(data) else None, kind + charset, tag)


def fingerprint(name: str) -> str:
    """The first 12 hex digits of a static file's SHA-256. Raises FileNotFoundError."""
    found = file(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.tag


def address(name: str) -> str:
    """The address of a static file; changes when the file does."""
    return f"/static/{name}?v={fingerprint(name)}"


@access(public=True)
def send(filename: str) -> Response:
    """A static file, compressed where the browser takes it, for ever where the address names its content."""
    found = file(filename[:200])
    if found is None:
        abort(404)
    packed = found.packed if "gzip" in request.accept_encodings else None
    response = Response(packed or found.data, mimetype=None, content_type=found.media_type)
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == found.tag else "public, max-age=3600"
    response.headers["Vary"] = "Accept-Encoding"
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(found.tag + ("-gzip" if packed else ""))
    response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    """Serve static files and offer `asset()` to templates."""
    app.view_functions["static"] = send
    app.jinja_env.globals["asset"] = address
