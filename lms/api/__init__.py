"""The HTTP API, version 1 (docs/api.md). Thin: parse, one service or query call, commit once."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register the API under /api/v1."""
