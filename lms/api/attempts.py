"""Attempts at exams: start, answer, hand in."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from assessments.model import AnswerError
from assessments.registry import present, raw_answer
from lms.api.document import ProblemSchema, refuse
from lms.credentials.desk import current_desk
from lms.credentials.queries import by_serial
from lms.db import db
from lms.items.queries import bank
from lms.learning.services import UnknownCourse
from lms.quizzes import queries, services
from lms.quizzes.facts import AttemptFacts, Result
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("api-attempts", __name__, url_prefix="/api/v1", description="Attempts and answers")


class SheetSchema(Schema):
    """An open attempt with its questions. Option ids are opaque and belong to this attempt."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    expires_at = fields.String(required=True, allow_none=True)
    items = fields.List(
        fields.Dict(),
        required=True,
        metadata={
            "description": "id, type, stem_html, points and what the type needs: options, left, right, gaps, unit"
        },
    )


class AnswerSchema(Schema):
    """An answer in the shape of its type; null clears it. `confidence` is 1 unsure, 2 fairly sure, 3 certain."""

    class Meta:
        """Unknown fields are faults."""

        unknown = RAISE

    answer = fields.Raw(required=True, allow_none=True)
    confidence = fields.Raw(allow_none=True)
    flagged = fields.Boolean()


class SavedSchema(Schema):
    """A saved answer."""

    item = fields.String(required=True)
    answer = fields.Raw(required=True, allow_none=True)
    confidence = fields.Integer(required=True, allow_none=True)
    saved_at = fields.String(required=True)


class ItemResultSchema(Schema):
    """The score of a question from 0 to 1, null while a person marks it."""

    id = fields.String(required=True)
    score = fields.Float(required=True, allow_none=True)
    points = fields.Float(required=True)
    right = fields.Boolean(required=True, allow_none=True)
    status = fields.String(required=True)


class ResultSchema(Schema):
    """A handed-in attempt. `score` is 0 to 100 with one decimal; it and `passed` are null while marking is awaited."""

    id = fields.String(required=True)
    status = fields.String(required=True)
    score = fields.Float(required=True, allow_none=True)
    passed = fields.Boolean(required=True, allow_none=True)
    submitted_at = fields.String(required=True)
    items = fields.List(fields.Nested(ItemResultSchema), required=True)
    credential = fields.Dict(required=True, allow_none=True)


@blueprint.post("/courses/<string:code>/attempts")
@access()
@blueprint.alt_response(201, schema=SheetSchema)
@blueprint.alt_response(404, schema=ProblemSchema)
@blueprint.alt_response(409, schema=ProblemSchema)
def start(code: str) -> tuple[Response, int]:
    """Start an attempt; the open one is returned again.

    409 with a problem type: lessons-open, prerequisites, attempts-used, wait, closed, passed.
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
    body = _sheet(attempt, code)
    db.session.commit()
    return jsonify(body), 201


def _refusal(fault: services.Refused) -> Exception:
    more: dict[str, Any] = {}
    standing = fault.standing
    if standing is not None and standing.opens_at is not None:
        more["opens_at"] = standing.opens_at.isoformat()
    if standing is not None and standing.missing:
        more["missing"] = list(standing.missing)
    return refuse(409, "Not now", fault.message, fault.kind, **more)


def _sheet(attempt: AttemptFacts, code: str) -> dict[str, Any]:
    held = bank(attempt.version_id)
    saved = queries.responses(attempt.id)
    items = []
    for item in queries.paper(attempt):
        answer = saved.get(item.id)
        canonical = answer.value if answer else None
        shown = present(item, attempt.seed, canonical)
        if item.case_id is not None:
            case = held.case(item.case_id)
            shown["case"] = {"id": case.id, "title": case.title, "stem_html": case.stem}
        shown["answer"] = None if canonical is None else raw_answer(item, attempt.seed, canonical)
        shown["confidence"] = answer.confidence if answer else None
        items.append(shown)
    expires = attempt.deadline.isoformat() if attempt.deadline else None
    return {"id": attempt.public_id, "course": code, "expires_at": expires, "items": items}


@blueprint.put("/attempts/<string:attempt_id>/responses/<string:item>")
@access()
@blueprint.arguments(AnswerSchema)
@blueprint.alt_response(200, schema=SavedSchema)
@blueprint.alt_response(404, schema=ProblemSchema)
@blueprint.alt_response(409, schema=ProblemSchema)
def save(body: dict[str, Any], attempt_id: str, item: str) -> Response:
    """Save an answer. 422 says what was expected and stores nothing; 409 `closed` once the time is over."""
    who = principal()
    more: dict[str, Any] = {key: body[key] for key in ("confidence", "flagged") if key in body}
    try:
        services.save(attempt_id, item, body["answer"], **more, person_id=who.person_id, now=now())
    except services.UnknownAttempt:
        raise refuse(404, "Unknown attempt", "You have no such attempt, or it has no such question.") from None
    except AnswerError as fault:
        raise refuse(422, "Bad answer", str(fault)) from None
    except services.Refused as fault:
        raise _refusal(fault) from None
    db.session.commit()
    return jsonify(item=item, answer=body["answer"], confidence=body.get("confidence"), saved_at=now().isoformat())


@blueprint.post("/attempts/<string:attempt_id>/submission")
@access()
@blueprint.alt_response(200, schema=ResultSchema)
@blueprint.alt_response(404, schema=ProblemSchema)
def submit(attempt_id: str) -> Response:
    """Hand in; the same result when repeated. The certificate is issued within this request where it is due."""
    who = principal()
    try:
        result = services.submit(
            attempt_id, person_id=who.person_id, actor=who.account_id, now=now(), desk=current_desk()
        )
    except services.UnknownAttempt:
        raise refuse(404, "Unknown attempt", "You have no such attempt.") from None
    body = _result(result)
    db.session.commit()
    return jsonify(body)


def _result(result: Result) -> dict[str, Any]:
    attempt = result.attempt
    credential = by_serial(result.serial) if result.serial else None
    items = [
        {
            "id": item.id,
            "score": item.share,
            "points": float(item.points),
            "right": item.right,
            "status": "awaiting_marking" if item.awaiting else "scored",
        }
        for item in result.items
    ]
    return {
        "id": attempt.public_id,
        "status": attempt.state,
        "score": float(result.score) if result.score is not None else None,
        "passed": result.passed,
        "submitted_at": attempt.ended().isoformat(),
        "items": items,
        "credential": {
            "serial": credential.serial,
            "status": credential.status(today()),
            "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
            "verify_url": credential.facts.verify_url,
        }
        if credential
        else None,
    }
