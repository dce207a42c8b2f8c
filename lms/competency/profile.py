"""One person's competence on a day, with the evidence behind it; reckoned live from the ledger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from assessments import mastery
from lms.competency.facts import CompetencyStanding, EvidenceFacts
from lms.competency.models import Evidence, EvidenceWithdrawal
from lms.competency.requirements import because, required
from lms.competency.snapshot import Snapshot, snapshot
from lms.db import db
from lms.people.spans import posts_of, professions_on, unit_lines_on

_Row = Row[*tuple[Any, ...]]
_COLUMNS = (
    Evidence.competency_id, Evidence.public_id, Evidence.source, Evidence.level, Evidence.passed, Evidence.signed_off,
    Evidence.coaching_log, Evidence.achieved_on, Evidence.valid_until, Evidence.recorded_at, Evidence.document,
    Evidence.stated, Evidence.key, EvidenceWithdrawal.at, EvidenceWithdrawal.reason,
)  # fmt: skip


def profile(
    person_id: int, on: dt.date, frame: Snapshot | None = None, profession: str | None = None
) -> tuple[CompetencyStanding, ...]:
    """The person's standing in every competency of the framework in force, in its order.

    Targets are those of the posts held on the day, on leave or not. `frame` and the person's
    `profession` on the day spare asking for them again.
    """
    frame = frame or snapshot()
    profession = profession or professions_on([person_id], on).get(person_id, "other")
    held = [post for post in posts_of([person_id], until=on) if post.covers(on)]
    lines = unit_lines_on(on) if held and frame.local.spans else {post.unit_id: (post.unit_id,) for post in held}
    digits = required(frame, profession, held, lines, on)
    reasons = because(frame, profession, held, lines, on)
    rows: dict[int, list[_Row]] = defaultdict(list)
    statement = (
        select(*_COLUMNS)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == Evidence.id)
        .where(Evidence.person_id == person_id, Evidence.achieved_on <= on)
    )
    for row in db.session.execute(statement.order_by(Evidence.id)):
        rows[row.competency_id].append(row)
    found = []
    for each in frame.current:
        mine = rows.get(each.id, [])
        standing = mastery.standing([_point(row) for row in mine if row.at is None], on)
        found.append(
            CompetencyStanding(
                code=each.code,
                title=each.title,
                domain=each.domain,
                critical=each.critical,
                level=standing.level,
                target=int(digits[frame.places[each.id]]),
                sources=dict(standing.by_source),
                valid_until=standing.valid_until,
                history=_history(mine, on),
                renewed_by=max(standing.by_source, key=standing.by_source.__getitem__, default=""),
                because=reasons.get(frame.places[each.id], ()),
            )
        )
    return tuple(found)


def _point(row: _Row) -> mastery.EvidencePoint:
    return mastery.EvidencePoint(
        row.source, row.level, row.achieved_on, row.valid_until, row.recorded_at, row.signed_off, row.coaching_log,
        row.passed,
    )  # fmt: skip


def _age(row: _Row) -> tuple[dt.date, dt.datetime, int]:
    return row.achieved_on, row.recorded_at, mastery.counted_level(_point(row))


def _history(rows: Sequence[_Row], on: dt.date) -> tuple[EvidenceFacts, ...]:
    """Every piece, the newest first; per source the newest that passed and still holds counts."""
    found: list[EvidenceFacts] = []
    counted: set[str] = set()
    for row in sorted(rows, key=_age, reverse=True):
        holds = row.valid_until is None or row.valid_until >= on
        counts = row.passed and holds and row.at is None and row.source not in counted
        if counts:
            counted.add(row.source)
        found.append(
            EvidenceFacts(
                public_id=row.public_id,
                source=row.source,
                level=row.level,
                passed=row.passed,
                signed_off=row.signed_off,
                coaching_log=row.coaching_log,
                achieved_on=row.achieved_on,
                valid_until=row.valid_until,
                recorded_at=row.recorded_at,
                document=row.document,
                counts=counts,
                stated=row.level if row.stated is None else row.stated,
                basis=row.key,
                withdrawn_at=row.at,
                withdrawn_because=row.reason or "",
            )
        )
    return tuple(found)
