"""Marks that lower features leave and `competency` folds, so that nothing calls upward.

A mark is only ever inserted here, so writers never wait for each other. Whoever folds reads
marks, works out the people's standing afresh, and deletes exactly the marks that were read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, select

from lms.changes.models import Mark
from lms.db import db

BATCH = 5000
Whom = Callable[[Any], ColumnElement[bool]]  # of a column of internal ids, which of them


def mark_people(person_ids: Iterable[int]) -> None:
    """Say that these people's posts, leave, targets or evidence changed."""
    rows = [{"person_id": person_id} for person_id in sorted(set(person_ids))]
    if rows:
        db.session.execute(insert(Mark), rows)


def mark_chosen(people: Select[Any]) -> None:
    """Mark everybody that a statement of internal ids gives, without reading them."""
    db.session.execute(insert(Mark).from_select(["person_id"], people))


def any_marks() -> bool:
    """Whether anybody is marked."""
    return db.session.execute(select(Mark.id).limit(1)).first() is not None


def marked_people(limit: int | None = None, whom: Whom | None = None) -> dict[int, list[int]]:
    """The marks that can be seen now: by person the ids of their marks, people in order of their ids.

    With `limit` of so many people only, those with the lowest ids, with all their marks; with `whom`, a
    condition on internal ids, only of these.
    """
    found: dict[int, list[int]] = defaultdict(list)
    inside = [] if whom is None else [whom(Mark.person_id)]
    statement = select(Mark.id, Mark.person_id).where(*inside).order_by(Mark.person_id)
    if limit is not None:
        first = select(Mark.person_id).where(*inside).distinct().order_by(Mark.person_id).limit(limit)
        statement = statement.where(Mark.person_id.in_(first))
    for mark_id, person_id in db.session.execute(statement):
        found[person_id].append(mark_id)
    return dict(found)


def clear_all() -> None:
    """Delete every mark; for a rebuild of everybody, which reads what they stand for."""
    db.session.execute(delete(Mark))


def clear(marks: Mapping[int, Sequence[int]]) -> None:
    """Delete exactly these marks; one that came later stays, even of the same person."""
    ids = [mark_id for mine in marks.values() for mark_id in mine]
    for first in range(0, len(ids), BATCH):
        db.session.execute(delete(Mark).where(Mark.id.in_(ids[first : first + BATCH])))
