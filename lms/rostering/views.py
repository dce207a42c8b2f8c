"""The administrator's desk for the roster and past training: upload, see the whole plan, then apply it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.db import db
from lms.people import queries as people
from lms.rostering import services, uploads
from lms.rostering.faults import FileRefused
from lms.rostering.forms import RosterForm, TrainingForm
from lms.rostering.plan import Plan
from lms.rostering.training import TrainingChanged, TrainingPlan, import_training, plan_training
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("rostering", __name__, template_folder="templates")


@blueprint.get("/admin/roster")
@access("administrator")
def desk() -> ResponseReturnValue:
    """What the hospital holds now, and the forms for new files."""
    return _desk(RosterForm(), TrainingForm())


def _desk(roster: RosterForm, training: TrainingForm) -> str:
    staff, units = people.staff_count(today()), len(people.units())
    return render_template("rostering/desk.html", roster=roster, training=training, staff=staff, units=units)


@blueprint.post("/admin/roster")
@access("administrator")
def upload_roster() -> ResponseReturnValue:
    """Keep the two files of a roster and show what they would do."""
    form = RosterForm()
    if not form.validate_on_submit():
        return _desk(form, TrainingForm(formdata=None)), 422
    key = uploads.keep(
        "roster",
        principal().account_id,
        name=form.people.data.filename,
        data=form.people.data.read(),
        units_name=form.units.data.filename,
        units=form.units.data.read(),
        now=now(),
    )
    db.session.commit()
    return redirect(url_for("rostering.roster", key=key), 303)


@blueprint.get("/admin/roster/<key>")
@access("administrator")
def roster(key: str) -> ResponseReturnValue:
    """What the uploaded roster would do, or everything that stands against it."""
    upload = _found("roster", key)
    try:
        plan = services.plan_roster(
            upload.units, upload.data, units_file=upload.units_name, people_file=upload.name, today=today()
        )
    except FileRefused as refused:
        return render_template("rostering/roster.html", upload=upload, plan=None, faults=refused.faults)
    return _show_plan(upload, plan)


def _show_plan(upload: uploads.Upload, plan: Plan) -> str:
    return render_template(
        "rostering/roster.html",
        upload=upload,
        plan=plan,
        faults=plan.roster.faults,
        share=services.per_cent(plan.ended_share),
        stops=plan.ended_share > services.ALLOWED_ENDED,
    )


@blueprint.post("/admin/roster/<key>/apply")
@access("administrator")
def apply_roster(key: str) -> ResponseReturnValue:
    """Import the uploaded roster exactly as it was shown."""
    upload = _found("roster", key)
    accepted = request.form.get("end_posts") == "yes"
    try:
        plan = services.import_roster(
            upload.units,
            upload.data,
            units_file=upload.units_name,
            people_file=upload.name,
            allow_ended=services.EVERYTHING if accepted else None,
            expected=request.form.get("plan", ""),
            actor=principal().account_id,
            now=now(),
            today=today(),
        )
    except (FileRefused, services.PlanChanged):
        db.session.rollback()
        flash(_("Nothing was imported: the hospital changed since the plan was shown. This is the plan now."), "warn")
        return redirect(url_for("rostering.roster", key=key), 303)
    except services.TooManyEnded:
        db.session.rollback()
        flash(_("Nothing was imported: confirm first that the posts below may end today."), "bad")
        return redirect(url_for("rostering.roster", key=key), 303)
    uploads.drop(key, principal().account_id)
    db.session.commit()
    done = ngettext("Imported. One change was made.", "Imported. %(num)d changes were made.", len(plan.steps))
    flash(done, "good")
    return redirect(url_for("rostering.desk"), 303)


@blueprint.post("/admin/roster/<key>/discard")
@access("administrator")
def discard(key: str) -> ResponseReturnValue:
    """Forget uploaded files without importing them."""
    uploads.drop(key, principal().account_id)
    db.session.commit()
    flash(_("The files were thrown away. Nothing was imported."))
    return redirect(url_for("rostering.desk"), 303)


@blueprint.post("/admin/roster/training")
@access("administrator")
def upload_training() -> ResponseReturnValue:
    """Keep a file of past training and show what it would add."""
    form = TrainingForm()
    if not form.validate_on_submit():
        return _desk(RosterForm(formdata=None), form), 422
    file = form.training.data
    key = uploads.keep("training", principal().account_id, name=file.filename, data=file.read(), now=now())
    db.session.commit()
    return redirect(url_for("rostering.training", key=key), 303)


@blueprint.get("/admin/roster/training/<key>")
@access("administrator")
def training(key: str) -> ResponseReturnValue:
    """What the uploaded training would add, or everything that stands against it."""
    upload = _found("training", key)
    plan: TrainingPlan | None = None
    try:
        plan = plan_training(upload.data, upload.name, today=today())
        faults = tuple(plan.faults)
    except FileRefused as refused:
        faults = refused.faults
    return render_template("rostering/training.html", upload=upload, plan=plan, faults=faults)


@blueprint.post("/admin/roster/training/<key>/apply")
@access("administrator")
def apply_training(key: str) -> ResponseReturnValue:
    """Add the uploaded training exactly as it was shown."""
    upload = _found("training", key)
    actor = principal().account_id
    expected = request.form.get("plan", "")
    try:
        plan = import_training(upload.data, upload.name, expected=expected, actor=actor, now=now(), today=today())
    except (FileRefused, TrainingChanged):
        db.session.rollback()
        flash(_("Nothing was added: the hospital changed since this was shown. This is the file now."), "warn")
        return redirect(url_for("rostering.training", key=key), 303)
    uploads.drop(key, actor)
    db.session.commit()
    new = len(plan.entries)
    flash(ngettext("Added one piece of evidence.", "Added %(num)d pieces of evidence.", new), "good")
    return redirect(url_for("rostering.desk"), 303)


def _found(kind: str, key: str) -> uploads.Upload:
    return uploads.find(kind, key, principal().account_id, now=now()) or abort(404)
