"""Objections to items: a taker says from the result page why an item is not fair, an educator answers.

An objection is never deleted and answered once. Where it is upheld, a regrade is a decision of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select, update

from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.db import db, insert_ignore, public_id
from lms.quizzes.facts import AttemptFacts
from lms.quizzes.models import Attempt, Challenge

LONGEST = 2000
OUTCOMES = ("explained", "upheld")


class ChallengeRefused(ValueError):
    """The objection or the answer cannot be kept; the message says what was expected."""


@dataclass(frozen=True)
class ChallengeFacts:
    """An objection. `outcome` is None until it is answered; `version_id` is the text that the taker saw."""

    public_id: str
    attempt_id: int
    attempt: str
    person_id: int
    version_id: int
    course_id: int
    item: str
    words: str
    raised_at: dt.datetime
    outcome: str | None
    answer: str
    answered_at: dt.datetime | None


def challenge(attempt: AttemptFacts, item: str, words: str, *, now: dt.datetime) -> bool:
    """Object to an item of a handed-in attempt; returns whether it is new. Raises ChallengeRefused."""
    text = _text(words, "Say what is wrong with the question.")
    if attempt.open or item not in attempt.paper:
        raise ChallengeRefused(_("Only a question of an assessment that you handed in can be questioned."))
    version = catalog.version(attempt.version_id)
    assert version is not None, "a version is never deleted"
    row = {
        "public_id": public_id(), "attempt_id": attempt.id, "course_id": version.course_id, "item": item,
        "words": text, "raised_at": now, "answer": "",
    }  # fmt: skip
    return insert_ignore(Challenge.__table__, [row], ["attempt_id", "item"]) == 1  # type: ignore[arg-type]


def answer(challenge_id: str, outcome: str, words: str, *, actor: int, now: dt.datetime) -> ChallengeFacts | None:
    """Answer an objection, once; a second answer changes nothing. None for an unknown id. Raises ChallengeRefused."""
    if outcome not in OUTCOMES:
        raise ChallengeRefused(_("Choose whether the question stands or the objection is right."))
    text = _text(words, "Write the answer that the person will read.")
    changed = db.session.execute(
        update(Challenge)
        .where(Challenge.public_id == challenge_id, Challenge.outcome.is_(None))
        .values(outcome=outcome, answer=text, answered_at=now, answered_by=actor)
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        record("challenge.answer", "challenge", challenge_id, actor=actor, now=now, outcome=outcome)
    return one(challenge_id)


def one(challenge_id: str) -> ChallengeFacts | None:
    """The objection under this id."""
    return next(iter(_found(Challenge.public_id == challenge_id)), None)


def of_attempt(attempt_id: int) -> dict[str, ChallengeFacts]:
    """The objections of an attempt by item."""
    return {each.item: each for each in _found(Challenge.attempt_id == attempt_id)}


def waiting() -> tuple[ChallengeFacts, ...]:
    """Objections without an answer, the oldest first."""
    return _found(Challenge.outcome.is_(None))


def of_item(course_id: int, item: str) -> tuple[ChallengeFacts, ...]:
    """Every objection to an item of a course, the oldest first."""
    return _found(Challenge.course_id == course_id, Challenge.item == item)


def counts(course_id: int) -> dict[str, int]:
    """How many objections each item of a course has had."""
    rows = db.session.execute(
        select(Challenge.item, func.count()).where(Challenge.course_id == course_id).group_by(Challenge.item)
    )
    return {row[0]: row[1] for row in rows}


def _statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Challenge.public_id, Challenge.attempt_id, Attempt.public_id.label("attempt"), Attempt.person_id,
            Attempt.version_id, Challenge.course_id, Challenge.item, Challenge.words, Challenge.raised_at,
            Challenge.outcome, Challenge.answer, Challenge.answered_at,
        )
        .join(Attempt, Attempt.id == Challenge.attempt_id)
        .order_by(Challenge.raised_at, Challenge.id)
    )  # fmt: skip


def _found(*conditions: ColumnElement[bool]) -> tuple[ChallengeFacts, ...]:
    return tuple(ChallengeFacts(*row) for row in db.session.execute(_statement().where(*conditions)))


def _text(words: str, missing: str) -> str:
    text = words.strip()
    if not text:
        raise ChallengeRefused(missing)
    if len(text) > LONGEST or "\0" in text:
        raise ChallengeRefused(_("At most %(longest)s characters of text were expected.", longest=LONGEST))
    return text
