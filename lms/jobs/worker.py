"""The loop that empties the queue: one job at a time, its writes and its end in one commit.

Knows no feature and no web: the clock is passed in, tasks come from the registry. Work outside
the database, such as an e-mail, can happen twice after a crash; work inside it cannot.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import traceback
from collections.abc import Callable

from lms.db import db, lock_named, reading
from lms.jobs import services
from lms.jobs.registry import PERIODIC, TASKS, Periodic, TaskRefused, every

log = logging.getLogger("lms.jobs")

IDLE = 1.0  # seconds between two looks at an empty queue
NAP = 0.1  # seconds after which a sleeping worker notices that it is to stop


@every(30, "jobs.sweep")
def sweep(*, now: dt.datetime) -> None:
    """Requeue what a lost worker had in hand."""
    lost = services.sweep(now)
    if lost:
        log.warning("jobs of a lost worker were requeued", extra={"facts": {"jobs": lost}})


@every(6 * 3600, "jobs.tidy")
def tidy(*, now: dt.datetime) -> None:
    """Forget old jobs."""
    services.tidy(now)


class Worker:
    """One worker. `stop()` may be called from a signal handler: the job in hand is finished first."""

    def __init__(self, clock: Callable[[], dt.datetime], *, idle: float = IDLE) -> None:
        self.clock = clock
        self.idle = idle
        self.stopping = False
        self._next: dict[str, float] = {}

    def stop(self) -> None:
        """End after the job in hand."""
        self.stopping = True

    def run(self) -> None:
        """Work until stopped. A database that is away for a while is waited for."""
        while not self.stopping:
            try:
                self.run_periodic()
                worked = self.run_one()
            except Exception:
                log.exception("the queue could not be read")
                worked = False
            finally:
                db.session.remove()
            if not worked:
                self._sleep(self.idle)

    def drain(self) -> int:
        """Do everything that is due now and return how many jobs that was; for commands and tests."""
        count = 0
        while self.run_one():
            count += 1
        return count

    def run_periodic(self) -> None:
        """Call the periodic tasks whose time has come; the failure of one stops no other."""
        for entry in list(PERIODIC.values()):
            if self.stopping:
                return
            if time.monotonic() >= self._next.get(entry.name, 0.0):
                self._next[entry.name] = time.monotonic() + entry.seconds
                self._call(entry)

    def _call(self, entry: Periodic) -> None:
        try:
            lock_named(f"periodic:{entry.name}")
            entry.handler(now=self.clock())
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("a periodic task failed", extra={"facts": {"task": entry.name}})

    def run_one(self) -> bool:
        """Take one job and do it; False when none is due."""
        with reading():
            due = services.has_due(self.clock())
            db.session.rollback()
        if not due:
            return False
        job = services.claim(self.clock())
        db.session.commit()
        if job is None:
            return False
        self._do(job)
        return True

    def _do(self, job: services.Taken) -> None:
        began = time.perf_counter()
        state = "done"
        try:
            known = TASKS.get(job.kind)
            if known is None:
                raise TaskRefused(f"No task is registered for the kind of job {job.kind!r}.")
            known.handler(job.payload, now=self.clock())
            if services.finish(job, self.clock()):
                db.session.commit()
            else:
                db.session.rollback()
                state = "taken over"
        except Exception as fault:
            db.session.rollback()
            described = "".join(traceback.format_exception_only(fault)).strip()
            state = services.fail(job, described, self.clock(), final=isinstance(fault, TaskRefused))
            db.session.commit()
            log.warning("a job failed", exc_info=True, extra={"facts": {"job": job.id, "kind": job.kind}})
        took = round((time.perf_counter() - began) * 1000, 1)
        facts = {"job": job.id, "kind": job.kind, "try": job.tries, "state": state, "ms": took}
        log.info("job", extra={"facts": facts})

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)
