"""Pages of a test-out: what it is and whether it can be had, one question a page, and what came of it."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import adaptive, registry
from assessments.model import AnswerError, Item
from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.items.answers import parse_form
from lms.learning import queries as learning
from lms.learning.notes import Note
from lms.placement import queries, rules, services
from lms.web.clock import local, now
from lms.web.guard import access
from lms.web.principal import principal
from lms.web.shell import day

blueprint = Blueprint("placement", __name__, template_folder="templates")


@blueprint.get("/courses/<code>/test-out")
@access()
def start(code: str) -> ResponseReturnValue:
    """What the test is, whether it can be begun, and how earlier ones ended."""
    return _start(code)


@blueprint.post("/courses/<code>/test-out", endpoint="begin")
@access()
def begin_test(code: str) -> ResponseReturnValue:
    """Begin, or go on with the test that is open."""
    who = principal()
    try:
        key = services.begin(code, who.person_id, _done(code), actor=who.account_id, now=now())
    except services.PlacementRefused:
        db.session.rollback()
        return _start(code), 409
    db.session.commit()
    return redirect(url_for("placement.question", key=key), 303)


@blueprint.get("/test-outs/<key>")
@access()
def question(key: str) -> ResponseReturnValue:
    """The question that is asked now, the same however often the page is loaded; at the end, what came of it."""
    return _question(key)


@blueprint.post("/test-outs/<key>", endpoint="answer")
@access()
def take_answer(key: str) -> ResponseReturnValue:
    """Take an answer, once."""
    who = principal()
    go = request.form.get("go", "")
    if go.startswith(("up:", "down:")):
        return _question(key, moving=True)  # an entry of an ordering moves; nothing is answered yet
    try:
        services.answer(
            key, who.person_id, request.form.get("item", ""), _read, actor=who.account_id, now=now(),
            today=local(now()).date(),
        )  # fmt: skip
    except services.UnknownTest:
        abort(404)
    except services.NoAnswer:
        db.session.rollback()
        return _question(key, missing=True), 422
    except AnswerError as fault:
        db.session.rollback()
        return _question(key, str(fault)), 422
    db.session.commit()
    return redirect(url_for("placement.question", key=key), 303)


def tell_course(person_id: int, code: str, today: dt.date) -> tuple[Note, ...]:
    """What is to be said on the page of a course: that the reader tested out, or can; else nothing."""
    place = learning.place(person_id, code)
    if place is None or (place.enrolment is not None and place.enrolment.completed_at is not None):
        return ()
    found = queries.offer(code, person_id, False, now())
    if found is None:
        return ()
    passed = next((each for each in found.tests if each.decision == "above"), None)
    if passed is not None:
        words = _("You tested out on %(day)s.", day=day(passed.ended_at))
        facts = (
            _("The competencies of the course were recorded as shown by a test."),
            _("That gives no certificate and no credit hours; for these take the course."),
        )
        return (Note(words, facts, "good", (_("See the result"), url_for("placement.question", key=passed.public_id))),)
    start = url_for("placement.start", code=code)
    if found.kind == "open":
        return (Note(_("Your test-out is open."), link=(_("Go on with it"), start), offer=True),)
    if found.kind == "go":
        return (Note(_("You know this already?"), link=(_("Test out"), start), offer=True),)
    if found.kind == "wait":
        return (Note(_("You can test out again from %(day)s on.", day=day(found.opens_at)), offer=True),)
    return ()


def _read(item: Item, seed: str) -> object:
    return services.SKIP if request.form.get("go") == "skip" else parse_form(item, seed, request.form)


def _done(code: str) -> bool:
    place = learning.place(principal().person_id, code) or abort(404)
    return place.enrolment is not None and place.enrolment.completed_at is not None


def _start(code: str) -> str:
    found = queries.offer(code, principal().person_id, _done(code), now()) or abort(404)
    return render_template("placement/start.html", offer=found, rules=rules)


def _question(key: str, error: str = "", missing: bool = False, moving: bool = False) -> str:
    test = queries.one(key, principal().person_id) or abort(404)
    version = catalog.version(test.version_id) or abort(404)
    wanted = adaptive.next_item(test.state) if test.ended_at is None else None
    if wanted is None:
        return render_template("placement/result.html", test=test, version=version, rules=rules,
                               lessons=catalog.lessons(version.id))  # fmt: skip
    bank = items.bank(version.id)
    item = bank.item(wanted)
    moved = moving and request.form.get("item") == wanted
    return render_template(
        "placement/question.html", test=test, version=version, item=item, error=error, typed=request.form,
        model=registry.present(item, test.state["seed"]), case=bank.case(item.case_id) if item.case_id else None,
        number=test.verdict.asked + 1, rules=rules, missing=missing,
        raw=_read(item, test.state["seed"]) if moved else None,
    )  # fmt: skip
