"""The shapes of attempts in the API: questions without their key, saved answers, results. Knows no database."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields

from assessments.model import Item
from assessments.registry import present, raw_answer
from lms.quizzes.facts import AttemptFacts, ResponseFacts, Result

ANSWER_SHAPES = (
    "single, truefalse: an option id; multiple: a list of ids; numeric: a number; text, essay: a string; "
    "cloze: the strings of the gaps in order; matching: a list of [left, right] ids; ordering: all ids in order; "
    "concordance: −2 to 2; branching: the option ids along the path; null: not answered"
)


class OptionSchema(Schema):
    """Something to choose. The id is opaque, holds within its attempt and tells nothing."""

    id = fields.String(required=True)
    html = fields.String(required=True)
    next = fields.String(allow_none=True, metadata={"description": "branching: the step that follows"})
    chosen = fields.Boolean(metadata={"description": "branching: on the path taken"})
    consequence_html = fields.String(allow_none=True, metadata={"description": "branching: what came of it"})


class StepSchema(Schema):
    """A step of a branching item."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    stem_html = fields.String(required=True)
    options = fields.List(fields.Nested(OptionSchema), required=True)


class GapSchema(Schema):
    """A gap of a cloze item."""

    number = fields.Integer(required=True)


class DegreeSchema(Schema):
    """A degree of a concordance item."""

    value = fields.Integer(required=True)
    label = fields.String(required=True)


class CaseSchema(Schema):
    """The vignette that an item shares with others."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    stem_html = fields.String(required=True)


class QuestionSchema(Schema):
    """A question with what its type needs to be answered, and the answer saved so far."""

    id = fields.String(required=True, metadata={"description": "the author's item id"})
    type = fields.String(required=True)
    title = fields.String(required=True)
    stem_html = fields.String(required=True)
    points = fields.Float(required=True)
    case_id = fields.String(required=True, allow_none=True)
    case = fields.Nested(CaseSchema)
    options = fields.List(fields.Nested(OptionSchema))
    left = fields.List(fields.Nested(OptionSchema))
    right = fields.List(fields.Nested(OptionSchema))
    left_title_html = fields.String()
    right_title_html = fields.String()
    gaps = fields.List(fields.Nested(GapSchema))
    stem_parts = fields.List(fields.String())
    unit = fields.String()
    scale = fields.List(fields.Nested(DegreeSchema))
    longest = fields.Integer(metadata={"description": "essay: characters at most"})
    steps = fields.List(fields.Nested(StepSchema))
    path = fields.List(fields.String())
    at = fields.String(allow_none=True, metadata={"description": "branching: the step to be answered next"})
    answer = fields.Raw(required=True, allow_none=True, metadata={"description": ANSWER_SHAPES})
    confidence = fields.Integer(required=True, allow_none=True)
    flagged = fields.Boolean(required=True)


class SheetSchema(Schema):
    """An open attempt with its questions."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    items = fields.List(fields.Nested(QuestionSchema), required=True)


class AnswerSchema(Schema):
    """An answer in the shape of its type; null clears it. What is left out stays as it is saved."""

    class Meta:
        """Unknown fields are faults."""

        unknown = RAISE

    answer = fields.Raw(required=True, allow_none=True, metadata={"description": ANSWER_SHAPES})
    confidence = fields.Raw(
        allow_none=True,
        metadata={"type": ["integer", "null"], "enum": [1, 2, 3, None], "description": "unsure, fairly sure, certain"},
    )
    flagged = fields.Boolean(truthy={True}, falsy={False})


class SavedSchema(Schema):
    """An answer as it is saved."""

    item = fields.String(required=True)
    answer = fields.Raw(required=True, allow_none=True)
    confidence = fields.Integer(required=True, allow_none=True)
    flagged = fields.Boolean(required=True)
    saved_at = fields.DateTime(required=True)


class ItemResultSchema(Schema):
    """The score of a question from 0 to 1, null while a person marks it, and the points that it earned."""

    id = fields.String(required=True)
    score = fields.Float(required=True, allow_none=True)
    earned = fields.Float(required=True, allow_none=True)
    points = fields.Float(required=True)
    right = fields.Boolean(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"enum": ["scored", "awaiting_marking"]})


class IssuedSchema(Schema):
    """The certificate that a result led to."""

    serial = fields.String(required=True)
    status = fields.String(required=True)
    valid_until = fields.Date(required=True, allow_none=True)
    verify_url = fields.String(required=True)


class ResultSchema(Schema):
    """A handed-in attempt. `score` is 0 to 100 with one decimal; it and `passed` are null while marking is awaited."""

    id = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["submitted", "awaiting_marking"]})
    score = fields.Float(required=True, allow_none=True)
    passed = fields.Boolean(required=True, allow_none=True)
    submitted_at = fields.DateTime(required=True)
    items = fields.List(fields.Nested(ItemResultSchema), required=True)
    credential = fields.Nested(IssuedSchema, required=True, allow_none=True)


def question_json(item: Item, case: dict[str, Any] | None, seed: str, saved: ResponseFacts) -> dict[str, Any]:
    """A question as the sheet shows it; nothing in it tells the key."""
    shown = present(item, seed, saved.value)
    if case is not None:
        shown["case"] = case
    return shown | {
        "answer": raw_answer(item, seed, saved.value),
        "confidence": saved.confidence,
        "flagged": saved.flagged,
    }


def saved_json(item: Item, attempt: AttemptFacts, saved: ResponseFacts) -> dict[str, Any]:
    """A saved answer in the shape in which it was sent."""
    return {
        "item": item.id,
        "answer": raw_answer(item, attempt.seed, saved.value),
        "confidence": saved.confidence,
        "flagged": saved.flagged,
        "saved_at": saved.saved_at.isoformat() if saved.saved_at else None,
    }


def sheet_json(attempt: AttemptFacts, code: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """An open attempt."""
    expires = attempt.deadline.isoformat() if attempt.deadline else None
    return {"id": attempt.public_id, "course": code, "expires_at": expires, "items": questions}


def result_json(result: Result, credential: dict[str, Any] | None) -> dict[str, Any]:
    """A handed-in attempt, the same however often it is asked for."""
    items = [
        {
            "id": item.id,
            "score": item.share,
            "earned": None if item.share is None else round(item.share * float(item.points), 6),
            "points": float(item.points),
            "right": item.right,
            "status": "awaiting_marking" if item.awaiting else "scored",
        }
        for item in result.items
    ]
    return {
        "id": result.attempt.public_id,
        "status": result.attempt.state,
        "score": float(result.score) if result.score is not None else None,
        "passed": result.passed,
        "submitted_at": result.attempt.ended().isoformat(),
        "items": items,
        "credential": credential,
    }
