"""Rows of attempts and answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class Attempt(Base):
    """One sitting of a course's exam, pinned to the version it began with. pii: a person's result.

    `open_key` is 1 while the attempt is open and empty afterwards, so that the unique
    constraint lets a person have one open attempt at a course on every database.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "open_key"),
        UniqueConstraint("enrolment_id", "number"),
        CheckConstraint("state in ('open', 'submitted', 'awaiting_marking')", name="state"),
        Index("ix_attempt_version", "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    version_digest: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(40))
    paper: Mapped[list[Any]] = mapped_column(Document)  # item ids in asking order, as drawn
    started_at: Mapped[dt.datetime] = mapped_column(Instant)
    deadline: Mapped[dt.datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(20), default="open")
    open_key: Mapped[int | None] = mapped_column(default=1)
    earned: Mapped[str | None] = mapped_column(String(60))  # exact fractions as text, "55/6"
    possible: Mapped[str | None] = mapped_column(String(60))
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))  # shown; the pass compares the exact value
    passed: Mapped[bool | None]


class Response(Base):
    """The answer to one item of an attempt. pii: a person's answer and confidence."""

    __tablename__ = "response"
    __table_args__ = (CheckConstraint("confidence between 1 and 3", name="confidence"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(Document)  # {"value": canonical answer}, empty: not answered
    confidence: Mapped[int | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)
    score: Mapped[float | None]  # share of the item's points, set on submission
    right: Mapped[bool | None]
