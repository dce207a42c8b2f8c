"""The OpenAPI document and the shapes that all endpoints share: problems, lists by cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Flask, Response, jsonify, request, url_for
from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from lms.web.errors import answer
from lms.web.guard import access

Row = TypeVar("Row")
PAGE = 100


class ProblemSchema(Schema):
    """A problem document (RFC 9457). `type` is about:blank or a word of the API's list."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    request = fields.String(metadata={"description": "the id to quote when asking for help"})
    errors = fields.Dict(metadata={"description": "what was expected, by field"})


class AcademyApi(Api):  # type: ignore[misc]
    """The API with problem documents instead of the extension's own error shape."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Answer as the rest of the application does: a problem document here, a page elsewhere."""
        return answer(error)


def make_api(app: Flask) -> AcademyApi:
    """Bind the API's description to the application."""
    app.config.update(
        API_TITLE="Informatics Academy",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {
                "description": "Courses, attempts, competence, certificates and reports. Errors are problem documents."
            },
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    api = AcademyApi(app)
    shown = app.view_functions["api-docs.openapi_json"]

    @access(public=True)
    def description() -> Any:
        """The extension's own view with a stated rule."""
        return shown()

    app.view_functions["api-docs.openapi_json"] = description
    return api


def page(rows: Sequence[Row], key: Callable[[Row], str], shape: Callable[[Row], dict[str, Any]]) -> Response:
    """A list in its given order, `limit` at a time; the Link header leads to the next part.

    `key` names a row for the cursor and must be unique in the list. Raises 422 for a bad cursor or limit.
    """
    limit = _limit()
    start = 0
    if cursor := request.args.get("cursor"):
        last = _read(cursor)
        places = [place for place, row in enumerate(rows) if key(row) == last]
        if not places:
            raise UnprocessableEntity(
                "The cursor is not of this list; take it from the Link header of the page before."
            )
        start = places[0] + 1
    part = rows[start : start + limit]
    response = jsonify([shape(row) for row in part])
    if start + limit < len(rows):
        following = base64.urlsafe_b64encode(key(part[-1]).encode()).decode().rstrip("=")
        values = {**(request.view_args or {}), **request.args.to_dict(), "cursor": following}
        response.headers["Link"] = f'<{url_for(str(request.endpoint), **values)}>; rel="next"'
    return response


def _limit() -> int:
    raw = request.args.get("limit", str(PAGE))
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:6]) <= PAGE:
        raise UnprocessableEntity(f"The limit is {raw[:20]!r}; a whole number from 1 to {PAGE} was expected.")
    return int(raw)


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise UnprocessableEntity(
            "The cursor cannot be read; take it from the Link header of the page before."
        ) from None


def refuse(status: int, title: str, detail: str, kind: str = "about:blank", **more: Any) -> HTTPException:
    """An exception that becomes this problem document: `raise refuse(409, …)`."""
    fault = HTTPException(detail)
    fault.code = status
    fault.problem = {"kind": kind, "heading": title, **more}  # type: ignore[attr-defined]
    return fault
