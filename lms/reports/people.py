"""The people behind a cell or a unit's readiness, for those entitled to see them. Reads only; the view audits it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lms.assignments.standings import mandatory_standings
from lms.competency.carried import carrying
from lms.competency.facts import CompetencyFacts, PersonStanding
from lms.competency.queries import people_on, standings
from lms.people.queries import people_by_ids
from lms.reports.plans import Plan
from lms.reports.queries import current_posts


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


@dataclass(frozen=True)
class NotReady:
    """A person who is below a target: where they work, and what they lack as (code, level, target)."""

    public_id: str
    name: str
    profession: str
    units: tuple[str, ...]
    lacks: tuple[tuple[str, int, int], ...]
    required: int


def behind_cell(planned: Plan, competency: CompetencyFacts) -> tuple[BehindCell, ...]:
    """Everybody counted in a cell of the unit asked for, those below target first. Fold before asking for today."""
    needing = {each.person_id: each for each in _counted(planned) if each.target(competency.code)}
    found, places = people_by_ids(list(needing)), _places(planned, needing)
    held = {key: person.level(competency.code) for key, person in needing.items()}
    carried = carrying(held, competency, planned.question.as_of)
    rows = []
    for key, person in needing.items():
        facts = found[key]
        source, achieved, until = carried.get(key, ("", None, None))
        rows.append(
            BehindCell(
                facts.public_id, facts.name, facts.profession, places.get(key, ()), held[key],
                person.target(competency.code), source, achieved, until,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.at_target, row.level - row.target, row.name.casefold())))


def not_ready(planned: Plan) -> tuple[NotReady, ...]:
    """Everybody in the unit asked for who is below a target, those who lack least first."""
    lacks: dict[int, tuple[tuple[str, int, int], ...]] = {}
    required: dict[int, int] = {}
    for person in _counted(planned):
        needs = [(code, person.level(code), person.target(code)) for code in person.order if person.target(code)]
        below = tuple(need for need in needs if need[1] < need[2])
        if below:
            lacks[person.person_id], required[person.person_id] = below, len(needs)
    found, places = people_by_ids(list(lacks)), _places(planned, lacks)
    rows = [
        NotReady(
            found[key].public_id, found[key].name, found[key].profession, places.get(key, ()), below, required[key]
        )
        for key, below in lacks.items()
    ]
    return tuple(sorted(rows, key=lambda row: (len(row.lacks), row.name.casefold())))


@dataclass(frozen=True)
class Behind:
    """Somebody with mandatory training past its day: where they work, and what is late as (title, day, overdue).

    `overdue` is False in days of grace.
    """

    public_id: str
    name: str
    profession: str
    units: tuple[str, ...]
    late: tuple[tuple[str, dt.date | None, bool], ...]

    @property
    def overdue(self) -> bool:
        """Whether anything is past its days of grace."""
        return any(over for _, _, over in self.late)


def behind_training(planned: Plan) -> tuple[Behind, ...]:
    """Everybody counted in the unit asked for who is past a day of mandatory training, those overdue longest first."""
    asked = planned.question
    assert planned.asked is not None, "a unit was asked for"
    inside = [unit.id for unit in planned.tree.subtree(planned.asked)]
    book, found = mandatory_standings(asked.as_of, today=asked.today, unit_ids=inside, person_ids=planned.only)
    late = {
        each.person.person_id: tuple(
            (book.title(one.target), one.due_on, one.state == "overdue")
            for one in each.asked
            if one.state in ("overdue", "grace")
        )
        for each in found
        if each.state in ("overdue", "grace") and asked.profession in (None, each.person.profession)
    }
    known, places = people_by_ids(list(late)), _places(planned, late)
    rows = [
        Behind(known[key].public_id, known[key].name, known[key].profession, places.get(key, ()), mine)
        for key, mine in late.items()
    ]
    day = dt.date.max
    return tuple(sorted(rows, key=lambda row: (not row.overdue, row.late[0][1] or day, row.name.casefold())))


def _counted(planned: Plan) -> list[PersonStanding]:
    """The people who count in the unit asked for, as far as the reader may see them."""
    asked = planned.question
    assert planned.asked is not None, "a unit was asked for"
    inside = [planned.asked.id]
    people: Iterable[PersonStanding]
    if asked.as_of == asked.today:
        people = standings(unit_ids=inside, profession=asked.profession, person_ids=planned.only)
    else:
        people = people_on(asked.as_of, unit_ids=inside, profession=asked.profession, person_ids=planned.only)
    return list(people)


def _places(planned: Plan, person_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The names of the units in which these people work on the day."""
    names = {unit.id: unit.name for unit in planned.tree.all.values()}
    held = current_posts(list(person_ids), planned.question.as_of)
    return {key: tuple(dict.fromkeys(names[unit_id] for unit_id in mine)) for key, mine in held.items()}
