"""The evidence ledger: append-only, dated, sourced. Ceilings and validity come from `assessments.mastery`.

Nothing here changes or removes a row; what is withdrawn stays and counts no longer. Evidence that a
key names already is not written again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, insert, or_, select

from assessments import mastery
from lms.changes.services import mark_people
from lms.competency.models import SOURCES, Evidence, EvidenceWithdrawal
from lms.competency.snapshot import Snapshot, snapshot
from lms.db import among, db, insert_ignore, public_id
from lms.people.queries import in_batches

Points = dict[int, dict[int, list[mastery.EvidencePoint]]]  # by person, then by the competency's digit


class EvidenceRefused(ValueError):
    """The evidence cannot be kept; `kind` is one word for it and the message says what was expected."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


@dataclass(frozen=True)
class EvidenceEntry:
    """A piece of evidence to be recorded; `key` names what it rests on, so that a repeat is harmless.

    `level` is what the source states; the ledger keeps it under the source's ceiling.
    """

    person_id: int
    competency_code: str
    source: str
    level: int
    achieved_on: dt.date
    key: str
    passed: bool = True
    signed_off: bool = False
    coaching_log: bool = False
    document: str = ""


def record_evidence(
    person_id: int,
    competency_code: str,
    source: str,
    level: int,
    achieved_on: dt.date,
    *,
    key: str,
    actor: int | None,
    now: dt.datetime,
    passed: bool = True,
    signed_off: bool = False,
    coaching_log: bool = False,
    document: str = "",
) -> bool:
    """Record one piece of evidence; returns whether it is new. Raises EvidenceRefused."""
    entry = EvidenceEntry(
        person_id, competency_code, source, level, achieved_on, key, passed, signed_off, coaching_log, document
    )
    row = _row(entry, snapshot(), actor, now)
    new = insert_ignore(Evidence.__table__, [row], ["key"]) > 0  # type: ignore[arg-type]
    if new:
        mark_people([person_id])
    return new


def record_many(entries: Sequence[EvidenceEntry], *, actor: int | None, now: dt.datetime) -> int:
    """Record evidence in bulk; returns how many pieces are new. Raises EvidenceRefused before writing any."""
    frame = snapshot()
    rows = {entry.key: _row(entry, frame, actor, now) for entry in entries}
    known = known_keys(rows)
    fresh = [row for key, row in rows.items() if key not in known]
    for batch in in_batches(fresh, 5000):
        db.session.execute(insert(Evidence), batch)
    mark_people(row["person_id"] for row in fresh)
    return len(fresh)


def known_keys(keys: Iterable[str]) -> set[str]:
    """Which of these keys the ledger knows already."""
    found: set[str] = set()
    for some in in_batches(list(keys)):
        found.update(db.session.scalars(select(Evidence.key).where(Evidence.key.in_(some))))
    return found


def _row(entry: EvidenceEntry, frame: Snapshot, actor: int | None, now: dt.datetime) -> dict[str, Any]:
    competency = frame.by_code(entry.competency_code)
    if competency is None:
        raise EvidenceRefused(
            "competency",
            _("%(competency_code)r is not a competency of the framework.", competency_code=entry.competency_code),
        )
    if entry.source not in SOURCES:
        raise EvidenceRefused(
            "source",
            _("%(source)r is not a source; expected one of %(what)s.", source=entry.source, what=", ".join(SOURCES)),
        )
    if not 0 <= entry.level <= 5:
        raise EvidenceRefused("level", _("The level is %(level)s; 0 to 5 was expected.", level=entry.level))
    return {
        "public_id": public_id(),
        "key": entry.key,
        "person_id": entry.person_id,
        "competency_id": competency.id,
        "source": entry.source,
        "level": capped(entry),
        "passed": entry.passed,
        "signed_off": entry.signed_off,
        "coaching_log": entry.coaching_log,
        "achieved_on": entry.achieved_on,
        "valid_until": mastery.valid_until(entry.achieved_on, competency.critical),
        "recorded_at": now,
        "recorded_by": actor,
        "document": entry.document,
        "stated": entry.level if entry.level > capped(entry) else None,
    }


def capped(entry: EvidenceEntry) -> int:
    """The level of an entry under its source's ceiling."""
    return min(entry.level, mastery.ceiling(entry.source, entry.signed_off, entry.coaching_log))


def withdraw_evidence(key: str, reason: str, *, actor: int | None, now: dt.datetime) -> bool:
    """Let a piece of evidence count no longer; it stays on record with the reason. Repeated, nothing changes.

    Returns whether it counted until now; False also where the ledger knows no such key.
    """
    row = db.session.execute(select(Evidence.id, Evidence.person_id).where(Evidence.key == key)).first()
    if row is None:
        return False
    values = {"evidence_id": row.id, "at": now, "by_id": actor, "reason": reason}
    new = insert_ignore(EvidenceWithdrawal.__table__, [values], ["evidence_id"]) > 0  # type: ignore[arg-type]
    if new:
        mark_people([row.person_id])
    return new


def not_withdrawn(known_by: dt.datetime | None = None) -> ColumnElement[bool]:
    """A condition on Evidence: it was not withdrawn, or not yet at a moment."""
    gone = exists().where(EvidenceWithdrawal.evidence_id == Evidence.id)
    return ~(gone if known_by is None else gone.where(EvidenceWithdrawal.at <= known_by))


def points_of(
    person_ids: Collection[int],
    *,
    on: dt.date,
    ahead: bool = False,
    known_by: dt.datetime | None = None,
    competency_ids: Collection[int] | None = None,
) -> Points:
    """What can count for these people on a day, or later too with `ahead`; in the order of recording.

    Left out is only what the rule ignores anyway: what failed or was withdrawn, what had expired by then
    and, without `ahead`, what was achieved after it. `known_by` leaves out what was recorded or withdrawn later,
    `competency_ids` all other competencies.
    """
    conditions: list[ColumnElement[bool]] = [
        Evidence.passed.is_(True),
        or_(Evidence.valid_until.is_(None), Evidence.valid_until >= on),
        not_withdrawn(known_by),
    ]
    if not ahead:
        conditions.append(Evidence.achieved_on <= on)
    if known_by is not None:
        conditions.append(Evidence.recorded_at <= known_by)
    if competency_ids is not None:
        conditions.append(Evidence.competency_id.in_(competency_ids))
    columns = (
        Evidence.person_id, Evidence.competency_id, Evidence.source, Evidence.level, Evidence.achieved_on,
        Evidence.valid_until, Evidence.recorded_at, Evidence.signed_off, Evidence.coaching_log,
    )  # fmt: skip
    places = snapshot().places
    found: Points = defaultdict(lambda: defaultdict(list))
    for some in in_batches(person_ids):
        statement = select(*columns).where(and_(among(Evidence.person_id, some), *conditions)).order_by(Evidence.id)
        for person_id, competency_id, source, level, achieved, until, recorded, signed, log in db.session.execute(
            statement
        ):
            point = mastery.EvidencePoint(source, level, achieved, until, recorded, signed, log)
            found[person_id][places[competency_id]].append(point)
    return found


def people_with_evidence() -> Iterable[int]:
    """Internal ids of everybody the ledger knows."""
    return db.session.scalars(select(Evidence.person_id).distinct())


def people_after(person_id: int, size: int) -> Sequence[int]:
    """The next internal ids, after this one, of people whom the ledger knows; at most `size`."""
    statement = select(Evidence.person_id).distinct().where(Evidence.person_id > person_id)
    return db.session.scalars(statement.order_by(Evidence.person_id).limit(size)).all()
