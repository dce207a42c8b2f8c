"""Background work of competence: keeping the rollups fresh, so that a report finds little left to fold."""

from __future__ import annotations

import datetime as dt

from lms.competency.services import fold
from lms.jobs.registry import every
from lms.web.clock import local

PORTION = 500  # people folded in one transaction, so that writers on SQLite never wait for long


@every(5, "competency.fold")
def fold_portion(*, now: dt.datetime) -> None:
    """Fold some of what is outstanding; the rest waits for the next call."""
    fold(today=local(now).date(), limit=PORTION)
