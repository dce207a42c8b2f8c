"""Reading the audit trail. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from lms.audit.models import AuditEntry
from lms.db import db


@dataclass(frozen=True)
class EntryFacts:
    """One act. `actor_id` is None for a command or the worker."""

    id: int
    at: dt.datetime
    actor_id: int | None
    action: str
    subject_kind: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is empty does not matter. Both days are included."""

    action: str = ""
    subject: str = ""
    actor_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def entries(wanted: Wanted, *, before: int | None = None, limit: int = 100) -> tuple[EntryFacts, ...]:
    """The latest entries that fit, by their time; `before` is the id of the last one shown."""
    at, key = AuditEntry.at, AuditEntry.id
    statement = select(AuditEntry).order_by(at.desc(), key.desc()).limit(limit)
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.subject:
        statement = statement.where(AuditEntry.subject == wanted.subject)
    if wanted.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditEntry.at < wanted.until)
    last = db.session.scalar(select(at).where(key == before)) if before is not None else None
    if last is not None:
        statement = statement.where(or_(at < last, and_(at == last, key < before)))
    return tuple(
        EntryFacts(row.id, row.at, row.actor_id, row.action, row.subject_kind, row.subject, row.detail or {})
        for row in db.session.scalars(statement)
    )


def repeated(
    action: str, subject_kind: str, subject: str, *, actor_id: int, detail: Mapping[str, Any], since: dt.datetime
) -> bool:
    """Whether an account did exactly this since a moment."""
    entry = AuditEntry
    statement = select(entry.detail).where(
        entry.actor_id == actor_id, entry.at >= since, entry.action == action, entry.subject_kind == subject_kind,
        entry.subject == subject,
    )  # fmt: skip
    return any((held or {}) == dict(detail) for held in db.session.scalars(statement))
