"""What the sample sign-ins have done, told rather than drawn, so that each home shows something to see. Pure.

The nurse has a course to go on with, a certificate that ends soon and competencies below target;
the physician's certificate has just ended; for the pharmacist nothing is due.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence

from lms.demo.courses import Course, Sitting, Story, drawn, moment, sit
from lms.demo.staff import SamplePerson

# By sign-in and course: how many days from today the certificate ends, or how many lessons are read so far.
ENDS: Mapping[str, Mapping[str, int]] = {
    "nurse": {"CPOE-101": 37, "DOC-101": 540},
    "physician": {"CPOE-101": -12, "DOWN-101": 210, "EHR-101": 150},
    "pharmacist": {"CPOE-101": 180, "DOWN-101": 240, "EHR-101": 300, "DOC-101": 600},
    "supervisor": {"CPOE-101": 200, "DOWN-101": 260},
}
READS: Mapping[str, Mapping[str, int]] = {"nurse": {"DOWN-101": 3}}
# Levels below target, by sign-in; everything else is at target. Those not named here are drawn like everybody.
GAPS: Mapping[str, Mapping[str, int]] = {
    "nurse": {"A3": 1, "A5": 2, "B4": 2, "D2": 1},
    "physician": {"B2": 2, "D5": 1},
    "pharmacist": {},
    "supervisor": {"D4": 2},
}


def stories(people: Sequence[SamplePerson], courses: Sequence[Course], seed: int, today: dt.date) -> Iterator[Story]:
    """The stories of all people, in order of person."""
    for person in people:
        if person.sign_in in ENDS:
            yield from _told(person, courses, today)
        else:
            yield from drawn(person, courses, seed, today)


def _told(person: SamplePerson, courses: Sequence[Course], today: dt.date) -> Iterator[Story]:
    name = str(person.sign_in)
    for course in courses:
        code = course.version.code
        rng = random.Random(f"told:{name}:{code}")  # noqa: S311  (a sample, not a secret)
        if code in ENDS[name]:
            story = _certified(rng, person, course, today, ENDS[name][code])
        elif code in READS.get(name, {}):
            story = _reading(rng, person, course, today, READS[name][code])
        else:
            continue
        if story is not None:
            yield story


def _certified(rng: random.Random, person: SamplePerson, course: Course, today: dt.date, left: int) -> Story | None:
    """All lessons and a pass whose certificate ends in `left` days; None where the course issues none that ends."""
    months = course.version.valid_months
    if not months or not course.papers:
        return None
    passed_on = _months_before(today + dt.timedelta(days=left), months)
    when = moment(rng, passed_on)
    read = when - dt.timedelta(days=2)
    story = Story(person, course.version, read)
    for lesson in course.lessons:
        read += dt.timedelta(minutes=lesson.minutes + rng.randint(0, 2))
        story.done.append((lesson.slug, read))
    passing = _pass(rng, person, course, when)
    if passing is None or passing.submitted.date() >= today:
        return None
    story.sittings.append(passing)
    return story


def _pass(rng: random.Random, person: SamplePerson, course: Course, when: dt.datetime) -> Sitting | None:
    """A passing attempt; None where the bank holds too few items that the sample can answer."""
    tries = (sit(rng, person, course, when, 1.5) for _ in range(40))
    return next((each for each in tries if each.passed), None)


def _reading(rng: random.Random, person: SamplePerson, course: Course, today: dt.date, count: int) -> Story:
    """Some lessons completed yesterday and the next one left at a heading in its middle."""
    when = moment(rng, today - dt.timedelta(days=1))
    story = Story(person, course.version, when)
    for lesson in course.lessons[:count]:
        when += dt.timedelta(minutes=lesson.minutes)
        story.done.append((lesson.slug, when))
    if count < len(course.lessons):
        lesson = course.lessons[count]
        headings = course.headings.get(lesson.slug, ())
        story.stopped = (lesson.slug, headings[len(headings) // 2] if headings else None)
        story.seen = when + dt.timedelta(minutes=2)
    return story


def _months_before(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, min(day.day, 28))
