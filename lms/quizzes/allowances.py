"""Extra time: who has it, who asks for it, and how long a timed exam then lasts.

An allowance holds for exams that begin after it was granted; the deadline of a running one never moves.
No reason is kept, and what a person wrote with a request is wiped when it is decided.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from lms.audit.services import record
from lms.db import db, insert_ignore, public_id, upsert
from lms.people.queries import person
from lms.quizzes.models import Allowance, TimeRequest

CHOICES = (25, 50, 100)  # per cent of the time limit
MOST = 300
LONGEST_WORDS = 1000


class AllowanceRefused(ValueError):
    """The allowance or the request cannot be kept; the message says what was expected."""


@dataclass(frozen=True)
class AllowanceFacts:
    """Extra time that a person has, in per cent of a time limit."""

    person_id: int
    percent: int
    granted_at: dt.datetime


@dataclass(frozen=True)
class RequestFacts:
    """A request for more time that nobody has decided yet."""

    public_id: str
    person_id: int
    words: str
    asked_at: dt.datetime


def time_for(person_id: int, limit: int) -> dt.timedelta:
    """How long an exam with a limit of so many minutes lasts for this person, begun minutes counted whole."""
    percent = extra_percent(person_id)
    return dt.timedelta(minutes=-(-limit * (100 + percent) // 100))


def extra_percent(person_id: int) -> int:
    """The person's extra time in per cent of a limit, 0 without any."""
    return db.session.scalar(select(Allowance.percent).where(Allowance.person_id == person_id)) or 0


def allowances() -> tuple[AllowanceFacts, ...]:
    """Everybody who has extra time, the latest first."""
    rows = db.session.execute(
        select(Allowance.person_id, Allowance.percent, Allowance.granted_at).order_by(Allowance.granted_at.desc())
    )
    return tuple(AllowanceFacts(*row) for row in rows)


def grant(person_id: int, percent: int, *, actor: int | None, now: dt.datetime) -> None:
    """Give a person this much extra time from now on, 0 takes it back. Raises AllowanceRefused."""
    if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= MOST:
        raise AllowanceRefused(_("The extra time is a whole number of per cent from 0 to %(most)s.", most=MOST))
    if percent == extra_percent(person_id):
        return
    if percent:
        row = {"person_id": person_id, "percent": percent, "granted_by": actor, "granted_at": now}
        upsert(Allowance.__table__, [row], ["person_id"], ["percent", "granted_by", "granted_at"])  # type: ignore[arg-type]
    else:
        db.session.execute(delete(Allowance).where(Allowance.person_id == person_id))
    record("allowance.set", "person", _named(person_id), actor=actor, now=now, percent=percent)


def ask(person_id: int, words: str, *, now: dt.datetime) -> bool:
    """Ask for more time; returns whether it is new. While one request stands, another changes nothing."""
    text = words.strip().replace("\0", "")
    if len(text) > LONGEST_WORDS:
        raise AllowanceRefused(
            _("The request is longer than %(longest_words)s characters.", longest_words=LONGEST_WORDS)
        )
    row = {"public_id": public_id(), "person_id": person_id, "words": text, "asked_at": now, "open_key": 1}
    return insert_ignore(TimeRequest.__table__, [row], ["person_id", "open_key"]) == 1  # type: ignore[arg-type]


def waiting(person_id: int | None = None) -> tuple[RequestFacts, ...]:
    """Requests that nobody has decided yet, of everybody or of one person, the oldest first."""
    statement = select(TimeRequest.public_id, TimeRequest.person_id, TimeRequest.words, TimeRequest.asked_at).where(
        TimeRequest.open_key == 1
    )
    if person_id is not None:
        statement = statement.where(TimeRequest.person_id == person_id)
    rows = db.session.execute(statement.order_by(TimeRequest.asked_at, TimeRequest.id))
    return tuple(RequestFacts(*row) for row in rows)


def decide(request_id: str, percent: int, *, actor: int | None, now: dt.datetime) -> int | None:
    """Decide a request: so much extra time, or 0 for none. Returns the person; None where nothing waits there."""
    row = db.session.execute(
        select(TimeRequest.id, TimeRequest.person_id)
        .where(TimeRequest.public_id == request_id, TimeRequest.open_key == 1)
        .with_for_update()
    ).first()
    if row is None:
        return None
    if percent:
        grant(row.person_id, percent, actor=actor, now=now)
    db.session.execute(
        update(TimeRequest)
        .where(TimeRequest.id == row.id)
        .values(decided_at=now, decided_by=actor, granted=bool(percent), open_key=None, words="")
    )
    if not percent:
        record("allowance.decline", "person", _named(row.person_id), actor=actor, now=now)
    return int(row.person_id)


def _named(person_id: int) -> str:
    """The public id of a person, which the audit trail names."""
    found = person(person_id)
    return found.public_id if found else ""
