"""Pages that show: the plans, one plan with its finding, who blocks a unit, its history, what happened, exports."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from lms.audit.places import Place
from lms.audit.reading import log_view
from lms.audit.services import record
from lms.audit.tasks import note_export
from lms.db import db
from lms.golive import queries
from lms.golive.blockers import blockers
from lms.golive.chart import chart
from lms.golive.figures import build
from lms.golive.outcomes import compare
from lms.golive.paper import FORMATS
from lms.golive.views.base import READERS, blueprint, framed, kept, scope, writes
from lms.people.queries import ids_by_public_id, units
from lms.web.clock import local, now
from lms.web.guard import access
from lms.web.principal import principal

SHOWN_PEOPLE = 200


@blueprint.get("")
@access(*READERS)
def plans() -> ResponseReturnValue:
    """Every plan that concerns the reader."""
    found = queries.in_sight(queries.plans(), scope())
    coming = next((each for each in found if each.state == "active"), None)
    return render_template("golive/plans.html", plans=found, coming=coming, may_write=writes())


@blueprint.get("/<plan>")
@access(*READERS)
def plan(plan: str) -> ResponseReturnValue:
    """Go or no go: the finding, units, cover, forecast, checklist."""
    frame = framed(plan)
    report = build(frame)
    return render_template(
        "golive/plan.html",
        plan=frame.plan,
        report=report,
        items=[(item, frame.done.get(item.key)) for item in frame.text.checklist],
        chart=chart(report.data["total"], report.data["plan"]),
        past=frame.as_of < frame.today,
        may_write=writes() and frame.as_of == frame.today,
        kept=kept(),
    )


@blueprint.get("/<plan>/units/<code>")
@access(*READERS, writes=True)
def unit(plan: str, code: str) -> ResponseReturnValue:
    """A unit of a plan with the people who block it. Looking at names is recorded."""
    frame = framed(plan)
    group = frame.group(code)
    if group is None or group.unit is None:
        abort(404 if code not in frame.text.units else 403)
    people = () if group.hidden else blockers(frame, group)
    if people:
        who = principal()
        record("golive.people", "unit", code, actor=who.account_id, now=now(), plan=plan, people=len(people))
        named = ids_by_public_id([each.public_id for each in people[:SHOWN_PEOPLE]]).values()
        place = Place("golive", frame.text.name, group.unit.name)
        log_view(who.account_id, who.roles, named, "list", place, own=who.person_id, now=now())
        db.session.commit()
    report = build(frame)
    row = next(each for each in report.data["units"] if each["code"] == code)
    picked = frozenset(request.args.getlist("person"))
    return render_template(
        "golive/unit.html",
        plan=frame.plan,
        report=report,
        unit=group.unit,
        row=row,
        hidden=group.hidden,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        super_users=sum(each.super_user for each in people),
        picked=picked,
        chart=None if group.hidden else chart(row, report.data["plan"]),
        smallest=frame.smallest,
        kept=kept(),
    )


@blueprint.get("/<plan>/history")
@access(*READERS)
def history(plan: str) -> ResponseReturnValue:
    """What the plan said and when, edition by edition."""
    frame = framed(plan)
    editions = queries.editions(frame.plan.id)
    days = {each.number: local(each.saved_at).date().isoformat() for each in editions}
    return render_template("golive/history.html", plan=frame.plan, editions=editions, days=days)


@blueprint.get("/<plan>/afterwards")
@access(*READERS)
def afterwards(plan: str) -> ResponseReturnValue:
    """What was foretold beside what came, and the calls for help."""
    return afterwards_page(plan)


def afterwards_page(plan: str, error: str = "", typed: str = "") -> str:
    """The page, also with what was amiss in a file of outcomes."""
    frame = framed(plan)
    everything = scope().everything
    codes = None if everything else {each.code for each in frame.units} if not frame.only else set()
    known = {each.code: each.name for each in units()}
    seen = {each.code for each in frame.units}
    happened = {code: each for code, each in queries.outcomes(frame.plan.id).items() if code in seen}
    return render_template(
        "golive/afterwards.html",
        plan=frame.plan,
        compared=compare(queries.snapshots(frame.plan.id), codes),
        outcomes=happened,
        names={code: known[code] for code in frame.text.units if code in known},
        error=error,
        typed=typed,
        may_write=writes(),
    )


@blueprint.get("/<plan>/report.<format>")
@access(*READERS)
def export(plan: str, format: str) -> ResponseReturnValue:
    """The report as a file: json, csv, xlsx or pdf, the same value as the page."""
    if format not in FORMATS:
        abort(404)
    report = build(framed(plan))
    chosen = FORMATS[format]
    name = f"golive-{plan}-{report.as_of}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Report-Digest": report.digest}
    body = chosen.write(report)
    note_export(principal(), "golive", plan, now(), format=format, as_of=str(report.as_of))
    return Response(body, mimetype=chosen.media_type, headers=headers)
