"""Reads of outgoing e-mail."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select

from lms.db import db
from lms.messages.models import Mail


@dataclass(frozen=True)
class Letter:
    """An e-mail as the transport needs it."""

    id: int
    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)


def waiting(mail_id: int) -> Letter | None:
    """The e-mail, or None when it was sent, given up or forgotten."""
    row = db.session.execute(
        select(Mail.id, Mail.to, Mail.subject, Mail.body).where(Mail.id == mail_id, Mail.state == "waiting")
    ).first()
    return Letter(row.id, row.to, row.subject, row.body) if row else None


def counts() -> dict[str, int]:
    """How many e-mails are in each state."""
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {row[0]: row[1] for row in rows}
