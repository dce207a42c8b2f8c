"""The people behind a cell, for those entitled to see them. Reads only; every look is audited by the view."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from lms.competency.facts import CompetencyFacts, PersonStanding
from lms.competency.models import Evidence
from lms.competency.queries import people_on, standings
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.queries import in_batches, people_by_ids, units
from lms.people.spans import posts_of


@dataclass(frozen=True)
class BehindCell:
    """One counted person of a cell: where they work, level against target, and the evidence that carries the level."""

    public_id: str
    name: str
    profession: str
    units: tuple[str, ...]
    level: int
    target: int
    source: str
    achieved_on: dt.date | None
    valid_until: dt.date | None

    @property
    def at_target(self) -> bool:
        """Whether the level reaches the target."""
        return self.level >= self.target


def behind_cell(
    unit: UnitFacts, competency: CompetencyFacts, as_of: dt.date, today: dt.date, profession: str | None = None
) -> tuple[BehindCell, ...]:
    """Everybody counted in a cell, those below target first. Fold before asking for today."""
    if as_of == today:
        counted = standings(unit_ids=[unit.id], profession=profession)
    else:
        counted = tuple(people_on(as_of, unit_ids=[unit.id], profession=profession))
    needing = [person for person in counted if person.target(competency.code)]
    ids = [person.person_id for person in needing]
    found = people_by_ids(ids)
    names = {each.id: each.name for each in units()}
    places: dict[int, list[str]] = {}
    for post in posts_of(ids, until=as_of):
        if post.covers(as_of):
            places.setdefault(post.person_id, []).append(names[post.unit_id])
    carrying = _carrying(needing, competency, as_of)
    rows = []
    for person in needing:
        facts = found[person.person_id]
        source, achieved, until = carrying.get(person.person_id, ("", None, None))
        rows.append(
            BehindCell(
                facts.public_id, facts.name, facts.profession, tuple(dict.fromkeys(places.get(facts.id, ()))),
                person.level(competency.code), person.target(competency.code), source, achieved, until,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.at_target, row.level - row.target, row.name.casefold())))


def _carrying(
    people: list[PersonStanding], competency: CompetencyFacts, as_of: dt.date
) -> dict[int, tuple[str, dt.date, dt.date | None]]:
    """Of each person the newest unexpired evidence at the level they hold."""
    levels = {person.person_id: person.level(competency.code) for person in people}
    found: dict[int, tuple[str, dt.date, dt.date | None]] = {}
    for some in in_batches(list(levels)):
        statement = (
            select(Evidence.person_id, Evidence.source, Evidence.level, Evidence.achieved_on, Evidence.valid_until)
            .where(
                Evidence.competency_id == competency.id,
                Evidence.person_id.in_(some),
                Evidence.passed.is_(True),
                Evidence.achieved_on <= as_of,
            )
            .order_by(Evidence.achieved_on)
        )
        for person_id, source, level, achieved, until in db.session.execute(statement):
            if level == levels[person_id] and (until is None or until >= as_of):
                found[person_id] = (source, achieved, until)
    return found
