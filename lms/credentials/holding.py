"""Which certificates of some courses many people hold, with the moments between which each stood. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.credentials.models import Credential
from lms.db import db
from lms.people.queries import in_batches


@dataclass(frozen=True)
class Holding:
    """A certificate of a course: when it was issued, its last valid day, and when it was revoked or superseded."""

    course_code: str
    issued_at: dt.datetime
    valid_until: dt.date | None
    ended_at: dt.datetime | None

    def holds(self, on: dt.date, known_by: dt.datetime | None = None) -> bool:
        """Whether it is valid on a day, as known at a moment (now where none is given)."""
        if known_by is not None and self.issued_at > known_by:
            return False
        if self.ended_at is not None and (known_by is None or self.ended_at <= known_by):
            return False
        return self.valid_until is None or self.valid_until >= on


def holdings(person_ids: Collection[int], course_codes: Collection[str]) -> dict[int, list[Holding]]:
    """Every certificate that these people were ever issued for these courses; one statement a thousand people."""
    found: dict[int, list[Holding]] = defaultdict(list)
    if not course_codes:
        return found
    successor = aliased(Credential)
    columns = (
        Credential.person_id, Credential.course_code, Credential.issued_at, Credential.valid_until,
        Credential.revoked_at, successor.issued_at.label("superseded_at"),
    )  # fmt: skip
    statement = (
        select(*columns)
        .outerjoin(successor, successor.id == Credential.superseded_by)
        .where(Credential.course_code.in_(list(course_codes)))
    )
    for some in in_batches(person_ids):
        for row in db.session.execute(statement.where(Credential.person_id.in_(some))):
            ended = min((at for at in (row.revoked_at, row.superseded_at) if at is not None), default=None)
            found[row.person_id].append(Holding(row.course_code, row.issued_at, row.valid_until, ended))
    return found
