"""A course as values: what an author wrote, checked and typed. Knows neither files nor HTML."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assessments.model import Bank
from assessments.papers import Draw


@dataclass(frozen=True)
class CompetencyClaim:
    """What passing the course records: a competency of the framework and a level 1 to 5, capped later by its source."""

    code: str
    level: int


@dataclass(frozen=True)
class Credit:
    """Continuing-education credit that the author proposes; it counts only once an administrator enables its type."""

    type: str
    amount: Fraction
    uan: str | None = None


@dataclass(frozen=True)
class Author:
    """Who wrote the course, with the disclosure that learners are shown before they begin."""

    name: str
    credentials: str
    disclosure: str


@dataclass(frozen=True)
class Lesson:
    """One lesson. `slug` is its lasting id, `position` counts from 1, `body` is Markdown beginning at `body_line` of
    `path`; `checks` and `cases` are the ids placed in it, in order. `words` counts outside code and formulas, `grade`
    is the reading grade, None where it cannot be told."""

    slug: str
    position: int
    title: str
    minutes: int
    body: str
    path: str
    body_line: int
    checks: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    words: int = 0
    pictures: int = 0
    grade: float | None = None


@dataclass(frozen=True)
class Exam:
    """The assessment's blueprint. `attempts` 0 means no limit, `time_limit` is minutes or None, `open` is
    `after_lessons` or `always`, `feedback` is `after_submit`, `after_pass` or `never`; without `draws` every item is
    asked. `markers` is how many people mark each essay without seeing each other's marks, 1 or 2."""

    title: str
    pass_percent: Fraction
    attempts: int
    wait_hours: int
    time_limit: int | None
    open: str
    confidence: bool
    feedback: str
    draws: tuple[Draw, ...]
    instructions: str
    path: str
    body_line: int
    draw_line: int
    markers: int = 1


@dataclass(frozen=True)
class Media:
    """A file under media/. `name` is its last part, `digest` SHA-256 in hex, sizes are CSS pixels where it has any."""

    path: str
    name: str
    media_type: str
    digest: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Course:
    """A whole course. `files` are the paths that it was read from, `valid_months` None means for ever."""

    code: str
    title: str
    summary: str
    edition: str
    language: str
    audience: tuple[str, ...]
    minutes: int
    competencies: tuple[CompetencyClaim, ...]
    prerequisites: tuple[str, ...]
    responsibilities: tuple[str, ...]
    credits: tuple[Credit, ...]
    valid_months: int | None
    objectives: tuple[str, ...]
    authors: tuple[Author, ...]
    review_by: date | None
    overview: str
    overview_line: int
    lessons: tuple[Lesson, ...]
    bank: Bank
    exam: Exam | None
    media: tuple[Media, ...]
    files: tuple[str, ...]
    name: str = ""

    def lesson(self, slug: str) -> Lesson | None:
        """Return the lesson with the lasting id `slug`."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)
