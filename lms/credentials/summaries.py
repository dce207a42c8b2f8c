"""A person's certificates in a line each, for pages that list them: no facts are decoded. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, case, select

from lms.credentials.models import Credential
from lms.db import db

RENEWS_BEFORE_END = dt.timedelta(days=90)  # the assessment opens again for renewal so long before
_c = Credential.__table__.c
_CORRECTED = case((_c.key.like("correction:%"), _c.facts["issued_on"].as_string()), else_=None)
_OF_PERSON = (
    select(
        _c.serial,
        _c.course_code,
        _c.facts["course_title"].as_string().label("title"),
        _c.valid_until,
        _c.superseded_by,
        _c.revoked_at,
        _c.issued_at,
        _CORRECTED.label("first"),
    )
    .where(_c.person_id == bindparam("person"))
    .order_by(_c.issued_at.desc(), _c.id.desc())
)


@dataclass(frozen=True)
class Summary:
    """A certificate in a line. `standing` is False once it was superseded or revoked."""

    serial: str
    course_code: str
    title: str
    valid_until: dt.date | None
    standing: bool
    issued_at: dt.datetime | None = None
    first_issued: dt.date | None = None  # of one that corrected another: the day of the first

    def valid(self, on: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.standing and (self.valid_until is None or self.valid_until >= on)

    def renewable(self, on: dt.date) -> bool:
        """Whether it ends within the time of renewal, or has ended."""
        return self.standing and self.valid_until is not None and on >= self.valid_until - RENEWS_BEFORE_END


def summaries(person_id: int) -> tuple[Summary, ...]:
    """The person's certificates, the newest first; one statement."""
    rows = db.session.connection().execute(_OF_PERSON, {"person": person_id})
    return tuple(
        Summary(
            row.serial,
            row.course_code,
            row.title,
            row.valid_until,
            row.superseded_by is None and row.revoked_at is None,
            row.issued_at,
            dt.date.fromisoformat(row.first) if row.first else None,
        )
        for row in rows
    )
