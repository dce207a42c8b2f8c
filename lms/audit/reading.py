"""The access log: who opened a named record of somebody else, so that staff can read it about themselves.

A reload within a quarter of an hour, or of a list within a day, is the same look and writes nothing. Looking at
one's own record is nobody's business and is not kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from lms.audit.models import RecordView
from lms.db import db, insert_ignore

QUARTER = 15 * 60
DAY = 24 * 60 * 60
SPANS = {"record": QUARTER, "certificate": QUARTER, "list": DAY, "export": QUARTER}
ORDER = ("administrator", "cmio", "supervisor", "educator", "learner")
BATCH = 500


@dataclass(frozen=True)
class Look:
    """One look: who, whom, at what, in which role, when."""

    id: int
    at: dt.datetime
    viewer_id: int
    subject_id: int
    what: str
    role: str


def log_view(
    viewer_id: int, roles: Collection[str], subject_ids: Iterable[int], what: str, *, own: int, now: dt.datetime
) -> int:
    """Note that an account opened the named records of these people; returns how many looks are new.

    `what` is list, record, certificate or export; `own` the viewer's own person, who is left out.
    """
    role = next((each for each in ORDER if each in roles), "learner")
    span = int(now.timestamp()) // SPANS[what]
    rows = [
        {"at": now, "viewer_id": viewer_id, "subject_id": subject, "what": what, "role": role, "span": span}
        for subject in sorted(set(subject_ids) - {own})
    ]
    keys = ["subject_id", "viewer_id", "what", "span"]
    new = 0
    for at in range(0, len(rows), BATCH):
        new += insert_ignore(RecordView.__table__, rows[at : at + BATCH], keys)  # type: ignore[arg-type]
    return new


def looks_at(subject_id: int, *, before: int | None = None, limit: int = 50) -> tuple[Look, ...]:
    """The latest looks at a person's record; `before` is the id of the last one shown."""
    return _looks(before, limit, RecordView.subject_id == subject_id)


def looks(
    *, subject_id: int | None = None, viewer_id: int | None = None, before: int | None = None, limit: int = 100
) -> tuple[Look, ...]:
    """The latest looks of all, of one viewer, or at one person."""
    conditions = []
    if subject_id is not None:
        conditions.append(RecordView.subject_id == subject_id)
    if viewer_id is not None:
        conditions.append(RecordView.viewer_id == viewer_id)
    return _looks(before, limit, *conditions)


def _looks(before: int | None, limit: int, *conditions: ColumnElement[bool]) -> tuple[Look, ...]:
    columns = (
        RecordView.id, RecordView.at, RecordView.viewer_id, RecordView.subject_id, RecordView.what, RecordView.role,
    )  # fmt: skip
    statement = select(*columns).where(*conditions).order_by(RecordView.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(RecordView.id < before)
    return tuple(Look(*row) for row in db.session.execute(statement))
