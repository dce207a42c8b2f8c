"""Rows of who takes which course, how far they are, and what they completed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class Enrolment(Base):
    """A person takes a course; the place to resume is kept here. pii: what a person learns."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    enrolled_at: Mapped[dt.datetime] = mapped_column(Instant)
    seen_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_slug: Mapped[str | None] = mapped_column(String(120))
    last_place: Mapped[str | None] = mapped_column(String(120))  # heading id within the lesson
    completed_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # the latest completion
    # A pass whose course is not complete yet, because lessons were still open when it was reached.
    passed_key: Mapped[str | None] = mapped_column(String(160))
    passed_version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))
    passed_score: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))


class LessonProgress(Base):
    """A lesson opened and perhaps completed, by its lasting slug. pii: what a person learns."""

    __tablename__ = "lesson_progress"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    completed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class CheckAnswer(Base):
    """The last answer to an ungraded knowledge check. pii: a person's answer."""

    __tablename__ = "check_answer"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(Document)  # {"value", "digest" of the version}
    right: Mapped[bool]
    answered_at: Mapped[dt.datetime] = mapped_column(Instant)


class Completion(Base):
    """A course completed once; renewals add rows. pii: achievement."""

    __tablename__ = "completion"
    __table_args__ = (Index("ix_completion_enrolment", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    completed_at: Mapped[dt.datetime] = mapped_column(Instant)
    serial: Mapped[str | None] = mapped_column(String(20))
