"""Background work of competence: keeping the rollups fresh, so that a report finds little left to fold."""

from __future__ import annotations

import datetime as dt

from lms.competency.services import fold, outstanding
from lms.db import db, writing
from lms.jobs.registry import every
from lms.web.clock import local

PORTION = 500  # people folded in one transaction, so that writers on SQLite never wait for long


@every(5, "competency.fold")
def fold_portion(*, now: dt.datetime) -> None:
    """Fold some of what is outstanding; the rest waits for the next call."""
    fold(today=local(now).date(), limit=PORTION)


def fold_now(today: dt.date) -> None:
    """Fold everything outstanding before a report is read, in a transaction of its own.

    Asking costs one small statement; only where something is outstanding is the write lock taken.
    """
    if not outstanding(today):
        return
    db.session.rollback()
    with writing():
        fold(today=today)
        db.session.commit()
