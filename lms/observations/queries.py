"""Reading the people a supervisor answers for, and what was observed of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from lms.accounts.queries import account_names, scope_of
from lms.competency.queries import profile, standings
from lms.db import db
from lms.observations.models import Observation
from lms.people.queries import PersonFacts, PostFacts, on_leave, people_by_ids, people_in, posts_on, units_of
from lms.people.scope import Scope
from lms.web.principal import Principal


@dataclass(frozen=True)
class TeamMember:
    """One person of a team: their unit, what they lack, what ends soon."""

    public_id: str
    name: str
    profession: str
    unit: str
    away: bool
    missing: tuple[str, ...]  # competency codes below target
    ending: int  # competencies whose evidence ends within 60 days
    required: int  # competencies with a target


@dataclass(frozen=True)
class Observed:
    """One earlier observation of a person."""

    competency: str
    level: int
    note: str
    observed_on: dt.date
    observer: str


def scope_of_principal(who: Principal, on: dt.date) -> Scope:
    """What a principal may see on a day."""
    return scope_of(who.account_id, who.person_id, who.roles, on)


def team(scope: Scope, own_person: int, on: dt.date, limit: int = 300) -> tuple[TeamMember, ...]:
    """The people in scope with a current post, those with most to do first; never the reader."""
    found = {p.id: p for p in people_by_ids(scope.person_ids)} | {p.id: p for p in people_in(scope.unit_ids, on)}
    found.pop(own_person, None)
    units = units_of(frozenset(found), on)
    levels = standings(frozenset(found), on)
    rows = [
        TeamMember(
            person.public_id,
            person.name,
            person.profession,
            units[person.id].unit_name if person.id in units else "",
            units[person.id].away if person.id in units else False,
            levels[person.id].missing if person.id in levels else (),
            levels[person.id].ending if person.id in levels else 0,
            levels[person.id].required if person.id in levels else 0,
        )
        for person in found.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.away, -len(row.missing), row.name)))[:limit]


def observed(person_id: int) -> tuple[Observed, ...]:
    """Every observation of a person, the newest first."""
    rows = db.session.scalars(
        select(Observation)
        .where(Observation.person_id == person_id)
        .order_by(Observation.observed_on.desc(), Observation.id.desc())
    ).all()
    names = account_names({row.observer_id for row in rows})
    return tuple(
        Observed(row.competency_code, row.level, row.note, row.observed_on, names.get(row.observer_id, "")) for row in rows
    )


__all__ = ["PersonFacts", "PostFacts", "on_leave", "posts_on", "profile"]
