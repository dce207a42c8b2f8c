"""Gathering a learner's home and record from the features below, with few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.assignments.lines import Line, lines
from lms.assignments.personal import personal
from lms.catalog import queries as catalog
from lms.catalog.facts import LessonFacts, VersionFacts
from lms.competency.glance import Glance, glance
from lms.credentials.summaries import Summary, summaries
from lms.learning.facts import MyCourse
from lms.learning.queries import my_courses
from lms.observations.queries import Hints, hints
from lms.people.facts import PersonFacts
from lms.people.queries import person
from lms.policies.facts import Mine
from lms.quizzes.unfinished import Unfinished, unfinished

SHORT_MINUTES = 6
ASKED_ABOUT = dt.timedelta(days=400)  # longer than any round of an evaluation
SHOWN_COMPETENCIES = 6
SHOWN_ASSIGNED = 5


@dataclass(frozen=True)
class Renewal:
    """A certificate that ends soon or has ended, with nothing newer of the same course."""

    credential: Summary
    days: int  # until it ends; negative once it has


@dataclass(frozen=True)
class Suggestion:
    """A course not begun, a short lesson to begin with, and what it would raise; None: it is for the profession."""

    version: VersionFacts
    lesson: LessonFacts
    because: Glance | None


@dataclass(frozen=True)
class Sitting:
    """An open attempt with the course it belongs to."""

    attempt: Unfinished
    version: VersionFacts


@dataclass(frozen=True)
class Home:
    """Everything on a learner's home."""

    person: PersonFacts
    going_on: MyCourse | None
    in_progress: tuple[MyCourse, ...]
    sittings: tuple[Sitting, ...]
    assigned: tuple[Line, ...]  # what waits, the nearest first, a few
    assigned_in_all: int
    overdue: int
    policies: tuple[Mine, ...]  # that wait without a rule
    renewals: tuple[Renewal, ...]
    suggestions: tuple[Suggestion, ...]
    standings: tuple[Glance, ...]  # those that matter most, a few
    required: int
    at_target: int
    valid_certificates: int
    hints: Hints  # what waits for the learner's word
    finished: Mapping[str, str]  # titles by code of the courses completed of late, which may be evaluated


def home(person_id: int, now: dt.datetime, today: dt.date) -> Home:
    """A learner's home."""
    holder = person(person_id)
    if holder is None:
        raise LookupError(f"No person {person_id}.")
    mine = my_courses(person_id)
    open_courses = [course for course in mine if course.enrolment.completed_at is None]
    open_courses.sort(key=lambda course: course.enrolment.seen_at or course.enrolment.enrolled_at, reverse=True)
    needed = glance(person_id, today, holder.profession)
    credentials = summaries(person_id)
    taken = {course.version.code for course in mine}
    asked = personal(person_id, holder.profession, today, certificates=credentials)
    waits = [
        line
        for line in lines(asked.book, asked.obligations.obligations if asked.obligations else (), today)
        if line.waits
    ]
    named = {line.obligation.target.code for line in waits}
    return Home(
        person=holder,
        going_on=next((course for course in open_courses if course.resume and course.minutes_left), None),
        in_progress=tuple(open_courses),
        sittings=_sittings(person_id, now),
        assigned=tuple(waits[:SHOWN_ASSIGNED]),
        assigned_in_all=len(waits),
        overdue=sum(1 for line in waits if line.obligation.state == "overdue"),
        policies=asked.waiting,
        # What is assigned says by itself when it is due; the certificate behind it need not say so again.
        renewals=tuple(each for each in _renewals(credentials, today) if each.credential.course_code not in named),
        suggestions=tuple(_suggestions(needed, holder.profession, taken | named, asked.courses)),
        standings=tuple(sorted(needed, key=_weight)[:SHOWN_COMPETENCIES]),
        required=len(needed),
        at_target=sum(1 for row in needed if row.level >= row.target),
        valid_certificates=sum(1 for each in credentials if each.valid(today)),
        hints=hints(person_id, today),
        finished=_finished(mine, now),
    )


def _finished(mine: Iterable[MyCourse], now: dt.datetime) -> dict[str, str]:
    since = now - ASKED_ABOUT
    found = [each for each in mine if each.enrolment.completed_at and each.enrolment.completed_at > since]
    return {each.version.code: each.version.title for each in found}


def _weight(row: Glance) -> tuple[bool, bool, int, str]:
    """Below target and critical first, the widest gap first."""
    return (row.level >= row.target, not row.critical, row.level - row.target, row.code)


def _sittings(person_id: int, now: dt.datetime) -> tuple[Sitting, ...]:
    found = []
    for attempt in unfinished(person_id):
        version = catalog.version(attempt.version_id)
        if version is not None and (attempt.deadline is None or attempt.deadline > now):
            found.append(Sitting(attempt, version))
    return tuple(found)


def _renewals(credentials: Iterable[Summary], today: dt.date) -> Iterable[Renewal]:
    """Per course the newest certificate that still stands, where it ends within the renewal window or has ended."""
    newest: dict[str, Summary] = {}
    for each in credentials:  # newest first
        if each.standing:
            newest.setdefault(each.course_code, each)
    due = [
        Renewal(each, (each.valid_until - today).days)
        for each in newest.values()
        if each.valid_until is not None and each.renewable(today)
    ]
    return sorted(due, key=lambda renewal: renewal.days)


def _suggestions(
    needed: Iterable[Glance], profession: str, taken: set[str], courses: Iterable[VersionFacts]
) -> Iterable[Suggestion]:
    """Courses not begun: first those that teach something below target, then those for the profession."""
    below = {row.code: row for row in sorted(needed, key=_weight) if row.level < row.target}
    found = []
    for version in courses:
        taught = [below[code] for code, level in version.competencies if code in below and below[code].level < level]
        if version.code in taken or not (taught or profession in version.audience):
            continue
        short = next((each for each in catalog.lessons(version.id) if each.minutes <= SHORT_MINUTES), None)
        if short is not None:
            because = min(taught, key=_weight) if taught else None
            order = (because is None, _weight(because) if because else (), profession not in version.audience)
            found.append((order, version.title, Suggestion(version, short, because)))
    return [each for *_, each in sorted(found, key=lambda row: row[:2])[:2]]
