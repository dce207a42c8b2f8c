"""Two years of sample enrolments, attempts and completions. Pure: the same seed, the same history."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from assessments.model import Bank
from assessments.papers import draw_paper
from lms.catalog.facts import LessonFacts, VersionFacts
from lms.demo.answers import BLANK, Tried, answers_of
from lms.demo.staff import SamplePerson

PAPERS = 24  # papers a course; sample attempts share their seeds
FIRST = ("CPOE-101", "DOWN-101")


@dataclass(frozen=True)
class Reply:
    """The answer to one item of a sample attempt."""

    item: str
    given: Tried
    confidence: int
    right: bool


@dataclass
class Sitting:
    """One sample attempt: when, which answers, and what it earned."""

    seed: str
    paper: tuple[str, ...]
    started: dt.datetime
    submitted: dt.datetime
    replies: list[Reply]
    earned: Fraction
    possible: Fraction
    passed: bool


@dataclass
class Story:
    """What a sample person did in a course. `stopped` is the lesson and heading at which reading goes on."""

    person: SamplePerson
    version: VersionFacts
    enrolled: dt.datetime
    done: list[tuple[str, dt.datetime]] = field(default_factory=list)  # lesson slug, when
    sittings: list[Sitting] = field(default_factory=list)
    stopped: tuple[str, str | None] | None = None
    seen: dt.datetime | None = None


class Course:
    """What drawing stories needs of one version, worked out once.

    `headings` holds the ids of each lesson's headings by slug; without them nobody stops within a lesson.
    """

    def __init__(
        self,
        version: VersionFacts,
        lessons: Sequence[LessonFacts],
        bank: Bank,
        headings: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.version = version
        self.lessons = lessons
        self.headings = headings or {}
        self.answers = answers_of(bank)
        self.points = {item.id: item.points for item in bank.items}
        self.hard = {item.id: (_unit(f"{version.code}:{item.id}") - 0.5) * 2.4 for item in bank.items}
        draws = version.exam.draws if version.exam else ()
        seeds = [f"sample-{number}" for number in range(PAPERS)]
        self.papers = [(seed, draw_paper(bank, draws, seed)) for seed in seeds] if version.exam else []


def _unit(text: str) -> float:
    """A number from 0 to 1 that belongs to a text."""
    return int(hashlib.blake2b(text.encode(), digest_size=4).hexdigest(), 16) / 2**32


def drawn(person: SamplePerson, courses: Sequence[Course], seed: int, today: dt.date) -> Iterator[Story]:
    """What chance gives a person: most take the first courses, many one more."""
    rng = random.Random(f"courses:{seed}:{person.number}")  # noqa: S311  (a sample, not a secret)
    rest = [course for course in courses if course.version.code not in FIRST]
    chosen = [course for course in courses if course.version.code in FIRST and rng.random() < 0.86]
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
    started = moment(rng, begins + dt.timedelta(days=rng.randint(1, days - 7)))
    limit = moment(rng, min(ends, today))
    story = Story(person, course.version, started)
    finishes = rng.random() < 0.9
    count = len(course.lessons) if finishes else rng.randint(0, max(0, len(course.lessons) - 1))
    when = started
    for lesson in course.lessons[:count]:
        when += dt.timedelta(minutes=rng.randint(4, 15) if rng.random() < 0.7 else rng.randint(600, 3000))
        if when >= limit:
            break
        story.done.append((lesson.slug, when))
    if len(story.done) < len(course.lessons):
        _stop(rng, story, course, limit)
        return story
    if not course.papers:
        return story
    when += dt.timedelta(hours=rng.randint(1, 60))
    for number in range(3):
        if when >= limit:
            return story
        story.sittings.append(sit(rng, person, course, when, 0.5 * number))
        if story.sittings[-1].passed:
            break
        when = story.sittings[-1].submitted + dt.timedelta(hours=rng.randint(25, 400))
    _renew(rng, story, course, limit)
    return story


def _stop(rng: random.Random, story: Story, course: Course, limit: dt.datetime) -> None:
    """Leave the reader at a heading of the first lesson that is not completed."""
    lesson = course.lessons[len(story.done)]
    headings = course.headings.get(lesson.slug, ())
    story.stopped = (lesson.slug, rng.choice(headings) if headings else None)
    last = story.done[-1][1] if story.done else story.enrolled
    story.seen = min(last + dt.timedelta(minutes=rng.randint(2, 6)), max(limit, last))


def _renew(rng: random.Random, story: Story, course: Course, limit: dt.datetime) -> None:
    """Most people renew around the end of a certificate that runs out."""
    months = course.version.valid_months
    if not months or not story.sittings or not story.sittings[-1].passed or rng.random() < 0.25:
        return
    when = story.sittings[-1].submitted + dt.timedelta(days=months * 30 - rng.randint(-20, 60))
    if when < limit:
        story.sittings.append(sit(rng, story.person, course, when, 0.8))


def sit(rng: random.Random, person: SamplePerson, course: Course, when: dt.datetime, practice: float) -> Sitting:
    """One attempt of a person; `practice` adds to their ability, on the logistic scale."""
    seed, paper = rng.choice(course.papers)
    replies: list[Reply] = []
    earned = possible = Fraction(0)
    for item in paper:
        known = course.answers[item]
        chance = 1 / (1 + math.exp(-(1.75 + 0.7 * person.ability + practice - course.hard[item])))
        good = known.right is not None and rng.random() < chance
        given = known.right if good and known.right else rng.choice(known.wrong or (BLANK,))
        sure = 3 if rng.random() < (0.55 if good else 0.18) else rng.choice((1, 2, 2))
        replies.append(Reply(item, given, sure, good))
        possible += course.points[item]
        earned += given.earned
    exam = course.version.exam
    assert exam is not None, "only courses with an exam have papers"
    passed = bool(possible) and earned * 100 >= exam.pass_percent * possible
    ended = when + dt.timedelta(minutes=rng.randint(6, 19))
    return Sitting(seed, paper, when, ended, replies, earned, possible, passed)


def moment(rng: random.Random, day: dt.date) -> dt.datetime:
    """A time on a day at which somebody may learn."""
    return dt.datetime.combine(day, dt.time(rng.randint(6, 20), rng.randint(0, 59)), dt.UTC)
