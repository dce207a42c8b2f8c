"""Recording what a supervisor saw at work, signed by being recorded.

An observation counts as signed evidence of level 1 to 3. Level 4 also needs a coaching log and
level 5 a panel, so a form that claims them is refused and not quietly lowered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.competency.services import record_evidence
from lms.db import db, insert_ignore, public_id
from lms.observations.models import Observation

HIGHEST = 3
LONGEST_NOTE = 2000
OLDEST_DAYS = 365


class Refused(Exception):
    """The observation cannot be recorded. `kind` is a machine word, `field` the form field at fault."""

    def __init__(self, kind: str, message: str, field: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.field = field


@dataclass(frozen=True)
class Recorded:
    """A recorded observation."""

    public_id: str
    competency: str
    level: int
    note: str
    observed_on: dt.date
    new: bool


def _check(competency: str, level: object, note: str, observed_on: dt.date, today: dt.date) -> None:
    known = {row.code for row in competencies()}
    if competency not in known:
        raise Refused(
            "unknown-competency", f"{competency!r} is not a competency of the framework in force.", "competency"
        )
    if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= 5:
        raise Refused("level", "The level is a whole number from 1 to 3.", "level")
    if level > HIGHEST:
        need = "a coaching log" if level == 4 else "a panel"
        raise Refused("level", f"An observation records level 1 to 3; level {level} also needs {need}.", "level")
    if observed_on > today:
        raise Refused("date", "The day of the observation cannot be in the future.", "observed_on")
    if (today - observed_on).days > OLDEST_DAYS:
        raise Refused(
            "date",
            "An observation older than a year is prior learning and comes in by the training file.",
            "observed_on",
        )
    if len(note) > LONGEST_NOTE:
        raise Refused("note", f"The note is longer than {LONGEST_NOTE} characters.", "note")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in note):
        raise Refused("note", "The note holds characters that cannot be stored.", "note")


def record(
    person_id: int,
    competency: str,
    level: int,
    note: str,
    *,
    observer_account: int,
    observer_person: int,
    key: str | None,
    observed_on: dt.date,
    today: dt.date,
    now: dt.datetime,
) -> Recorded:
    """Record and sign an observation; the caller has checked that the observer is entitled to.

    A repeat is harmless and returns what was recorded first: the same content under the same `key`, or
    without a key the same content as this person's latest observation in the competency. Raises Refused.
    """
    note = note.strip()
    _check(competency, level, note, observed_on, today)
    if person_id == observer_person:
        raise Refused("self", "Nobody signs off their own competence. Ask a colleague who is entitled to.", "person")
    content = (person_id, competency, level, note, observed_on.isoformat(), observer_account)
    if key is None:
        latest = _latest(person_id, competency)
        if latest is not None and _content(latest) == content:
            return _recorded(latest, False)
        key = f"after {latest.id if latest else 0}"
    kept_key = hashlib.sha256("\x1f".join(map(str, (key, *content))).encode()).hexdigest()
    values = {
        "public_id": public_id(),
        "key": kept_key,
        "person_id": person_id,
        "competency_code": competency,
        "level": level,
        "note": note,
        "observer_id": observer_account,
        "observed_on": observed_on,
        "signed_at": now,
    }
    new = insert_ignore(Observation.__table__, [values], ["key"]) == 1  # type: ignore[arg-type]
    row = db.session.execute(select(Observation).where(Observation.key == kept_key)).scalar_one()
    if new:
        _hand_on(row, now)
    return _recorded(row, new)


def _hand_on(row: Observation, now: dt.datetime) -> None:
    """What follows from a new observation: evidence in the ledger, an entry in the audit trail."""
    record_evidence(
        row.person_id, row.competency_code, "observation", row.level, row.observed_on,
        key=f"observation:{row.public_id}", actor=row.observer_id, now=now, signed_off=True,
    )  # fmt: skip
    record_audit(
        "observation.sign", "observation", row.public_id, actor=row.observer_id, now=now,
        competency=row.competency_code, level=row.level,
    )  # fmt: skip


def _latest(person_id: int, competency: str) -> Observation | None:
    mine = (Observation.person_id == person_id, Observation.competency_code == competency)
    return db.session.scalars(select(Observation).where(*mine).order_by(Observation.id.desc()).limit(1)).first()


def _content(row: Observation) -> tuple[int, str, int, str, str, int]:
    return row.person_id, row.competency_code, row.level, row.note, row.observed_on.isoformat(), row.observer_id


def _recorded(row: Observation, new: bool) -> Recorded:
    return Recorded(row.public_id, row.competency_code, row.level, row.note, row.observed_on, new)
