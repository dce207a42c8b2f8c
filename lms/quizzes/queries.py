"""Reading attempts, answers and results. Never writes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import Select, select

from assessments.model import Item
from lms.db import db
from lms.items import queries as items
from lms.learning import queries as learning
from lms.quizzes.facts import NOT_ANSWERED, AttemptFacts, ItemResult, ResponseFacts, Result
from lms.quizzes.models import Attempt, Response

_COLUMNS = (
    Attempt.id,
    Attempt.public_id,
    Attempt.enrolment_id,
    Attempt.person_id,
    Attempt.version_id,
    Attempt.number,
    Attempt.seed,
    Attempt.paper,
    Attempt.started_at,
    Attempt.deadline,
    Attempt.submitted_at,
    Attempt.state,
    Attempt.earned,
    Attempt.possible,
    Attempt.percent,
    Attempt.passed,
)


def select_attempts() -> Select[Any]:
    """The statement that reads attempts; `facts` makes values of its rows."""
    return select(*_COLUMNS)


def facts(row: Any) -> AttemptFacts:
    """The values of a row that `select_attempts` read."""
    return AttemptFacts(
        row.id, row.public_id, row.enrolment_id, row.person_id, row.version_id, row.number, row.seed,
        tuple(row.paper), row.started_at, row.deadline, row.submitted_at, row.state,
        _fraction(row.earned), _fraction(row.possible), row.percent, row.passed,
    )  # fmt: skip


def _fraction(text: str | None) -> Fraction | None:
    return Fraction(text) if text is not None else None


def attempt(public_id: str, person_id: int) -> AttemptFacts | None:
    """The person's attempt by its public id; None for an unknown one and for another person's."""
    statement = select_attempts().where(Attempt.public_id == public_id, Attempt.person_id == person_id)
    row = db.session.execute(statement).first()
    return facts(row) if row else None


def attempts(enrolment_id: int) -> tuple[AttemptFacts, ...]:
    """Every attempt of an enrolment, the first one first."""
    statement = select_attempts().where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    return tuple(facts(row) for row in db.session.execute(statement))


def responses(attempt_id: int) -> dict[str, ResponseFacts]:
    """The saved answers of an attempt by item id."""
    statement = select(
        Response.item, Response.answer, Response.confidence, Response.flagged, Response.saved_at,
        Response.score, Response.right,
    ).where(Response.attempt_id == attempt_id)  # fmt: skip
    return {
        item: ResponseFacts(item, answer["value"] if answer else None, confidence, flagged, at, score, right)
        for item, answer, confidence, flagged, at, score, right in db.session.execute(statement)
    }


def paper(attempt: AttemptFacts) -> tuple[Item, ...]:
    """The items of an attempt in asking order, from the version that it is pinned to."""
    bank = items.bank(attempt.version_id)
    return tuple(bank.item(item) for item in attempt.paper)


def result(attempt: AttemptFacts) -> Result:
    """The result of a handed-in attempt; raises ValueError for an open one."""
    if attempt.open:
        raise ValueError(f"Attempt {attempt.public_id} has not been handed in.")
    saved = responses(attempt.id)
    found = []
    for item in paper(attempt):
        response = saved.get(item.id, NOT_ANSWERED)
        found.append(ItemResult(item.id, item.points, response.score, response.right, response))
    completion = learning.completion(f"attempt:{attempt.public_id}") if attempt.passed else None
    return Result(attempt, tuple(found), completion.serial if completion else None)
