"""Who is where on a day, as parts of statements, so that the database itself can count a whole hospital.

`spans` answers the same in Python for people one by one; tests hold the two against each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, or_, select

from lms.people.facts import PROFESSIONS
from lms.people.models import Leave, PastProfession, Person, Post


def _covers(table: Any, on: dt.date) -> ColumnElement[bool]:
    return and_(table.starts <= on, or_(table.ends.is_(None), table.ends >= on))


def posts_on(on: dt.date, units: Select[Any] | None = None) -> Select[Any]:
    """Posts held on a day: person_id, unit_id, super_user, informaticist as 0 or 1, profession as a place.

    The profession is that of the day, as its place among PROFESSIONS. With `units` (a statement of
    ids) it is every post of everybody who has one of them there.
    """
    past = select(
        PastProfession.person_id,
        PastProfession.profession,
        func.row_number().over(partition_by=PastProfession.person_id, order_by=PastProfession.ends).label("turn"),
    ).where(PastProfession.ends >= on)
    then = past.subquery()
    profession = func.coalesce(then.c.profession, Person.profession)
    statement = (
        select(
            Post.person_id,
            Post.unit_id,
            case((Post.super_user.is_(True), 1), else_=0).label("super_user"),
            case((Post.informaticist.is_(True), 1), else_=0).label("informaticist"),
            case(*((profession == name, place) for place, name in enumerate(PROFESSIONS)), else_=3).label("profession"),
        )
        .join(Person, Person.id == Post.person_id)
        .outerjoin(then, and_(then.c.person_id == Post.person_id, then.c.turn == 1))
        .where(_covers(Post, on))
    )
    if units is not None:
        statement = statement.where(Post.person_id.in_(people_of(on, units)))
    return statement


def people_of(on: dt.date, units: Select[Any]) -> Select[Any]:
    """The internal ids of everybody with a post on a day in one of exactly these units."""
    return select(Post.person_id).where(_covers(Post, on), Post.unit_id.in_(units))


def away_on(on: dt.date) -> Select[Any]:
    """The internal ids of everybody on leave on a day."""
    return select(Leave.person_id).where(_covers(Leave, on))


def seats_on(on: dt.date, above: CTE, people: Select[Any] | None = None) -> Select[Any]:
    """Everybody on duty on a day, once in each wanted unit: person_id, profession as a place, wanted_id.

    `above` holds each unit with each wanted unit that it is or stands below; `people` are ids, everybody without.
    """
    held = posts_on(on).cte("held")
    statement = select(held.c.person_id, held.c.profession, above.c.wanted_id)
    statement = statement.join(above, above.c.unit_id == held.c.unit_id)
    if people is not None:
        statement = statement.where(held.c.person_id.in_(people))
    return statement.where(held.c.person_id.not_in(away_on(on))).distinct()


def posts_ahead(on: dt.date, days: Sequence[dt.date]) -> Select[Any]:
    """By person_id whether a post is held on each of the later `days`: columns d0, d1, … of 0 or 1."""
    return _ahead(Post, on, days)


def leaves_ahead(on: dt.date, days: Sequence[dt.date]) -> Select[Any]:
    """By person_id whether they are away on each of the later `days`: columns d0, d1, … of 0 or 1."""
    return _ahead(Leave, on, days)


def _ahead(table: Any, on: dt.date, days: Sequence[dt.date]) -> Select[Any]:
    flags = [func.max(case((_covers(table, day), 1), else_=0)).label(f"d{number}") for number, day in enumerate(days)]
    return select(table.person_id, *flags).where(or_(table.ends.is_(None), table.ends >= on)).group_by(table.person_id)
