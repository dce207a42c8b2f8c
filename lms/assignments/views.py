"""Pages of who has to do something: all that is assigned, pathways step by step, and a supervisor's assignment."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.accounts.queries import scope_of
from lms.assignments import queries, services
from lms.assignments.choices import targets
from lms.assignments.forms import AssignForm
from lms.assignments.lines import lines, note
from lms.assignments.obligations import after_days, merged
from lms.assignments.personal import personal
from lms.assignments.terms import Target
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.catalog import queries as catalog
from lms.db import db
from lms.learning.notes import Note
from lms.learning.queries import my_courses
from lms.pathways import queries as pathways
from lms.people.facts import PersonFacts
from lms.people.queries import person, person_by_public_id, posts_on
from lms.people.tenure import absences
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("assignments", __name__, template_folder="templates")


@blueprint.get("/assigned")
@access()
def assigned() -> ResponseReturnValue:
    """Everything that is asked of the reader, what is due first."""
    found = personal(principal().person_id, _profession(principal().person_id), today())
    mine = lines(found.book, found.obligations.obligations if found.obligations else (), today())
    return render_template(
        "assignments/assigned.html", waits=[each for each in mine if each.waits],
        rest=[each for each in mine if not each.waits], policies=found.waiting,
    )  # fmt: skip


@blueprint.get("/pathways")
@access()
def all_pathways() -> ResponseReturnValue:
    """Every pathway."""
    return render_template("assignments/pathways.html", pathways=pathways.pathways())


@blueprint.get("/pathways/<code>")
@access()
def pathway(code: str) -> ResponseReturnValue:
    """The steps of a pathway, how far the reader is, and the next one."""
    found, html = pathways.pathway(code) or abort(404)
    person_id = principal().person_id
    all_mine = personal(person_id, _profession(person_id), today())
    held = all_mine.obligations.obligations if all_mine.obligations else ()
    asked = next((each for each in held if each.target == Target("pathway", code)), None)
    versions = {each.code: each for each in catalog.catalogue()}
    done = {each: day for each, (day, until) in all_mine.completed.items() if until is None or until >= today()}
    due: dict[int, dt.date | None] = {}
    if asked is not None:
        done = {
            each: day for each, (day, until) in all_mine.completed.items()
            if until is None or until >= asked.assigned_on
        }  # fmt: skip
        away = merged(absences([person_id]).get(person_id, ()))
        for place, step in enumerate(found.steps):
            due[place] = None if step.due_days is None else after_days(asked.assigned_on, step.due_days, away)
    mine = {each.version.code: each for each in my_courses(person_id)}
    legs = pathways.legs(found, versions, mine, done, due)
    line = lines(all_mine.book, [asked], today())[0] if asked else None
    return render_template(
        "assignments/pathway.html", pathway=found, html=html, legs=legs, line=line,
        done=sum(1 for leg in legs if leg.done), of=sum(1 for leg in legs if leg.offered),
        following=next((leg for leg in legs if leg.offered and not leg.done), None),
    )  # fmt: skip


@blueprint.get("/assign/<public>")
@access("supervisor", "cmio", "administrator")
def assign(public: str) -> ResponseReturnValue:
    """What is asked of one person, and the form to ask more."""
    return _assign(_found(public), AssignForm())


@blueprint.post("/assign/<public>", endpoint="make")
@access("supervisor", "cmio", "administrator")
def make_assignment(public: str) -> ResponseReturnValue:
    """Ask something of one person; the same again changes nothing."""
    found, form = _found(public), AssignForm()
    form.target.choices = targets()
    if not form.validate_on_submit():
        return _assign(found, form), 422
    kind, _sep, code = form.target.data.partition(":")
    try:
        services.assign(
            found.id, Target(kind, code), mandatory=form.kind.data == "mandatory", due_on=form.due_on.data,
            note=form.note.data or "", actor=principal().account_id, now=now(), today=today(),
        )  # fmt: skip
    except services.AssignmentRefused as fault:
        db.session.rollback()
        named = getattr(form, fault.field, form.target)
        named.errors = [*named.errors, str(fault)]
        return _assign(found, form), 422
    db.session.commit()
    flash(_("Assigned. %(name)s sees it on the home page.", name=found.name), "good")
    return redirect(url_for("assignments.assign", public=public), 303)


@blueprint.post("/assign/<public>/<direct>/end")
@access("supervisor", "cmio", "administrator")
def end(public: str, direct: str) -> ResponseReturnValue:
    """Ask something no longer."""
    found = _found(public)
    held = queries.direct(direct)
    if held is None or held.person_id != found.id:
        abort(404)
    services.take_back(direct, actor=principal().account_id, now=now(), today=today())
    db.session.commit()
    flash(_("Taken back."), "good")
    return redirect(url_for("assignments.assign", public=public), 303)


def _found(public: str) -> PersonFacts:
    who = principal()
    found = person_by_public_id(public) or abort(404)
    units = frozenset(post.unit_id for post in posts_on(found.id, today()))
    demand(scope_of(who.account_id, who.person_id, who.roles, today()).covers_person(found.id, units))
    return found


def _profession(person_id: int) -> str:
    found = person(person_id)
    return found.profession if found else "other"


def _assign(found: PersonFacts, form: AssignForm) -> str:
    note_look(principal(), [found.id], "record", Place("assigned"), now())
    form.target.choices = targets()
    all_asked = personal(found.id, found.profession, today())
    asked = lines(all_asked.book, all_asked.obligations.obligations if all_asked.obligations else (), today())
    return render_template(
        "assignments/assign.html", person=found, form=form, lines=asked, posts=posts_on(found.id, today()),
        waits=sum(1 for each in asked if each.waits), overdue=sum(1 for e in asked if e.obligation.state == "overdue"),
    )  # fmt: skip


def tell_course(person_id: int, code: str, on: dt.date) -> tuple[Note, ...]:
    """What is to be said on the page of a course: that it is assigned to the reader, by when and why."""
    found = personal(person_id, _profession(person_id), on)
    if found.obligations is None:
        return ()
    mine = [each for each in found.obligations.obligations if each.target == Target("course", code)]
    return tuple(note(line) for line in lines(found.book, mine, on))
