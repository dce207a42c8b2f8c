"""What a group of people lack, what lapsed and what ends soon, from standings and ledger. Fold before asking.

Three statements serve any number of people: the snapshot's, the standings, their evidence.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from assessments import mastery
from lms.competency.facts import PersonStanding
from lms.competency.ledger import not_withdrawn
from lms.competency.models import Evidence, Standing
from lms.competency.snapshot import Snapshot, snapshot
from lms.db import db
from lms.people.queries import in_batches

LEARNED = mastery.ceiling("test")  # up to this level people help themselves; above it somebody must see them work
_Points = Mapping[int, Sequence[mastery.EvidencePoint]]


@dataclass(frozen=True)
class Shortfall:
    """One person's position, by competency code in the order of the framework.

    `missing` are below target: `to_learn` the person can raise alone, `to_sign` need to be seen at work.
    `lapsed` once held more than they show now, with the last day on which they did; `ending` are at target
    and fall below it within the span, with their last day. `required` counts the targets.
    """

    missing: tuple[str, ...] = ()
    to_learn: tuple[str, ...] = ()
    to_sign: tuple[str, ...] = ()
    lapsed: Mapping[str, dt.date] = field(default_factory=dict)
    ending: Mapping[str, dt.date] = field(default_factory=dict)
    required: int = 0

    def only(self, codes: Collection[str] | None) -> Shortfall:
        """The same, of these competencies alone; None means all."""
        if codes is None:
            return self
        return Shortfall(
            tuple(code for code in self.missing if code in codes),
            tuple(code for code in self.to_learn if code in codes),
            tuple(code for code in self.to_sign if code in codes),
            {code: day for code, day in self.lapsed.items() if code in codes},
            {code: day for code, day in self.ending.items() if code in codes},
            min(self.required, len(codes)),
        )


def shortfalls(person_ids: Collection[int], *, today: dt.date, within: int = 60) -> dict[int, Shortfall]:
    """The positions of these people; `within` is the span in days in which evidence is said to end."""
    frame = snapshot()
    order = [each.code for each in frame.current]
    people: dict[int, PersonStanding] = {}
    moving: set[int] = set()
    horizon = today + dt.timedelta(days=within)
    columns = (
        Standing.person_id, Standing.profession, Standing.units, Standing.levels, Standing.targets, Standing.changes_on,
    )  # fmt: skip
    for some in in_batches(person_ids):
        for row in db.session.execute(select(*columns).where(Standing.person_id.in_(some))):
            people[row[0]] = PersonStanding(row[0], row[1], tuple(row[2]), row[3], row[4], frame.order)
            if row.changes_on is not None and row.changes_on <= horizon:
                moving.add(row[0])
    behind = {one for one, held in people.items() if any(held.level(code) < held.target(code) for code in order)}
    points = _points(behind | moving, frame, today)
    return {
        person_id: _position(held, points.get(person_id, {}), order, frame, today, horizon)
        for person_id, held in people.items()
    }


def _points(person_ids: Collection[int], frame: Snapshot, on: dt.date) -> dict[int, _Points]:
    """Everything that ever counted for these people up to a day, what has ended too."""
    found: dict[int, dict[int, list[mastery.EvidencePoint]]] = defaultdict(lambda: defaultdict(list))
    columns = (
        Evidence.person_id, Evidence.competency_id, Evidence.source, Evidence.level, Evidence.achieved_on,
        Evidence.valid_until, Evidence.recorded_at, Evidence.signed_off, Evidence.coaching_log,
    )  # fmt: skip
    conditions = (Evidence.passed.is_(True), Evidence.achieved_on <= on, not_withdrawn())
    for some in in_batches(person_ids):
        statement = select(*columns).where(Evidence.person_id.in_(some), *conditions).order_by(Evidence.id)
        rows: Iterator[tuple[Any, ...]] = (tuple(row) for row in db.session.execute(statement))
        for person_id, competency_id, *rest in rows:
            found[person_id][frame.places[competency_id]].append(mastery.EvidencePoint(*rest))
    return dict(found)


def _position(
    person: PersonStanding, points: _Points, order: Sequence[str], frame: Snapshot, today: dt.date, horizon: dt.date
) -> Shortfall:
    required = [code for code in order if person.target(code)]
    missing = [code for code in required if person.level(code) < person.target(code)]
    lapsed: dict[str, dt.date] = {}
    ending: dict[str, dt.date] = {}
    for code in required:
        mine = points.get(frame.order[code], ())
        if code in missing:
            days = [
                point.valid_until
                for point in mine
                if point.valid_until and point.valid_until < today and mastery.counted_level(point) > person.level(code)
            ]
            if days:
                lapsed[code] = max(days)
        elif mine:
            last = _last_day(mine, person.target(code), today, horizon)
            if last is not None:
                ending[code] = last
    return Shortfall(
        tuple(missing),
        tuple(code for code in missing if person.level(code) < min(LEARNED, person.target(code))),
        tuple(code for code in missing if person.level(code) >= LEARNED),
        lapsed,
        ending,
        len(required),
    )


def _last_day(points: Sequence[mastery.EvidencePoint], target: int, today: dt.date, horizon: dt.date) -> dt.date | None:
    """The last day at target where that comes before the horizon; None where the level holds beyond it."""
    day = today
    while True:
        standing = mastery.standing(points, day)
        if standing.level < target:
            return day - dt.timedelta(days=1)
        if standing.next_change is None or standing.next_change > horizon:
            return None
        day = standing.next_change
