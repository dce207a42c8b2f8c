"""When people were seen at work, signed off, at a level, for rooms above that report it. Never writes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from lms.competency.ledger import not_withdrawn
from lms.competency.models import Evidence
from lms.competency.snapshot import snapshot
from lms.db import db


def observed(codes: Collection[str], level: int, before: dt.date) -> dict[int, tuple[dt.date, ...]]:
    """The days before `before` on which each person was observed in one of these competencies at `level` or above."""
    ids = [known.id for code in codes if (known := snapshot().by_code(code)) is not None]
    found: dict[int, list[dt.date]] = defaultdict(list)
    statement = select(Evidence.person_id, Evidence.achieved_on).where(
        Evidence.competency_id.in_(ids), Evidence.source == "observation", Evidence.signed_off.is_(True),
        Evidence.level >= level, Evidence.achieved_on < before, not_withdrawn(),
    )  # fmt: skip
    for person_id, day in db.session.execute(statement) if ids else ():
        found[person_id].append(day)
    return {person_id: tuple(days) for person_id, days in found.items()}
