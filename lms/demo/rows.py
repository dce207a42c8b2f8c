"""Rows waiting to be written to one table in bulk, and the identifiers that sample rows bear."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from sqlalchemy import func, insert, select

from lms.db import db

BATCH = 5000


class Rows:
    """Rows for one table. With `numbered` each gets the next free number as its id."""

    def __init__(self, model: Any, *, numbered: bool = False) -> None:
        self.model = model
        self.waiting: list[dict[str, Any]] = []
        self.count = 0
        self.numbered = numbered
        self._last = int(db.session.scalar(select(func.max(model.id))) or 0) if numbered else 0

    def add(self, **row: Any) -> int:
        """Add a row; returns its id where rows are numbered, else 0."""
        self.count += 1
        if self.numbered:
            self._last += 1
            row["id"] = self._last
        self.waiting.append(row)
        return self._last

    def write(self) -> None:
        """Write what is waiting."""
        if self.waiting:
            db.session.execute(insert(self.model.__table__), self.waiting)
            self.waiting = []


def code_of(*parts: object) -> str:
    """An opaque identifier that belongs to its parts."""
    return hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=10).hexdigest()


def noon(day: dt.date) -> dt.datetime:
    """The middle of a day, for facts of which only the day is known."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)
