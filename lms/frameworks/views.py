"""The framework desk: the framework in force, its editions, an import shown first, and targets of the hospital."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.framework import SUBJECTS
from courses.frameworkdiff import compare
from courses.frameworkfiles import KINDS, MEDIA, SUFFIXES, read_file, write_file
from courses.frameworktext import write_yaml
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.competency.editions import changed_at, in_force
from lms.competency.planning import preview, preview_import
from lms.competency.queries import competency
from lms.competency.services import (
    FrameworkRefused,
    TargetRefused,
    Wish,
    import_framework,
    set_target,
    wish,
    withdraw,
)
from lms.db import db
from lms.frameworks import queries
from lms.people.queries import units
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("frameworks", __name__, template_folder="templates", url_prefix="/framework")
READERS = ("cmio", "administrator")
LARGEST = 400_000  # characters of a framework that goes through a page; a larger one goes through the command
FIELDS = ("code", "subject", "unit", "way", "level", "starts")


@blueprint.get("")
@access(*READERS)
def desk() -> ResponseReturnValue:
    """The framework in force: what each profession and role needs, and what teaches it."""
    return render_template("frameworks/desk.html", desk=queries.desk(today()), names=queries.unit_names())


@blueprint.get("/export/<kind>")
@access(*READERS)
def export(kind: str) -> ResponseReturnValue:
    """The framework in force as a file: yaml, csv or case."""
    known = next((each for each in KINDS if each == kind), None) or abort(404)
    framework, moment = in_force(today()), changed_at()
    if framework is None or moment is None:
        abort(404)
    text = write_file(framework, known, moment, current_app.config["SETTINGS"].hospital)
    name = f"framework-{framework.code}-{framework.edition}.{SUFFIXES[known]}"
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in ".-") else "-" for letter in name)
    headers = {"Content-Disposition": f'attachment; filename="{kept}"'}
    return Response(text.encode(), content_type=f"{MEDIA[known]}; charset=utf-8", headers=headers)


@blueprint.get("/history")
@access(*READERS)
def history() -> ResponseReturnValue:
    """Every edition that was imported, with what it changed."""
    editions, names = queries.editions()
    return render_template("frameworks/history.html", editions=editions, names=names)


@blueprint.get("/import")
@access(*READERS)
def choose() -> ResponseReturnValue:
    """The form for a framework file."""
    return render_template("frameworks/import.html", error="")


@blueprint.post("/import")
@access(*READERS)
def check() -> ResponseReturnValue:
    """What a framework file would change and for whom; nothing is written."""
    file = request.files.get("file")
    if file is None or not file.filename:
        error = _("No file was chosen. Choose a framework as YAML, CSV or CASE JSON.")
        return render_template("frameworks/import.html", error=error), 422
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError as fault:
        error = _("Byte %(n)s of the file is not UTF-8. Save it as a text in UTF-8.", n=fault.start)
        return render_template("frameworks/import.html", error=error), 422
    return _shown(text, file.filename[:100])


def _shown(text: str, name: str) -> ResponseReturnValue:
    read, faults, _kind = read_file(text, name)
    if read is None:
        return render_template("frameworks/import.html", error="", name=name, faults=faults), 422
    plain = write_yaml(read)
    if len(plain) > LARGEST:
        error = _("This framework is too large for a page. Import it by the command `framework import`.")
        return render_template("frameworks/import.html", error=error), 422
    held = in_force(today())
    effect = preview_import(read, today())
    return render_template(
        "frameworks/plan.html", name=name, read=read, faults=faults, text=plain, effect=effect,
        held=held, changes=compare(held, read) if held else None, names=queries.unit_names(), basis=_basis(),
    )  # fmt: skip


@blueprint.post("/import/apply")
@access(*READERS)
def apply() -> ResponseReturnValue:
    """Put the framework that was shown in force, unless another came between."""
    text, name = request.form.get("text", ""), request.form.get("name", "")[:100]
    if request.form.get("basis", "") != _basis():
        flash(_("Nothing was imported: another framework came in force meanwhile. This is the plan now."), "warn")
        return _shown(text, name)
    try:
        done = import_framework(text, name, actor=principal().account_id, now=now(), today=today())
    except FrameworkRefused as refused:
        db.session.rollback()
        return render_template("frameworks/import.html", error="", name=name, faults=refused.faults), 422
    db.session.commit()
    flash(_("%(code)s %(edition)s is in force from today.", code=done.code, edition=done.edition), "good")
    return redirect(url_for("frameworks.desk"), 303)


def _basis() -> str:
    moment = changed_at()
    return moment.isoformat() if moment else ""


@blueprint.get("/targets")
@access(*READERS)
def targets() -> ResponseReturnValue:
    """The decisions of the hospital about targets: planned, in force, over, withdrawn."""
    found, names = queries.all_decisions(today())
    return render_template("frameworks/targets.html", found=found, names=names, units=queries.unit_names())


@blueprint.get("/targets/new")
@access(*READERS)
def plan_target() -> ResponseReturnValue:
    """The form for a decision; with `show` what it would do, before anything is written."""
    chosen = {name: request.args.get(name, "").strip() for name in FIELDS}
    if "show" not in request.args:
        return _form(chosen)
    try:
        asked = wish(**chosen, today=today())
    except TargetRefused as refused:
        return _form(chosen, refused), 422
    return _form(chosen, asked=asked)


@blueprint.post("/targets")
@access(*READERS)
def decide() -> ResponseReturnValue:
    """Write a decision that was shown."""
    chosen = {name: request.form.get(name, "").strip() for name in FIELDS}
    asked: Wish | None = None
    try:
        asked = wish(**chosen, today=today())
        done = set_target(asked, request.form.get("reason", ""), actor=principal().account_id, now=now(), today=today())
    except TargetRefused as refused:
        db.session.rollback()
        return _form(chosen, refused, asked=asked), 422
    db.session.commit()
    flash(_("Decided. It holds from %(day)s.", day=asked.starts) if done.new else _("This stands already."), "good")
    return redirect(url_for("frameworks.targets"), 303)


@blueprint.post("/targets/<public_id>/withdraw", endpoint="withdraw")
@access(*READERS)
def take_back(public_id: str) -> ResponseReturnValue:
    """Withdraw a decision that is still ahead."""
    try:
        withdraw(public_id, actor=principal().account_id, now=now(), today=today())
    except TargetRefused as refused:
        db.session.rollback()
        flash(_("Nothing was withdrawn. %(why)s", why=refused.message), "bad")
        return redirect(url_for("frameworks.targets"), 303)
    db.session.commit()
    flash(_("Withdrawn. It stays on record as withdrawn."), "good")
    return redirect(url_for("frameworks.targets"), 303)


def _form(chosen: dict[str, str], refused: TargetRefused | None = None, asked: Wish | None = None) -> str:
    more: dict[str, Any] = {"effect": None, "people": ()}
    if asked is not None:
        effect, named = preview(asked), competency(asked.code)
        unit = queries.unit_names().get(asked.unit_id or 0, "")
        place = Place("target-preview", named.title if named else asked.code, unit)
        note_look(principal(), effect.falling[: queries.SHOWN], "list", place, now())
        more = {"effect": effect, "people": queries.falling(effect)}
    framework = in_force(today()) or abort(404)
    return render_template(
        "frameworks/target.html", chosen=chosen, refused=refused, asked=asked, framework=framework,
        subjects=SUBJECTS, units=units(), names=queries.unit_names(), typed=request.form, **more,
    )  # fmt: skip
