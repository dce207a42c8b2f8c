"""The latest certificate of each course by person, for rules that ask whether and until when a course holds.

Every completion issues a certificate, so its days say all that a rule has to know. Reads only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import case, or_, select

from lms.credentials.models import Credential
from lms.db import db
from lms.people.queries import in_batches

_c: Any = Credential.__table__.c
_successor: Any = Credential.__table__.alias("successor")
# A corrected certificate keeps the day of the first; only its facts say which that was, and to open them is slow.
_CORRECTED = case((_c.key.like("correction:%"), _c.facts["issued_on"].as_string()), else_=None)


def completed(
    codes: Collection[str],
    before: dt.datetime,
    day: Callable[[dt.datetime], dt.date],
    person_ids: Collection[int] | None = None,
) -> dict[int, dict[str, tuple[dt.date, dt.date | None]]]:
    """By person and course the day of the latest completion before a moment, and the certificate's last day.

    What was revoked or corrected later stands as it did then. `day` gives the hospital's date of a moment. With
    `person_ids` None everybody's.
    """
    found: dict[int, dict[str, tuple[dt.date, dt.date | None]]] = {}
    if not codes:
        return found
    statement = (
        select(_c.person_id, _c.course_code, _c.issued_at, _c.valid_until, _CORRECTED.label("first"))
        .outerjoin(_successor, _successor.c.id == _c.superseded_by)
        .where(
            _c.course_code.in_(sorted(codes)),
            _c.issued_at < before,
            or_(_c.revoked_at.is_(None), _c.revoked_at >= before),
            or_(_c.superseded_by.is_(None), _successor.c.issued_at >= before),
        )
        .order_by(_c.issued_at)
    )
    parts = [statement]
    if person_ids is not None:
        parts = [statement.where(_c.person_id.in_(some)) for some in in_batches(person_ids)]
    for part in parts:
        for person_id, code, issued, until, first in db.session.connection().execute(part):
            mine = found.setdefault(person_id, {})
            done = dt.date.fromisoformat(first) if first else day(issued)
            if code not in mine or mine[code][0] <= done:
                mine[code] = (done, until)
    return found
