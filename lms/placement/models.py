"""Rows of tests that show who knows a course's matter already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class PlacementTest(Base):
    """One adaptive test of a person, pinned to the text and the figures it began with. pii: a person's answers.

    `open_key` is 1 while the test runs, so that a person has one open test at a course on every database.
    """

    __tablename__ = "placement_test"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "open_key"),
        CheckConstraint("decision in ('above', 'below', 'undecided')", name="decision"),
        Index("ix_placement_test_course", "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    figures_digest: Mapped[str] = mapped_column(String(64))  # of the analysis whose figures the state holds
    state: Mapped[dict[str, Any]] = mapped_column(Document)  # as `assessments.adaptive` writes it
    answers: Mapped[list[Any] | None] = mapped_column(Document)  # item, canonical answer, moment, in asking order
    started_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    decision: Mapped[str | None] = mapped_column(String(10))
    open_key: Mapped[int | None] = mapped_column(default=1)


class PlacementPrices(Base):
    """What asking an item of a course costs in a test, learnt on simulated takers for one text and its figures.

    pii: none.
    """

    __tablename__ = "placement_prices"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    figures_digest: Mapped[str] = mapped_column(String(64))  # of the analysis whose figures were used
    pool_digest: Mapped[str] = mapped_column(String(64))  # of the items and rules that they were learnt for
    prices: Mapped[dict[str, Any]] = mapped_column(Document)  # by item, in units of information
    learnt_at: Mapped[dt.datetime] = mapped_column(Instant)


class PlacementUse(Base):
    """How often an item was asked in such tests, of all people together. pii: none."""

    __tablename__ = "placement_use"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    asked: Mapped[int]
