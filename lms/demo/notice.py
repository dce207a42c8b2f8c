"""Pages of a sample hospital say that they show sample data; asked of the database once a process."""

from __future__ import annotations

from flask import Flask, current_app

from lms.demo.loading import is_sample


def install(app: Flask) -> None:
    """Bind the question to the application; a hospital in production is never a sample."""
    if app.config["SETTINGS"].production:
        app.config["SAMPLE_DATA"] = False
    elif not app.testing:
        app.before_request(_ask_once)


def _ask_once() -> None:
    if "SAMPLE_DATA" not in current_app.config:
        current_app.config["SAMPLE_DATA"] = is_sample()
