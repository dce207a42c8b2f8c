"""What markers gave for texts, and what stands of it. Reads only.

Marking and regrading both ask here, so that neither has to know the other to know the marks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from assessments.marking import settled_points
from assessments.model import Score
from assessments.types.essay import award
from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.people.queries import in_batches
from lms.quizzes.facts import AttemptFacts
from lms.quizzes.models import EssayMark


@dataclass(frozen=True)
class Mark:
    """What one marker gave: points by criterion."""

    turn: int
    marker_id: int
    points: tuple[Fraction, ...]
    comment: str
    marked_at: dt.datetime


@dataclass(frozen=True)
class Given:
    """The settled marks of a text, as the taker sees them."""

    points: tuple[Fraction, ...]
    comments: tuple[str, ...]


def marks_of(attempt_ids: Collection[int]) -> dict[int, dict[str, list[Mark]]]:
    """Every mark given in these attempts, by attempt and item, in the order of the turns."""
    found: dict[int, dict[str, list[Mark]]] = {key: defaultdict(list) for key in attempt_ids}
    for some in in_batches(attempt_ids):
        statement = select(EssayMark).where(EssayMark.attempt_id.in_(some)).order_by(EssayMark.turn)
        for row in db.session.scalars(statement):
            points = tuple(Fraction(each) for each in row.points)
            found[row.attempt_id][row.item].append(Mark(row.turn, row.marker_id, points, row.comment, row.marked_at))
    return found


def awarded(attempt: AttemptFacts) -> dict[str, Score]:
    """The settled scores of an attempt's texts by item; those that still wait are left out."""
    return {item: score for item, (score, _) in _settled(attempt).items()}


def given(attempt: AttemptFacts) -> dict[str, Given]:
    """The settled marks of an attempt's texts with the markers' comments, by item."""
    return {item: found for item, (_, found) in _settled(attempt).items()}


def _settled(attempt: AttemptFacts) -> dict[str, tuple[Score, Given]]:
    version = catalog.version(attempt.version_id)
    markers = version.exam.markers if version and version.exam else 1
    bank = items.bank(attempt.version_id)
    found = {}
    for item, marks in marks_of([attempt.id])[attempt.id].items():
        points = settled_points([each.points for each in marks], bank.item(item).points, markers)
        if points is not None:
            comments = tuple(each.comment for each in marks if each.comment)
            found[item] = (award(bank.item(item), points), Given(points, comments))
    return found
