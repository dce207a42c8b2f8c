"""Error answers: a page for browsers, a problem document (RFC 9457) for the API.

The page says what happened, what is safe and what to do next. A rolled-back transaction is
part of the promise: whatever went wrong, nothing of the request was written.
"""

from __future__ import annotations

import sys

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, InternalServerError, UnprocessableEntity

from lms.db import db
from lms.web.logs import request_id


def install(app: Flask) -> None:
    """Bind the handlers to the application."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _fault)
    app.teardown_request(_roll_back)


def problem(status: int, title: str, detail: str = "", kind: str = "about:blank", **more: object) -> Response:
    """A problem document. `kind` is its `type`: a word of the API's list or about:blank."""
    body = {"type": kind, "title": more.pop("heading", title), "status": status, "request": request_id(), **more}
    if detail:
        body["detail"] = detail
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _is_api() -> bool:
    return request.path.startswith("/api/")


def answer(fault: HTTPException) -> Response | tuple[str, int]:
    db.session.rollback()
    status = fault.code or 500
    if fault.response is not None:
        return fault.response  # type: ignore[return-value]
    if _is_api():
        return _problem_of(fault, status)
    kind = "csrf" if isinstance(fault, CSRFError) else str(status)
    return render_template("error.html", status=status, kind=kind, request_id=request_id()), status


def _problem_of(fault: HTTPException, status: int) -> Response:
    more = dict(getattr(fault, "problem", {}))
    found = getattr(fault, "data", None) or {}  # what the argument parser found wrong, by field
    if found.get("messages"):
        more["errors"] = found["messages"]
    document = problem(status, fault.name, fault.description or "", **more)
    for name in ("Retry-After", "Allow"):
        value = dict(fault.get_headers()).get(name)
        if value:
            document.headers[name] = value
    if status == 401:
        document.headers["WWW-Authenticate"] = "Bearer"
    return document


def _unstorable(fault: DataError) -> Response | tuple[str, int]:
    """A value that no column takes, such as a text with a NUL on PostgreSQL: the sender's fault, not ours."""
    return answer(UnprocessableEntity("A value holds a sign that cannot be stored, or is too large."))


def _fault(fault: Exception) -> Response | tuple[str, int]:
    if current_app.testing and not current_app.config.get("SHOW_FAULTS"):
        raise fault
    current_app.logger.error("unhandled fault", exc_info=sys.exc_info(), extra={"facts": {"request": request_id()}})
    return answer(InternalServerError())


def _roll_back(fault: BaseException | None) -> None:
    if fault is not None:
        db.session.rollback()
