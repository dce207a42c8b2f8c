"""Reading attempts, answers and results. Never writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, select

from assessments.model import Item
from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.learning import queries as learning
from lms.people.queries import in_batches
from lms.quizzes.facts import NOT_ANSWERED, AttemptFacts, ItemResult, ResponseFacts, Result
from lms.quizzes.models import Attempt, AttemptReset, Regraded, Response

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


def any_attempt(public_id: str, *, lock: bool = False) -> AttemptFacts | None:
    """An attempt of anybody by its public id, for those who look after exams."""
    statement = select(*_COLUMNS).where(_ATTEMPT.c.public_id == public_id)
    row = db.session.execute(statement.with_for_update() if lock else statement).first()
    return _facts(row) if row else None


def attempts(enrolment_id: int) -> tuple[AttemptFacts, ...]:
    """Every attempt of an enrolment, the first one first, each with what was decided about it since."""
    statement = select(*_COLUMNS).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    return with_decisions(_facts(row) for row in db.session.execute(statement))


def attempts_at(code: str, person_ids: Collection[int] | None = None) -> tuple[AttemptFacts, ...]:
    """Every attempt at a course, of anybody or of these people, the latest first, with what was decided since."""
    versions = [each.id for each in catalog.versions_of(code)]
    statement = select(*_COLUMNS).where(Attempt.version_id.in_(versions))
    if person_ids is not None:
        statement = statement.where(Attempt.person_id.in_(person_ids))
    rows = db.session.execute(statement.order_by(Attempt.started_at.desc(), Attempt.id.desc()))
    return with_decisions(_facts(row) for row in rows)


def awaiting_marking() -> tuple[AttemptFacts, ...]:
    """Every attempt in which a text waits for a person, the one handed in first before the others."""
    statement = select(*_COLUMNS).where(Attempt.state == "awaiting_marking")
    return tuple(_facts(row) for row in db.session.execute(statement.order_by(Attempt.submitted_at, Attempt.id)))


def settled(attempt: AttemptFacts | None) -> AttemptFacts:
    """The attempt with what was decided about it since: its latest regrade, its reset."""
    assert attempt is not None, "the attempt was read before"
    return with_decisions([attempt])[0]


def with_decisions(found: Iterable[AttemptFacts]) -> tuple[AttemptFacts, ...]:
    """The same attempts with the results of their latest regrades, and when they were reset. Two statements."""
    rows = tuple(found)
    latest: dict[int, Any] = {}
    resets: dict[int, Any] = {}
    for some in in_batches([each.id for each in rows if not each.open]):
        columns = (Regraded.attempt_id, Regraded.earned, Regraded.possible, Regraded.percent, Regraded.passed)
        statement = select(*columns).where(Regraded.attempt_id.in_(some)).order_by(Regraded.regrade_id)
        latest.update({row.attempt_id: row for row in db.session.execute(statement)})
        reset = select(AttemptReset.attempt_id, AttemptReset.reset_at).where(AttemptReset.attempt_id.in_(some))
        resets.update({row.attempt_id: row.reset_at for row in db.session.execute(reset)})
    rows = tuple(replace(each, reset_at=resets[each.id]) if each.id in resets else each for each in rows)
    return tuple(
        replace(
            each, earned=Fraction(new.earned), possible=Fraction(new.possible), percent=new.percent, passed=new.passed
        )
        if (new := latest.get(each.id))
        else each
        for each in rows
    )


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
    return Result(attempt, tuple(found), serial(attempt) if attempt.passed else None)


def serial(attempt: AttemptFacts) -> str | None:
    """The certificate that the attempt completed its course with, or None."""
    completion = learning.completion(f"attempt:{attempt.public_id}")
    return completion.serial if completion else None


def many_responses(attempt_ids: Collection[int]) -> dict[int, dict[str, ResponseFacts]]:
    """The saved answers of many attempts, by attempt and item."""
    found: dict[int, dict[str, ResponseFacts]] = {key: {} for key in attempt_ids}
    columns = ("attempt_id", "item", "answer", "confidence", "flagged", "saved_at", "score", "right")
    for some in in_batches(attempt_ids):
        statement = select(*(_RESPONSE.c[name] for name in columns)).where(_RESPONSE.c.attempt_id.in_(some))
        for attempt_id, item, answer, confidence, flagged, at, score, right in db.session.execute(statement):
            value = answer["value"] if answer else None
            found[attempt_id][item] = ResponseFacts(item, value, confidence, flagged, at, score, right)
    return found
