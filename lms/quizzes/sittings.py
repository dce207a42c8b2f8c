"""What was asked and answered at a course, for whoever looks at its questions. Reads only; names nobody.

A person's first attempt alone tells how hard an item is: later ones meet items that were seen before.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from lms.db import db
from lms.people.queries import in_batches
from lms.quizzes.models import Attempt, AttemptReset, Regraded, Response


@dataclass(frozen=True)
class Given:
    """An answer in canonical form, None where there is none or it is no longer kept; `right` None: never marked."""

    value: Any
    right: bool | None
    confidence: int | None


@dataclass(frozen=True)
class FirstSitting:
    """The first handed-in attempt of a person at a course, with every item that its paper held."""

    attempt_id: int
    person_id: int
    version_id: int
    answers: Mapping[str, Given]


def handed_in() -> dict[int, int]:
    """How many attempts were handed in, by version."""
    statement = select(Attempt.version_id, func.count()).where(Attempt.state != "open").group_by(Attempt.version_id)
    return dict(db.session.execute(statement).all())


def exposure(version_ids: Collection[int]) -> tuple[Counter[str], int]:
    """In how many papers of these versions each item stood, and how many papers there were; open ones count too."""
    counts: Counter[str] = Counter()
    papers = 0
    for (paper,) in db.session.execute(select(Attempt.paper).where(Attempt.version_id.in_(version_ids))):
        counts.update(paper)
        papers += 1
    return counts, papers


def first_sittings(
    version_ids: Collection[int] | None = None, *, before: dt.datetime | None = None
) -> tuple[FirstSitting, ...]:
    """Every person's first attempt at a course whose versions these are, or at any, by attempt.

    With `before` those handed in by then. Two statements a thousand.
    """
    wanted = [Attempt.number == 1, Attempt.state != "open"]
    if version_ids is not None:
        wanted.append(Attempt.version_id.in_(version_ids))
    if before is not None:
        wanted.append(Attempt.submitted_at < before)
    statement = select(Attempt.id, Attempt.person_id, Attempt.version_id).where(*wanted).order_by(Attempt.id)
    heads = {row.id: row for row in db.session.execute(statement)}
    answers: dict[int, dict[str, Given]] = {key: {} for key in heads}
    columns = (Response.attempt_id, Response.item, Response.answer, Response.right, Response.confidence)
    for some in in_batches(heads):
        for attempt_id, item, answer, right, sure in db.session.execute(
            select(*columns).where(Response.attempt_id.in_(some))
        ):
            answers[attempt_id][item] = Given(answer["value"] if answer else None, right, sure)
    return tuple(FirstSitting(row.id, row.person_id, row.version_id, answers[row.id]) for row in heads.values())


def first_scores(version_id: int) -> dict[int, Fraction]:
    """By person the exact score in per cent of the first attempt at an exam, where it was at this text. Two statements.

    What was decided since counts: the latest regrade is the score. An attempt that is not marked yet or was reset is
    no measure and is left out.
    """
    mine = (Attempt.version_id == version_id, Attempt.number == 1, Attempt.state == "submitted")
    regraded = (
        select(Regraded.attempt_id, Regraded.earned, Regraded.possible)
        .join(Attempt, Attempt.id == Regraded.attempt_id)
        .where(*mine)
        .order_by(Regraded.regrade_id)
    )
    later = {key: (earned, possible) for key, earned, possible in db.session.execute(regraded)}
    first = (
        select(Attempt.id, Attempt.person_id, Attempt.earned, Attempt.possible)
        .outerjoin(AttemptReset, AttemptReset.attempt_id == Attempt.id)
        .where(*mine, AttemptReset.attempt_id.is_(None))
    )
    scores = {}
    for key, person_id, *marks in db.session.execute(first):
        earned, possible = later.get(key, marks)
        if earned is not None and possible is not None and Fraction(possible):
            scores[person_id] = 100 * Fraction(earned) / Fraction(possible)
    return scores
