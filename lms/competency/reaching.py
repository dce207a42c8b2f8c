"""Since when and until when people hold a level in one competency, from the ledger. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from assessments import mastery
from lms.competency.models import Evidence, EvidenceWithdrawal
from lms.competency.snapshot import snapshot
from lms.db import db
from lms.people.queries import in_batches

_COLUMNS = (
    Evidence.source, Evidence.level, Evidence.achieved_on, Evidence.valid_until, Evidence.recorded_at,
    Evidence.signed_off, Evidence.coaching_log, Evidence.passed,
)  # fmt: skip


def reached(
    code: str, level: int, on: dt.date, person_ids: Collection[int] | None = None
) -> dict[int, tuple[dt.date, dt.date | None]]:
    """Who is at `level` or above in a competency on a day: the day of the newest evidence that holds it up, and the
    last day of the present level. Of these people, or with None of everybody."""
    competency = snapshot().by_code(code)
    if competency is None:
        return {}
    statement = (
        select(Evidence.person_id, *_COLUMNS)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == Evidence.id)
        .where(
            Evidence.competency_id == competency.id,
            Evidence.achieved_on <= on,
            EvidenceWithdrawal.evidence_id.is_(None),
        )
    )
    parts = [statement]
    if person_ids is not None:
        parts = [statement.where(Evidence.person_id.in_(some)) for some in in_batches(person_ids)]
    points: dict[int, list[mastery.EvidencePoint]] = defaultdict(list)
    for part in parts:
        for row in db.session.execute(part):
            points[row[0]].append(mastery.EvidencePoint(*row[1:]))
    found: dict[int, tuple[dt.date, dt.date | None]] = {}
    for person_id, mine in points.items():
        standing = mastery.standing(mine, on)
        if standing.level >= level:
            holding = [point.achieved for point in mine if point.passed and mastery.counted_level(point) >= level]
            found[person_id] = (max(holding, default=on), standing.valid_until)
    return found
