"""Pages of those who look after exams: what waits, marking, objections, regrades, resets, extra time."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.catalog import queries as catalog
from lms.credentials.desk import current_desk
from lms.db import db, public_id
from lms.examining import queries
from lms.items import queries as items
from lms.people.queries import person_by_public_id
from lms.quizzes import allowances, challenges, essays, regrading, resetting
from lms.quizzes.services import UnknownAttempt
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("examining", __name__, template_folder="templates", url_prefix="/exams")


@blueprint.get("")
@access("educator", "administrator")
def desk() -> ResponseReturnValue:
    """What waits: texts to mark, objections to answer, requests for time."""
    who = principal()
    return render_template("examining/desk.html", desk=queries.desk(who.account_id, who.person_id))


@blueprint.get("/marking/<attempt>/<item>")
@access("educator", "administrator")
def marking(attempt: str, item: str) -> ResponseReturnValue:
    """One text with its rubric, without a name."""
    return _marking(attempt, item)


@blueprint.post("/marking/<attempt>/<item>", endpoint="mark")
@access("educator", "administrator")
def mark_text(attempt: str, item: str) -> ResponseReturnValue:
    """Keep the marks and go on with the next text."""
    who = principal()
    count = len([key for key in request.form if key.startswith("points-")])
    points = []
    for number in range(count):
        try:
            points.append(Fraction(request.form.get(f"points-{number}", "").strip().replace(",", ".")))
        except (ValueError, ZeroDivisionError):
            return _marking(attempt, item, _("Give points for every criterion.")), 422
    try:
        essays.mark(
            attempt, item, points, request.form.get("comment", ""),
            marker_id=who.account_id, marker_person=who.person_id, now=now(), desk=current_desk(),
        )  # fmt: skip
    except essays.MarkRefused as fault:
        db.session.rollback()
        return _marking(attempt, item, str(fault)), 422
    db.session.commit()
    flash(_("The marks are kept."), "good")
    following = next(iter(essays.queue(who.account_id, who.person_id)), None)
    if following is None:
        return redirect(url_for("examining.desk"), 303)
    place = url_for("examining.marking", attempt=following.attempt.public_id, item=following.item.id)
    return redirect(place, 303)


def _marking(attempt: str, item: str, error: str = "") -> str:
    who = principal()
    found = essays.one(attempt, item, who.account_id, who.person_id)
    if found is None:
        return render_template("examining/marked.html", error=error)
    waits, text = found
    case_id = waits.item.case_id
    case = items.bank(waits.version.id).case(case_id).stem if case_id else None
    left = len(essays.queue(who.account_id, who.person_id))
    return render_template(
        "examining/marking.html", waits=waits, text=text, case_html=case, error=error, typed=request.form, left=left
    )


@blueprint.get("/challenges/<public>")
@access("educator", "administrator")
def challenge(public: str) -> ResponseReturnValue:
    """An objection with the question, its key and what the taker chose."""
    return render_template("examining/challenge.html", found=queries.objection(public) or abort(404), error="")


@blueprint.post("/challenges/<public>", endpoint="answer")
@access("educator", "administrator")
def answer_challenge(public: str) -> ResponseReturnValue:
    """Answer an objection; where it is right, the regrade is the next step."""
    found = queries.objection(public) or abort(404)
    try:
        done = challenges.answer(
            public, request.form.get("outcome", ""), request.form.get("words", ""),
            actor=principal().account_id, now=now(),
        )  # fmt: skip
    except challenges.ChallengeRefused as fault:
        return render_template("examining/challenge.html", found=found, error=str(fault), typed=request.form), 422
    db.session.commit()
    if done is not None and done.outcome == "upheld":
        flash(_("Answered. Decide now what past attempts get."), "good")
        return redirect(url_for("examining.regrade", code=found.version.code, item=found.item.id), 303)
    flash(_("Answered. The taker reads it on the result page."), "good")
    return redirect(url_for("examining.desk"), 303)


@blueprint.get("/regrade/<code>/<item>", endpoint="regrade")
@access("educator", "administrator")
def preview_regrade(code: str, item: str) -> ResponseReturnValue:
    """Choose a rule and see what it would change before anything is."""
    return _regrade(code, item, request.args.get("rule", ""))


@blueprint.post("/regrade/<code>/<item>", endpoint="make_regrade")
@access("educator", "administrator")
def make_regrade(code: str, item: str) -> ResponseReturnValue:
    """Make the regrade; the same form sent twice is one."""
    rule = request.form.get("rule", "")
    try:
        done = regrading.regrade(
            code, item, rule, request.form.get("reason", ""),
            key=f"{principal().account_id}:{request.form.get('key', '')[:40]}", actor=principal().account_id,
            now=now(), desk=current_desk(),
        )  # fmt: skip
    except regrading.RegradeRefused as fault:
        db.session.rollback()
        return _regrade(code, item, rule, str(fault)), 422
    db.session.commit()
    changed = len(done.changes) if done else 0
    if done is not None and done.waiting and not changed:
        flash(_("The decision is kept. It is laid beside the results that are being marked."), "good")
    else:
        flash(ngettext("Regraded: one result changed.", "Regraded: %(num)d results changed.", changed), "good")
    return redirect(url_for("examining.attempts", code=code), 303)


def _regrade(code: str, item: str, rule: str, error: str = "") -> str:
    course = catalog.course(code) or abort(404)
    version = (catalog.version(course.current_id) if course.current_id else None) or abort(404)
    known = next((v for v in catalog.versions_of(code) if item in items.bank(v.id)), None) or abort(404)
    plan = None
    if rule:
        try:
            plan = regrading.plan(code, item, rule, now=now())
        except regrading.RegradeRefused as fault:
            error = error or str(fault)
    return render_template(
        "examining/regrade.html", version=version, item=items.bank(known.id).item(item), rule=rule, plan=plan,
        error=error, key=public_id(), made=[r for r in regrading.of_course(course.id) if r.item == item],
        reason=request.form.get("reason", ""),
    )  # fmt: skip


@blueprint.get("/attempts")
@access("educator", "administrator")
def attempts() -> ResponseReturnValue:
    """Attempts at a course, with the results that count now and the reset."""
    return _attempts()


@blueprint.post("/attempts/<public>/reset")
@access("educator", "administrator")
def reset(public: str) -> ResponseReturnValue:
    """Take a missed attempt out of the count, with a reason."""
    try:
        resetting.reset(
            public, request.form.get("reason", ""), actor=principal().account_id, now=now(), desk=current_desk()
        )
    except UnknownAttempt:
        abort(404)
    except resetting.ResetRefused as fault:
        db.session.rollback()
        return _attempts(str(fault), public), 422
    db.session.commit()
    flash(_("The attempt no longer counts. The person may begin again."), "good")
    place = url_for("examining.attempts", code=request.form.get("code", ""), q=request.form.get("q", ""))
    return redirect(place, 303)


def _attempts(error: str = "", refused: str = "") -> str:
    code, text = request.values.get("code", ""), request.values.get("q", "").strip()
    versions = [each for each in catalog.catalogue() if each.exam is not None]
    version = next((each for each in versions if each.code == code), versions[0] if versions else None)
    found, total = queries.sittings(version.code, text) if version else ((), 0)
    place = Place("attempts", version.title if version else "")
    note_look(principal(), [each.person.id for each in found], "list", place, now())
    return render_template(
        "examining/attempts.html", versions=versions, version=version, sittings=found, total=total, search=text,
        error=error, refused=refused, courses=[(each.code, each.title) for each in versions],
    )  # fmt: skip


@blueprint.get("/agreement")
@access("educator", "administrator")
def agreement() -> ResponseReturnValue:
    """How far the markers of each course's texts agree."""
    return render_template("examining/agreement.html", found=queries.agreement())


@blueprint.get("/time", endpoint="time")
@access("educator", "administrator")
def extra_time() -> ResponseReturnValue:
    """Who has extra time, who asks for it, and the search to give it to somebody."""
    return _time()


@blueprint.post("/time/<public>", endpoint="give_time")
@access("educator", "administrator")
def give_time(public: str) -> ResponseReturnValue:
    """Give a person extra time, or take it back with 0."""
    found = person_by_public_id(public) or abort(404)
    try:
        allowances.grant(found.id, _percent(), actor=principal().account_id, now=now())
    except allowances.AllowanceRefused as fault:
        return _time(str(fault)), 422
    db.session.commit()
    flash(_("Kept. It holds for every timed assessment that %(name)s begins from now on.", name=found.name), "good")
    return redirect(url_for("examining.time"), 303)


@blueprint.post("/time/requests/<public>", endpoint="decide_time")
@access("educator", "administrator")
def decide_time(public: str) -> ResponseReturnValue:
    """Grant or decline a request for more time."""
    try:
        allowances.decide(public, _percent(), actor=principal().account_id, now=now())
    except allowances.AllowanceRefused as fault:
        db.session.rollback()
        return _time(str(fault)), 422
    db.session.commit()
    flash(_("Decided."), "good")
    return redirect(url_for("examining.time"), 303)


def _percent() -> int:
    given = request.form.get("percent", "")
    return int(given) if given.isdecimal() and len(given) < 5 else -1  # −1 is refused with what was expected


def _time(error: str = "") -> str:
    text = request.args.get("q", "").strip()
    return render_template(
        "examining/time.html", people=queries.extra_time(text), search=text, requests=queries.requests(), error=error,
        choices=allowances.CHOICES,
    )  # fmt: skip
