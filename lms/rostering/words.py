"""Messages in the language of whoever asked: the request's, or English for a command and the worker."""

from __future__ import annotations

from flask import has_request_context
from flask_babel import gettext


def _(text: str, /, **values: object) -> str:
    """The translated text with its values; `%` stands doubled where values are given."""
    if has_request_context():
        return str(gettext(text, **values))
    return text % values if values else text
