"""Bulk reads for counting: posts, leave, professions and the tree of many people at once, also for past days.

A handful of statements serve thousands of people, so that no caller asks person by person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from lms.db import among, db
from lms.people.facts import LeaveSpan, PostSpan, UnitFacts
from lms.people.models import Leave, PastParent, PastProfession, Person, Post, Unit, UnitTree
from lms.people.queries import in_batches, units
from lms.people.tree import lines


def posts_of(person_ids: Collection[int], *, until: dt.date | None = None) -> Iterator[PostSpan]:
    """Posts of these people, past and future; with `until` only those that end on or after that day."""
    held: list[ColumnElement[bool]] = []
    if until is not None:
        held = [or_(Post.ends.is_(None), Post.ends >= until)]
    columns = (Post.person_id, Post.unit_id, Post.super_user, Post.informaticist, Post.starts, Post.ends)
    for some in in_batches(person_ids):
        for row in db.session.execute(select(*columns).where(among(Post.person_id, some), *held)):
            yield PostSpan(*row)


def leaves_of(person_ids: Collection[int], *, until: dt.date | None = None) -> Iterator[LeaveSpan]:
    """Times away of these people; with `until` only those that end on or after that day."""
    held: list[ColumnElement[bool]] = []
    if until is not None:
        held = [or_(Leave.ends.is_(None), Leave.ends >= until)]
    for some in in_batches(person_ids):
        statement = select(Leave.person_id, Leave.starts, Leave.ends)
        for row in db.session.execute(statement.where(among(Leave.person_id, some), *held)):
            yield LeaveSpan(*row)


def professions_on(person_ids: Collection[int], on: dt.date) -> dict[int, str]:
    """Each person's profession on a day: the present one unless a change since then is on record."""
    found: dict[int, str] = {}
    for some in in_batches(person_ids):
        for person_id, profession in db.session.execute(
            select(Person.id, Person.profession).where(among(Person.id, some))
        ):
            found[person_id] = profession
        past = select(PastProfession.person_id, PastProfession.profession).where(
            among(PastProfession.person_id, some), PastProfession.ends >= on
        )
        for person_id, profession in db.session.execute(past.order_by(PastProfession.ends.desc())):
            found[person_id] = profession
    return found


_last: list[tuple[tuple[UnitFacts, ...], dict[int, tuple[int, ...]]]] = []


def unit_lines_on(on: dt.date) -> dict[int, tuple[int, ...]]:
    """For every unit the unit itself and its ancestors, the root last, as the tree stood on a day.

    To be read only: that of the present tree is kept for as long as no unit changes.
    """
    now = units()
    past = select(PastParent.unit_id, PastParent.parent_id).where(PastParent.ends >= on)
    parents: dict[int, int | None] = {}
    for unit_id, parent_id in db.session.execute(past.order_by(PastParent.ends.desc())):
        parents[unit_id] = parent_id
    if parents:
        return lines({unit.id: unit.parent_id for unit in now} | parents)
    held = _last[0] if _last else None
    if held is None or held[0] is not now:
        held = (now, lines({unit.id: unit.parent_id for unit in now}))
        _last[:] = [held]
    return held[1]


def staff_ids(on: dt.date | None = None, *, unit_ids: Collection[int] | None = None) -> tuple[int, ...]:
    """Internal ids of everybody who ever had a post, or of those who have one on this day.

    With `unit_ids` only posts in exactly these units count; resolve subtrees before.
    """
    statement = select(Post.person_id).distinct().order_by(Post.person_id)
    if on is not None:
        statement = statement.where(Post.starts <= on, or_(Post.ends.is_(None), Post.ends >= on))
    if unit_ids is not None:
        statement = statement.where(Post.unit_id.in_(unit_ids))
    return tuple(db.session.scalars(statement))


def professions_on_days(person_ids: Collection[int], days: Sequence[dt.date]) -> dict[int, tuple[str, ...]]:
    """Each person's profession on each of these ascending days, with the statements of one day."""
    present: dict[int, str] = {}
    past: dict[int, list[tuple[dt.date, str]]] = {}
    for some in in_batches(person_ids):
        for person_id, profession in db.session.execute(
            select(Person.id, Person.profession).where(Person.id.in_(some))
        ):
            present[person_id] = profession
        ended = select(PastProfession.person_id, PastProfession.ends, PastProfession.profession).where(
            PastProfession.person_id.in_(some), PastProfession.ends >= days[0]
        )
        for person_id, ends, profession in db.session.execute(ended.order_by(PastProfession.ends)):
            past.setdefault(person_id, []).append((ends, profession))
    return {
        person_id: tuple(next((old for ends, old in past.get(person_id, ()) if ends >= day), now) for day in days)
        for person_id, now in present.items()
    }


def unit_lines_on_days(days: Sequence[dt.date]) -> tuple[dict[int, tuple[int, ...]], ...]:
    """For each of these ascending days what `unit_lines_on` says, with the statements of one day."""
    present: dict[int, int | None] = {
        row.id: row.parent_id for row in db.session.execute(select(Unit.id, Unit.parent_id))
    }
    past: dict[int, list[tuple[dt.date, int | None]]] = {}
    ended = select(PastParent.unit_id, PastParent.ends, PastParent.parent_id).where(PastParent.ends >= days[0])
    for unit_id, ends, parent_id in db.session.execute(ended.order_by(PastParent.ends)):
        past.setdefault(unit_id, []).append((ends, parent_id))
    return tuple(
        lines(
            {
                unit_id: next((old for ends, old in past.get(unit_id, ()) if ends >= day), now)
                for unit_id, now in present.items()
            }
        )
        for day in days
    )


def staff_after(person_id: int, size: int) -> tuple[int, ...]:
    """The next internal ids, after this one, of people who ever had a post; at most `size`."""
    statement = select(Post.person_id).distinct().where(Post.person_id > person_id)
    return tuple(db.session.scalars(statement.order_by(Post.person_id).limit(size)))


def people_below(unit_ids: Collection[int]) -> Select[Any]:
    """A statement of everybody who ever had a post in the present subtree of any of these units."""
    below = select(UnitTree.unit_id).where(UnitTree.ancestor_id.in_(unit_ids))
    return select(Post.person_id).where(Post.unit_id.in_(below))
