"""People with where they work and whether they are away, many at once and with one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from lms.db import db
from lms.people.facts import PersonFacts
from lms.people.models import Leave, Person, Post, Unit
from lms.people.queries import printed_name


@dataclass(frozen=True)
class Placed:
    """A person with the units of the day's posts, as (id, name), and the leave of the day."""

    person: PersonFacts
    units: tuple[tuple[int, str], ...]
    titles: tuple[str, ...]
    away: bool
    away_until: dt.date | None  # None also while the return is unknown

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units of the day's posts."""
        return frozenset(unit_id for unit_id, _ in self.units)


def placed(unit_ids: Collection[int], person_ids: Collection[int], on: dt.date) -> dict[int, Placed]:
    """Everybody with a post on a day in exactly these units, and these people with all their posts, by internal id.

    Somebody found by a unit comes with every post of the day, in other units too.
    """
    held = and_(Post.starts <= on, or_(Post.ends.is_(None), Post.ends >= on))
    there = select(Post.person_id).where(held, or_(Post.unit_id.in_(unit_ids), Post.person_id.in_(person_ids)))
    statement = (
        select(
            Person.id, Person.public_id, Person.employee_id, Person.given_name, Person.family_name,
            Person.display_name, Person.email, Person.profession, Post.unit_id, Unit.name, Post.title,
            Leave.starts, Leave.ends,
        )
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(
            Leave,
            and_(Leave.person_id == Person.id, Leave.starts <= on, or_(Leave.ends.is_(None), Leave.ends >= on)),
        )
        .where(held, Person.id.in_(there))
        .order_by(Person.family_name, Person.given_name, Person.id, Post.starts, Post.id)
    )  # fmt: skip
    rows: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        rows.setdefault(row[0], []).append(row)
    return {person_id: _placed(mine) for person_id, mine in rows.items()}


def _placed(rows: list[Any]) -> Placed:
    first = rows[0]
    name = printed_name(first.given_name, first.family_name, first.display_name, first.email)
    facts = PersonFacts(
        first.id, first.public_id, first.employee_id, name, first.given_name, first.family_name, first.email,
        first.profession,
    )  # fmt: skip
    ends = [row[12] for row in rows if row[11] is not None]
    return Placed(
        facts,
        tuple(dict.fromkeys((row[8], row[9]) for row in rows)),
        tuple(dict.fromkeys(row[10] for row in rows)),
        bool(ends),
        None if not ends or None in ends else max(ends),
    )
