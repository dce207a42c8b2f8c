"""Reminding people kindly: one e-mail a person and week at most, whoever presses and however often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from lms.audit.services import record as record_audit
from lms.db import db, insert_ignore
from lms.observations import letters
from lms.observations.models import Nudge
from lms.people.facts import PersonFacts
from lms.people.queries import in_batches

KEEP = dt.timedelta(days=400)


@dataclass(frozen=True)
class Nudged:
    """What a press did: whom an e-mail goes to, who has had one this week, who has no address."""

    sent: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()


def week_of(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def nudge(
    people: Mapping[int, tuple[PersonFacts, Sequence[str]]],
    *,
    sender: str,
    account_id: int,
    today: dt.date,
    now: dt.datetime,
) -> Nudged:
    """Queue an e-mail to each of these people, by internal id with what is open for them."""
    week = week_of(today)
    had = nudged_in_week(people, today)
    sent, already, unreachable = [], [], []
    for person_id, (who, codes) in people.items():
        if person_id in had:
            already.append(who.name)
        elif not who.email:
            unreachable.append(who.name)
        else:
            row = {"person_id": person_id, "week": week, "by_id": account_id, "at": now}
            if not insert_ignore(Nudge.__table__, [row], ["person_id", "week"]):  # type: ignore[arg-type]
                already.append(who.name)
            elif letters.nudge(who, sender, codes, f"nudge:{person_id}:{week.isoformat()}", now=now):
                record_audit("team.nudge", "person", who.public_id, actor=account_id, now=now, codes=list(codes))
                sent.append(who.name)
            else:
                db.session.execute(delete(Nudge).where(Nudge.person_id == person_id, Nudge.week == week))
                unreachable.append(who.name)
    return Nudged(tuple(sent), tuple(already), tuple(unreachable))


def nudged_in_week(person_ids: Mapping[int, object] | Sequence[int], today: dt.date) -> dict[int, dt.datetime]:
    """Who of these people had an e-mail in the week of a day, and when."""
    found: dict[int, dt.datetime] = {}
    for some in in_batches(list(person_ids)):
        statement = select(Nudge.person_id, Nudge.at).where(Nudge.person_id.in_(some), Nudge.week == week_of(today))
        found.update((person_id, at) for person_id, at in db.session.execute(statement))
    return found
