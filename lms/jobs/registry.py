"""The lists of background tasks and of periodic ones; a feature's `tasks.py` adds to them when imported.

Knows no feature and no web. A task is a function of `(payload, *, now)`; a periodic one of
`(*, now)`. Both may run twice (after a crash or on two workers), so both must be idempotent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Handler(Protocol):
    """What a task looks like. Its writes are committed together with the end of its job."""

    def __call__(self, payload: dict[str, Any], *, now: dt.datetime) -> object: ...


class PeriodicHandler(Protocol):
    """What a periodic task looks like. Its writes are committed when it returns."""

    def __call__(self, *, now: dt.datetime) -> object: ...


@dataclass(frozen=True)
class Task:
    """A kind of job: after `tries` failures it is given up; after `lease` in hand it counts as lost."""

    kind: str
    handler: Handler
    tries: int
    lease: dt.timedelta


@dataclass(frozen=True)
class Periodic:
    """Work that every worker looks at again after `seconds`."""

    name: str
    seconds: float
    handler: PeriodicHandler


class TaskRefused(Exception):
    """A task that can never succeed, such as one for a row that is gone: it is not tried again."""


TASKS: dict[str, Task] = {}
PERIODIC: dict[str, Periodic] = {}


def task(kind: str, *, tries: int = 8, lease: float = 120) -> Callable[[Handler], Handler]:
    """Register the decorated function for jobs of `kind`; `lease` in seconds must exceed its longest run."""

    def keep(handler: Handler) -> Handler:
        if kind in TASKS and TASKS[kind].handler is not handler:
            raise ValueError(f"Two tasks for the kind of job {kind!r}.")
        TASKS[kind] = Task(kind, handler, tries, dt.timedelta(seconds=lease))
        return handler

    return keep


def every(seconds: float, name: str) -> Callable[[PeriodicHandler], PeriodicHandler]:
    """Register the decorated function to be called about every `seconds` by each worker, one at a time."""

    def keep(handler: PeriodicHandler) -> PeriodicHandler:
        if name in PERIODIC and PERIODIC[name].handler is not handler:
            raise ValueError(f"Two periodic tasks named {name!r}.")
        PERIODIC[name] = Periodic(name, seconds, handler)
        return handler

    return keep
