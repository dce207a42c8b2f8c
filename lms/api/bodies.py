"""Reading the JSON that callers send, with refusals that say what was expected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Request, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser

from lms.api.document import refuse

LARGEST = 256 * 1024  # bytes of a body; the longest essay is far below


class BodyParser(FlaskParser):  # type: ignore[misc]
    """Reads a body as JSON whatever type it is sent under, since nothing else is ever meant."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The parsed body. 400 for what is not JSON, NaN and Infinity included; 413 for too much of it."""
        data = req.get_data()
        if not data.strip():
            return missing
        try:
            return json.loads(data.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise refuse(400, "Not JSON", "The body cannot be read; a JSON object in UTF-8 was expected.") from None

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Turn a body or query that does not fit its schema into a problem with the faults by field."""
        found: Any = error.messages
        if isinstance(found, dict) and len(found) == 1 and next(iter(found)) in ("json", "query"):
            found = next(iter(found.values()))
        if not isinstance(found, dict) or set(found) == {"_schema"}:
            raise refuse(422, "Bad body", "A JSON object was expected.") from error
        detail = f"{', '.join(sorted(map(str, found)))}: not as expected. The fields are {', '.join(schema.fields)}."
        raise refuse(422, "Bad body", detail, errors=found) from error


class BodyBlueprint(Blueprint):  # type: ignore[misc]
    """A blueprint of the API whose bodies are read by `BodyParser`."""

    ARGUMENTS_PARSER = BodyParser()


def limit_body() -> None:
    """Let bodies beyond LARGEST be refused with 413; to be called before each request."""
    request.max_content_length = LARGEST


def plain_text(text: str) -> None:
    """Refuse characters that cannot be stored; to be used as a field's validator."""
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text):
        raise ValidationError("Text without NUL and lone surrogates was expected.")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
