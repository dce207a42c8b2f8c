"""Writing the audit trail; every act that changes a record of people goes through here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert

from lms.audit.models import AuditEntry
from lms.db import db


def record(action: str, subject_kind: str, subject: str, *, actor: int | None, now: dt.datetime, **detail: Any) -> None:
    """Append an entry. `actor` is the acting account's id, None for a command or the worker.

    `action` is a verb such as "credential.issue"; `subject` a public id or code; `detail`
    JSON-able facts without free text about people.
    """
    db.session.execute(
        insert(AuditEntry).values(
            at=now,
            actor_id=actor,
            action=action,
            subject_kind=subject_kind,
            subject=subject,
            detail=detail or None,
        )
    )
