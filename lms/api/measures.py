"""Quality measures and registered comparisons: what there is to ask a report about."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from lms.accounts.queries import scope_of
from lms.api.bodies import BodyBlueprint
from lms.api.document import problems
from lms.api.paging import listed, page
from lms.measures import queries
from lms.measures.facts import ComparisonFacts, MeasureFacts
from lms.outcomes.making import comparisons, units_with
from lms.people.scope import Scope
from lms.reports.asking import READERS
from lms.web.clock import today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = BodyBlueprint("api-measures", __name__, url_prefix="/api/v1", description="Quality measures")


class MeasureSchema(Schema):
    """A measure with the units that have values of it and that the token may see."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "p, u, c or xmr: how its chart is worked out"})
    direction = fields.String(required=True, metadata={"description": "up, down or none: which way is better"})
    span = fields.String(required=True, metadata={"description": "month or week"})
    units = fields.List(fields.String(), required=True)


class ComparisonSchema(Schema):
    """A registered comparison; `outcomes` are those that were kept, null results too."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    measure = fields.String(required=True)
    units = fields.List(fields.String(), required=True)
    beside = fields.List(fields.String(), required=True)
    begins_on = fields.Date(required=True)
    lag_months = fields.Integer(required=True)
    expected = fields.String(required=True)
    registered = fields.Date(required=True)
    outcomes = fields.List(fields.Dict(), required=True, metadata={"description": "{as_of, outcome, digest}"})


@blueprint.get("/measures")
@access(*READERS)
@listed(blueprint, MeasureSchema)
@problems(blueprint, 401, 403, 422)
def measures() -> Response:
    """The measures that have a value of a unit which the token may see, by title."""
    scope = _scope()
    seen = [(each, [unit.code for unit in units_with(each, scope)]) for each in queries.measures()]
    return page([each for each in seen if each[1]], lambda row: row[0].code, lambda row: _measure(*row))


@blueprint.get("/comparisons")
@access(*READERS)
@listed(blueprint, ComparisonSchema)
@problems(blueprint, 401, 403, 422)
def registered() -> Response:
    """The registered comparisons that the token may see, the newest first; nothing that was registered is missing."""
    codes = {each.id: each.code for each in queries.measures()}
    return page(
        comparisons(_scope()), lambda row: row.public_id, lambda row: _comparison(row, codes[row.measure_id])
    )  # fmt: skip


def _scope() -> Scope:
    who = principal()
    return scope_of(who.account_id, who.person_id, who.roles, today())


def _measure(found: MeasureFacts, units: list[str]) -> dict[str, Any]:
    return {
        "code": found.code, "title": found.title, "kind": found.kind, "direction": found.direction,
        "span": found.span, "units": units,
    }  # fmt: skip


def _comparison(found: ComparisonFacts, measure: str) -> dict[str, Any]:
    return {
        "id": found.public_id, "course": found.course_code, "measure": measure, "units": list(found.units),
        "beside": list(found.beside), "begins_on": found.begins_on.isoformat(), "lag_months": found.lag,
        "expected": found.expected, "registered": found.registered_at.date().isoformat(),
        "outcomes": [
            {"as_of": each.as_of.isoformat(), "outcome": each.outcome, "digest": each.digest}
            for each in found.outcomes
        ],
    }  # fmt: skip
