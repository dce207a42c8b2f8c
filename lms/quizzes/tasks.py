"""Background work: attempts whose time is over are handed in for their people."""

from __future__ import annotations

import datetime as dt

from lms.jobs.registry import every
from lms.quizzes import services


@every(60, "quizzes.overdue")
def hand_in_overdue(*, now: dt.datetime) -> None:
    """Score what was saved in attempts that nobody handed in before their time and the grace were over."""
    for attempt, person_id in services.overdue(now):
        services.submit(attempt, person_id=person_id, actor=None, now=now)
