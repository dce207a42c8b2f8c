"""Addresses of static files with a hash of their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

from lms.web.guard import PUBLIC

STATIC = Path(__file__).parent / "static"


@cache
def fingerprint(name: str) -> str:
    """The first 12 hex digits of a static file's SHA-256."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    """The address of a static file; changes when the file does."""
    return f"/static/{name}?v={fingerprint(name)}"


def install(app: Flask) -> None:
    """Offer `asset()` to templates, and let browsers keep what carries a fingerprint."""
    app.jinja_env.globals["asset"] = address
    setattr(app.view_functions["static"], "access_rule", PUBLIC)  # noqa: B010  (Flask's own view takes no decorator)
    app.after_request(_keep)


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
