"""Who is told what on a day: the person, the manager, the CMIO. Pure; knows neither e-mail nor database.

A person is told once when 30, 7 and 1 days are left and once when it is overdue; several things go in one e-mail.
Managers get one list a week of what is overdue for more than seven days. The CMIO gets figures once a month, no names.
Whoever is on leave is left in peace, and nothing waits for them that day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lms.assignments.facts import PersonObligations
from lms.assignments.obligations import WAITING, Obligation

STEPS = (1, 7, 30)  # days left, the nearest first
ESCALATE_DAYS = 7
OVERDUE = "overdue"


@dataclass(frozen=True)
class Due:
    """One reminder: what, at which step, and the key under which it goes out once."""

    obligation: Obligation
    step: str  # 30, 7, 1 or overdue
    key: str


def step_of(each: Obligation, today: dt.date) -> str | None:
    """The step that an obligation has reached on a day; None where nobody need be told."""
    if each.state == OVERDUE:
        return OVERDUE
    if each.state not in WAITING or each.due_on is None or each.due_on < today or not each.mandatory:
        return None
    left = (each.due_on - today).days
    return next((str(step) for step in STEPS if left <= step), None)


def due_for(person: PersonObligations, today: dt.date) -> tuple[Due, ...]:
    """What a person is to be told on a day, if it has not gone out before. Nothing while they are away."""
    if person.away:
        return ()
    found = []
    for each in person.obligations:
        step = step_of(each, today)
        if step is not None:
            day = each.due_on.isoformat() if each.due_on else ""
            found.append(Due(each, step, f"due:{person.person_id}:{each.source}:{day}:{step}"))
    return tuple(found)


def overdue_long(person: PersonObligations, today: dt.date) -> tuple[Obligation, ...]:
    """What is overdue for more than seven days, for the manager's list."""
    if person.away:
        return ()
    limit = today - dt.timedelta(days=ESCALATE_DAYS)
    return tuple(each for each in person.obligations if each.state == OVERDUE and each.due_on and each.due_on < limit)


def for_managers(
    people: Iterable[PersonObligations], today: dt.date
) -> dict[int, list[tuple[int, tuple[Obligation, ...]]]]:
    """By manager the people of theirs with something overdue for more than seven days."""
    found: dict[int, list[tuple[int, tuple[Obligation, ...]]]] = defaultdict(list)
    for person in people:
        late = overdue_long(person, today)
        for manager in person.managers if late else ():
            if manager != person.person_id:
                found[manager].append((person.person_id, late))
    return dict(found)


def week_key(manager_id: int, today: dt.date) -> str:
    """One list a manager and week."""
    year, week, _ = today.isocalendar()
    return f"team:{manager_id}:{year}-{week:02d}"


def month_key(account_id: int, today: dt.date) -> str:
    """One set of figures a reader and month."""
    return f"figures:{account_id}:{today:%Y-%m}"


def day_key(today: dt.date) -> str:
    """The day's round itself, so that it is made once."""
    return f"round:{today.isoformat()}"
