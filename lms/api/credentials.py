"""Certificates: public facts by number, the paper for those entitled to it."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lms.api.document import problems, refuse
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.credentials.facts import STATUSES, CredentialFacts
from lms.credentials.queries import by_serial
from lms.credentials.views import may_see, pdf_response
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("api-credentials", __name__, url_prefix="/api/v1/credentials", description="Certificates")


class CredentialSchema(Schema):
    """Every fact that the paper states, and today's status."""

    serial = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    name = fields.String(required=True)
    profession = fields.String(required=True)
    unit = fields.String(required=True)
    course_code = fields.String(required=True)
    course_title = fields.String(required=True)
    edition = fields.String(required=True)
    language = fields.String(required=True)
    issued_on = fields.Date(required=True)
    valid_until = fields.Date(required=True, allow_none=True)
    minutes = fields.Integer(required=True)
    score = fields.String(required=True, allow_none=True)
    competencies = fields.List(fields.Dict(), required=True)
    credits = fields.List(fields.Dict(), required=True)
    issuer = fields.String(required=True)
    signatory_name = fields.String(required=True)
    signatory_title = fields.String(required=True)
    verify_url = fields.String(required=True)
    sample = fields.Boolean(required=True)
    superseded_by = fields.String(
        required=True, allow_none=True, metadata={"description": "the number of the corrected certificate"}
    )
    supersedes = fields.String(
        required=True, allow_none=True, metadata={"description": "the number of the certificate that this one corrects"}
    )


def credential_json(found: CredentialFacts) -> dict[str, Any]:
    """A certificate as the API shows it to anyone: what stands on the paper, and its status."""
    facts = found.facts.to_json()
    facts.pop("format", None)
    return facts | {
        "status": found.status(today()),
        "superseded_by": found.superseded_by,
        "supersedes": found.supersedes,
    }


@blueprint.get("/<string:serial>")
@access(public=True)
@blueprint.doc(security=[])
@blueprint.alt_response(200, schema=CredentialSchema)
@problems(blueprint, 404)
def show(serial: str) -> Response:
    """Public facts and status; 404 for an unknown or mistyped number."""
    return jsonify(credential_json(_found(serial)))


@blueprint.get("/<string:serial>.pdf")
@access()
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@problems(blueprint, 401, 403, 404)
def pdf(serial: str) -> Response:
    """The signed paper, for its holder and entitled staff."""
    found = _found(serial)
    demand(may_see(found))
    note_look(principal(), [found.person_id], "certificate", Place("certificate", found.facts.course_title), now())
    return pdf_response(found)


def _found(serial: str) -> CredentialFacts:
    found = by_serial(serial)
    if found is None:
        raise refuse(404, "Unknown certificate", "There is no certificate with this number, or it was mistyped.")
    return found
