"""Who finished which course when, for rooms above that count or ask about it. Never writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.catalog import queries as catalog
from lms.db import db
from lms.learning.models import Completion, Enrolment


@dataclass(frozen=True)
class Finished:
    """A course completed by a person. `key` names the completion for good."""

    key: str
    person_id: int
    code: str
    version_id: int
    completed_at: dt.datetime


def first_finished(code: str) -> dict[int, dt.datetime]:
    """When each person completed a course for the first time, by internal id."""
    course = catalog.all_courses()
    first: Any = func.min(Completion.completed_at)
    statement = (
        select(Enrolment.person_id, first)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(course, course.c.id == Enrolment.course_id)
        .where(course.c.code == code)
        .group_by(Enrolment.person_id)
    )
    return dict(db.session.execute(statement).all())


def finished_between(since: dt.datetime, until: dt.datetime, *, person_id: int | None = None) -> tuple[Finished, ...]:
    """Completions after `since` and up to `until`, of everybody or one person, the oldest first."""
    course = catalog.all_courses()
    statement = (
        select(Completion.key, Enrolment.person_id, course.c.code, Completion.version_id, Completion.completed_at)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(course, course.c.id == Enrolment.course_id)
        .where(Completion.completed_at > since, Completion.completed_at <= until)
        .order_by(Completion.completed_at, Completion.id)
    )
    if person_id is not None:
        statement = statement.where(Enrolment.person_id == person_id)
    return tuple(Finished(*row) for row in db.session.execute(statement))
