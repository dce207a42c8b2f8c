"""The command line (`flask --app wsgi …`): parse, one service call, commit once, print."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Register every command group."""
