"""The report of a go-live plan: the same value as the page and its exports."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify
from marshmallow import EXCLUDE, INCLUDE, Schema, fields

from lms.accounts.queries import scope_of
from lms.api.bodies import BodyBlueprint
from lms.api.document import problems, refuse
from lms.api.reports import read_date
from lms.golive.making import Asked, PlanRefused, make
from lms.web.clock import end_of, now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = BodyBlueprint("api-golive", __name__, url_prefix="/api/v1/reports", description="Reports")


class PlanQuestionSchema(Schema):
    """A plan by its id, and a day (today without): a past day shows what the plan said and what was known then."""

    class Meta:
        """Other parameters are not ours to refuse."""

        unknown = EXCLUDE

    plan = fields.String(required=True)
    as_of = fields.String(load_default=None, metadata={"format": "date"})


class GroupSchema(Schema):
    """A unit of the plan, or all its people; `ready`, `of` and what follows from them are null in a small group."""

    class Meta:
        """The total has no code and no shifts."""

        unknown = INCLUDE

    code = fields.String()
    name = fields.String()
    staff = fields.Integer(required=True)
    ready = fields.Integer(allow_none=True)
    of = fields.Integer(allow_none=True)
    share = fields.Float(allow_none=True)
    needed = fields.Integer(allow_none=True)
    is_ready = fields.Boolean(allow_none=True)
    suppressed = fields.Boolean()
    forecast = fields.Dict(
        allow_none=True,
        metadata={"description": "{enough, per_week, ready, low, high, share, verdict: reaches, may, misses, unknown}"},
    )
    trend = fields.List(fields.Dict(), metadata={"description": "people ready week by week: {on, ready}"})
    lacking = fields.List(fields.Dict(), metadata={"description": "{kind, code, title, level, missing, of}"})
    super_users = fields.Integer(required=True)
    super_users_needed = fields.Integer(required=True)
    super_users_short = fields.Integer(required=True)
    shifts = fields.List(fields.Dict(), metadata={"description": "{key, name, staff, needed, planned, short, entered}"})


class GoLiveSchema(Schema):
    """The readiness of a plan. `digest` names exactly these figures; people are never named here."""

    class Meta:
        """Definitions and requirements describe themselves."""

        unknown = INCLUDE

    kind = fields.String(required=True)
    as_of = fields.Date(required=True)
    digest = fields.String(required=True)
    title = fields.String(required=True)
    finding = fields.String(required=True)
    filters = fields.Dict(required=True)
    definitions = fields.List(fields.Dict(), required=True)
    plan = fields.Dict(required=True)
    requirements = fields.List(fields.Dict(), required=True)
    total = fields.Nested(GroupSchema, required=True)
    units = fields.List(fields.Nested(GroupSchema), required=True)
    checklist = fields.List(fields.Dict(), required=True)


@blueprint.get("/golive")
@access("supervisor", "cmio", "administrator")
@blueprint.arguments(PlanQuestionSchema, location="query")
@blueprint.alt_response(200, schema=GoLiveSchema)
@problems(blueprint, 401, 403, 404, 422)
def golive(arguments: dict[str, Any]) -> Response:
    """Readiness, super-user cover and forecast of a go-live plan, for the units that the token may see."""
    who = principal()
    day = read_date(arguments["as_of"])
    asked = Asked(
        plan=arguments["plan"],
        as_of=day,
        today=today(),
        moment=now() if day >= today() else end_of(day),
        scope=scope_of(who.account_id, who.person_id, who.roles, today()),
        smallest=current_app.config["SETTINGS"].small_group,
    )
    try:
        return jsonify(make(asked).payload())
    except PlanRefused as fault:
        raise refuse({"unknown": 404, "scope": 403}.get(fault.kind, 422), "No report", fault.message) from None
