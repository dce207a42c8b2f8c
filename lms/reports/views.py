"""The CMIO's pages: the workforce, a unit, the people behind a cell, the tables, and every export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from lms.audit.places import Place
from lms.audit.reading import log_view
from lms.audit.services import record
from lms.audit.tasks import note_export
from lms.competency.queries import competency, framework
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.queries import ids_by_public_id, units
from lms.reports.asking import READERS, answered, asked, blueprint, current, kept, surroundings
from lms.reports.exports import FORMATS
from lms.reports.kinds import KINDS
from lms.reports.making import Made, made, make
from lms.reports.page import Addresses, workforce_page
from lms.reports.people import behind_cell, behind_training, not_ready
from lms.reports.plans import Plan, Question
from lms.reports.queries import frame, plan
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal

SHOWN_PEOPLE = 200


@blueprint.get("/workforce")
@access(*READERS)
def workforce() -> ResponseReturnValue:
    """Are we ready, where is the gap, what needs a decision."""
    return _workforce(request.args.get("unit") or None)


@blueprint.get("/workforce/units/<code>")
@access(*READERS)
def unit(code: str) -> ResponseReturnValue:
    """The same for one unit and the units directly below it."""
    return _workforce(code)


def _workforce(code: str | None) -> ResponseReturnValue:
    question = replace(current(code), opened=True)
    found = answered(made, question)
    columns = request.args.get("columns", "critical")
    levels = request.args.get("show") == "levels"
    held = kept(found.frame.unit.code if found.frame.unit else None)
    name = (columns, levels, tuple(sorted(held.items())), str(get_locale()), question.scope)
    part = found.parts.get(name)
    if part is None:
        part = found.keep(name, _workforce_part(found, question, columns, levels, held))
    return render_template("reports/workforce.html", part=Markup(part))  # noqa: S704  (made by our own template)


def _workforce_part(found: Made, question: Question, columns: str, levels: bool, held: dict[str, str]) -> str:
    shown = found.frame
    query = urlencode({key: value for key, value in held.items() if key != "unit"})
    views = urlencode({**held, "columns": columns})
    # The address of a cell is that of its unit and a code, made here because a map has hundreds.
    below = url_for("reports.workforce") + "/units/"
    to = Addresses(lambda code: below + quote(code, safe=""), f"?{query}" if query else "")
    return render_template(
        "reports/_workforce.html",
        page=workforce_page(shown, columns, to),
        report=found.report("heatmap"),
        show_levels=levels,
        views=f"{url_for('reports.workforce')}?{views}",
        **surroundings(question, shown.unit, held, columns),
    )


@blueprint.get(f"/workforce/<any({', '.join(name for name in KINDS if name != 'heatmap')}):kind>")
@access(*READERS)
def table(kind: str) -> ResponseReturnValue:
    """A report as a page: finding, charts, tables, definitions, exports."""
    question = replace(current(request.args.get("unit") or None), opened=True)
    report = answered(make, kind, question)
    code = dict(report.filters)["unit"]
    chosen = next((each for each in units() if each.code == code), None)
    return render_template(
        "reports/table.html",
        report=report,
        kind=KINDS[kind],
        **surroundings(question, chosen, kept(chosen.code if chosen else question.unit), ""),
    )


@blueprint.get("/workforce/units/<unit>/<code>")
@access(*READERS, writes=True)
def cell(unit: str, code: str) -> ResponseReturnValue:
    """The people behind a cell. Looking at names is recorded."""
    known = competency(code)
    if known is None:
        abort(404)
    question = replace(current(unit), compare_to=None, competencies="")  # neither says anything about one cell
    planned: Plan = answered(plan, question)
    assert planned.asked is not None, "a unit was asked for"
    hidden = answered(frame, question).hides(planned.asked.id, code)
    people = () if hidden else behind_cell(planned, known)
    if people:
        place = Place("heat-map", known.title, planned.asked.name)
        _record(place, planned.asked, people[:SHOWN_PEOPLE], competency=code, people=len(people))
    return render_template(
        "reports/cell.html",
        unit=planned.asked,
        competency=known,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        below=sum(1 for each in people if not each.at_target),
        hidden=hidden,
        smallest=question.smallest,
        question=question,
        kept=kept(None),
        opens=question.scope.everything or "supervisor" in principal().roles,
        levels=(known_framework.levels if (known_framework := framework()) else ()),
        signs_off="supervisor" in principal().roles,
    )


@blueprint.get("/workforce/units/<unit>/not-ready")
@access(*READERS, writes=True)
def blockers(unit: str) -> ResponseReturnValue:
    """The people who keep a unit from being ready, and what each lacks. Looking at names is recorded."""
    planned: Plan = answered(plan, current(unit))
    assert planned.asked is not None, "a unit was asked for"
    people = not_ready(planned)
    if people:
        place = Place("not-ready", unit=planned.asked.name)
        _record(place, planned.asked, people[:SHOWN_PEOPLE], people=len(people))
    return render_template(
        "reports/not_ready.html",
        unit=planned.asked,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        question=planned.question,
        kept=kept(None),
        signs_off="supervisor" in principal().roles,
    )


@blueprint.get("/workforce/units/<unit>/behind")
@access(*READERS, writes=True)
def behind(unit: str) -> ResponseReturnValue:
    """The people of a unit who are past a day of mandatory training. Looking at names is recorded."""
    planned: Plan = answered(plan, asked(unit))
    assert planned.asked is not None, "a unit was asked for"
    people = behind_training(planned)
    if people:
        place = Place("behind", unit=planned.asked.name)
        _record(place, planned.asked, people[:SHOWN_PEOPLE], people=len(people))
    return render_template(
        "reports/behind.html",
        unit=planned.asked,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        overdue=sum(1 for each in people if each.overdue),
        as_of=planned.question.as_of,
        kept=kept(None),
    )


def _record(place: Place, about: UnitFacts, named: Sequence[Any], **facts: Any) -> None:
    """Keep that the people behind a figure were opened: in the audit trail, and for each of them to read."""
    who = principal()
    record("report.people", "unit", about.code, actor=who.account_id, now=now(), **facts)
    ids = ids_by_public_id([each.public_id for each in named])
    log_view(who.account_id, who.roles, ids.values(), "list", place, own=who.person_id, now=now())
    db.session.commit()


@blueprint.get("/workforce/<kind>.<format>")
@access(*READERS)
def export(kind: str, format: str) -> ResponseReturnValue:
    """A report of any kind as a file: json, csv, xlsx or pdf."""
    if kind not in KINDS or format not in FORMATS:
        abort(404)
    question = current(request.args.get("unit") or None)
    report = answered(make, kind, question)
    chosen = FORMATS[format]
    place = (question.unit or "all").lower()
    name = "".join(
        sign if (sign.isascii() and sign.isalnum()) or sign in "-." else "-"
        for sign in f"{kind}-{place}-{report.as_of}.{format}"
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Report-Digest": report.digest}
    body = chosen.write(report)
    note_export(principal(), "report", kind, now(), format=format, unit=question.unit or "", as_of=str(report.as_of))
    return Response(body, mimetype=chosen.media_type, headers=headers)
