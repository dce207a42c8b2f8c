"""Which piece of evidence holds a person's level up on a day: its source, and until when it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import or_, select

from lms.competency.facts import CompetencyFacts
from lms.competency.ledger import not_withdrawn
from lms.competency.models import Evidence
from lms.db import db
from lms.people.queries import in_batches


def carrying(
    levels: Mapping[int, int], competency: CompetencyFacts, as_of: dt.date
) -> dict[int, tuple[str, dt.date, dt.date | None]]:
    """Of each person (with their level) the newest unexpired evidence at that level: source, achieved, valid until."""
    found: dict[int, tuple[str, dt.date, dt.date | None]] = {}
    columns = (Evidence.person_id, Evidence.source, Evidence.level, Evidence.achieved_on, Evidence.valid_until)
    conditions = (
        Evidence.competency_id == competency.id,
        Evidence.passed.is_(True),
        not_withdrawn(),
        Evidence.achieved_on <= as_of,
        or_(Evidence.valid_until.is_(None), Evidence.valid_until >= as_of),
    )
    for some in in_batches(list(levels)):
        statement = select(*columns).where(Evidence.person_id.in_(some), *conditions).order_by(Evidence.achieved_on)
        for person_id, source, level, achieved, until in db.session.execute(statement):
            if level == levels[person_id]:
                found[person_id] = (source, achieved, until)
    return found
