"""Time spent learning, estimated from lessons completed and exams sat, by unit, month and profession."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from assessments.mastery import months_later
from lms.catalog.models import CourseVersion, Lesson
from lms.competency.facts import PersonStanding
from lms.db import db
from lms.learning.models import Enrolment, LessonProgress
from lms.people.facts import PROFESSIONS
from lms.quizzes.models import Attempt
from lms.reports.frame import LearningTime
from lms.reports.gathering.spans import end_of, moment
from lms.reports.masks import mask, sizes_of_groups
from lms.reports.measures import LONGEST, ON_DUTY
from lms.reports.plans import Plan
from lms.web.clock import local

MONTHS = 12


def months_of(as_of: dt.date) -> tuple[dt.date, ...]:
    """The first days of the month of a date and of the eleven months before it."""
    first = as_of.replace(day=1)
    return tuple(months_later(first, -back) for back in range(MONTHS - 1, -1, -1))


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The minutes of the people on duty on the date, in the months up to it."""
    question = planned.question
    months = months_of(question.as_of)
    sizes = sizes_of_groups({ON_DUTY: [(each.profession, each.units) for each in everyone]})
    hidden = mask(planned.tree, planned.parents, sizes, question.smallest, question.profession)
    staff = {each.person_id: each for each in everyone if question.profession in (None, each.profession)}
    rows = {unit.id for unit in planned.rows}
    first = planned.rows[0].id if planned.rows else None
    minutes: Counter[int] = Counter()
    monthly: Counter[tuple[int, int]] = Counter()
    professions: Counter[str] = Counter()
    learners: dict[int, set[int]] = defaultdict(set)
    place = {(month.year, month.month): number for number, month in enumerate(months)}
    for person_id, when, spent in _spent(months[0], question.as_of):
        person = staff.get(person_id)
        if person is None:
            continue
        for unit in rows.intersection(person.units):
            minutes[unit] += spent  # type: ignore[assignment]
            monthly[unit, place[when.year, when.month]] += spent  # type: ignore[assignment]
            learners[unit].add(person_id)
        if first in person.units:
            professions[person.profession] += spent  # type: ignore[assignment]
    here = Counter(each.profession for each in staff.values() if first in each.units)
    on_duty = Counter(unit for each in staff.values() for unit in rows.intersection(each.units))
    return {
        "hidden": hidden,
        "learning": LearningTime(
            months, minutes, monthly, {unit: len(mine) for unit, mine in learners.items()},
            {name: (here[name], professions[name]) for name in PROFESSIONS if here[name]},
            _splits(planned, sizes, first), on_duty,
        ),
    }  # fmt: skip


def _splits(planned: Plan, sizes: Any, first: int | None) -> bool:
    """Whether the first row may be shown by profession."""
    question = planned.question
    if first is None or question.profession:
        return False
    return not any(
        ON_DUTY in mask(planned.tree, planned.parents, sizes, question.smallest, name).get(first, ())
        for name in PROFESSIONS
    )


def _spent(first: dt.date, last: dt.date) -> Iterator[tuple[int, dt.date, float]]:
    """Person, day and minutes of every lesson completed and exam handed in between two days, both included."""
    start, end = moment(first), end_of(last)
    minutes = _minutes_of_lessons(end)
    columns = (Enrolment.person_id, Enrolment.course_id, LessonProgress.slug, LessonProgress.completed_at)
    done = select(*columns).join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
    done = done.where(LessonProgress.completed_at >= start, LessonProgress.completed_at < end)
    for person_id, course_id, slug, completed_at in db.session.execute(done):
        assert completed_at is not None, "the statement asks for it"
        yield person_id, _day(completed_at), minutes.get((course_id, slug), 0)
    sat = select(Attempt.person_id, Attempt.started_at, Attempt.submitted_at)
    sat = sat.where(Attempt.submitted_at >= start, Attempt.submitted_at < end)
    for person_id, started_at, submitted_at in db.session.execute(sat):
        assert submitted_at is not None, "the statement asks for it"
        yield person_id, _day(submitted_at), min(LONGEST, (submitted_at - started_at).total_seconds() / 60)


def _minutes_of_lessons(end: dt.datetime) -> dict[tuple[int, str], int]:
    """The authors' minutes of each lesson as published last before a moment, else as published first."""
    columns = (CourseVersion.course_id, Lesson.slug, Lesson.minutes, CourseVersion.published_at)
    statement = select(*columns).join(Lesson, Lesson.version_id == CourseVersion.id).order_by(CourseVersion.id)
    found: dict[tuple[int, str], int] = {}
    for course_id, slug, minutes, published_at in db.session.execute(statement):
        if published_at < end or (course_id, slug) not in found:
            found[course_id, slug] = minutes
    return found


def _day(when: dt.datetime) -> dt.date:
    return local(when).date()
