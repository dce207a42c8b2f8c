"""Reading the people a supervisor answers for, and what was observed of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from lms.competency.teams import Shortfall, shortfalls
from lms.db import db
from lms.observations.models import Observation
from lms.people.queries import people_by_ids, people_in, units
from lms.people.scope import Scope
from lms.people.spans import leaves_of, posts_of

NOTHING = Shortfall((), (), 0)


@dataclass(frozen=True)
class TeamMember:
    """One person of a team: where they work, what they lack, what ends within 60 days."""

    public_id: str
    name: str
    profession: str
    units: tuple[str, ...]
    away: bool
    shortfall: Shortfall


@dataclass(frozen=True)
class Observed:
    """One earlier observation of a person."""

    competency: str
    level: int
    note: str
    observed_on: dt.date


def team(scope: Scope, own_person: int, on: dt.date) -> tuple[TeamMember, ...]:
    """The people in scope with a current post, those with most to do first; never the reader."""
    found = people_by_ids(scope.person_ids) | {each.id: each for each in people_in(scope.unit_ids, on)}
    found.pop(own_person, None)
    names = {unit.id: unit.name for unit in units()}
    places: dict[int, list[str]] = {}
    for post in posts_of(list(found), until=on):
        if post.covers(on):
            places.setdefault(post.person_id, []).append(names[post.unit_id])
    away = {leave.person_id for leave in leaves_of(list(found), until=on) if leave.covers(on)}
    lacks = shortfalls(list(found), today=on)
    rows = [
        TeamMember(
            each.public_id,
            each.name,
            each.profession,
            tuple(dict.fromkeys(places[each.id])),
            each.id in away,
            lacks.get(each.id, NOTHING),
        )
        for each in found.values()
        if each.id in places
    ]
    return tuple(sorted(rows, key=lambda row: (row.away, -len(row.shortfall.missing), row.name.casefold())))


def observed(person_id: int) -> tuple[Observed, ...]:
    """Every observation of a person, the newest first."""
    rows = db.session.scalars(
        select(Observation)
        .where(Observation.person_id == person_id)
        .order_by(Observation.observed_on.desc(), Observation.id.desc())
    )
    return tuple(Observed(row.competency_code, row.level, row.note, row.observed_on) for row in rows)
