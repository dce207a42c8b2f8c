"""What the caller knows about themselves: competence and certificates."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lms.api.credentials import CredentialSchema, credential_json
from lms.api.document import problems
from lms.api.paging import listed, page
from lms.competency.facts import CompetencyStanding
from lms.competency.queries import profile
from lms.credentials.queries import of_person
from lms.web.clock import today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("api-me", __name__, url_prefix="/api/v1/me", description="The caller's own record")


class StandingSchema(Schema):
    """A competency as the caller stands in it. `sources` are levels by source, never averaged."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    domain = fields.String(required=True)
    critical = fields.Boolean(required=True)
    level = fields.Integer(required=True)
    target = fields.Integer(required=True)
    sources = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    valid_until = fields.Date(required=True, allow_none=True)


@blueprint.get("/competencies")
@access()
@listed(blueprint, StandingSchema)
@problems(blueprint, 401, 422)
def my_competencies() -> Response:
    """Every competency of the framework with level, target and sources."""
    rows = profile(principal().person_id, today())
    return page(rows, lambda row: row.code, _standing)


def _standing(row: CompetencyStanding) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "domain": row.domain,
        "critical": row.critical,
        "level": row.level,
        "target": row.target,
        "sources": dict(row.sources),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
    }


@blueprint.get("/credentials")
@access()
@listed(blueprint, CredentialSchema)
@problems(blueprint, 401, 422)
def my_credentials() -> Response:
    """The caller's certificates, the newest first."""
    return page(of_person(principal().person_id), lambda row: row.serial, credential_json)
