"""Background work of competence: keeping the rollups fresh, so that a report finds little left to fold."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_

from lms.competency.services import fold, outstanding, waiting
from lms.db import among, db, writing
from lms.jobs.registry import every
from lms.people.spans import people_below
from lms.web.clock import local

PORTION = 500  # people folded in one transaction, so that writers on SQLite never wait for long
BUSY = 2.5  # seconds after which other work of the worker has its turn
BREATH = 0.02  # seconds between portions, in which a writer on SQLite gets the lock
BEFORE_A_REPORT = 5000  # people in one transaction where a file waits for all, and memory has to stay bounded
BEFORE_A_PAGE = 250  # people that a page folds at most, about an eighth of a second


@every(5, "competency.fold")
def fold_portion(*, now: dt.datetime) -> None:
    """Fold what is outstanding in portions, each a transaction; after a while the rest waits for the next call."""
    until = time.monotonic() + BUSY
    while fold(today=local(now).date(), limit=PORTION) == PORTION and time.monotonic() < until:
        db.session.commit()
        time.sleep(BREATH)


def fold_now(today: dt.date) -> None:
    """Fold everything outstanding before a report is made that somebody does not wait for in a browser.

    Asking costs one small statement; only where something is outstanding is the write lock taken.
    What is written meanwhile need not be in the report, so the last portion is the first that is not full.
    """
    if not outstanding(today):
        return
    db.session.rollback()
    with writing():
        while True:
            folded = fold(today=today, limit=BEFORE_A_REPORT)
            db.session.commit()
            if folded < BEFORE_A_REPORT:
                return


def fold_some(today: dt.date) -> int:
    """Fold what is outstanding before a page, unless it is much; returns how many people the worker still has to fold.

    After midnight of a large hospital, or an import, thousands are due. A page then folds a few, and
    only while nobody else folds, and says of the rest that they are counted as they stood before.
    """
    if not outstanding(today):
        return 0
    found = waiting(today)
    db.session.rollback()
    with writing():
        if found <= BEFORE_A_PAGE:
            fold(today=today)
            db.session.commit()
            return 0
        fold(today=today, limit=BEFORE_A_PAGE, patient=False)
        db.session.commit()
    return waiting(today)


def fold_these(today: dt.date, unit_ids: Collection[int], person_ids: Collection[int]) -> None:
    """Fold before a page that names people: all that is outstanding, or of much only those whom it names.

    They are the people below some units, and some people.
    """
    if not outstanding(today):
        return

    def named(each: Any) -> ColumnElement[bool]:
        return or_(each.in_(people_below(unit_ids)), among(each, person_ids))

    few = waiting(today) <= BEFORE_A_PAGE
    db.session.rollback()
    with writing():
        fold(today=today, whom=None if few else named)
        db.session.commit()
