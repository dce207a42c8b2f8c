"""Lists by cursor: so many rows at a time, and a Link header that leads on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Response, jsonify, request, url_for
from flask_smorest import Blueprint
from marshmallow import Schema

from lms.api.document import refuse

Row = TypeVar("Row")
View = TypeVar("View", bound=Callable[..., Any])
PAGE = 100
PARAMETERS = [
    {
        "in": "query",
        "name": "limit",
        "schema": {"type": "integer", "minimum": 1, "maximum": PAGE, "default": PAGE},
        "description": "How many rows at most",
    },
    {
        "in": "query",
        "name": "cursor",
        "schema": {"type": "string"},
        "description": "Where to go on; taken from the Link header of the page before",
    },
]
LINK = {"Link": {"description": 'The next part, `rel="next"`; left out on the last', "schema": {"type": "string"}}}


def listed(blueprint: Blueprint, schema: type[Schema]) -> Callable[[View], View]:
    """State that an endpoint answers a list of these by cursor."""

    def state(view: View) -> View:
        shown: View = blueprint.alt_response(200, schema=schema(many=True), headers=LINK)(view)
        return blueprint.doc(parameters=PARAMETERS)(shown)

    return state


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
            raise _refusal("The cursor is not of this list; take it from the Link header of the page before.")
        start = places[0] + 1
    part = rows[start : start + limit]
    response = jsonify([shape(row) for row in part])
    if start + limit < len(rows):
        following = base64.urlsafe_b64encode(key(part[-1]).encode()).decode().rstrip("=")
        values = {**(request.view_args or {}), "limit": limit, "cursor": following}
        response.headers["Link"] = f'<{url_for(str(request.endpoint), **values)}>; rel="next"'
    return response


def _limit() -> int:
    raw = request.args.get("limit", str(PAGE))
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:6]) <= PAGE:
        raise _refusal(f"The limit is {raw[:20]!r}; a whole number from 1 to {PAGE} was expected.")
    return int(raw)


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _refusal("The cursor cannot be read; take it from the Link header of the page before.") from None


def _refusal(detail: str) -> Exception:
    return refuse(422, "Bad page", detail)
