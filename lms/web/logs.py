"""Structured logs to stderr, one JSON object a line, without personal data.

A request is logged by its route's rule, status, time and a random id; never by address, query,
name or e-mail. The id stands on error pages, so that a person can quote it.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time

from flask import Flask, Response, current_app, g, request


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        row = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        row.update(getattr(record, "facts", {}))
        if record.exc_info:
            row["fault"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False)


def install(app: Flask) -> None:
    """Send the application's log to stderr and log each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    app.logger.handlers = [handler]
    app.logger.propagate = app.testing
    app.logger.setLevel(app.config["SETTINGS"].log_level)
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The random id of this request."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    from_start = time.perf_counter() - g.get("began", time.perf_counter())
    facts = {
        "request": request_id(),
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round(from_start * 1000, 1),
    }
    if request.endpoint != "static":
        current_app.logger.info("request", extra={"facts": facts})
    return response
