"""Pages that write: a plan's form, its cover, its state, its checklist, and what happened afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lms.catalog.queries import catalogue
from lms.competency.queries import competencies
from lms.db import db, public_id
from lms.golive import services
from lms.golive.forms import BLANK_ITEMS, LEVEL_ROWS, SHIFT_ROWS, label, read_cover, read_plan
from lms.golive.queries import PlanFacts, done_items
from lms.golive.queries import plan as plan_of
from lms.golive.text import SHIFTS, PlanText
from lms.golive.views.base import WRITERS, blueprint, framed
from lms.golive.views.reading import afterwards_page
from lms.people.facts import UnitFacts
from lms.people.queries import units
from lms.reports.tree import Tree
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

LEAD = dt.timedelta(days=42)


@blueprint.get("/new")
@access(*WRITERS)
def new() -> ResponseReturnValue:
    """The empty form of a plan."""
    return _form(None, _blank(), {}, 200)


@blueprint.post("/new", endpoint="create")
@access(*WRITERS)
def create() -> ResponseReturnValue:
    """Write a plan."""
    text, errors = _read(_blank())
    if errors:
        return _form(None, text, errors, 422)
    try:
        found = services.create(
            request.form.get("plan", ""), text, actor=principal().account_id, now=now()
        )  # fmt: skip
    except services.GoLiveRefused as fault:
        db.session.rollback()
        return _form(None, text, {"": str(fault)}, 422)
    db.session.commit()
    flash(_("The plan is kept as a draft. Enter the cover of its shifts, then make it active."), "good")
    return redirect(url_for("golive.plan", plan=found.public_id), 303)


@blueprint.get("/<plan>/edit")
@access(*WRITERS)
def edit(plan: str) -> ResponseReturnValue:
    """The form of a plan."""
    found = _found(plan)
    return _form(found, found.text, {}, 200)


@blueprint.post("/<plan>/edit", endpoint="save")
@access(*WRITERS)
def save(plan: str) -> ResponseReturnValue:
    """Keep the next edition of a plan."""
    found = _found(plan)
    text, errors = _read(found.text)
    if errors:
        return _form(found, text, errors, 422)
    refused = _keep(found, text)
    return _form(found, text, {"": refused}, 409) if refused else _back(found)


def _keep(found: PlanFacts, text: PlanText) -> str:
    """Keep the next edition; returns why it was refused, else an empty text."""
    given = request.form.get("edition", "")
    edition = int(given) if given.isdecimal() and len(given) < 9 else 0
    try:
        services.save(found.public_id, text, edition, actor=principal().account_id, now=now())
    except services.GoLiveRefused as fault:
        db.session.rollback()
        return str(fault)
    db.session.commit()
    flash(_("Kept. What the plan said before can be seen in its history."), "good")
    return ""


def _back(found: PlanFacts) -> ResponseReturnValue:
    return redirect(url_for("golive.plan", plan=found.public_id), 303)


@blueprint.get("/<plan>/cover")
@access(*WRITERS)
def cover(plan: str) -> ResponseReturnValue:
    """The form of people and super-users by unit and shift."""
    return _cover(plan, {}, 200)


@blueprint.post("/<plan>/cover", endpoint="save_cover")
@access(*WRITERS)
def save_cover(plan: str) -> ResponseReturnValue:
    """Keep the cover as the next edition."""
    found = _found(plan)
    text, errors = read_cover(request.form, found.text)
    if errors:
        return _cover(plan, errors, 422)
    refused = _keep(found, text)
    return _cover(plan, {"": refused}, 409) if refused else _back(found)


def _cover(plan: str, errors: dict[str, str], status: int) -> ResponseReturnValue:
    frame = framed(plan)
    places = frame.text.places
    typed = request.form if request.method == "POST" else None
    page = render_template(
        "golive/cover.html", plan=frame.plan, groups=frame.groups, places=places, errors=errors, typed=typed
    )
    return page, status


@blueprint.post("/<plan>/state")
@access(*WRITERS)
def state(plan: str) -> ResponseReturnValue:
    """Make a plan active or done, or open it again. What is known at the activation is frozen."""
    found = _found(plan)
    try:
        moved = services.move(
            found.public_id, request.form.get("state", ""), actor=principal().account_id, now=now()
        )  # fmt: skip
    except services.GoLiveRefused as fault:
        db.session.rollback()
        flash(str(fault), "bad")
        return redirect(url_for("golive.plan", plan=plan), 303)
    if moved.state == "active":
        smallest = current_app.config["SETTINGS"].small_group
        services.freeze(moved, "active", today(), now(), today=today(), now=now(), smallest=smallest)
    db.session.commit()
    words = {
        "active": _("The plan is active. Its figures are frozen now and on the days before go-live."),
        "done": _("The plan is done. Enter what happened, and compare."),
        "draft": _("The plan is a draft again."),
    }
    flash(words[moved.state], "good")
    return redirect(url_for("golive.plan", plan=plan), 303)


@blueprint.post("/<plan>/checklist")
@access(*WRITERS)
def checklist(plan: str) -> ResponseReturnValue:
    """Say that a line of the checklist is done, or open again."""
    found = _found(plan)
    done = request.form.get("done") == "yes"
    try:
        services.tick(plan, request.form.get("item", ""), done, actor=principal().account_id, now=now())
    except services.GoLiveRefused as fault:
        db.session.rollback()
        flash(str(fault), "bad")
    else:
        db.session.commit()
        left = len(found.text.checklist) - len(done_items(found.id))
        flash(_("Kept. %(left)s on the checklist are open.", left=left), "good")
    return redirect(url_for("golive.plan", plan=plan) + "#checklist", 303)


@blueprint.post("/<plan>/afterwards", endpoint="save_outcomes")
@access(*WRITERS)
def save_outcomes(plan: str) -> ResponseReturnValue:
    """Keep calls for help per 100 staff from a small CSV, typed or as a file."""
    _found(plan)
    file = request.files.get("file")
    try:
        typed = file.read(100_000).decode("utf-8") if file and file.filename else request.form.get("lines", "")
    except UnicodeDecodeError:
        return afterwards_page(plan, _("The file is not UTF-8 text; a CSV was expected.")), 422
    try:
        count = services.import_outcomes(plan, typed[:100_000], actor=principal().account_id, now=now())
    except services.GoLiveRefused as fault:
        db.session.rollback()
        return afterwards_page(plan, str(fault), typed[:100_000]), 422
    db.session.commit()
    flash(_("Kept for %(count)s units.", count=count), "good")
    return redirect(url_for("golive.afterwards", plan=plan), 303)


def _found(plan: str) -> PlanFacts:
    return plan_of(plan) or abort(404)


def _blank() -> PlanText:
    return PlanText(name="", system="", date=today() + LEAD)


def _read(before: PlanText) -> tuple[PlanText, dict[str, str]]:
    known = units()
    codes = {each.id: each.code for each in known}
    return read_plan(
        request.form,
        before,
        units={each.code: codes.get(each.parent_id or 0) for each in known},
        courses=[each.code for each in catalogue()],
        levels=[each.code for each in competencies()],
        earliest=today(),
    )


def _form(found: PlanFacts | None, text: PlanText, errors: dict[str, str], status: int) -> ResponseReturnValue:
    """The form with what was typed where it was refused, else with what the plan says."""
    refused = request.method == "POST"
    page = render_template(
        "golive/form.html",
        plan=found,
        text=text,
        typed=request.form if refused else MultiDict(),
        refused=refused,
        errors=errors,
        label=label,
        drawn=request.form.get("plan") if refused else public_id(),
        units=_tree(),
        courses=[(each.code, each.title) for each in catalogue()],
        levels=[(each.code, f"{each.code} {each.title}") for each in competencies()],
        asked={each.code: each.profession for each in text.requirements if each.kind == "course"},
        level_rows=_rows([each for each in text.requirements if each.kind == "level"], LEVEL_ROWS),
        shift_rows=_rows(list(text.shifts if found else text.shifts or SHIFTS), SHIFT_ROWS),
        item_rows=[(item, item.key) for item in text.checklist] + [(None, public_id()) for _row in range(BLANK_ITEMS)],
    )
    return page, status


def _rows(found: list[Any], count: int) -> list[Any]:
    return [*found, *[None] * (count - len(found))][:count]


def _tree() -> list[list[UnitFacts]]:
    """The units in parts that belong together: each root alone, each unit below a root with all below it."""
    tree = Tree(units())
    parts = []
    for root in tree.roots:
        parts.append([root])
        parts += [tree.subtree(each) for each in tree.children(root.id)]
    return parts
