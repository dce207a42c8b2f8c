"""Pages on which learners evaluate a course. Nothing depends on them, and no other page waits for them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.catalog import queries as catalog
from lms.db import db
from lms.evaluations import queries, services
from lms.evaluations.answers import read_answers, texts
from lms.evaluations.facts import Offer
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.identifiers import suspects
from lms.web.principal import principal

blueprint = Blueprint("evaluations", __name__, template_folder="templates")


@blueprint.get("/evaluations")
@access()
def overview() -> ResponseReturnValue:
    """What may be answered now."""
    titles = {each.code: each.title for each in catalog.catalogue()}
    return render_template("evaluations/overview.html", offers=_open(), titles=titles)


@blueprint.get("/evaluations/<code>")
@access()
def course(code: str) -> ResponseReturnValue:
    """The open round of a course; without one the list of what is open."""
    for offer in _open():
        if offer.course_code == code:
            return redirect(url_for("evaluations.form", code=code, name=offer.round.id, days=offer.days), 303)
    return redirect(url_for("evaluations.overview"), 303)


@blueprint.get("/evaluations/<code>/<name>/<int:days>")
@access()
def form(code: str, name: str, days: int) -> ResponseReturnValue:
    """The questions, with what was filled in so far."""
    offer = _offer(code, name, days)
    if offer is None:
        return render_template("evaluations/closed.html"), 404
    return _form(offer, dict(offer.draft), {}, ())


def _form(offer: Offer, answers: dict[str, object], faults: dict[str, str], found: tuple[object, ...]) -> str:
    titles = {each.code: each.title for each in catalog.catalogue()}
    return render_template(
        "evaluations/form.html",
        offer=offer,
        title=titles.get(offer.course_code, offer.course_code),
        answers=answers,
        faults=faults,
        found=found,
    )


@blueprint.post("/evaluations/<code>/<name>/<int:days>/draft")
@access()
def draft(code: str, name: str, days: int) -> ResponseReturnValue:
    """Keep what is filled in; 409 where the round is answered or over."""
    offer = _offer(code, name, days) or abort(409)
    answers, _faults = read_answers(offer.round, request.form.getlist)
    services.save_draft(principal().person_id, offer, answers)
    db.session.commit()
    return "", 204


@blueprint.post("/evaluations/<code>/<name>/<int:days>")
@access()
def send(code: str, name: str, days: int) -> ResponseReturnValue:
    """Send the answers, or keep them for later; what could identify a patient is asked about first."""
    offer = _offer(code, name, days)
    if offer is None:
        return render_template("evaluations/closed.html"), 409
    person_id = principal().person_id
    answers, faults = read_answers(offer.round, request.form.getlist)
    if request.form.get("act") == "keep":
        services.save_draft(person_id, offer, answers)
        db.session.commit()
        flash(_("Kept. You can go on until you send it."), "good")
        return redirect(url_for("evaluations.overview"), 303)
    found = tuple(each for words in texts(offer.round, answers).values() for each in suspects(words))
    warned = found and request.form.get("identifiers") != "none"
    if faults or warned:
        services.save_draft(person_id, offer, answers)
        db.session.commit()
        return _form(offer, answers, faults, found), 422
    services.send(person_id, offer, answers, today=today())
    db.session.commit()
    flash(_("Thank you. Your answers are counted without your name."), "good")
    return redirect(url_for("evaluations.overview"), 303)


def _open() -> tuple[Offer, ...]:
    return queries.offers(principal().person_id, now())


def _offer(code: str, name: str, days: int) -> Offer | None:
    wanted = (code, name, days)
    return next((each for each in _open() if (each.course_code, each.round.id, each.days) == wanted), None)
