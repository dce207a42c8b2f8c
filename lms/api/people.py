"""Observations of people by supervisors."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from lms.accounts.queries import scope_of
from lms.api.document import ProblemSchema, refuse
from lms.db import db
from lms.observations.services import Refused, record
from lms.people.queries import person_by_employee_id, posts_on
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("api-people", __name__, url_prefix="/api/v1/people", description="Observations")


class ObservationSchema(Schema):
    """What a supervisor saw and signs: level 1 to 3 of a competency. `observed_on` is today unless given."""

    class Meta:
        """Unknown fields are faults."""

        unknown = RAISE

    competency = fields.String(required=True)
    level = fields.Raw(required=True)
    note = fields.String(load_default="")
    observed_on = fields.Date(load_default=None)


class RecordedSchema(Schema):
    """A signed observation."""

    id = fields.String(required=True)
    employee_id = fields.String(required=True)
    competency = fields.String(required=True)
    level = fields.Integer(required=True)
    observed_on = fields.String(required=True)


@blueprint.post("/<string:employee_id>/observations")
@access("supervisor")
@blueprint.arguments(ObservationSchema)
@blueprint.alt_response(201, schema=RecordedSchema)
@blueprint.alt_response(403, schema=ProblemSchema)
@blueprint.alt_response(404, schema=ProblemSchema)
def observe(body: dict[str, Any], employee_id: str) -> tuple[Response, int]:
    """Record and sign an observation of somebody in the caller's scope.

    The same body on the same day is one observation; an Idempotency-Key header tells two apart.
    """
    who = principal()
    found = person_by_employee_id(employee_id)
    if found is None:
        raise refuse(404, "Unknown person", "There is nobody with this employee number.")
    units = frozenset(post.unit_id for post in posts_on(found.id, today()))
    demand(scope_of(who.account_id, who.person_id, who.roles, today()).covers_person(found.id, units))
    day = body["observed_on"] or today()
    try:
        done = record(
            found.id, body["competency"], body["level"], body["note"], observer_account=who.account_id,
            observer_person=who.person_id, key=_key(found.id, body, day), observed_on=day, today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        status = 403 if fault.kind == "self" else 422
        raise refuse(status, "Not recorded", fault.message, errors={fault.field: [fault.message]}) from None
    db.session.commit()
    answer = jsonify(
        id=done.public_id, employee_id=employee_id, competency=done.competency, level=done.level,
        observed_on=done.observed_on.isoformat(),
    )  # fmt: skip
    return answer, 201


def _key(person_id: int, body: dict[str, Any], day: dt.date) -> str:
    given = request.headers.get("Idempotency-Key", "")
    parts = [person_id, body["competency"], body["level"], body["note"], day, given, principal().account_id]
    return "api:" + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
