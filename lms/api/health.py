"""GET /health."""

from __future__ import annotations

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lms.web.guard import access

blueprint = Blueprint("api-health", __name__, url_prefix="/api/v1", description="Is the service there")


class HealthSchema(Schema):
    """The service answers."""

    status = fields.String(required=True)


@blueprint.get("/health")
@access(public=True)
@blueprint.doc(security=[])
@blueprint.alt_response(200, schema=HealthSchema)
def health() -> Response:
    """The service answers."""
    return jsonify(status="ok")
