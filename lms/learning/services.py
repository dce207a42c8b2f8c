"""Writing enrolments, places, lesson completions and course completions.

The rule of completion: a course is complete with all its lessons and a pass; a course without
an exam with all its lessons. Each completion issues one certificate. Knows no attempt: quizzes
hand the result down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.credentials import services as credentials
from lms.credentials.desk import Desk
from lms.db import db, insert_ignore, public_id, upsert
from lms.learning import queries
from lms.learning.facts import EnrolmentFacts, all_done
from lms.learning.models import CheckAnswer, Completion, Enrolment, LessonProgress


class UnknownCourse(LookupError):
    """No such course is open to learners."""


class UnknownLesson(LookupError):
    """The course has no such lesson now."""


@dataclass(frozen=True)
class Completed:
    """What completing a lesson led to: `course` whether the course became complete, `serial` of its certificate."""

    course: bool = False
    serial: str | None = None


def enrol(person_id: int, code: str, *, now: dt.datetime) -> EnrolmentFacts:
    """Enrol a person in a course; a repeat returns the same enrolment. Raises UnknownCourse."""
    course = catalog.course(code)
    if course is None or course.withdrawn or course.current_id is None:
        raise UnknownCourse(code)
    row = {"public_id": public_id(), "person_id": person_id, "course_id": course.id, "enrolled_at": now}
    insert_ignore(Enrolment.__table__, [row], ["person_id", "course_id"])  # type: ignore[arg-type]
    found = queries.enrolment(person_id, course.id)
    assert found is not None, "an enrolment was just written"
    return found


_ENROLMENT: Any = Enrolment.__table__
_VISIT = (
    update(_ENROLMENT)
    .where(_ENROLMENT.c.id == bindparam("enrolment"))
    .values(seen_at=bindparam("now"), last_slug=bindparam("slug"), last_place=bindparam("place"))
)


def visit(enrolment_id: int, slug: str, place: str | None, *, first: bool, now: dt.datetime) -> None:
    """Record that a lesson is being read at `place`, a heading's id or None for its top.

    `first` tells that the lesson was not opened before, which costs a second statement.
    """
    db.session.execute(_VISIT, {"enrolment": enrolment_id, "now": now, "slug": slug, "place": place})
    if first:
        _open(enrolment_id, slug, now)


def _open(enrolment_id: int, slug: str, now: dt.datetime) -> None:
    row = {"enrolment_id": enrolment_id, "slug": slug, "opened_at": now}
    insert_ignore(LessonProgress.__table__, [row], ["enrolment_id", "slug"])  # type: ignore[arg-type]


def save_check(enrolment_id: int, item: str, value: Any, right: bool, digest: str, *, now: dt.datetime) -> None:
    """Keep the last answer to a knowledge check, in canonical form, with the version's digest it was given to."""
    row = {
        "enrolment_id": enrolment_id,
        "item": item,
        "answer": {"value": value, "digest": digest},
        "right": right,
        "answered_at": now,
    }
    upsert(CheckAnswer.__table__, [row], ["enrolment_id", "item"], ["answer", "right", "answered_at"])  # type: ignore[arg-type]


def complete_lesson(enrolment_id: int, slug: str, *, now: dt.datetime, actor: int | None, desk: Desk) -> Completed:
    """Complete a lesson of the current version; a repeat changes nothing. Raises UnknownLesson.

    Completes the course where this was the last thing missing: no exam, or passed before.
    """
    enrolment = _locked(enrolment_id)
    version = catalog.current_version(enrolment.code)
    if version is None or slug not in {lesson.slug for lesson in catalog.lessons(version.id)}:
        raise UnknownLesson(slug)
    _open(enrolment_id, slug, now)
    db.session.execute(
        update(LessonProgress)
        .where(
            LessonProgress.enrolment_id == enrolment_id,
            LessonProgress.slug == slug,
            LessonProgress.completed_at.is_(None),
        )
        .values(completed_at=now)
    )
    db.session.execute(
        update(Enrolment).where(Enrolment.id == enrolment_id).values(seen_at=now, last_slug=slug, last_place=None)
    )
    if not all_done(catalog.lessons(version.id), queries.progress(enrolment_id)):
        return Completed()
    pending = db.session.execute(
        select(Enrolment.passed_key, Enrolment.passed_version_id, Enrolment.passed_score).where(
            Enrolment.id == enrolment_id
        )
    ).one()
    if pending.passed_key:
        passed = catalog.version(pending.passed_version_id)
        assert passed is not None, "a version is never deleted"
        return _complete(enrolment, passed, pending.passed_score, pending.passed_key, actor=actor, now=now, desk=desk)
    if version.exam is None:
        key = f"lessons:{enrolment.public_id}:{version.edition}"
        return _complete(enrolment, version, None, key, actor=actor, now=now, desk=desk)
    return Completed()


def record_result(
    enrolment_id: int,
    version: VersionFacts,
    passed: bool | None,
    score: Decimal | None,
    *,
    attempt_id: str,
    actor: int | None,
    now: dt.datetime,
    desk: Desk,
) -> str | None:
    """Take in the result of an attempt; returns the serial of the certificate where the course is complete now.

    `version` is the one that the attempt was pinned to, `score` the percentage with one decimal,
    `attempt_id` the attempt's public id. A pass with lessons still open is kept until they are done.
    """
    if not passed:
        return None
    enrolment = _locked(enrolment_id)
    key = f"attempt:{attempt_id}"
    if all_done(catalog.lessons(version.id), queries.progress(enrolment_id)):
        return _complete(enrolment, version, score, key, actor=actor, now=now, desk=desk).serial
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .values(passed_key=key, passed_version_id=version.id, passed_score=score)
    )
    return None


def _locked(enrolment_id: int) -> EnrolmentFacts:
    """The enrolment, held until the transaction ends, so that a course is not completed twice at once."""
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())
    found = queries.enrolment_by_id(enrolment_id)
    if found is None:
        raise LookupError(f"No enrolment {enrolment_id}.")
    return found


def _complete(
    enrolment: EnrolmentFacts,
    version: VersionFacts,
    score: Decimal | None,
    key: str,
    *,
    actor: int | None,
    now: dt.datetime,
    desk: Desk,
) -> Completed:
    row: Mapping[str, Any] = {
        "key": key,
        "enrolment_id": enrolment.id,
        "version_id": version.id,
        "completed_at": now,
    }
    already = queries.completion(key)
    if already is not None:
        return Completed(False, already.serial)
    credential = credentials.issue(
        enrolment.person_id, version, score, key=f"completion:{key}", actor=actor, now=now, desk=desk
    )
    db.session.execute(insert(Completion).values(**row, serial=credential.serial))
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment.id)
        .values(completed_at=now, passed_key=None, passed_version_id=None, passed_score=None)
    )
    record(
        "course.complete", "enrolment", enrolment.public_id, actor=actor, now=now,
        course=version.code, edition=version.edition, serial=credential.serial,
    )  # fmt: skip
    return Completed(True, credential.serial)
