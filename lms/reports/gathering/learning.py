"""Time spent learning, estimated from lessons completed and exams sat, by unit, month and profession."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, Float, and_, case, cast, func, literal, select, union_all

from assessments.mastery import months_later
from lms.catalog.models import CourseVersion, Lesson
from lms.competency.facts import PersonStanding
from lms.competency.queries import on_duty
from lms.db import among, db, numbers, seconds_between, whole_tables
from lms.learning.models import Enrolment, LessonProgress
from lms.people.facts import PROFESSIONS
from lms.people.presence import seats_on
from lms.people.spans import unit_lines_on
from lms.quizzes.models import Attempt
from lms.reports.frame import LearningTime
from lms.reports.gathering.spans import end_of, moment
from lms.reports.masks import by_profession, mask
from lms.reports.measures import LONGEST, ON_DUTY
from lms.reports.plans import Plan

MONTHS = 12


def months_of(as_of: dt.date) -> tuple[dt.date, ...]:
    """The first days of the month of a date and of the eleven months before it."""
    first = as_of.replace(day=1)
    return tuple(months_later(first, -back) for back in range(MONTHS - 1, -1, -1))


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The minutes of the people on duty on the date, in the months up to it; `everyone` of the reader's own people."""
    question = planned.question
    months = months_of(question.as_of)
    if planned.only is None:
        by = on_duty(question.as_of, today=question.today)
    else:
        by = {}
        for each in everyone:
            for unit in each.units:
                by.setdefault(unit, {}).setdefault(each.profession, 0)
                by[unit][each.profession] += 1
    sizes = {ON_DUTY: by}
    hidden = mask(planned.tree, planned.parents, sizes, question.smallest, question.profession)
    rows = [unit.id for unit in planned.rows]
    minutes: Counter[int] = Counter()
    monthly: Counter[tuple[int, int]] = Counter()
    professions: Counter[str] = Counter()
    learners: Counter[int] = Counter()
    first = rows[0] if rows else None
    for unit, who, month, spent, people in _by_unit(planned, rows, months):
        name = PROFESSIONS[who]
        if question.profession not in (None, name):
            continue
        learners[unit] += people
        if month < 0:
            continue
        minutes[unit] += spent  # type: ignore[assignment]
        monthly[unit, month] += spent  # type: ignore[assignment]
        if unit == first:
            professions[name] += spent  # type: ignore[assignment]
    counted = {
        unit: {name: of for name, of in by.get(unit, {}).items() if question.profession in (None, name)}
        for unit in rows
    }
    here = counted[first] if first is not None else {}
    return {
        "hidden": hidden,
        "learning": LearningTime(
            months, minutes, monthly, learners,
            {name: (here[name], professions[name]) for name in PROFESSIONS if here.get(name)},
            by_profession(planned.tree, sizes, question.smallest)[ON_DUTY].get(first or 0, frozenset()),
            {unit: sum(mine.values()) for unit, mine in counted.items()},
        ),
    }  # fmt: skip


def _by_unit(planned: Plan, rows: Sequence[int], months: Sequence[dt.date]) -> list[tuple[int, int, int, float, int]]:
    """Rows of (unit, profession's place, month's place, minutes, 0) and, with month −1, of the people who learned."""
    if not rows:
        return []
    on = planned.question.as_of
    spent = _spent(months, on)
    wanted = frozenset(rows)
    pairs = [(unit, above) for unit, line in unit_lines_on(on).items() for above in line if above in wanted]
    mine = select(spent.c.person_id)
    if planned.only is not None:
        mine = mine.where(among(spent.c.person_id, planned.only))
    seats = seats_on(on, numbers("above", ("unit_id", "wanted_id"), pairs), mine).cte("seats")
    each = select(spent.c.person_id, spent.c.month, func.sum(spent.c.minutes).label("minutes"))
    month = each.group_by(spent.c.person_id, spent.c.month).cte("by_month")
    keys = (seats.c.wanted_id, seats.c.profession)
    summed = select(*keys, month.c.month, func.sum(month.c.minutes), literal(0))
    summed = summed.join(month, month.c.person_id == seats.c.person_id).group_by(*keys, month.c.month)
    learned = select(*keys, literal(-1), literal(0.0), func.count()).group_by(*keys)
    with whole_tables():
        return [(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(union_all(summed, learned))]


def _spent(months: Sequence[dt.date], last: dt.date) -> CTE:
    """Person, month's place and minutes of every lesson completed and every exam handed in up to a day."""
    start, end = moment(months[0]), end_of(last)
    known = numbers("known", ("course_id", "slug", "minutes"), _minutes_of_lessons(end), words=["slug"])
    same = and_(known.c.course_id == Enrolment.course_id, known.c.slug == LessonProgress.slug)
    done = (
        select(
            Enrolment.person_id, _month(LessonProgress.completed_at, months).label("month"),
            cast(func.coalesce(known.c.minutes, 0), Float).label("minutes"),
        )
        .select_from(LessonProgress)
        .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
        .outerjoin(known, same)
        .where(LessonProgress.completed_at >= start, LessonProgress.completed_at < end)
    )  # fmt: skip
    took = seconds_between(Attempt.started_at, Attempt.submitted_at) / 60.0
    minutes = case((took > float(LONGEST), float(LONGEST)), else_=took)
    sat = select(Attempt.person_id, _month(Attempt.submitted_at, months), minutes)
    sat = sat.where(Attempt.submitted_at >= start, Attempt.submitted_at < end)
    return union_all(done, sat).cte("spent")


def _month(when: Any, months: Sequence[dt.date]) -> Any:
    """The place of the month of a moment, in the hospital's zone."""
    later = [(when >= moment(first), place) for place, first in reversed(list(enumerate(months)))]
    return case(*later, else_=0)


def _minutes_of_lessons(end: dt.datetime) -> list[tuple[int, str, int]]:
    """The authors' minutes of each lesson as published last before a moment, else as published first."""
    columns = (CourseVersion.course_id, Lesson.slug, Lesson.minutes, CourseVersion.published_at)
    statement = select(*columns).join(Lesson, Lesson.version_id == CourseVersion.id).order_by(CourseVersion.id)
    found: dict[tuple[int, str], int] = {}
    for course_id, slug, minutes, published_at in db.session.execute(statement):
        if published_at < end or (course_id, slug) not in found:
            found[course_id, slug] = minutes
    return [(*lesson, minutes) for lesson, minutes in found.items()]
