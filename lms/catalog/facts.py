"""What the catalogue tells other rooms about a published version: plain values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.papers import Draw


@dataclass(frozen=True)
class ExamFacts:
    """The rules of an exam. Times are in hours and minutes as named; `attempts` 0 means no limit."""

    title: str
    pass_percent: Fraction
    attempts: int
    wait_hours: int
    time_limit: int | None  # minutes
    open: str  # after_lessons or always
    confidence: bool
    feedback: str  # after_submit, after_pass or never
    draws: tuple[Draw, ...]
    instructions_html: str
    markers: int = 1  # people who mark each essay without seeing each other's marks


@dataclass(frozen=True)
class VersionFacts:
    """Everything of one published version but its lessons. `sequence` counts a course's versions from 1."""

    id: int
    course_id: int
    code: str
    sequence: int
    digest: str
    edition: str
    title: str
    summary: str
    language: str
    minutes: int
    valid_months: int | None
    review_by: dt.date | None
    audience: tuple[str, ...]
    objectives: tuple[str, ...]
    prerequisites: tuple[str, ...]
    responsibilities: tuple[str, ...]
    credits: tuple[Mapping[str, Any], ...]
    authors: tuple[Mapping[str, str], ...]
    competencies: tuple[tuple[str, int], ...]
    overview_html: str
    exam: ExamFacts | None
    published_at: dt.datetime
    published_by: int | None


@dataclass(frozen=True)
class LessonFacts:
    """A lesson in the list of a course. `minutes` is the author's estimate of the reading time."""

    slug: str
    position: int  # from 1
    title: str
    minutes: int
    checks: tuple[str, ...]


@dataclass(frozen=True)
class LessonPage:
    """A rendered lesson. `outline` holds (heading id, title, level) in order; level 2 or 3."""

    version_id: int
    slug: str
    position: int
    title: str
    minutes: int
    html: str
    outline: tuple[tuple[str, str, int], ...]
    checks: tuple[str, ...]


@dataclass(frozen=True)
class CourseFacts:
    """A course as its educators see it: the current version and how many there are."""

    id: int
    code: str
    current_id: int | None
    versions: int
    withdrawn: bool


@dataclass(frozen=True)
class MediaFacts:
    """A public file of a version. `size` in bytes."""

    digest: str
    media_type: str
    size: int


def exam_document(exam: Any, instructions_html: str) -> dict[str, Any]:
    """The exam of `courses.model` as the JSON that a version keeps; the pass mark stays exact."""
    return {
        "title": exam.title,
        "pass_percent": str(exam.pass_percent),
        "attempts": exam.attempts,
        "wait_hours": exam.wait_hours,
        "time_limit": exam.time_limit,
        "open": exam.open,
        "confidence": exam.confidence,
        "feedback": exam.feedback,
        "draws": [{"count": d.count, "competency": d.competency, "level": d.level, "tag": d.tag} for d in exam.draws],
        "instructions_html": instructions_html,
        "markers": exam.markers,
    }


def exam_facts(document: Mapping[str, Any] | None) -> ExamFacts | None:
    """The rules of an exam from the JSON of a version; None where the course has no exam."""
    if document is None:
        return None
    values = dict(document)
    values["pass_percent"] = Fraction(values["pass_percent"])
    values["draws"] = tuple(Draw(**draw) for draw in values["draws"])
    return ExamFacts(**values)
