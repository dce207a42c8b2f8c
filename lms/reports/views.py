"""The CMIO's pages: the workforce, a unit, the people behind a cell, and every export."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from lms.accounts.queries import scope_of
from lms.audit.services import record
from lms.competency.queries import competency, framework
from lms.competency.tasks import fold_now
from lms.db import db
from lms.people.queries import ancestors, units
from lms.reports.exports import FORMATS
from lms.reports.kinds import KINDS
from lms.reports.making import make
from lms.reports.page import WorkforcePage, workforce_page
from lms.reports.people import behind_cell
from lms.reports.queries import Question, ReportRefused, frame
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("reports", __name__, template_folder="templates")
READERS = ("supervisor", "cmio", "administrator")
STATUS = {"unknown-unit": 404, "scope": 403}
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
    fold_now(today())
    question = replace(_question(code), people=True)
    try:
        shown = _page(question)
    except ReportRefused as fault:
        return _refused(fault)
    line = ancestors(shown.frame.unit.id) if shown.frame.unit else ()
    return render_template(
        "reports/workforce.html",
        page=shown,
        line=[each for each in line if question.scope.covers_unit(each.id)],
        choices=[("", ""), *((each.code, each.name) for each in units() if question.scope.covers_unit(each.id))],
        question=question,
        columns=request.args.get("columns", "critical"),
        domains=[(domain.code, domain.title) for domain in framework().domains] if framework() else [],  # type: ignore[union-attr]
        export=lambda kind, form: url_for("reports.export", kind=kind, format=form, **_kept(code)),
        show_levels=request.args.get("show") == "levels",
        here=lambda **change: url_for("reports.workforce", **(_kept(code, all_of=True) | change)),
    )


def _page(question: Question) -> WorkforcePage:
    kept = {key: value for key, value in _kept(None).items() if key != "unit"}
    return workforce_page(
        frame(question),
        columns=request.args.get("columns", "critical"),
        cell_url=lambda unit_code, code: url_for("reports.cell", unit=unit_code, code=code, **kept),
        unit_url=lambda unit_code: url_for("reports.unit", code=unit_code, **kept),
    )


@blueprint.get("/workforce/units/<unit>/<code>")
@access(*READERS, writes=True)
def cell(unit: str, code: str) -> ResponseReturnValue:
    """The people behind a cell. Looking at names is recorded."""
    question = _question(unit)
    fold_now(today())
    try:
        found = frame(question)
    except ReportRefused as fault:
        return _refused(fault)
    known = competency(code)
    if known is None or found.unit is None:
        abort(404)
    people = behind_cell(found.unit, known, question.as_of, today(), question.profession)
    record(
        "report.people", "unit", found.unit.code, actor=principal().account_id, now=now(), competency=code,
        people=len(people),
    )  # fmt: skip
    db.session.commit()
    return render_template(
        "reports/cell.html",
        unit=found.unit,
        competency=known,
        people=people[:SHOWN_PEOPLE],
        total=len(people),
        below=sum(1 for each in people if not each.at_target),
        as_of=question.as_of,
        signs_off="supervisor" in principal().roles,
    )


@blueprint.get("/workforce/<kind>.<format>")
@access(*READERS)
def export(kind: str, format: str) -> ResponseReturnValue:
    """A report as a file: heatmap, readiness, expiry or compliance as json, csv, xlsx or pdf."""
    if kind not in KINDS or format not in FORMATS:
        abort(404)
    fold_now(today())
    question = _question(request.args.get("unit") or None)
    try:
        report = make(kind, question)
    except ReportRefused as fault:
        return _refused(fault)
    chosen = FORMATS[format]
    place = (question.unit or "all").lower()
    name = "".join(
        sign if sign.isalnum() or sign in "-." else "-" for sign in f"{kind}-{place}-{report.as_of}.{format}"
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Report-Digest": report.digest}
    return Response(chosen.write(report), mimetype=chosen.media_type, headers=headers)


def _question(unit: str | None) -> Question:
    who = principal()
    return Question(
        unit=unit,
        as_of=_date(request.args.get("as_of", "")),
        today=today(),
        scope=scope_of(who.account_id, who.person_id, who.roles, today()),
        profession=request.args.get("profession") or None,
        flat=request.args.get("rows") == "lowest",
        smallest=current_app.config["SETTINGS"].small_group,
    )


def _date(text: str) -> dt.date:
    if not text:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UnprocessableEntity(f"{text[:40]!r} is not a date such as 2026-11-23.") from None


def _kept(unit: str | None, *, all_of: bool = False) -> dict[str, Any]:
    """The parameters that links on the page keep."""
    names = ["unit", "as_of", "profession", "rows"] + (["columns", "show"] if all_of else [])
    kept = {name: request.args[name] for name in names if request.args.get(name)}
    return kept | ({"unit": unit} if unit else {})


def _refused(fault: ReportRefused) -> ResponseReturnValue:
    refusal = HTTPException(fault.message)
    refusal.code = STATUS.get(fault.kind, 422)
    raise refusal
