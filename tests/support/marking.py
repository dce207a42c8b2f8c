"""An exam with a text in tests: hand it in, mark it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from lms.accounts.models import Account
from lms.credentials.desk import current_desk
from lms.db import db
from lms.quizzes import essays, queries, services
from tests.support.courses import CODE, RIGHT
from tests.support.taking import read_all, right_answer, wrong_answer

ITEM = "near-miss"
WRITTEN = "The pump was set for the neighbour; a scan would have shown it."


def hand_in(taker: int, now: dt.datetime, text: str | None = WRITTEN, *, missed: tuple[str, ...] = ()) -> str:
    """Answer everything rightly but what is `missed`, write the text, hand in; returns the attempt's public id."""
    read_all(taker, CODE, now)
    public_id = services.start(taker, CODE, actor=None, now=now)
    attempt = queries.attempt(public_id, taker)
    assert attempt is not None
    for item in queries.paper(attempt):
        give = wrong_answer if item.id in missed else right_answer
        raw = give(item, attempt.seed) if item.id in RIGHT else text
        services.save(public_id, item.id, raw, person_id=taker, now=now)
    services.submit(public_id, person_id=taker, actor=None, now=now)
    db.session.commit()
    return public_id


def mark(public_id: str, marker: Account, points: tuple[int, ...], now: dt.datetime, comment: str = "") -> None:
    """Give a marker's points for the text; commits."""
    essays.mark(
        public_id, ITEM, [Fraction(each) for each in points], comment, marker_id=marker.id,
        marker_person=marker.person_id, now=now, desk=current_desk(),
    )  # fmt: skip
    db.session.commit()
