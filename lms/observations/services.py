"""Recording what a supervisor saw at work, signed by being recorded.

An observation counts as signed evidence of level 1 to 3. Level 4 also needs a coaching log and
level 5 a panel, so a form that claims them is refused and not quietly lowered.
"""

from __future__ import annotations

import datetime as dt
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


def record(
    person_id: int,
    competency: str,
    level: int,
    note: str,
    *,
    observer_account: int,
    observer_person: int,
    key: str,
    observed_on: dt.date,
    today: dt.date,
    now: dt.datetime,
) -> Recorded:
    """Record and sign an observation; the caller has checked that the observer is entitled to.

    `key` makes a repeat harmless: the same key returns what was recorded first. Raises Refused.
    """
    note = note.strip()
    _check(competency, level, note, observed_on, today)
    if person_id == observer_person:
        raise Refused("self", "Nobody signs off their own competence. Ask a colleague who is entitled to.", "person")
    values = {
        "public_id": public_id(),
        "key": key,
        "person_id": person_id,
        "competency_code": competency,
        "level": level,
        "note": note,
        "observer_id": observer_account,
        "observed_on": observed_on,
        "signed_at": now,
    }
    new = insert_ignore(Observation.__table__, [values], ["key"]) == 1  # type: ignore[arg-type]
    row = db.session.execute(select(Observation).where(Observation.key == key)).scalar_one()
    if row.person_id != person_id or row.observer_id != observer_account:
        raise Refused("key", "This key was used for another observation.", "key")
    if new:
        record_evidence(
            person_id,
            competency,
            "observation",
            level,
            observed_on,
            key=f"observation:{row.public_id}",
            actor=observer_account,
            now=now,
            signed_off=True,
        )
        record_audit(
            "observation.sign",
            "observation",
            row.public_id,
            actor=observer_account,
            now=now,
            competency=competency,
            level=level,
        )
    return Recorded(row.public_id, row.competency_code, row.level, row.observed_on, new)
