"""The log of coaching others: written by the coach, confirmed by the coached, part of what level 4 needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, update

from assessments import mastery
from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.db import db, insert_ignore, public_id
from lms.observations.models import CoachingEntry
from lms.observations.refusals import Refused, refuse_unstorable

NEEDED = mastery.COACHING_ENTRIES
LONGEST = 1000
OLDEST_DAYS = 90


@dataclass(frozen=True)
class Entry:
    """One entry of a coaching log."""

    public_id: str
    coach_id: int
    person_id: int
    competency: str
    coached_on: dt.date
    minutes: int
    practised: str
    state: str  # waiting, confirmed or declined
    answered_at: dt.datetime | None


def faults(
    coach_id: int,
    person_id: int | None,
    competency: str | None,
    coached_on: dt.date | None,
    minutes: int | None,
    practised: str,
    *,
    today: dt.date,
) -> Iterator[Refused]:
    """Everything that keeps an entry from being written, so that a form can say all of it at once.

    None is what a form left open; the form says so itself.
    """
    if coach_id == person_id:
        yield Refused("person", _("Coaching takes two: name the colleague you coached."), "person")
    if competency is not None and competency not in {each.code for each in competencies()}:
        yield Refused(
            "competency",
            _("%(competency)r is not a competency of the framework in force.", competency=competency),
            "competency",
        )
    if coached_on and not today - dt.timedelta(days=OLDEST_DAYS) <= coached_on <= today:
        yield Refused(
            "date", _("The day lies within the last %(oldest_days)s days.", oldest_days=OLDEST_DAYS), "coached_on"
        )
    if minutes is not None and not 1 <= minutes <= 600:
        yield Refused("minutes", _("Give the minutes, 1 to 600."), "minutes")
    if not practised:
        yield Refused("practised", _("Say in a line what was practised."), "practised")
    try:
        refuse_unstorable(practised, LONGEST, "practised", _("What was practised"))
    except Refused as fault:
        yield fault


def write(
    coach_id: int,
    person_id: int,
    competency: str,
    coached_on: dt.date,
    minutes: int,
    practised: str,
    *,
    key: str,
    actor: int,
    today: dt.date,
    now: dt.datetime,
) -> str:
    """Write down a time of coaching; the coached person is asked to confirm. Returns the public id.

    The same `key` again is the same entry. Raises Refused.
    """
    practised = practised.strip()
    for fault in faults(coach_id, person_id, competency, coached_on, minutes, practised, today=today):
        raise fault
    values = {
        "public_id": public_id(), "key": key, "coach_id": coach_id, "person_id": person_id,
        "competency_code": competency, "coached_on": coached_on, "minutes": minutes, "practised": practised,
        "state": "waiting", "written_at": now, "answered_at": None,
    }  # fmt: skip
    new = insert_ignore(CoachingEntry.__table__, [values], ["key"]) > 0  # type: ignore[arg-type]
    found = db.session.scalars(select(CoachingEntry.public_id).where(CoachingEntry.key == key)).one()
    if new:
        record_audit("coaching.write", "coaching", found, actor=actor, now=now, competency=competency)
    return found


def answer(public: str, confirmed: bool, *, person_id: int, actor: int, now: dt.datetime) -> None:
    """The coached person confirms or declines, once. Raises LookupError where the entry is not theirs."""
    mine = (CoachingEntry.public_id == public, CoachingEntry.person_id == person_id)
    state = db.session.scalar(select(CoachingEntry.state).where(*mine))
    if state is None:
        raise LookupError(public)
    said = "confirmed" if confirmed else "declined"
    change = update(CoachingEntry).where(*mine, CoachingEntry.state == "waiting").values(state=said, answered_at=now)
    if getattr(db.session.execute(change), "rowcount", 0):
        record_audit(f"coaching.{said}", "coaching", public, actor=actor, now=now)


def log_holds(person_id: int, competency: str, on: dt.date) -> bool:
    """Whether a coach's confirmed entries in a competency are enough for level 4 on a day."""
    critical = next((each.critical for each in competencies() if each.code == competency), False)
    days = db.session.scalars(
        select(CoachingEntry.coached_on).where(
            CoachingEntry.coach_id == person_id,
            CoachingEntry.competency_code == competency,
            CoachingEntry.state == "confirmed",
        )
    )
    return mastery.coaching_log_holds(days, on, critical)


def entries_of_coach(coach_id: int) -> tuple[Entry, ...]:
    """A coach's log, the newest first."""
    return _read(CoachingEntry.coach_id == coach_id)


def to_confirm(person_id: int) -> tuple[Entry, ...]:
    """The entries that wait for this person's word, the newest first."""
    return _read((CoachingEntry.person_id == person_id) & (CoachingEntry.state == "waiting"))


def of_person(person_id: int) -> tuple[Entry, ...]:
    """Every entry in which the person coached or was coached."""
    return _read(or_(CoachingEntry.person_id == person_id, CoachingEntry.coach_id == person_id))


def _read(condition: ColumnElement[bool]) -> tuple[Entry, ...]:
    columns = (
        CoachingEntry.public_id, CoachingEntry.coach_id, CoachingEntry.person_id, CoachingEntry.competency_code,
        CoachingEntry.coached_on, CoachingEntry.minutes, CoachingEntry.practised, CoachingEntry.state,
        CoachingEntry.answered_at,
    )  # fmt: skip
    order = (CoachingEntry.coached_on.desc(), CoachingEntry.id.desc())
    return tuple(Entry(*row) for row in db.session.execute(select(*columns).where(condition).order_by(*order)))
