"""Health for the process, readiness for whoever sends it requests."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lms.operations.readiness import unready
from lms.web.guard import access

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@access(public=True)
def health() -> ResponseReturnValue:
    """The process answers; asks no database."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access(public=True)
def ready() -> ResponseReturnValue:
    """The database answers and stands at the migration that this code expects; else 503."""
    try:
        reason = unready(str(current_app.config["SETTINGS"].migrations))
    except SQLAlchemyError:
        reason = "database unreachable"
    if reason:
        return jsonify(status="unready", reason=reason), 503
    return jsonify(status="ready")
