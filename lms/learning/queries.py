"""Reading enrolments, progress and completions. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from lms.catalog import queries as catalog
from lms.db import db
from lms.learning.facts import CheckFacts, CompletionFacts, EnrolmentFacts, LessonState, MyCourse, Place
from lms.learning.models import CheckAnswer, Completion, Enrolment, LessonProgress

# The hot statements are made of tables, not of mapped classes: the database is asked the same, in half the time.
_ENROLMENT: Any = Enrolment.__table__
_PROGRESS: Any = LessonProgress.__table__
_CHECK: Any = CheckAnswer.__table__

_COLUMNS = (
    Enrolment.id,
    Enrolment.public_id,
    Enrolment.person_id,
    Enrolment.course_id,
    Enrolment.enrolled_at,
    Enrolment.seen_at,
    Enrolment.last_slug,
    Enrolment.last_place,
    Enrolment.completed_at,
)


_OPEN_COURSE = catalog.open_courses()
_MINE = (
    select(*(_ENROLMENT.c[column.key] for column in _COLUMNS), _OPEN_COURSE.c.code, _OPEN_COURSE.c.current_id)
    .join(_OPEN_COURSE, _OPEN_COURSE.c.id == _ENROLMENT.c.course_id)
    .where(_ENROLMENT.c.person_id == bindparam("person"))
    .order_by(func.coalesce(_ENROLMENT.c.seen_at, _ENROLMENT.c.enrolled_at).desc(), _ENROLMENT.c.id.desc())
)
_PROGRESS_OF = select(
    _PROGRESS.c.enrolment_id, _PROGRESS.c.slug, _PROGRESS.c.opened_at, _PROGRESS.c.completed_at
).where(_PROGRESS.c.enrolment_id.in_(bindparam("enrolments", expanding=True)))


def _enrolments() -> Select[Any]:
    course = catalog.all_courses()
    return select(*_COLUMNS, course.c.code).join(course, course.c.id == Enrolment.course_id)


def _facts(row: Any) -> EnrolmentFacts:
    return EnrolmentFacts(
        row.id, row.public_id, row.person_id, row.course_id, row.code, row.enrolled_at,
        row.seen_at, row.last_slug, row.last_place, row.completed_at,
    )  # fmt: skip


def enrolment(person_id: int, course: int | str) -> EnrolmentFacts | None:
    """The person's enrolment in a course, given by its key or its code, or None."""
    statement = _enrolments().where(Enrolment.person_id == person_id)
    if isinstance(course, int):
        statement = statement.where(Enrolment.course_id == course)
    else:
        statement = statement.where(catalog.all_courses().c.code == course)
    row = db.session.execute(statement).first()
    return _facts(row) if row else None


def enrolment_by_id(enrolment_id: int) -> EnrolmentFacts | None:
    """The enrolment by its key, or None."""
    row = db.session.execute(_enrolments().where(Enrolment.id == enrolment_id)).first()
    return _facts(row) if row else None


@cache
def _of_place() -> Select[Any]:
    """Built once: a lesson page asks it each time, and building a statement costs more than running it."""
    course, enrolled, lesson = catalog.open_courses(), _ENROLMENT.c, _PROGRESS.c
    mine = and_(enrolled.course_id == course.c.id, enrolled.person_id == bindparam("person"))
    return (
        select(
            course.c.id.label("the_course"), course.c.code, course.c.current_id,
            *(enrolled[column.key] for column in _COLUMNS),
            lesson.slug, lesson.opened_at, lesson.completed_at.label("lesson_completed_at"),
        )
        .select_from(course)
        .outerjoin(_ENROLMENT, mine)
        .outerjoin(_PROGRESS, lesson.enrolment_id == enrolled.id)
        .where(course.c.code == bindparam("code"))
    )  # fmt: skip


def place(person_id: int, code: str) -> Place | None:
    """Where the person stands in an open course, with one statement; None for an unknown or withdrawn course."""
    rows = db.session.execute(_of_place(), {"person": person_id, "code": code}).all()
    if not rows:
        return None
    first = rows[0]
    return Place(
        course_id=first.the_course,
        code=first.code,
        version_id=first.current_id,
        enrolment=_facts(first) if first.id is not None else None,
        progress={row.slug: LessonState(row.opened_at, row.lesson_completed_at) for row in rows if row.slug},
    )


def progress(enrolment_id: int) -> dict[str, LessonState]:
    """The lessons that were opened, by slug."""
    statement = select(LessonProgress.slug, LessonProgress.opened_at, LessonProgress.completed_at).where(
        LessonProgress.enrolment_id == enrolment_id
    )
    return {slug: LessonState(opened, done) for slug, opened, done in db.session.execute(statement)}


_ANSWERS = select(_CHECK.c.item, _CHECK.c.answer, _CHECK.c.right, _CHECK.c.answered_at).where(
    _CHECK.c.enrolment_id == bindparam("enrolment")
)


def check_answers(enrolment_id: int, digest: str) -> dict[str, CheckFacts]:
    """The last answers to knowledge checks, by item, that were given to the version with this digest."""
    return {
        item: CheckFacts(answer["value"], right, at)
        for item, answer, right, at in db.session.execute(_ANSWERS, {"enrolment": enrolment_id})
        if answer and answer.get("digest") == digest
    }


def my_courses(person_id: int) -> tuple[MyCourse, ...]:
    """The open courses that a person takes, the one seen last first. Two statements, more only for a cold cache."""
    rows = db.session.connection().execute(_MINE, {"person": person_id}).all()
    if not rows:
        return ()
    versions = catalog.versions_by_id(row.current_id for row in rows)
    states = _progress_of(row.id for row in rows)
    return tuple(
        MyCourse(_facts(row), versions[row.current_id], catalog.lessons(row.current_id), states.get(row.id, {}))
        for row in rows
    )


def _progress_of(enrolment_ids: Iterable[int]) -> dict[int, dict[str, LessonState]]:
    rows = db.session.connection().execute(_PROGRESS_OF, {"enrolments": list(enrolment_ids)})
    found: dict[int, dict[str, LessonState]] = {}
    for enrolment_id, slug, opened, done in rows:
        found.setdefault(enrolment_id, {})[slug] = LessonState(opened, done)
    return found


def completions(enrolment_id: int) -> tuple[CompletionFacts, ...]:
    """Every completion of an enrolment, the newest first."""
    statement = _completions().where(Completion.enrolment_id == enrolment_id).order_by(Completion.id.desc())
    return tuple(CompletionFacts(*row) for row in db.session.execute(statement))


def completion(key: str) -> CompletionFacts | None:
    """The completion that rests on `key`, such as `attempt:` with an attempt's public id, or None."""
    row = db.session.execute(_completions().where(Completion.key == key)).first()
    return CompletionFacts(*row) if row else None


def _completions() -> Select[int, int, dt.datetime, str | None]:
    return select(Completion.enrolment_id, Completion.version_id, Completion.completed_at, Completion.serial)


def completed_codes(person_id: int, codes: Collection[str]) -> frozenset[str]:
    """Those of these courses that the person has ever completed, expired certificates included."""
    if not codes:
        return frozenset()
    course = catalog.all_courses()
    statement = (
        select(course.c.code)
        .join(Enrolment, Enrolment.course_id == course.c.id)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, course.c.code.in_(codes))
    )
    return frozenset(db.session.execute(statement).scalars())


def learner_counts() -> dict[int, int]:
    """How many people are enrolled, by the course's key."""
    statement = select(Enrolment.course_id, func.count()).group_by(Enrolment.course_id)
    return dict(db.session.execute(statement).all())
