"""Rows of quality measures, of what happened beside them, and of comparisons that were registered before looking."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class Measure(Base):
    """A quality measure: what it counts, who owns it, where it comes from. pii: none; the owner is an office."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("kind in ('p', 'u', 'c', 'xmr')", name="kind"),
        CheckConstraint("direction in ('up', 'down', 'none')", name="direction"),
        CheckConstraint("span in ('month', 'week')", name="span"),
        CheckConstraint("per > 0", name="per"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(3))
    direction: Mapped[str] = mapped_column(String(4))  # which way is better
    span: Mapped[str] = mapped_column(String(5))
    per: Mapped[int]  # what a value is multiplied by: 100 for per cent
    of: Mapped[str] = mapped_column(String(80), default="")  # what the denominator counts
    owner: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    definition: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)


class MeasureValue(Base):
    """A value of a unit and a period as it was known from a moment on; a correction is a later revision. pii: none."""

    __tablename__ = "measure_value"
    __table_args__ = (
        UniqueConstraint("measure_id", "unit_id", "period", "revision"),
        CheckConstraint("revision >= 1", name="revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[dt.date]  # its first day
    revision: Mapped[int]
    numerator: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    denominator: Mapped[Decimal | None] = mapped_column(Numeric(18, 6))
    known_at: Mapped[dt.datetime] = mapped_column(Instant)


class ConcurrentChange(Base):
    """Something else that changed on a day and could explain a figure. pii: none; which account wrote it is audited."""

    __tablename__ = "concurrent_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # None: the whole hospital
    happened_on: Mapped[dt.date]
    words: Mapped[str] = mapped_column(String(300))
    entered_at: Mapped[dt.datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Comparison(Base):
    """Training beside a measure, with what was expected of it before looking; never changed, never removed.

    `units` and `beside` are codes of units; `lag` counts months after which an effect could show. pii: none; which
    account registered it is audited.
    """

    __tablename__ = "comparison"
    __table_args__ = (
        CheckConstraint("expected in ('better', 'worse', 'none')", name="expected"),
        CheckConstraint("lag between 0 and 24", name="lag"),
        Index("ix_comparison_measure", "measure_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    course_code: Mapped[str] = mapped_column(String(40))
    units: Mapped[list[Any]] = mapped_column(Document)
    beside: Mapped[list[Any]] = mapped_column(Document)
    begins_on: Mapped[dt.date]  # when the training began; what lies before is the baseline
    lag: Mapped[int]
    expected: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[dt.datetime] = mapped_column(Instant)


class ComparisonOutcome(Base):
    """What a registered comparison showed when it was looked at, with the digest of those figures. pii: none."""

    __tablename__ = "comparison_outcome"
    __table_args__ = (
        UniqueConstraint("comparison_id", "digest"),
        CheckConstraint("outcome in ('better', 'worse', 'mixed', 'change', 'none', 'early')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[int] = mapped_column(ForeignKey("comparison.id"))
    as_of: Mapped[dt.date]
    outcome: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[dt.datetime] = mapped_column(Instant)
