"""Reads of the queue, for readiness and for whoever looks after the system."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.db import db
from lms.jobs.models import Job


@dataclass(frozen=True)
class QueueFacts:
    """How the queue stands. `behind` is how long the oldest due job has waited."""

    waiting: int
    running: int
    failed: int
    behind: dt.timedelta


def state(now: dt.datetime) -> QueueFacts:
    """How many jobs wait, run or were given up, and how late the queue is."""
    counts = {row[0]: row[1] for row in db.session.execute(select(Job.state, func.count()).group_by(Job.state))}
    oldest = db.session.scalar(select(func.min(Job.due_at)).where(Job.state == "waiting", Job.due_at <= now))
    return QueueFacts(
        waiting=counts.get("waiting", 0),
        running=counts.get("running", 0),
        failed=counts.get("failed", 0),
        behind=now - oldest if oldest else dt.timedelta(0),
    )
