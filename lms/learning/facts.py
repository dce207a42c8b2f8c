"""What learning tells other rooms: plain values about enrolments, progress and completion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.catalog.facts import LessonFacts, VersionFacts


@dataclass(frozen=True)
class EnrolmentFacts:
    """A person takes a course. `last_slug` and `last_place` (a heading's id) are where they stopped reading."""

    id: int
    public_id: str
    person_id: int
    course_id: int
    code: str
    enrolled_at: dt.datetime
    seen_at: dt.datetime | None
    last_slug: str | None
    last_place: str | None
    completed_at: dt.datetime | None


@dataclass(frozen=True)
class LessonState:
    """When a lesson was first opened and when it was completed."""

    opened_at: dt.datetime
    completed_at: dt.datetime | None

    @property
    def done(self) -> bool:
        """Whether the lesson is completed."""
        return self.completed_at is not None


@dataclass(frozen=True)
class CheckFacts:
    """The last answer to a knowledge check: the canonical value and whether it was right."""

    value: Any
    right: bool
    answered_at: dt.datetime


@dataclass(frozen=True)
class Place:
    """Where a person stands in a course: its current version, and the enrolment with its progress if there is one."""

    course_id: int
    code: str
    version_id: int
    enrolment: EnrolmentFacts | None
    progress: Mapping[str, LessonState] = field(default_factory=dict)


@dataclass(frozen=True)
class CompletionFacts:
    """A course completed once, with the serial of the certificate where one was issued."""

    enrolment_id: int
    version_id: int
    completed_at: dt.datetime
    serial: str | None


@dataclass(frozen=True)
class MyCourse:
    """A course that a person takes, with what is left of it."""

    enrolment: EnrolmentFacts
    version: VersionFacts
    lessons: tuple[LessonFacts, ...]
    progress: Mapping[str, LessonState]

    @property
    def done(self) -> int:
        """How many of the current lessons are completed."""
        return sum(1 for lesson in self.lessons if is_done(self.progress, lesson.slug))

    @property
    def minutes_left(self) -> int:
        """Reading minutes of the lessons that are not completed."""
        return sum(lesson.minutes for lesson in self.lessons if not is_done(self.progress, lesson.slug))

    @property
    def resume(self) -> tuple[str, str | None] | None:
        """Slug and heading at which reading goes on."""
        return resume(self.lessons, self.progress, self.enrolment)


def is_done(progress: Mapping[str, LessonState], slug: str) -> bool:
    """Whether the lesson is completed."""
    state = progress.get(slug)
    return state is not None and state.done


def resume(
    lessons: Sequence[LessonFacts], progress: Mapping[str, LessonState], enrolment: EnrolmentFacts
) -> tuple[str, str | None] | None:
    """Slug and heading id at which reading goes on, or None for a course without lessons.

    The lesson that was open last, unless it is completed; then the first that is not; then the
    first of all.
    """
    slugs = [lesson.slug for lesson in lessons]
    open_slugs = [slug for slug in slugs if not is_done(progress, slug)]
    if enrolment.last_slug in slugs and (enrolment.last_slug in open_slugs or not open_slugs):
        return enrolment.last_slug or slugs[0], enrolment.last_place
    if open_slugs:
        return open_slugs[0], None
    return (slugs[0], None) if slugs else None


def all_done(lessons: Sequence[LessonFacts], progress: Mapping[str, LessonState]) -> bool:
    """Whether every lesson is completed; so a course without lessons is."""
    return all(is_done(progress, lesson.slug) for lesson in lessons)
