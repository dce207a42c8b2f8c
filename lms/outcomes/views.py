"""Training beside quality measures: what was registered and what it showed, the charts, the values, other changes.

For the CMIO and administrators, who see the whole hospital.
"""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.catalog import queries as catalog
from lms.db import db
from lms.measures import queries, services
from lms.measures.facts import ComparisonFacts, MeasureFacts
from lms.outcomes import words
from lms.outcomes.answers import asked_date, file_of, known_at, smallest
from lms.outcomes.comparison import drawing, exposure_report
from lms.outcomes.measure import measure_report
from lms.people.facts import UnitFacts
from lms.people.queries import units
from lms.reports.value import Report
from lms.rostering.faults import FileRefused
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("outcomes", __name__, template_folder="templates")
READERS = ("cmio", "administrator")
LARGEST_FORM = 400_000  # bytes; the file goes through the page between dry run and import


@blueprint.get("/workforce/measures")
@access(*READERS)
def overview() -> ResponseReturnValue:
    """Every comparison that was registered with its outcome, and every measure."""
    known = {each.id: each for each in queries.measures()}
    titles = {each.code: each.title for each in catalog.catalogue()}
    return render_template(
        "outcomes/overview.html",
        comparisons=queries.comparisons(),
        measures=known,
        titles=titles,
        names={each.code: each.name for each in units()},
        changes=queries.changes(),
        said=words.OUTCOMES,
        expected=words.EXPECTATIONS,
    )


@blueprint.get("/workforce/measures/<code>")
@access(*READERS)
def measure(code: str) -> ResponseReturnValue:
    """The control chart of a measure in a unit."""
    found = queries.measure(code) or abort(404)
    choices = _units_of(found)
    report = _measure_report(found, choices)
    return render_template(
        "outcomes/measure.html",
        report=report,
        measure=found,
        unit=report.data["units"][0],
        choices=[(each.code, each.name) for each in choices],
        svg=drawing(report),
        as_of=report.as_of,
    )


@blueprint.get("/workforce/measures/<code>.<format>")
@access(*READERS)
def measure_file(code: str, format: str) -> ResponseReturnValue:
    """The same as a file."""
    found = queries.measure(code) or abort(404)
    report = _measure_report(found, _units_of(found))
    return file_of(report, format, [(report.finding, drawing(report))], f"{code}-{report.data['units'][0]['code']}")


def _units_of(found: MeasureFacts) -> list[UnitFacts]:
    with_values = queries.units_of(found.id)
    return [each for each in units() if each.id in with_values] or abort(404)


def _measure_report(found: MeasureFacts, choices: list[UnitFacts]) -> Report:
    wanted = request.args.get("unit", "")
    unit = next((each for each in choices if each.code == wanted), None) if wanted else choices[0]
    as_of = asked_date()
    return measure_report(found, unit or abort(404), as_of=as_of, known_at=known_at(as_of))


@blueprint.get("/workforce/comparisons/<key>")
@access(*READERS)
def comparison(key: str) -> ResponseReturnValue:
    """What a registered comparison shows, as of a day."""
    found = queries.comparison(key) or abort(404)
    report = _exposure(found)
    return render_template(
        "outcomes/comparison.html",
        report=report,
        comparison=found,
        svg=drawing(report),
        beside_svg=drawing(report, "beside_series"),
        said=words.OUTCOMES,
        expected=words.EXPECTATIONS,
        kept=any(each.digest == report.digest for each in found.outcomes),
        as_of=report.as_of,
        figure=lambda value: words.figure(value, report.data["measure"]["kind"], report.data["measure"]["per"]),
    )


@blueprint.get("/workforce/comparisons/<key>.<format>")
@access(*READERS)
def comparison_file(key: str, format: str) -> ResponseReturnValue:
    """The same as a file: json, csv, xlsx or pdf."""
    found = queries.comparison(key) or abort(404)
    report = _exposure(found)
    charts = [(report.finding, drawing(report))]
    if report.data["beside_series"]:
        names = words.names([each["name"] for each in report.data["beside"]])
        charts.append((_("Beside it: %(units)s", units=names), drawing(report, "beside_series")))
    return file_of(report, format, charts, f"{report.data['measure']['code']}-{report.data['course']['code']}")


@blueprint.post("/workforce/comparisons/<key>/outcome")
@access(*READERS)
def keep_outcome(key: str) -> ResponseReturnValue:
    """Keep today's outcome beside the expectation, whatever it is."""
    found = queries.comparison(key) or abort(404)
    report = _exposure(found)
    actor = principal().account_id
    services.keep_outcome(found, report.data["outcome"], report.digest, report.as_of, actor=actor, now=now())
    db.session.commit()
    flash(_("Kept: %(outcome)s.", outcome=words.OUTCOMES[report.data["outcome"]]), "good")
    return redirect(url_for("outcomes.comparison", key=key), 303)


def _exposure(found: ComparisonFacts) -> Report:
    as_of = asked_date()
    return exposure_report(found, as_of=as_of, known_at=known_at(as_of), smallest=smallest())


@blueprint.get("/workforce/comparisons/new")
@access(*READERS)
def new() -> ResponseReturnValue:
    """The form on which a comparison is registered, before looking."""
    return _new("")


def _new(fault: str) -> str:
    return render_template(
        "outcomes/new.html",
        fault=fault,
        given=request.form,
        measures=[(each.code, each.title) for each in queries.measures()],
        courses=[(each.code, each.title) for each in catalog.catalogue()],
        units=[(each.code, each.name) for each in units()],
    )


@blueprint.post("/workforce/comparisons/new")
@access(*READERS)
def register() -> ResponseReturnValue:
    """Register a comparison; the same again leads to the one that is there."""
    form = request.form
    found = queries.measure(form.get("measure", ""))
    try:
        if found is None:
            raise services.MeasureRefused(_("Choose a measure."))
        if catalog.course(form.get("course", "")) is None:
            raise services.MeasureRefused(_("Choose a course."))
        key = services.register(
            found,
            form["course"],
            form.getlist("units"),
            form.getlist("beside"),
            begins_on=_day(form.get("begins_on", "")),
            lag=int(form["lag"]) if form.get("lag", "").isascii() and form.get("lag", "").isdigit() else -1,
            expected=form.get("expected", ""),
            reason=form.get("reason", ""),
            actor=principal().account_id,
            now=now(),
        )
    except services.MeasureRefused as refused:
        db.session.rollback()
        return _new(str(refused)), 422
    db.session.commit()
    return redirect(url_for("outcomes.comparison", key=key), 303)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise services.MeasureRefused(_("Give the day as a date such as 2026-03-01.")) from None


@blueprint.get("/workforce/measures/changes")
@access(*READERS)
def changes() -> ResponseReturnValue:
    """The list of other changes that could explain a figure."""
    return _changes("")


def _changes(fault: str) -> str:
    places = units()
    return render_template(
        "outcomes/changes.html",
        changes=tuple(reversed(queries.changes())),
        places={each.id: each.name for each in places},
        units=[(each.code, each.name) for each in places],
        fault=fault,
        given=request.form,
    )


@blueprint.post("/workforce/measures/changes")
@access(*READERS)
def add_change() -> ResponseReturnValue:
    """Enter a change."""
    form, actor = request.form, principal().account_id
    try:
        day = _day(form.get("on", ""))
        services.add_change(day, form.get("words", ""), form.get("unit", ""), actor=actor, now=now(), today=today())
    except services.MeasureRefused as refused:
        db.session.rollback()
        return _changes(str(refused)), 422
    db.session.commit()
    return redirect(url_for("outcomes.changes"), 303)


@blueprint.post("/workforce/measures/changes/<key>/withdraw")
@access(*READERS)
def withdraw_change(key: str) -> ResponseReturnValue:
    """Take a change off the list."""
    services.withdraw_change(key, actor=principal().account_id, now=now())
    db.session.commit()
    return redirect(url_for("outcomes.changes"), 303)


@blueprint.get("/workforce/measures/import")
@access(*READERS)
def import_desk() -> ResponseReturnValue:
    """The form for a file of values."""
    return render_template("outcomes/import.html", plan=None, faults=(), text="", name="")


@blueprint.post("/workforce/measures/import")
@access(*READERS)
def upload() -> ResponseReturnValue:
    """A dry run of the file; the second time, with its plan, the import."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        data, name = sent.read(LARGEST_FORM + 1), sent.filename[:200]
    else:
        data, name = request.form.get("text", "").encode(), request.form.get("name", "measures.csv")[:200]
    if len(data) > LARGEST_FORM:
        most = _("The file is too large for this page: use the command `measure import` on the server.")
        return render_template("outcomes/import.html", plan=None, faults=(), text="", name=name, too_large=most), 422
    expected = request.form.get("plan", "")
    try:
        if not expected:
            plan = services.plan_import(data, name, today=today())
            text = data.decode("utf-8-sig")
            return render_template("outcomes/import.html", plan=plan, faults=plan.faults, text=text, name=name)
        actor = principal().account_id
        done = services.import_measures(data, name, expected=expected, actor=actor, now=now(), today=today())
    except FileRefused as refused:
        db.session.rollback()
        page = render_template("outcomes/import.html", plan=None, faults=refused.faults, text="", name=name)
        return page, 422
    except services.PlanChanged:
        db.session.rollback()
        flash(_("Nothing was imported: the values changed since the plan was shown. Choose the file again."), "warn")
        return redirect(url_for("outcomes.import_desk"), 303)
    db.session.commit()
    flash(ngettext("Imported. One value was added.", "Imported. %(num)d values were added.", len(done.steps)), "good")
    return redirect(url_for("outcomes.overview"), 303)
