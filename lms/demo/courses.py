"""Two years of sample enrolments, attempts and completions. Pure: the same seed, the same history."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.model import Bank
from assessments.papers import draw_paper
from lms.catalog.facts import LessonFacts, VersionFacts
from lms.demo.answers import answers_of
from lms.demo.staff import SamplePerson

PAPERS = 24  # papers a course; sample attempts share their seeds
FIRST = ("CPOE-101", "DOWN-101")


@dataclass
class Sitting:
    """One sample attempt: when, which answers, and what it earned."""

    seed: str
    paper: tuple[str, ...]
    started: dt.datetime
    submitted: dt.datetime
    answers: list[tuple[str, Any, int, bool]]  # item, canonical answer, confidence, right
    earned: Fraction
    possible: Fraction
    passed: bool


@dataclass
class Story:
    """What a sample person did in a course."""

    person: SamplePerson
    version: VersionFacts
    enrolled: dt.datetime
    done: list[tuple[str, dt.datetime]] = field(default_factory=list)  # lesson slug, when
    sittings: list[Sitting] = field(default_factory=list)


class Course:
    """What drawing stories needs of one version, worked out once."""

    def __init__(self, version: VersionFacts, lessons: Sequence[LessonFacts], bank: Bank) -> None:
        self.version = version
        self.lessons = lessons
        self.answers = answers_of(bank)
        self.points = {item.id: item.points for item in bank.items}
        self.hard = {item.id: (_unit(f"{version.code}:{item.id}") - 0.5) * 2.4 for item in bank.items}
        draws = version.exam.draws if version.exam else ()
        seeds = [f"sample-{number}" for number in range(PAPERS)]
        self.papers = [(seed, draw_paper(bank, draws, seed)) for seed in seeds] if version.exam else []


def _unit(text: str) -> float:
    """A number from 0 to 1 that belongs to a text."""
    return int(hashlib.blake2b(text.encode(), digest_size=4).hexdigest(), 16) / 2**32


def stories(people: Sequence[SamplePerson], courses: Sequence[Course], seed: int, today: dt.date) -> Iterator[Story]:
    """The stories of all people, in order of person."""
    first = [course for course in courses if course.version.code in FIRST]
    rest = [course for course in courses if course.version.code not in FIRST]
    for person in people:
        rng = random.Random(f"courses:{seed}:{person.number}")  # noqa: S311  (a sample, not a secret)
        chosen = [course for course in first if rng.random() < 0.86]
        if rest and rng.random() < 0.6:
            chosen.append(rng.choice(rest))
        for course in chosen:
            story = _story(rng, person, course, today)
            if story is not None:
                yield story


def _story(rng: random.Random, person: SamplePerson, course: Course, today: dt.date) -> Story | None:
    begins = max(min(post.starts for post in person.posts), today - dt.timedelta(days=730))
    ends = max((post.ends or today for post in person.posts), default=today)
    days = (min(ends, today) - begins).days
    if days < 14:
        return None
    started = _moment(rng, begins + dt.timedelta(days=rng.randint(1, days - 7)))
    story = Story(person, course.version, started)
    finishes = rng.random() < 0.9
    lessons = course.lessons if finishes else course.lessons[: rng.randint(0, max(0, len(course.lessons) - 1))]
    when = started
    for lesson in lessons:
        when += dt.timedelta(minutes=rng.randint(4, 15) if rng.random() < 0.7 else rng.randint(600, 3000))
        story.done.append((lesson.slug, when))
    if not finishes or not course.papers:
        return story
    limit = _moment(rng, min(ends, today))
    when += dt.timedelta(hours=rng.randint(1, 60))
    for number in range(3):
        if when >= limit:
            return story
        sitting = _sit(rng, person, course, when, 0.35 * number)
        story.sittings.append(sitting)
        if sitting.passed:
            break
        when = sitting.submitted + dt.timedelta(hours=rng.randint(25, 400))
    _renew(rng, story, course, limit)
    return story


def _renew(rng: random.Random, story: Story, course: Course, limit: dt.datetime) -> None:
    """Most people renew around the end of a certificate that runs out."""
    months = course.version.valid_months
    if not months or not story.sittings or not story.sittings[-1].passed or rng.random() < 0.25:
        return
    when = story.sittings[-1].submitted + dt.timedelta(days=months * 30 - rng.randint(-20, 60))
    if when < limit:
        story.sittings.append(_sit(rng, story.person, course, when, 0.5))


def _sit(rng: random.Random, person: SamplePerson, course: Course, when: dt.datetime, practice: float) -> Sitting:
    seed, paper = rng.choice(course.papers)
    answers: list[tuple[str, Any, int, bool]] = []
    earned = possible = Fraction(0)
    for item in paper:
        right, wrong = course.answers[item]
        chance = 1 / (1 + math.exp(-(1.9 + 0.9 * person.ability + practice - course.hard[item])))
        good = right is not None and rng.random() < chance
        sure = 3 if rng.random() < (0.55 if good else 0.18) else rng.choice((1, 2, 2))
        answers.append((item, right if good else (rng.choice(wrong) if wrong else None), sure, good))
        possible += course.points[item]
        earned += course.points[item] if good else 0
    exam = course.version.exam
    assert exam is not None, "only courses with an exam have papers"
    passed = bool(possible) and earned * 100 >= exam.pass_percent * possible
    ended = when + dt.timedelta(minutes=rng.randint(6, 19))
    return Sitting(seed, paper, when, ended, answers, earned, possible, passed)


def _moment(rng: random.Random, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(rng.randint(6, 20), rng.randint(0, 59)), dt.UTC)
