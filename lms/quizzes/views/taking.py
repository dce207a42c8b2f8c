"""Pages of the exam: its rules, one question a page, the overview before handing in, and the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import escape

from assessments import registry
from assessments.model import AnswerError, Item
from lms.catalog import frames
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.competency import queries as competency
from lms.credentials.desk import current_desk
from lms.credentials.summaries import summaries
from lms.db import db
from lms.items import queries as items
from lms.items.answers import askable, parse_form
from lms.learning import queries as learning
from lms.learning.services import UnknownCourse
from lms.quizzes import allowances, challenges, marks, queries, regrading, review, services, standings
from lms.quizzes.facts import NOT_ANSWERED, AttemptFacts, ResponseFacts
from lms.quizzes.views.base import blueprint, mine
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal
from lms.web.shell import clock_time


@blueprint.get("/courses/<code>/exam")
@access()
def start(code: str) -> ResponseReturnValue:
    """The rules, whether an attempt may begin now, and the attempts so far."""
    return _intro(code)


@blueprint.post("/courses/<code>/exam")
@access()
def begin(code: str) -> ResponseReturnValue:
    """Begin an attempt or go on with the open one; a refusal says which rule stands against it."""
    who = principal()
    try:
        public_id = services.start(who.person_id, code, actor=who.account_id, now=now(), desk=current_desk())
    except UnknownCourse:
        abort(404)
    except services.Refused:
        db.session.rollback()
        return _intro(code), 409
    attempt = queries.attempt(public_id, who.person_id) or abort(404)
    number = _first_unanswered(attempt, queries.responses(attempt.id))
    db.session.commit()
    return redirect(url_for("quizzes.question", public_id=public_id, number=number), 303)


def _intro(code: str) -> str:
    who = principal()
    try:
        standing, open_one = standings.standing(code, who.person_id, now())
    except UnknownCourse:
        abort(404)
    version = catalog.current_version(code) or abort(404)
    enrolment = learning.enrolment(who.person_id, code)
    titles = {each.code: each.title for each in catalog.catalogue()} if standing.missing else {}
    return render_template(
        "quizzes/start.html",
        version=version,
        standing=standing,
        open_attempt=open_one if open_one and not open_one.over(now()) else None,
        attempts=[each for each in (queries.attempts(enrolment.id) if enrolment else ()) if not each.open],
        questions=_questions(version),
        extra=allowances.extra_percent(who.person_id) if version.exam and version.exam.time_limit else 0,
        titles=titles,
        enrolled=enrolment is not None,
        renews=_renews(code) if not standing.kind else None,
    )


def _renews(code: str) -> dt.date | None:
    """The end of the certificate that a pass would renew."""
    held = (each for each in summaries(principal().person_id) if each.course_code == code)
    return next((each.valid_until for each in held if each.renewable(today())), None)


def _questions(version: VersionFacts) -> int:
    if version.exam is None:
        return 0
    return sum(draw.count for draw in version.exam.draws) or askable(items.bank(version.id))


def _first_unanswered(attempt: AttemptFacts, saved: Mapping[str, ResponseFacts]) -> int:
    numbers = enumerate(attempt.paper, 1)
    return next((number for number, item in numbers if not saved.get(item, NOT_ANSWERED).answered), 1)


@blueprint.get("/attempts/<public_id>/<int:number>")
@access()
def question(public_id: str, number: int) -> ResponseReturnValue:
    """One question of an open attempt; a closed one leads to its result."""
    attempt = mine(public_id)
    if not 1 <= number <= len(attempt.paper):
        abort(404)
    if not attempt.open or attempt.over(now()):
        return redirect(url_for("quizzes.result", public_id=public_id), 303)
    return _question_page(attempt, number)


def _question_page(attempt: AttemptFacts, number: int, error: str | None = None) -> str:
    version = catalog.version(attempt.version_id) or abort(404)
    bank = items.bank(attempt.version_id)
    item = bank.item(attempt.paper[number - 1])
    saved = queries.responses(attempt.id)
    response = saved.get(item.id, NOT_ANSWERED)
    total = len(attempt.paper)
    place = escape(_("Question %(n)s of %(total)s", n=number, total=total))
    kept = _("Saved %(time)s", time=clock_time(response.saved_at)) if response.saved_at else _("Answers are saved")
    body = frames.fragment(
        "quizzes/_question.html",
        attempt=attempt,
        number=number,
        place=place,
        here=url_for("quizzes.save", public_id=attempt.public_id, number=number),
        ask_confidence=version.exam is not None and version.exam.confidence,
        model=registry.present(item, attempt.seed, response.value),
        raw=registry.raw_answer(item, attempt.seed, response.value),
        case=bank.case(item.case_id) if item.case_id else None,
        response=response,
        states=_states(attempt, saved),
        error=error,
        typed=request.form if error else None,
    )
    timer = frames.fragment("quizzes/_timer.html", attempt=attempt, now=now()) if attempt.deadline else ""
    frame = frames.frame(version.id, "quizzes/question.html", (), {"version": version})
    meter = str(round(100 * (number - 1) / total))
    return frame.fill({"place": place, "meter": meter, "saved": escape(kept), "timer": timer, "body": body})


def _states(attempt: AttemptFacts, saved: Mapping[str, ResponseFacts]) -> list[ResponseFacts]:
    """Where each question of the paper stands; a path of decisions counts once it has come to its end."""
    bank = items.bank(attempt.version_id)
    found = [(bank.item(item), saved.get(item, NOT_ANSWERED)) for item in attempt.paper]
    return [
        replace(state, unfinished=state.answered and not registry.finished(item, state.value)) for item, state in found
    ]


@blueprint.post("/attempts/<public_id>/<int:number>")
@access()
def save(public_id: str, number: int) -> ResponseReturnValue:
    """Save an answer and go where the pressed button says.

    A script stays: it gets 204, or the new list of questions where this one became answered or
    open, 409 when the attempt is closed, 422 with what was expected.
    """
    script = request.headers.get("X-Requested-With") == "fetch"
    go = request.form.get("go", "")
    reader = _Reader()
    try:
        attempt = services.save(
            public_id, number, reader, _confidence(), _flag(public_id, number, go),
            person_id=principal().person_id, now=now(),
        )  # fmt: skip
    except services.UnknownAttempt:
        abort(404)
    except services.Refused as fault:
        if script:
            return jsonify(kind=fault.kind, message=fault.message), 409
        return redirect(url_for("quizzes.result", public_id=public_id), 303)
    except AnswerError as fault:
        db.session.rollback()
        if script:
            return jsonify(message=str(fault)), 422
        return _question_page(mine(public_id), number, error=str(fault)), 422
    answer: ResponseReturnValue = ("", 204) if script else redirect(_next_place(attempt, number, go), 303)
    if script and request.form.get("was") == ("0" if reader.answered else "1"):
        states = _states(attempt, queries.responses(attempt.id))
        answer = frames.fragment("quizzes/_navigator.html", attempt=attempt, states=states, number=number)
    db.session.commit()
    return answer


class _Reader:
    """Reads the answer out of the request's form, and remembers whether there was one."""

    answered = False

    def __call__(self, item: Item, seed: str) -> object:
        raw = None if request.form.get("go") == "clear" else parse_form(item, seed, request.form)
        self.answered = raw is not None
        return raw


def _confidence() -> int | services.Keep | None:
    if request.form.get("go") == "clear":
        return None
    given = request.form.get("confidence")
    if given is None:
        return services.KEEP
    return int(given) if given in ("1", "2", "3") else 0  # 0 is refused with what was expected


def _flag(public_id: str, number: int, go: str) -> bool | services.Keep:
    if go != "flag":
        return services.KEEP
    attempt = mine(public_id)
    if not 1 <= number <= len(attempt.paper):
        abort(404)
    return not queries.responses(attempt.id).get(attempt.paper[number - 1], NOT_ANSWERED).flagged


def _next_place(attempt: AttemptFacts, number: int, go: str) -> str:
    last = len(attempt.paper)
    to = {"next": number + 1, "previous": max(1, number - 1)}.get(go, number)
    move, _sep, entry = go.partition(":")
    anchor = f"q-{entry}" if move in ("up", "down") else {"stay": "q-now", "clear": "q-stem"}.get(go)
    if go == "overview" or to > last:
        return url_for("quizzes.overview", public_id=attempt.public_id)
    # Who stays is brought back to where they were: the page is a new one, and would begin at its top.
    return url_for("quizzes.question", public_id=attempt.public_id, number=to, _anchor=anchor)


@blueprint.get("/attempts/<public_id>")
@access()
def overview(public_id: str) -> ResponseReturnValue:
    """What is answered, open and flagged, and the button that hands in."""
    attempt = mine(public_id)
    if not attempt.open or attempt.over(now()):
        return redirect(url_for("quizzes.result", public_id=public_id), 303)
    paper = queries.paper(attempt)
    states = _states(attempt, queries.responses(attempt.id))
    return render_template(
        "quizzes/overview.html",
        version=catalog.version(attempt.version_id),
        attempt=attempt,
        rows=list(zip(range(1, len(paper) + 1), paper, states, strict=True)),
        time_over=attempt.deadline is not None and now() > attempt.deadline,
    )


@blueprint.post("/attempts/<public_id>/submit")
@access()
def submit(public_id: str) -> ResponseReturnValue:
    """Hand in; again is harmless and leads to the same result."""
    who = principal()
    try:
        services.submit(public_id, person_id=who.person_id, actor=who.account_id, now=now(), desk=current_desk())
    except services.UnknownAttempt:
        abort(404)
    db.session.commit()
    return redirect(url_for("quizzes.result", public_id=public_id), 303)


@blueprint.get("/attempts/<public_id>/result")
@access(writes=True)
def result(public_id: str) -> ResponseReturnValue:
    """The result with what feedback the exam allows; an attempt whose time is over is handed in first."""
    who = principal()
    attempt = mine(public_id)
    if attempt.open and not attempt.over(now()):
        return redirect(url_for("quizzes.overview", public_id=public_id), 303)
    if attempt.open:
        services.submit(public_id, person_id=who.person_id, actor=who.account_id, now=now(), desk=current_desk())
        db.session.commit()
    found = queries.result(mine(public_id))
    looked = regrading.of_attempt(found.attempt.id)
    version = catalog.version(found.attempt.version_id) or abort(404)
    show = request.args.get("show", "")
    passed = looked[-1].passed if looked else found.passed
    standing = standings.standing(version.code, who.person_id, now())[0] if not passed else None
    return render_template(
        "quizzes/result.html",
        version=version,
        result=found,
        right=sum(1 for item in found.items if item.right),
        view=review.view(found, version, show),
        calibration=review.calibration(found) if version.exam and version.exam.confidence else (),
        breakdown=review.by_competency(found),
        competencies={each.code: each for each in competency.competencies()},
        profile={each.code: each for each in competency.profile(who.person_id, today())} if passed else {},
        standing=standing,
        looked=looked,
        passed=passed,
        score=looked[-1].percent if looked else found.score,
        serial=found.serial or (queries.serial(found.attempt) if passed else None),
        challenged=challenges.of_attempt(found.attempt.id),
        marks=marks.given(found.attempt) if found.passed is not None else {},
    )
