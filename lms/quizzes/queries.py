"""Reading attempts, answers and results. Never writes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, select

from assessments.model import Item
from lms.db import db
from lms.items import queries as items
from lms.learning import queries as learning
from lms.quizzes.facts import NOT_ANSWERED, AttemptFacts, ItemResult, ResponseFacts, Result
from lms.quizzes.models import Attempt, Response

_ATTEMPT: Any = Attempt.__table__
_RESPONSE: Any = Response.__table__

_COLUMNS = tuple(
    _ATTEMPT.c[name]
    for name in (
        "id", "public_id", "enrolment_id", "person_id", "version_id", "number", "seed", "paper", "started_at",
        "deadline", "submitted_at", "state", "earned", "possible", "percent", "passed",
    )
)  # fmt: skip
# Made once and of tables: a page for every question asks them, and building one costs more than running it.
_MINE = select(*_COLUMNS).where(
    _ATTEMPT.c.public_id == bindparam("attempt"), _ATTEMPT.c.person_id == bindparam("person")
)
_MINE_LOCKED = _MINE.with_for_update()
_SAVED = select(
    _RESPONSE.c.item, _RESPONSE.c.answer, _RESPONSE.c.confidence, _RESPONSE.c.flagged, _RESPONSE.c.saved_at,
    _RESPONSE.c.score, _RESPONSE.c.right,
).where(_RESPONSE.c.attempt_id == bindparam("attempt"))  # fmt: skip


def _facts(row: Any) -> AttemptFacts:
    return AttemptFacts(
        row.id, row.public_id, row.enrolment_id, row.person_id, row.version_id, row.number, row.seed,
        tuple(row.paper), row.started_at, row.deadline, row.submitted_at, row.state,
        _fraction(row.earned), _fraction(row.possible), row.percent, row.passed,
    )  # fmt: skip


def _fraction(text: str | None) -> Fraction | None:
    return Fraction(text) if text is not None else None


def attempt(public_id: str, person_id: int, *, lock: bool = False) -> AttemptFacts | None:
    """The person's attempt by its public id; None for an unknown one and for another person's.

    `lock` holds it until the transaction ends, so that saving and handing in wait for each other.
    """
    statement = _MINE_LOCKED if lock else _MINE
    row = db.session.execute(statement, {"attempt": public_id, "person": person_id}).first()
    return _facts(row) if row else None


def attempts(enrolment_id: int) -> tuple[AttemptFacts, ...]:
    """Every attempt of an enrolment, the first one first."""
    statement = select(*_COLUMNS).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    return tuple(_facts(row) for row in db.session.execute(statement))


def responses(attempt_id: int) -> dict[str, ResponseFacts]:
    """The saved answers of an attempt by item id."""
    return {
        item: ResponseFacts(item, answer["value"] if answer else None, confidence, flagged, at, score, right)
        for item, answer, confidence, flagged, at, score, right in db.session.execute(_SAVED, {"attempt": attempt_id})
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
