"""Observations of people by supervisors."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from marshmallow import RAISE, Schema, fields

from lms.accounts.queries import sign_off_of
from lms.api.bodies import BodyBlueprint, plain_text
from lms.api.document import problems, refuse
from lms.db import db
from lms.observations.services import LONGEST_NOTE, Refused, record
from lms.people.queries import person_by_employee_id, posts_on
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = BodyBlueprint("api-people", __name__, url_prefix="/api/v1/people", description="Observations")


class ObservationSchema(Schema):
    """What a supervisor saw and signs: level 1 to 3 of a competency, 4 with a complete coaching log.

    `observed_on` is today unless given.
    """

    class Meta:
        """Unknown fields are faults."""

        unknown = RAISE

    competency = fields.String(required=True, validate=plain_text)
    level = fields.Raw(required=True, metadata={"type": "integer", "minimum": 1, "maximum": 4})
    note = fields.String(load_default="", validate=plain_text, metadata={"maxLength": LONGEST_NOTE})
    observed_on = fields.Date(load_default=None, allow_none=True)


class RecordedSchema(Schema):
    """A signed observation."""

    id = fields.String(required=True)
    employee_id = fields.String(required=True)
    competency = fields.String(required=True)
    level = fields.Integer(required=True)
    note = fields.String(required=True)
    observed_on = fields.Date(required=True)


@blueprint.post("/<string:employee_id>/observations")
@access()
@blueprint.arguments(ObservationSchema)
@blueprint.alt_response(201, schema=RecordedSchema)
@problems(blueprint, 400, 401, 403, 404, 413, 422)
def observe(body: dict[str, Any], employee_id: str) -> tuple[Response, int]:
    """Record and sign an observation of somebody whom the caller may sign off, by office or by a lent right.

    Sent twice it is one observation. With an Idempotency-Key header the same key and body stay one also after
    others came between, and another key tells two equal ones apart.
    """
    who = principal()
    signer = sign_off_of(who.account_id, who.person_id, who.roles, today())
    demand("supervisor" in who.roles or signer.anything)
    found = person_by_employee_id(employee_id)
    if found is None:
        raise refuse(404, "Unknown person", "There is nobody with this employee number.")
    units = frozenset(post.unit_id for post in posts_on(found.id, today()))
    own = signer.own.covers_person(found.id, units)
    lent = None if own else signer.lender(found.id, units, body["competency"])
    demand(own or lent is not None)
    given = request.headers.get("Idempotency-Key", "").strip()
    try:
        done = record(
            found.id, body["competency"], body["level"], body["note"], observer_account=who.account_id,
            observer_person=who.person_id, key=f"api:{given}" if given else None,
            observed_on=body["observed_on"] or today(), today=today(), now=now(),
            delegation_id=lent.delegation_id if lent else None,
        )  # fmt: skip
    except Refused as fault:
        if fault.kind == "self":
            raise refuse(403, "Not yourself", fault.message) from None
        raise refuse(422, "Not recorded", fault.message, errors={fault.field: [fault.message]}) from None
    db.session.commit()
    answer = jsonify(
        id=done.public_id, employee_id=found.employee_id, competency=done.competency, level=done.level,
        note=done.note, observed_on=done.observed_on.isoformat(),
    )  # fmt: skip
    return answer, 201
