"""Reports: the same value as the page and its exports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, current_app, jsonify
from marshmallow import EXCLUDE, INCLUDE, Schema, fields

from lms.accounts.queries import scope_of
from lms.api.bodies import BodyBlueprint
from lms.api.document import problems, refuse
from lms.board.papers import NAMES, make, subject_of
from lms.competency.tasks import fold_some
from lms.reports.asking import READERS, STATUS
from lms.reports.plans import Question, ReportRefused
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = BodyBlueprint("api-reports", __name__, url_prefix="/api/v1/reports", description="Reports")


class QuestionSchema(Schema):
    """What a report is asked: a unit's code (all roots without), a date (today without), and filters."""

    class Meta:
        """Other parameters are not ours to refuse."""

        unknown = EXCLUDE

    unit = fields.String(load_default=None)
    as_of = fields.String(load_default=None, metadata={"format": "date"})
    profession = fields.String(load_default=None)
    competencies = fields.String(
        load_default=None, metadata={"description": "`critical`, or the code of a domain or competency; all without"}
    )
    course = fields.String(load_default="", metadata={"description": "evaluation: of one course; of all without"})
    comparison = fields.String(load_default="", metadata={"description": "exposure: its id, as `/comparisons` says"})
    measure = fields.String(load_default="", metadata={"description": "measure: its code, as `/measures` says"})
    compare_to = fields.String(
        load_default=None,
        metadata={
            "format": "date",
            "description": "another date: rows and cells also hold `before` and `change` (in points of the "
            "percentage). Where a target moved in between they also hold `target_moved` {way, on} and "
            "`before_by_new_target`, and `change` is against the latter; both empty where it may not be shown",
        },
    )


class UnitSchema(Schema):
    """A row: the unit asked for first, then each direct child counting its subtree; without a unit all roots."""

    class Meta:
        """Each kind adds its own figures."""

        unknown = INCLUDE

    code = fields.String(required=True)
    name = fields.String(required=True)
    staff = fields.Integer(required=True)
    cells = fields.Dict(
        allow_none=True,
        metadata={
            "description": "heatmap: by competency code {at_target, of, share, levels: [n0 … n5]}, null with "
            "`suppressed` where fewer than 5 people are counted, {of: 0} where nobody is; expiry: by competency code "
            "the people by span in days; misconceptions: by competency code {people, of, share, answers, signal}"
        },
    )
    of = fields.Integer(
        allow_none=True, metadata={"description": "people counted; readiness, expiry, compliance, training"}
    )
    share = fields.Float(allow_none=True, metadata={"description": "0 to 1; readiness, compliance, training"})
    points = fields.List(
        fields.Dict(), metadata={"description": "trend: {date, met, of, share} of the date and twelve months before it"}
    )
    overdue = fields.Integer(
        allow_none=True,
        metadata={
            "description": "training: people overdue; beside it `grace`, `waiting`, `done` (each person once), "
            "`in_order` (nothing overdue) and `left_out` (on leave or exempt)"
        },
    )
    months = fields.List(fields.Integer(allow_none=True), metadata={"description": "time: minutes by month"})
    suppressed = fields.Boolean(metadata={"description": "true where the group is too small to be shown"})


class ReportSchema(Schema):
    """A report. Hidden figures are null with `suppressed` true; `digest` names exactly these figures."""

    class Meta:
        """Each kind adds what its figures need to be read."""

        unknown = INCLUDE

    kind = fields.String(required=True)
    as_of = fields.Date(required=True)
    digest = fields.String(required=True)
    title = fields.String(required=True)
    finding = fields.String(required=True)
    filters = fields.Dict(required=True)
    definitions = fields.List(fields.Dict(), required=True)
    units = fields.List(
        fields.Nested(UnitSchema), metadata={"description": "every kind but items, which has `courses`"}
    )
    courses = fields.List(
        fields.Dict(),
        metadata={
            "description": "items: {code, title, takers, items, judged, flags}; evaluation: {code, title, rounds, "
            "exam, seen}"
        },
    )
    items = fields.List(fields.Dict(), metadata={"description": "misconceptions: items of the first row"})
    asked = fields.List(
        fields.Dict(),
        metadata={"description": "training: what is mandatory in the first row, {type, code, title, in_order, of, …}"},
    )
    measure = fields.Dict(
        metadata={"description": "exposure and measure: the measure, {code, title, kind, direction, …}"}
    )
    outcome = fields.String(
        allow_none=True,
        metadata={"description": "exposure: better, worse, mixed, change, none or early; null of a measure alone"},
    )
    series = fields.List(
        fields.Dict(),
        metadata={
            "description": "exposure and measure: by period {period, numerator, denominator, value, centre, lower, "
            "upper, signals, direction}, exposure also {trained, of_staff}"
        },
    )
    now = fields.Dict(metadata={"description": "exposure and measure with `compare_to`: the figures of the date"})
    before = fields.Dict(metadata={"description": "the same of the date compared with"})
    compared = fields.List(
        fields.Dict(), metadata={"description": "evaluation with `compare_to`: {course, figure, before, now, change}"}
    )
    seats = fields.List(
        fields.Dict(), metadata={"description": "expiry: {month, course, title, people} of the first row"}
    )


@blueprint.get("/<string:kind>")
@access("educator", *READERS)
@blueprint.arguments(QuestionSchema, location="query")
@blueprint.alt_response(200, schema=ReportSchema)
@problems(blueprint, 401, 403, 404, 422)
def report(arguments: dict[str, Any], kind: str) -> Response:
    """Workforce: heatmap, readiness, compliance, training, expiry, trend, misconceptions, items, time.

    What training did: evaluation, exposure, measure. For a unit and its direct children, or for all roots. compliance
    is about critical competencies held, training about mandatory training done by its day. evaluation is what learners
    say of courses, exposure a registered comparison of training with a quality measure, measure the control chart of
    one. misconceptions and items are for those who answer for the whole hospital; educators read evaluation alone. A
    filter that means nothing to a kind is left out of `filters`.
    """
    if kind not in NAMES:
        raise refuse(404, "Unknown report", f"The reports are {', '.join(NAMES)}.")
    who = principal()
    if kind != "evaluation":
        demand(bool(who.roles.intersection(READERS)))
    behind = fold_some(today())
    question = Question(
        unit=arguments["unit"] or None,
        as_of=read_date(arguments["as_of"]),
        compare_to=read_date(arguments["compare_to"], "compare_to") if arguments["compare_to"] else None,
        competencies=arguments["competencies"] or "",
        today=today(),
        scope=scope_of(who.account_id, who.person_id, who.roles, today()),
        profession=arguments["profession"] or None,
        smallest=current_app.config["SETTINGS"].small_group,
        behind=behind,
    )
    try:
        return jsonify(make(kind, subject_of(kind, arguments), question, now()).payload())
    except ReportRefused as fault:
        raise refuse(STATUS.get(fault.kind, 422), "No report", fault.message) from None


def read_date(text: str | None, name: str = "as_of") -> dt.date:
    """A date of the query, today without one; 422 says what was expected."""
    if not text:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise refuse(422, "Bad date", f"{name} is {text[:40]!r}; a date such as 2026-11-23 was expected.") from None
