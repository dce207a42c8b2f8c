"""Decisions about targets: for a profession or role, in the whole hospital or in a unit, from a day on.

Nothing is rewritten: a decision is a row, another one follows it, and what is still ahead can be withdrawn. A
decision begins today at the earliest, so that figures of past days stay what they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, insert, select

from lms.audit.services import record
from lms.changes.services import mark_people
from lms.competency.models import SUBJECTS, WAYS, Competency, TargetChange, TargetWithdrawal
from lms.competency.snapshot import snapshot
from lms.db import db, lock_named
from lms.db import public_id as opaque
from lms.people.queries import unit_by_code
from lms.people.spans import staff_ids, unit_lines_on

LONGEST_REASON = 500
FURTHEST = dt.timedelta(days=3660)


class TargetRefused(ValueError):
    """A decision that cannot stand; `field` names what is wrong, `message` says what was expected."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(message)


@dataclass(frozen=True)
class Wish:
    """A decision as it is asked for. `unit_id` None is the whole hospital; `level` does not matter for `none`."""

    code: str
    competency_id: int
    subject: str
    unit_id: int | None
    unit: str
    way: str
    level: int
    starts: dt.date


@dataclass(frozen=True)
class Decided:
    """A decision that stands. `new` is False where the same one stood already."""

    public_id: str
    new: bool


def wish(code: str, subject: str, unit: str, way: str, level: str, starts: str, *, today: dt.date) -> Wish:
    """Read a decision from words: codes of a competency and a unit (empty: the hospital), a level, a date.

    Raises TargetRefused for the first thing that is not what was expected.
    """
    found = snapshot().by_code(code.strip())
    if found is None or found.retired_on is not None:
        raise TargetRefused(
            "code", _("“%(what)s” is no competency of the framework in force; a code such as A1.", what=code[:40])
        )
    if subject not in SUBJECTS:
        raise TargetRefused(
            "subject",
            _("“%(what)s” has no targets; expected one of %(other)s.", what=subject[:40], other=", ".join(SUBJECTS)),
        )
    place = unit_by_code(unit.strip()) if unit.strip() else None
    if unit.strip() and place is None:
        raise TargetRefused(
            "unit", _("No unit has the code “%(what)s”; leave it empty for the whole hospital.", what=unit[:40])
        )
    if way not in WAYS:
        raise TargetRefused(
            "way", _("“%(what)s” is not known; expected one of %(other)s.", what=way[:40], other=", ".join(WAYS))
        )
    number = _level(way, level)
    try:
        day = dt.date.fromisoformat(starts.strip()) if starts.strip() else today
    except ValueError:
        raise TargetRefused(
            "starts", _("“%(what)s” is not a date; expected one such as 2027-01-31.", what=starts[:40])
        ) from None
    if not today <= day <= today + FURTHEST:
        raise TargetRefused(
            "starts", _("%(day)s is past or too far ahead; expected a day from %(today)s on.", day=day, today=today)
        )
    return Wish(
        found.code, found.id, subject, place.id if place else None, place.code if place else "", way, number, day
    )


def _level(way: str, level: str) -> int:
    if way == "none":
        return 0
    lowest = 1 if way == "at-least" else 0
    text = level.strip()
    if not (text.isascii() and text.isdigit() and lowest <= int(text[:3]) <= 5):
        raise TargetRefused(
            "level", _("“%(what)s” is not a level; expected %(lowest)s to 5.", what=level[:40], lowest=lowest)
        )
    return int(text)


def set_target(asked: Wish, reason: str, *, actor: int | None, now: dt.datetime, today: dt.date) -> Decided:
    """Write a decision; the same one twice stands once. Raises TargetRefused without a reason or for a past day."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise TargetRefused(
            "reason",
            _(
                "Give a reason of 1 to %(longest_reason)s characters: later readers ask why.",
                longest_reason=LONGEST_REASON,
            ),
        )
    if asked.starts < today:
        raise TargetRefused(
            "starts",
            _("%(starts)s is past; a decision holds from %(today)s at the earliest.", starts=asked.starts, today=today),
        )
    lock_named("framework")
    rows = db.session.execute(
        _standing().where(
            TargetChange.competency_id == asked.competency_id, TargetChange.subject == asked.subject,
            TargetChange.unit_id == asked.unit_id if asked.unit_id else TargetChange.unit_id.is_(None),
            TargetChange.starts == asked.starts,
        )
    ).all()  # fmt: skip
    if rows and (rows[-1].way, rows[-1].level) == (asked.way, asked.level):
        return Decided(rows[-1].public_id, False)
    key = opaque()
    chosen = (asked.competency_id, asked.subject, asked.unit_id, asked.way, asked.level, asked.starts)
    _write(key, *chosen, reason, actor, now)
    mark_people(_concerned(asked.unit_id, today))
    record(
        "target.set", "competency", asked.code, actor=actor, now=now, change=key, role=asked.subject,
        unit=asked.unit or None, way=asked.way, level=asked.level, starts=asked.starts.isoformat(),
    )  # fmt: skip
    return Decided(key, True)


def withdraw(public_id: str, *, actor: int | None, now: dt.datetime, today: dt.date) -> bool:
    """Take a decision back that is still ahead; False where it is taken back already.

    Raises TargetRefused for an unknown one, or for one that holds already: that is ended by another decision.
    """
    lock_named("framework")
    change = db.session.execute(
        select(TargetChange.id, TargetChange.unit_id, TargetChange.starts, Competency.code)
        .join(Competency, Competency.id == TargetChange.competency_id)
        .where(TargetChange.public_id == public_id)
    ).first()
    if change is None:
        raise TargetRefused("change", _("This decision is not known."))
    if db.session.get(TargetWithdrawal, change.id) is not None:
        return False
    if change.starts <= today:
        raise TargetRefused(
            "change", _("It holds since %(starts)s; decide anew what holds from now on.", starts=change.starts)
        )
    _take_back([change.id], actor, now)
    mark_people(_concerned(change.unit_id, today))
    record("target.withdraw", "competency", change.code, actor=actor, now=now, change=public_id)
    return True


def end_targets(
    competency_ids: Collection[int], reason: str, *, actor: int | None, now: dt.datetime, today: dt.date
) -> None:
    """End what was decided about competencies that retire: what is ahead is taken back, what holds ends today."""
    if not competency_ids:
        return
    rows = db.session.execute(_standing().where(TargetChange.competency_id.in_(competency_ids))).all()
    ahead = [row.id for row in rows if row.starts > today]
    if ahead:
        _take_back(ahead, actor, now)
    open_now = {(row.competency_id, row.subject, row.unit_id): row.way for row in rows if row.starts <= today}
    for (competency_id, subject, unit_id), way in open_now.items():
        if way != "none":
            _write(opaque(), competency_id, subject, unit_id, "none", 0, today, reason, actor, now)


def _standing() -> Select[Any]:
    """Decisions that were not withdrawn, of one competency, subject and unit in the order in which they hold."""
    columns: tuple[Any, ...] = (
        TargetChange.id, TargetChange.public_id, TargetChange.competency_id, TargetChange.subject,
        TargetChange.unit_id, TargetChange.way, TargetChange.level, TargetChange.starts,
    )  # fmt: skip
    withdrawn = select(TargetWithdrawal.change_id)
    return select(*columns).where(TargetChange.id.not_in(withdrawn)).order_by(TargetChange.starts, TargetChange.id)


def _write(
    key: str, competency_id: int, subject: str, unit_id: int | None, way: str, level: int, starts: dt.date,
    reason: str, actor: int | None, now: dt.datetime,
) -> None:  # fmt: skip
    values = {
        "public_id": key, "competency_id": competency_id, "subject": subject, "unit_id": unit_id, "way": way,
        "level": level, "starts": starts, "reason": reason, "decided_at": now, "decided_by": actor,
    }  # fmt: skip
    db.session.execute(insert(TargetChange).values(**values))


def _take_back(change_ids: Iterable[int], actor: int | None, now: dt.datetime) -> None:
    rows = [{"change_id": change_id, "withdrawn_at": now, "withdrawn_by": actor} for change_id in change_ids]
    db.session.execute(insert(TargetWithdrawal), rows)


def _concerned(unit_id: int | None, today: dt.date) -> tuple[int, ...]:
    """Everybody who ever had a post where the decision holds; their standing knows its days of change."""
    if unit_id is None:
        return staff_ids()
    return staff_ids(unit_ids=[each for each, line in unit_lines_on(today).items() if unit_id in line])
