"""Posts as a rule of training needs them: where, in which roles, under whom, since when. Bulk reads only.

A post that a change of roles split keeps the first day that the roster states, because time in post counts from it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from lms.db import db
from lms.people.facts import LeaveSpan
from lms.people.models import Leave, Post, UnitTree
from lms.people.queries import in_batches


@dataclass(frozen=True, slots=True)
class Tenure:
    """A post. `line` holds the unit and everything above it; `began` is the first day that the roster states."""

    person_id: int
    unit_id: int
    line: frozenset[int]
    super_user: bool
    informaticist: bool
    manager_id: int | None
    starts: dt.date
    ends: dt.date | None
    began: dt.date

    def covers(self, on: dt.date) -> bool:
        """Whether the post is held on this day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


_COLUMNS = (
    Post.person_id, Post.unit_id, Post.super_user, Post.informaticist, Post.manager_id, Post.starts, Post.ends,
    Post.listed_start,
)  # fmt: skip
_LEAVE = (Leave.person_id, Leave.starts, Leave.ends)


def tenures_of(person_id: int, until: dt.date) -> tuple[Tenure, ...]:
    """The posts of one person that begin by a day, the oldest first, with the units above them as they are now.

    One statement.
    """
    statement = (
        select(*_COLUMNS, UnitTree.ancestor_id, Post.id)
        .join(UnitTree, UnitTree.unit_id == Post.unit_id)
        .where(Post.person_id == person_id, Post.starts <= until)
        .order_by(Post.starts, Post.id)
    )
    rows: dict[int, tuple[tuple[object, ...], set[int]]] = {}
    for *values, above, post_id in db.session.execute(statement):
        rows.setdefault(post_id, (tuple(values), set()))[1].add(above)
    return tuple(_tenure(values, frozenset(line)) for values, line in rows.values())


def tenures(
    lines: Mapping[int, tuple[int, ...]], until: dt.date, person_ids: Collection[int] | None = None
) -> dict[int, list[Tenure]]:
    """Posts that begin by a day, the oldest first, by person: of these people, or with None of everybody.

    `lines` gives each unit with its ancestors, as the tree stood on the day that is asked for.
    """
    sets = {unit_id: frozenset(line) for unit_id, line in lines.items()}
    found: dict[int, list[Tenure]] = defaultdict(list)
    statement = select(*_COLUMNS).where(Post.starts <= until).order_by(Post.starts, Post.id)
    for some in _parts(statement, Post.person_id, person_ids):
        for row in db.session.execute(some):
            found[row.person_id].append(_tenure(tuple(row), sets[row.unit_id]))
    return found


def absences(person_ids: Collection[int] | None = None) -> dict[int, list[LeaveSpan]]:
    """Times away by person, the oldest first: of these people, or with None of everybody."""
    found: dict[int, list[LeaveSpan]] = defaultdict(list)
    statement = select(*_LEAVE).order_by(Leave.starts)
    for some in _parts(statement, Leave.person_id, person_ids):
        for row in db.session.execute(some):
            found[row.person_id].append(LeaveSpan(*row))
    return found


def is_ever_away(person_id: Any) -> ColumnElement[bool]:
    """An expression that is true where the person has a time away on record; `person_id` is a column or a parameter."""
    return exists().where(Leave.__table__.c.person_id == person_id)


def _parts(statement: Select, column: object, person_ids: Collection[int] | None) -> list[Select]:  # type: ignore[type-arg]
    if person_ids is None:
        return [statement]
    return [statement.where(column.in_(some)) for some in in_batches(person_ids)]  # type: ignore[attr-defined]


def _tenure(values: tuple[object, ...], line: frozenset[int]) -> Tenure:
    person_id, unit_id, super_user, informaticist, manager_id, starts, ends, listed = values
    return Tenure(
        person_id, unit_id, line, super_user, informaticist, manager_id, starts, ends, listed or starts,  # type: ignore[arg-type]
    )  # fmt: skip
