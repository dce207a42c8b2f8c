"""The CMIO's pages: the workforce, a unit, the people behind a cell, the tables, and every export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from lms.accounts.queries import scope_of
from lms.audit.reading import log_view
from lms.audit.services import record
from lms.competency.queries import competency, framework
from lms.competency.tasks import fold_now
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.queries import ancestors, ids_by_public_id, units
from lms.reports.dates import BadDate, read_date
from lms.reports.exports import FORMATS
from lms.reports.kinds import KINDS
from lms.reports.making import Made, made, make
from lms.reports.page import Addresses, workforce_page
from lms.reports.people import behind_cell, not_ready
from lms.reports.queries import Plan, Question, ReportRefused, frame, plan
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("reports", __name__, template_folder="templates")
READERS = ("supervisor", "cmio", "administrator")
STATUS = {"unknown-unit": 404, "scope": 403}
SHOWN_PEOPLE = 200
MOST_OFFERED = 300  # units in the filter; beyond, the page would be mostly a list of them
TABLES = ("readiness", "expiry", "compliance")


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
    fold_now(today())
    question = replace(_question(code), opened=True)
    found = _answered(made, question)
    columns = request.args.get("columns", "critical")
    levels = request.args.get("show") == "levels"
    kept = _kept(found.frame.unit.code if found.frame.unit else None)
    name = (columns, levels, tuple(sorted(kept.items())), str(get_locale()), question.scope)
    part = found.parts.get(name)
    if part is None:
        part = found.keep(name, _workforce_part(found, question, columns, levels, kept))
    return render_template("reports/workforce.html", part=Markup(part))  # noqa: S704  (made by our own template)


def _workforce_part(found: Made, question: Question, columns: str, levels: bool, kept: dict[str, str]) -> str:
    shown = found.frame
    query = urlencode({key: value for key, value in kept.items() if key != "unit"})
    views = urlencode({**kept, "columns": columns})
    # The address of a cell is that of its unit and a code, made here because a map has hundreds.
    below = url_for("reports.workforce") + "/units/"
    to = Addresses(lambda code: below + quote(code, safe=""), f"?{query}" if query else "")
    return render_template(
        "reports/_workforce.html",
        page=workforce_page(shown, columns, to),
        report=found.report("heatmap"),
        show_levels=levels,
        views=f"{url_for('reports.workforce')}?{views}",
        **_surroundings(question, shown.unit, kept, columns),
    )


def _surroundings(question: Question, asked: UnitFacts | None, kept: dict[str, Any], columns: str) -> dict[str, Any]:
    """What every page of figures has around them: crumbs, filters, links to exports."""
    whole = ancestors(asked.id) if asked else ()
    line = whole[:-1]
    known = framework()
    return {
        "question": question,
        "asked": asked,
        "line": [each for each in line if question.scope.covers_unit(each.id)],
        "choices": [(each.code, each.name) for each in _offered(question, whole)],
        "columns": columns,
        "domains": [(domain.code, domain.title) for domain in known.domains] if known else [],
        "export": lambda kind, form: url_for("reports.export", kind=kind, format=form, **kept),
        "table_url": lambda kind, **change: url_for("reports.table", kind=kind, **(kept | change)),
    }


def _offered(question: Question, line: Sequence[UnitFacts]) -> list[UnitFacts]:
    """The units that the filter offers: all, or of very many those around the one asked for; rows lead on."""
    seen = [each for each in units() if question.scope.covers_unit(each.id)]
    if len(seen) <= MOST_OFFERED:
        return seen
    ids = {each.id for each in seen}
    around = {each.id for each in line}
    return [
        each
        for each in seen
        if each.id in around or each.parent_id in around or each.parent_id not in ids or each.code == question.unit
    ]


@blueprint.get("/workforce/<any(readiness, expiry, compliance):kind>")
@access(*READERS)
def table(kind: str) -> ResponseReturnValue:
    """Readiness, the expiry forecast or compliance as a page: finding, table, definitions, exports."""
    fold_now(today())
    question = replace(_question(request.args.get("unit") or None), opened=True)
    report = _answered(make, kind, question)
    code = dict(report.filters)["unit"]
    asked = next((each for each in units() if each.code == code), None)
    return render_template(
        "reports/table.html",
        report=report,
        kind=kind,
        **_surroundings(question, asked, _kept(asked.code if asked else None), "critical"),
    )


@blueprint.get("/workforce/units/<unit>/<code>")
@access(*READERS, writes=True)
def cell(unit: str, code: str) -> ResponseReturnValue:
    """The people behind a cell. Looking at names is recorded."""
    known = competency(code)
    if known is None:
        abort(404)
    fold_now(today())
    question = _question(unit)
    planned: Plan = _answered(plan, question)
    assert planned.asked is not None, "a unit was asked for"
    hidden = _answered(frame, question).hides(planned.asked.id, code)
    people = () if hidden else behind_cell(planned, known)
    if people:
        _record("report.people", planned.asked, people[:SHOWN_PEOPLE], competency=code, people=len(people))
    return render_template(
        "reports/cell.html",
        unit=planned.asked,
        competency=known,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        below=sum(1 for each in people if not each.at_target),
        hidden=hidden,
        smallest=question.smallest,
        as_of=question.as_of,
        kept=_kept(None),
        levels=(known_framework.levels if (known_framework := framework()) else ()),
        signs_off="supervisor" in principal().roles,
    )


@blueprint.get("/workforce/units/<unit>/not-ready")
@access(*READERS, writes=True)
def blockers(unit: str) -> ResponseReturnValue:
    """The people who keep a unit from being ready, and what each lacks. Looking at names is recorded."""
    fold_now(today())
    planned: Plan = _answered(plan, _question(unit))
    assert planned.asked is not None, "a unit was asked for"
    people = not_ready(planned)
    if people:
        _record("report.people", planned.asked, people[:SHOWN_PEOPLE], people=len(people))
    return render_template(
        "reports/not_ready.html",
        unit=planned.asked,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        as_of=planned.question.as_of,
        kept=_kept(None),
        signs_off="supervisor" in principal().roles,
    )


def _record(action: str, about: UnitFacts, named: Sequence[Any], **facts: Any) -> None:
    """Keep that the people behind a figure were opened: in the audit trail, and for each of them to read."""
    who = principal()
    record(action, "unit", about.code, actor=who.account_id, now=now(), **facts)
    ids = ids_by_public_id([each.public_id for each in named])
    log_view(who.account_id, who.roles, ids.values(), "list", own=who.person_id, now=now())
    db.session.commit()


@blueprint.get("/workforce/<kind>.<format>")
@access(*READERS)
def export(kind: str, format: str) -> ResponseReturnValue:
    """A report as a file: heatmap, readiness, expiry or compliance as json, csv, xlsx or pdf."""
    if kind not in KINDS or format not in FORMATS:
        abort(404)
    fold_now(today())
    question = _question(request.args.get("unit") or None)
    report = _answered(make, kind, question)
    chosen = FORMATS[format]
    place = (question.unit or "all").lower()
    name = "".join(
        sign if (sign.isascii() and sign.isalnum()) or sign in "-." else "-"
        for sign in f"{kind}-{place}-{report.as_of}.{format}"
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Report-Digest": report.digest}
    return Response(chosen.write(report), mimetype=chosen.media_type, headers=headers)


def _question(unit: str | None) -> Question:
    who = principal()
    try:
        as_of = read_date(request.args.get("as_of", ""), today())
    except BadDate as fault:
        raise UnprocessableEntity(str(fault)) from None
    return Question(
        unit=unit,
        as_of=as_of,
        today=today(),
        scope=scope_of(who.account_id, who.person_id, who.roles, today()),
        profession=request.args.get("profession") or None,
        flat=request.args.get("rows") == "lowest",
        smallest=current_app.config["SETTINGS"].small_group,
    )


def _kept(unit: str | None) -> dict[str, str]:
    """The parameters that links on a page keep."""
    kept = {name: request.args[name] for name in ("as_of", "profession", "rows") if request.args.get(name)}
    return kept | ({"unit": unit} if unit else {})


def _answered(ask: Any, *question: Any) -> Any:
    """What a query answers; its refusal becomes the page of that status."""
    try:
        return ask(*question)
    except ReportRefused as fault:
        refusal = HTTPException(fault.message)
        refusal.code = STATUS.get(fault.kind, 422)
        raise refusal from None
