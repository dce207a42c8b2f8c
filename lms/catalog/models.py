"""Rows of published content. A version never changes once it is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class Course(Base):
    """A course by its lasting code, and the version that learners see now. pii: none."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    current_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id", use_alter=True))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class CourseVersion(Base):
    """One published text of a course, found by its digest. pii: authors' names as published."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    valid_months: Mapped[int | None]
    review_by: Mapped[dt.date | None]
    audience: Mapped[list[Any]] = mapped_column(Document)
    objectives: Mapped[list[Any]] = mapped_column(Document)
    prerequisites: Mapped[list[Any]] = mapped_column(Document)  # course codes
    responsibilities: Mapped[list[Any]] = mapped_column(Document)
    credits: Mapped[list[Any]] = mapped_column(Document)  # [{type, amount, uan?}]
    authors: Mapped[list[Any]] = mapped_column(Document)  # [{name, credentials, disclosure}]
    competencies: Mapped[list[Any]] = mapped_column(Document)  # [{code, level}]
    overview_html: Mapped[str] = mapped_column(Text)
    exam: Mapped[dict[str, Any] | None] = mapped_column(Document)  # courses.model.Exam as JSON, with instructions_html
    published_at: Mapped[dt.datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Lesson(Base):
    """A lesson of a version, rendered. `slug` is its lasting id within the course. pii: none."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("version_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    slug: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    minutes: Mapped[int]
    html: Mapped[str] = mapped_column(Text)
    outline: Mapped[list[Any]] = mapped_column(Document)  # [[id, title, level]]
    checks: Mapped[list[Any]] = mapped_column(Document)  # item ids placed in the lesson


class Blob(Base):
    """Bytes found by their SHA-256: media and source files of versions. pii: none."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class VersionFile(Base):
    """A source file of a version by its path in the course folder. pii: none."""

    __tablename__ = "version_file"
    __table_args__ = (Index("ix_version_file_digest", "digest"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"))
    media_type: Mapped[str] = mapped_column(String(100))
    public: Mapped[bool] = mapped_column(default=False)  # media that lessons show, not sources
