"""Background work of competence: keeping the rollups fresh, so that a report finds little left to fold."""

from __future__ import annotations

import datetime as dt

from lms.competency.services import fold, outstanding
from lms.db import db, writing
from lms.jobs.registry import every
from lms.web.clock import local

PORTION = 500  # people folded in one transaction, so that writers on SQLite never wait for long
BEFORE_A_REPORT = 5000  # the same where somebody waits for the report, and memory has to stay bounded


@every(5, "competency.fold")
def fold_portion(*, now: dt.datetime) -> None:
    """Fold some of what is outstanding; the rest waits for the next call."""
    fold(today=local(now).date(), limit=PORTION)


def fold_now(today: dt.date) -> None:
    """Fold everything outstanding before a report is read, in transactions of its own.

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
