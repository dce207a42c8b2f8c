"""Writes of the queue: add, take, end, give back. The table is the truth; a worker only empties it.

Knows no feature and no web. Callers commit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from lms.db import db, insert_ignore
from lms.jobs.models import Job
from lms.jobs.registry import TASKS

DEFAULT_LEASE = dt.timedelta(seconds=120)
DEFAULT_TRIES = 8
FIRST_PAUSE = dt.timedelta(seconds=10)
LONGEST_PAUSE = dt.timedelta(hours=1)
KEEP_DONE = dt.timedelta(days=7)
KEEP_FAILED = dt.timedelta(days=90)
FAULT_LENGTH = 2000


@dataclass(frozen=True)
class Taken:
    """A job in hand. `tries` counts this one and tells a taker from a later one of the same job."""

    id: int
    kind: str
    payload: dict[str, Any]
    tries: int


def enqueue(
    kind: str, payload: dict[str, Any], *, now: dt.datetime, key: str | None = None, due_at: dt.datetime | None = None
) -> bool:
    """Add a job, to be done once the caller commits and `due_at` has come (at once without it).

    `payload` holds ids, never names or addresses. The same `key` (120 characters at most) is
    queued once while its job is kept; returns whether the job is new.
    """
    if key is not None and db.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return False
    row = {
        "key": key, "kind": kind, "payload": payload, "state": "waiting", "tries": 0, "due_at": due_at or now,
    }  # fmt: skip
    insert_ignore(Job.__table__, [row], ["key"])  # type: ignore[arg-type]
    return True


def has_due(now: dt.datetime) -> bool:
    """Whether a job waits; a read, so that an idle worker takes no write lock."""
    found = select(Job.id).where(Job.state == "waiting", Job.due_at <= now).limit(1)
    return db.session.execute(found).first() is not None


def claim(now: dt.datetime) -> Taken | None:
    """Take the job that has been due longest, passing over those that other workers are taking."""
    waiting = (
        select(Job.id, Job.kind, Job.payload, Job.tries)
        .where(Job.state == "waiting", Job.due_at <= now)
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite leaves the clause out: it has one writer
    )
    row = db.session.execute(waiting).first()
    if row is None:
        return None
    db.session.execute(
        update(Job).where(Job.id == row.id).values(state="running", tries=row.tries + 1, taken_at=now, fault=None)
    )
    return Taken(row.id, row.kind, row.payload, row.tries + 1)


def finish(job: Taken, now: dt.datetime) -> bool:
    """Mark as done; False when the job was taken over meanwhile, and then nothing may be committed."""
    return _end(job, state="done", ended_at=now)


def fail(job: Taken, fault: str, now: dt.datetime, *, final: bool = False) -> str:
    """Give a job back after a failure: later again, or given up. Returns its new state."""
    known = TASKS.get(job.kind)
    if final or job.tries >= (known.tries if known else DEFAULT_TRIES):
        _end(job, state="failed", ended_at=now, fault=fault[:FAULT_LENGTH])
        return "failed"
    _end(job, state="waiting", due_at=now + pause(job.tries), fault=fault[:FAULT_LENGTH])
    return "waiting"


def pause(tries: int) -> dt.timedelta:
    """How long to wait after the given number of tries: 10 s, 40 s, 160 s … up to an hour."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** min(max(0, tries - 1), 10))


def _end(job: Taken, **values: Any) -> bool:
    mine = (Job.id == job.id, Job.state == "running", Job.tries == job.tries)
    result = db.session.execute(update(Job).where(*mine).values(**values))
    return bool(getattr(result, "rowcount", 0))


def sweep(now: dt.datetime) -> int:
    """Give back the jobs whose worker was lost: in hand for longer than their lease. Returns how many."""
    leases = {kind: known.lease for kind, known in TASKS.items()}
    running = select(Job.id, Job.kind, Job.tries, Job.taken_at).where(Job.state == "running")
    lost = 0
    for row in db.session.execute(running).all():
        if row.taken_at is None or now - row.taken_at > leases.get(row.kind, DEFAULT_LEASE):
            fail(Taken(row.id, row.kind, {}, row.tries), "The worker was lost.", now)
            lost += 1
    return lost


def tidy(now: dt.datetime) -> int:
    """Forget jobs that ended long ago (done 7 days, failed 90); their keys may be used again."""
    done = delete(Job).where(Job.state == "done", Job.ended_at < now - KEEP_DONE)
    failed = delete(Job).where(Job.state == "failed", Job.ended_at < now - KEEP_FAILED)
    return sum(int(getattr(db.session.execute(statement), "rowcount", 0)) for statement in (done, failed))
