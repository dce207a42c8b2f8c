"""Seats to plan: who must renew what in which month, and whether a course or only a sign-off renews it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import or_, select

from assessments.mastery import ceiling, months_later
from lms.catalog.models import Course, CourseVersion
from lms.competency.facts import PersonStanding
from lms.db import db
from lms.reports.frame import Demand
from lms.reports.gathering.spans import end_of

MONTHS = 12
MOST_SEATED = 20_000  # people of a unit that are read to plan its seats; beyond, its units plan their own
TAUGHT = ceiling("test")  # the highest level that passing a course can show

Months = tuple[tuple[dt.date, int], ...]


def months_ahead(as_of: dt.date) -> Months:
    """Twelve calendar months from a date on: the first day counted, and the days until the month is over."""
    starts = [as_of, *(months_later(as_of.replace(day=1), ahead) for ahead in range(1, MONTHS + 1))]
    return tuple((first, (then - as_of).days) for first, then in pairwise(starts))


def demand(
    people: Sequence[PersonStanding], ending: Mapping[int, Mapping[str, int]], months: Months, codes: Collection[str]
) -> Demand:
    """What the people of a unit must renew. `ending` gives by person and competency the days of a month's end.

    Somebody takes a seat in a course once a month, however many competencies it renews for them.
    """
    as_of = months[0][0]
    courses, titles = _courses(as_of)
    places = {days: place for place, (_, days) in enumerate(months)}
    seats: Counter[tuple[int, str]] = Counter()
    signing: Counter[tuple[int, str]] = Counter()
    for person in people:
        taken: set[tuple[int, str]] = set()
        for code, days in ending.get(person.person_id, {}).items():
            if code not in codes:
                continue
            offered = courses.get(code, ())
            level = person.target(code)
            course = next((name for name, taught in offered if level <= min(taught, TAUGHT)), None)
            if course is None:
                signing[places[days], code] += 1
            else:
                taken.add((places[days], course))
        seats.update(taken)
    return Demand(months, seats, signing, titles)


def _courses(as_of: dt.date) -> tuple[dict[str, list[tuple[str, int]]], dict[str, str]]:
    """By competency the courses that taught it on a day, by code, with the level they teach; and their titles."""
    end = end_of(as_of)
    columns = (Course.code, CourseVersion.title, CourseVersion.competencies)
    statement = (
        select(*columns)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.published_at < end, or_(Course.withdrawn_at.is_(None), Course.withdrawn_at >= end))
        .order_by(CourseVersion.id)
    )
    newest = {code: (title, claims) for code, title, claims in db.session.execute(statement)}
    found: dict[str, list[tuple[str, int]]] = {}
    for code, (_, claims) in sorted(newest.items()):
        for claim in claims:
            found.setdefault(claim["code"], []).append((code, claim["level"]))
    return found, {code: title for code, (title, _) in newest.items()}
