"""Being treated fairly: objecting to a question, and asking for more time."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.catalog import queries as catalog
from lms.db import db
from lms.quizzes import allowances, challenges, queries, review
from lms.quizzes.views.base import blueprint, mine
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.post("/attempts/<public_id>/<int:number>/challenge")
@access()
def challenge(public_id: str, number: int) -> ResponseReturnValue:
    """Object to a question that the result page shows; a second time changes nothing."""
    attempt = mine(public_id)
    version = catalog.version(attempt.version_id) or abort(404)
    if not 1 <= number <= len(attempt.paper) or attempt.open:
        abort(404)
    if not review.allowed(queries.result(attempt), version):
        abort(403)
    show = request.form.get("show", "")
    place = url_for("quizzes.result", public_id=public_id, show=show, _anchor=f"a{number}")
    try:
        new = challenges.challenge(attempt, attempt.paper[number - 1], request.form.get("words", ""), now=now())
    except challenges.ChallengeRefused as fault:
        db.session.rollback()
        flash(_("Nothing was sent: %(why)s", why=str(fault)), "bad")
        return redirect(place, 303)
    db.session.commit()
    if new:
        flash(_("Sent. An educator looks at question %(n)s; you read the answer here.", n=number), "good")
    else:
        flash(_("You objected to question %(n)s before; that objection stands.", n=number))
    return redirect(place, 303)


@blueprint.get("/attempts/more-time")
@access()
def more_time() -> ResponseReturnValue:
    """What extra time means, how much the person has, and the request for it."""
    return _more_time()


@blueprint.post("/attempts/more-time", endpoint="ask_time")
@access()
def ask_time() -> ResponseReturnValue:
    """Ask for more time; while one request stands, another changes nothing."""
    try:
        allowances.ask(principal().person_id, request.form.get("words", ""), now=now())
    except allowances.AllowanceRefused as fault:
        return _more_time(str(fault)), 422
    db.session.commit()
    flash(_("Asked. Your educators decide; wait for that before you begin a timed assessment."), "good")
    return redirect(url_for("quizzes.more_time"), 303)


def _more_time(error: str = "") -> str:
    who = principal()
    return render_template(
        "quizzes/more_time.html",
        percent=allowances.extra_percent(who.person_id),
        asked=next(iter(allowances.waiting(who.person_id)), None),
        error=error,
        words=request.form.get("words", ""),
    )
