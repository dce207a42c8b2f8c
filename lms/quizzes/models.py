"""Rows of attempts and answers, and of what people decide about them afterwards."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
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


class AttemptReset(Base):
    """Takes a missed attempt out of the count of attempts; the attempt and its answers stay. pii: acting account."""

    __tablename__ = "attempt_reset"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    reset_at: Mapped[dt.datetime] = mapped_column(Instant)
    reset_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)


class Allowance(Base):
    """Extra time for a person in every timed exam that begins from now on. pii: that extra time was given.

    No reason is kept: why somebody needs more time is nobody's business here.
    """

    __tablename__ = "time_allowance"
    __table_args__ = (CheckConstraint("percent between 1 and 300", name="percent"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    percent: Mapped[int]  # of the time limit, on top of it
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[dt.datetime] = mapped_column(Instant)


class TimeRequest(Base):
    """A person's wish for more time; `open_key` is 1 until it is decided, so that one stands at a time.

    pii: that extra time was asked for, free text until it is decided.
    """

    __tablename__ = "time_request"
    __table_args__ = (UniqueConstraint("person_id", "open_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")  # wiped with the decision
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted: Mapped[bool | None]
    open_key: Mapped[int | None] = mapped_column(default=1)


class Challenge(Base):
    """A taker's objection to an item, from the result page, and the answer to it. pii: what a taker wrote."""

    __tablename__ = "challenge"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item"),
        CheckConstraint("outcome in ('explained', 'upheld')", name="outcome"),
        Index("ix_challenge_course_item", "course_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    item: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[dt.datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Regrade(Base):
    """A decision to score an item of past attempts otherwise, with its reason; never changed. pii: acting account."""

    __tablename__ = "regrade"
    __table_args__ = (CheckConstraint("rule in ('key', 'credit', 'leave-out')", name="rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)  # a form sent twice is one decision
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    item: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(20))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))  # whose key counts, for "key"
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Regraded(Base):
    """The result of an attempt after a regrade, beside the one before it. pii: a person's result."""

    __tablename__ = "regraded"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True, index=True)
    earned: Mapped[str] = mapped_column(String(60))
    possible: Mapped[str] = mapped_column(String(60))
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    passed: Mapped[bool]
    percent_before: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    passed_before: Mapped[bool]


class EssayMark(Base):
    """What one marker gave for one text. Nobody marks a text twice, and no two markers hold the same turn.

    pii: a person's marks, the marker.
    """

    __tablename__ = "essay_mark"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item", "turn"),
        UniqueConstraint("attempt_id", "item", "marker_id"),
        CheckConstraint("turn between 1 and 3", name="turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item: Mapped[str] = mapped_column(String(120))
    turn: Mapped[int]  # 1 first marker, 2 second, 3 the one who decides where they differ
    marker_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    points: Mapped[list[Any]] = mapped_column(Document)  # by criterion, fractions as text
    comment: Mapped[str] = mapped_column(Text, default="")  # to the taker
    marked_at: Mapped[dt.datetime] = mapped_column(Instant)
