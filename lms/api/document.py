"""The OpenAPI document of the API: what it says of every endpoint, and the problem documents they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, jsonify
from flask_smorest import Api, Blueprint
from marshmallow import INCLUDE, Schema, fields
from werkzeug.exceptions import HTTPException

from lms.web.errors import answer
from lms.web.guard import access

View = TypeVar("View", bound=Callable[..., Any])

PROBLEM = "application/problem+json"
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
INTRODUCTION = """\
Courses, attempts, competence, certificates and reports of the hospital.

Send `Authorization: Bearer TOKEN`; a token acts as its account, and cookies do not count here. Errors are problem
documents (RFC 9457), never a redirect. Lists are paged: `limit` says how many at a time, and the Link header leads
to the next part. Times are in UTC, dates are the hospital's.
"""
MEANINGS = {
    400: "The body is not JSON",
    401: "No token, or one that does not work",
    403: "The account may not do this",
    404: "Unknown, malformed, or a number with a wrong check digit",
    409: "Not now; `type` says why",
    413: "The body is too large",
    422: "A value is not what was expected; nothing was stored",
    429: "Too many requests; Retry-After says when to go on",
}


class ProblemSchema(Schema):
    """A problem document (RFC 9457). `type` is about:blank or a word of the API's list."""

    class Meta:
        """A problem may say more, such as `opens_at` or `missing`."""

        unknown = INCLUDE

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
    """Bind the API's description to the application, at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE=app.config["SETTINGS"].product,
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": INTRODUCTION},
            "components": {
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "description": "Made on the account page"}
                }
            },
            "security": [{"token": []}],
        },
    )
    api = AcademyApi(app)

    @access(public=True)
    def description() -> Response:
        """The whole description, in place of the extension's own view, which states no rule."""
        return jsonify(described(api))

    app.view_functions["api-docs.openapi_json"] = description
    return api


def described(api: AcademyApi) -> dict[str, Any]:
    """The OpenAPI document: statuses in order, problems under their own media type."""
    document: dict[str, Any] = api.spec.to_dict()
    for shared in document["components"].get("responses", {}).values():
        if "content" in shared:
            shared["content"] = {PROBLEM: next(iter(shared["content"].values()))}
    document["components"].get("schemas", {}).pop("PaginationMetadata", None)
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                operation["responses"] = dict(sorted(operation["responses"].items()))
    return document


def problems(blueprint: Blueprint, *statuses: int) -> Callable[[View], View]:
    """State which problems an endpoint may answer besides 429, which all may."""

    def state(view: View) -> View:
        for status in (*statuses, 429):
            described = blueprint.alt_response(
                status, schema=ProblemSchema, content_type=PROBLEM, description=MEANINGS[status]
            )
            view = described(view)
        return view

    return state


def refuse(status: int, title: str, detail: str, kind: str = "about:blank", **more: Any) -> HTTPException:
    """An exception that becomes this problem document: `raise refuse(409, …)`."""
    fault = HTTPException(detail)
    fault.code = status
    fault.problem = {"kind": kind, "heading": title, **more}  # type: ignore[attr-defined]
    return fault
