"""Which levels will fall below target by time alone: what must be renewed, and by when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from assessments import mastery
from lms.competency.facts import PersonStanding
from lms.competency.ledger import points_of
from lms.competency.models import Standing
from lms.db import among, db
from lms.people.facts import LeaveSpan, PostSpan
from lms.people.queries import in_batches
from lms.people.spans import leaves_of, posts_of

BATCH = 1000


def endings(
    people: Sequence[PersonStanding], days: Sequence[int], *, on: dt.date, folded: bool
) -> dict[int, dict[str, int]]:
    """For each person the competencies at target on a day that will not be some days later, with the first such span.

    `days` are spans in days. Only evidence achieved by the day counts, with the target of the day.
    People who will be away or have left by then are not said to lose anything. With `folded` the
    day is today, and the folded standings say who cannot change before the last span, so that only
    the others are looked at.
    """
    return endings_in(people, (days,), on=on, folded=folded)[0]


def endings_in(
    people: Sequence[PersonStanding], sets: Sequence[Sequence[int]], *, on: dt.date, folded: bool
) -> tuple[dict[int, dict[str, int]], ...]:
    """The same as `endings` for several sets of spans at once, each by itself; the ledger is read once."""
    watched = {person.person_id: person for person in people}
    if folded:
        horizon = on + dt.timedelta(days=max(max(days) for days in sets))
        moving: set[int] = set()
        for some in in_batches(list(watched), BATCH):
            soon = select(Standing.person_id).where(among(Standing.person_id, some), Standing.changes_on <= horizon)
            moving.update(db.session.scalars(soon))
        watched = {person_id: person for person_id, person in watched.items() if person_id in moving}
    spans = {span: on + dt.timedelta(days=span) for span in sorted({span for days in sets for span in days})}
    found: tuple[dict[int, dict[str, int]], ...] = tuple({} for _ in sets)
    for some in in_batches(list(watched), BATCH):
        points = points_of(some, on=on)
        present = _present(some, on, spans)
        for person_id in some:
            lost = _lost(watched[person_id], points.get(person_id, {}), present[person_id], on)
            for days, into in zip(sets, found, strict=True):
                mine = {code: first for code, gone in lost.items() for first in [_first(gone, days)] if first}
                if mine:
                    into[person_id] = mine
    return found


def _first(gone: Collection[int], days: Sequence[int]) -> int | None:
    return min((span for span in days if span in gone), default=None)


def _present(person_ids: Sequence[int], on: dt.date, spans: Mapping[int, dt.date]) -> dict[int, dict[int, dt.date]]:
    """By person the spans on whose day they will be at work, as far as is known."""
    posts: dict[int, list[PostSpan]] = defaultdict(list)
    for post in posts_of(person_ids, until=on):
        posts[post.person_id].append(post)
    leaves: dict[int, list[LeaveSpan]] = defaultdict(list)
    for leave in leaves_of(person_ids, until=on):
        leaves[leave.person_id].append(leave)
    return {
        person_id: {
            span: day
            for span, day in spans.items()
            if any(post.covers(day) for post in posts[person_id])
            and not any(leave.covers(day) for leave in leaves[person_id])
        }
        for person_id in person_ids
    }


def _lost(
    person: PersonStanding,
    points: Mapping[int, Sequence[mastery.EvidencePoint]],
    spans: Mapping[int, dt.date],
    on: dt.date,
) -> dict[str, set[int]]:
    """The competencies that a person loses, each with the spans after which it is below target."""
    found: dict[str, set[int]] = {}
    last = max(spans.values(), default=on)
    for code, place in person.order.items():
        target = person.target(code)
        if not target or person.level(code) < target:
            continue
        mine = points.get(place, ())
        until = mastery.standing(mine, on).valid_until
        if until is None or until >= last:
            continue  # nothing falls before the last day of the present level, which spares most of the reckoning
        gone = {span for span, day in spans.items() if day > until and mastery.standing(mine, day).level < target}
        if gone:
            found[code] = gone
    return found
