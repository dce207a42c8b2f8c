"""The one module that knows flask-login: how a request becomes a principal."""

from __future__ import annotations

from flask import Flask

from lms.web.extensions import login


def install(app: Flask) -> None:
    """Bind the loaders to the application."""
    login.user_loader(lambda token: None)
