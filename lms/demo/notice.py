"""Pages of a sample hospital say that they show sample data. A hospital in production is never a sample."""

from __future__ import annotations

import time

from flask import Flask, current_app

from lms.demo.loading import is_sample

AGAIN = 30.0  # seconds after which a database without the sample is asked again


def install(app: Flask) -> None:
    """Bind the question to the application."""
    if app.config["SETTINGS"].production:
        app.config["SAMPLE_DATA"] = False
    elif not app.testing:
        app.before_request(ask)


def ask() -> None:
    """Find out whether the data is a sample. Once it is, it stays one; else ask again after a while."""
    config = current_app.config
    if config["SETTINGS"].production or config.get("SAMPLE_DATA") or config.get("_SAMPLE_ASKED", 0) > time.monotonic():
        return
    config["_SAMPLE_ASKED"] = time.monotonic() + AGAIN
    config["SAMPLE_DATA"] = is_sample()
