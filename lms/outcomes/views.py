"""Training beside quality measures: what was registered and what it showed, the charts, the values, other changes.

The CMIO and administrators see the whole hospital and write; supervisors read what is about their own units alone.
"""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts.queries import scope_of
from lms.catalog import queries as catalog
from lms.db import db
from lms.measures import queries, services
from lms.outcomes import words
from lms.outcomes.answers import asked_report, file_of, kept
from lms.outcomes.making import comparisons, units_with
from lms.people.queries import units
from lms.people.scope import Scope
from lms.rostering.faults import FileRefused
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("outcomes", __name__, template_folder="templates")
READERS = ("supervisor", "cmio", "administrator")
WRITERS = ("cmio", "administrator")
LARGEST_FORM = 400_000  # bytes; the file goes through the page between dry run and import


@blueprint.get("/workforce/measures")
@access(*READERS)
def overview() -> ResponseReturnValue:
    """Every comparison that was registered with its outcome, and every measure, as far as the reader may see them."""
    seen = _scope()
    known = {each.id: each for each in queries.measures()}
    titles = {each.code: each.title for each in catalog.catalogue()}
    return render_template(
        "outcomes/overview.html",
        comparisons=comparisons(seen),
        measures=known,
        listed=[each for each in known.values() if seen.everything or units_with(each, seen)],
        titles=titles,
        names={each.code: each.name for each in units()},
        changes=queries.changes(),
        said=words.OUTCOMES,
        expected=words.EXPECTATIONS,
        may_write=writes(),
    )


@blueprint.get("/workforce/measures/<code>")
@access(*READERS)
def measure(code: str) -> ResponseReturnValue:
    """The control chart of a measure in a unit."""
    report = asked_report("measure", code)
    found = queries.measure(code) or abort(404)
    unit = report.data["units"][0]
    return render_template(
        "outcomes/measure.html",
        report=report,
        measure=found,
        unit=unit,
        choices=[(each.code, each.name) for each in units_with(found, _scope())],
        kept=kept(measure=code) | {"unit": unit["code"]},
    )


@blueprint.get("/workforce/measures/<code>.<format>")
@access(*READERS)
def measure_file(code: str, format: str) -> ResponseReturnValue:
    """The same as a file."""
    report = asked_report("measure", code)
    return file_of(report, format, f"{code}-{report.data['units'][0]['code']}")


@blueprint.get("/workforce/comparisons/<key>")
@access(*READERS)
def comparison(key: str) -> ResponseReturnValue:
    """What a registered comparison shows, as of a day."""
    report = asked_report("exposure", key)
    found = queries.comparison(key) or abort(404)
    return render_template(
        "outcomes/comparison.html",
        report=report,
        comparison=found,
        said=words.OUTCOMES,
        expected=words.EXPECTATIONS,
        saved=any(each.digest == report.digest for each in found.outcomes),
        kept=kept(comparison=key),
        may_write=writes(),
    )


@blueprint.get("/workforce/comparisons/<key>.<format>")
@access(*READERS)
def comparison_file(key: str, format: str) -> ResponseReturnValue:
    """The same as a file: json, csv, xlsx or pdf."""
    report = asked_report("exposure", key)
    return file_of(report, format, f"{report.data['measure']['code']}-{report.data['course']['code']}")


def _scope() -> Scope:
    """What the reader may see."""
    who = principal()
    return scope_of(who.account_id, who.person_id, who.roles, today())


def writes() -> bool:
    """Whether the reader may bring in values, register comparisons and keep their outcomes."""
    return bool(set(WRITERS) & principal().roles)


@blueprint.post("/workforce/comparisons/<key>/outcome")
@access(*WRITERS)
def keep_outcome(key: str) -> ResponseReturnValue:
    """Keep today's outcome beside the expectation, whatever it is."""
    found = queries.comparison(key) or abort(404)
    report = asked_report("exposure", key)
    actor = principal().account_id
    services.keep_outcome(found, report.data["outcome"], report.digest, report.as_of, actor=actor, now=now())
    db.session.commit()
    flash(_("Kept: %(outcome)s.", outcome=words.OUTCOMES[report.data["outcome"]]), "good")
    return redirect(url_for("outcomes.comparison", key=key), 303)


@blueprint.get("/workforce/comparisons/new")
@access(*WRITERS)
def new() -> ResponseReturnValue:
    """The form on which a comparison is registered, before looking."""
    return _new("")


def _new(fault: str) -> str:
    known = queries.measures()
    reporting = frozenset().union(*(queries.units_of(each.id) for each in known))  # no other could be compared
    return render_template(
        "outcomes/new.html",
        fault=fault,
        given=request.form,
        measures=[(each.code, each.title) for each in known],
        courses=[(each.code, each.title) for each in catalog.catalogue()],
        units=[(each.code, each.name) for each in units() if each.id in reporting],
    )


@blueprint.post("/workforce/comparisons/new")
@access(*WRITERS)
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
@access(*WRITERS)
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
@access(*WRITERS)
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
@access(*WRITERS)
def withdraw_change(key: str) -> ResponseReturnValue:
    """Take a change off the list."""
    services.withdraw_change(key, actor=principal().account_id, now=now())
    db.session.commit()
    return redirect(url_for("outcomes.changes"), 303)


@blueprint.get("/workforce/measures/import")
@access(*WRITERS)
def import_desk() -> ResponseReturnValue:
    """The form for a file of values."""
    return render_template("outcomes/import.html", plan=None, faults=(), text="", name="")


@blueprint.post("/workforce/measures/import")
@access(*WRITERS)
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
