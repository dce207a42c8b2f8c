"""Which levels will fall below target by time alone: what must be renewed, and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from lms.competency.facts import PersonStanding
from lms.competency.models import Standing
from lms.competency.states import states_of
from lms.db import db
from lms.people.queries import in_batches
from lms.people.spans import unit_lines_on

BATCH = 1000


def endings(
    people: Sequence[PersonStanding], days: Sequence[int], *, on: dt.date, folded: bool
) -> dict[int, dict[str, int]]:
    """For each person the competencies at target on a day that will not be some days later, with the first such span.

    `days` are spans in days. Only known evidence counts, with the target of the day. People who will
    have left by then are not said to lose anything. With `folded` the day is today, and the folded
    standings say who cannot change before the last span, so that only the others are looked at.
    """
    watched = {person.person_id: person for person in people}
    if folded:
        horizon = on + dt.timedelta(days=max(days))
        moving = set(db.session.scalars(select(Standing.person_id).where(Standing.changes_on <= horizon)))
        watched = {person_id: person for person_id, person in watched.items() if person_id in moving}
    found: dict[int, dict[str, int]] = {}
    for span in sorted(days):
        day = on + dt.timedelta(days=span)
        lines: Mapping[int, tuple[int, ...]] = unit_lines_on(day)
        for some in in_batches(list(watched), BATCH):
            for person_id, state in states_of(some, day, lines=lines).items():
                if state.units:
                    _note(found.setdefault(person_id, {}), watched[person_id], state.levels, span)
    return {person_id: codes for person_id, codes in found.items() if codes}


def _note(found: dict[str, int], person: PersonStanding, later: str, span: int) -> None:
    for code, place in _order(person.order):
        target = person.target(code)
        if (
            target
            and code not in found
            and person.level(code) >= target > int(later[place] if place < len(later) else 0)
        ):
            found[code] = span


def _order(order: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return order.items()
