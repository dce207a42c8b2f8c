"""Attempts at exams: start, answer, hand in."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from assessments.model import AnswerError
from lms.api.bodies import BodyBlueprint
from lms.api.document import problems, refuse
from lms.api.sheets import (
    AnswerSchema,
    ResultSchema,
    SavedSchema,
    SheetSchema,
    question_json,
    result_json,
    saved_json,
    sheet_json,
)
from lms.credentials.desk import current_desk
from lms.credentials.queries import by_serial
from lms.db import db
from lms.items.queries import bank
from lms.learning.services import UnknownCourse
from lms.quizzes import queries, services
from lms.quizzes.facts import NOT_ANSWERED, AttemptFacts
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = BodyBlueprint("api-attempts", __name__, url_prefix="/api/v1", description="Attempts and answers")


@blueprint.post("/courses/<string:code>/attempts")
@access()
@blueprint.alt_response(201, schema=SheetSchema)
@problems(blueprint, 401, 404, 409)
def start(code: str) -> tuple[Response, int]:
    """Start an attempt; the open one is returned again.

    409 with a problem type: lessons-open, prerequisites (`missing` names the courses), attempts-used,
    wait (`opens_at` says until when), closed, passed (`opens_on` says from when it opens again).
    """
    who = principal()
    try:
        attempt_id = services.start(who.person_id, code, actor=who.account_id, now=now(), desk=current_desk())
    except UnknownCourse:
        raise refuse(404, "Unknown course", f"There is no open course with the code {code!r}.") from None
    except services.Refused as fault:
        raise _refusal(fault) from None
    attempt = queries.attempt(attempt_id, who.person_id)
    assert attempt is not None, "the attempt was just started"
    body = sheet_json(attempt, code, _questions(attempt))
    db.session.commit()
    return jsonify(body), 201


def _refusal(fault: services.Refused) -> Exception:
    more: dict[str, Any] = {}
    standing = fault.standing
    if standing is not None and standing.opens_at is not None:
        more["opens_at"] = standing.opens_at.isoformat()
    if standing is not None and standing.opens_on is not None:
        more["opens_on"] = standing.opens_on.isoformat()
    if standing is not None and standing.missing:
        more["missing"] = list(standing.missing)
    return refuse(409, "Not now", fault.message, fault.kind, **more)


def _questions(attempt: AttemptFacts) -> list[dict[str, Any]]:
    held = bank(attempt.version_id)
    saved = queries.responses(attempt.id)
    shown = []
    for item in queries.paper(attempt):
        case = held.case(item.case_id) if item.case_id is not None else None
        vignette = {"id": case.id, "title": case.title, "stem_html": case.stem} if case else None
        shown.append(question_json(item, vignette, attempt.seed, saved.get(item.id, NOT_ANSWERED)))
    return shown


@blueprint.put("/attempts/<string:attempt_id>/responses/<string:item>")
@access()
@blueprint.arguments(AnswerSchema)
@blueprint.alt_response(200, schema=SavedSchema)
@problems(blueprint, 400, 401, 404, 409, 413, 422)
def save(body: dict[str, Any], attempt_id: str, item: str) -> Response:
    """Save an answer. 422 says what was expected and stores nothing; 409 `closed` once the time is over."""
    who = principal()
    more: dict[str, Any] = {key: body[key] for key in ("confidence", "flagged") if key in body}
    try:
        attempt = services.save(attempt_id, item, body["answer"], **more, person_id=who.person_id, now=now())
    except services.UnknownAttempt:
        raise refuse(404, "Unknown attempt", "You have no such attempt, or it has no such question.") from None
    except AnswerError as fault:
        raise refuse(422, "Bad answer", str(fault)) from None
    except services.Refused as fault:
        raise _refusal(fault) from None
    answer = saved_json(bank(attempt.version_id).item(item), attempt, queries.responses(attempt.id)[item])
    db.session.commit()
    return jsonify(answer)


@blueprint.post("/attempts/<string:attempt_id>/submission")
@access()
@blueprint.alt_response(200, schema=ResultSchema)
@problems(blueprint, 401, 404)
def submit(attempt_id: str) -> Response:
    """Hand in; the same result when repeated. The certificate is issued within this request where it is due."""
    who = principal()
    try:
        result = services.submit(
            attempt_id, person_id=who.person_id, actor=who.account_id, now=now(), desk=current_desk()
        )
    except services.UnknownAttempt:
        raise refuse(404, "Unknown attempt", "You have no such attempt.") from None
    body = result_json(result, _issued(result.serial))
    db.session.commit()
    return jsonify(body)


def _issued(serial: str | None) -> dict[str, Any] | None:
    credential = by_serial(serial) if serial else None
    if credential is None:
        return None
    return {
        "serial": credential.serial,
        "status": credential.status(today()),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
        "verify_url": credential.facts.verify_url,
    }
