"""Rows of go-live plans. A plan is the sum of its editions, ticks and snapshots, none of which is ever changed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant
from lms.golive.text import STATES


class GoLivePlan(Base):
    """A plan by its lasting opaque id; what it says stands in its editions. pii: acting account."""

    __tablename__ = "golive_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class GoLiveEdition(Base):
    """What a plan said from a moment on, whole; append-only. pii: acting account; owners are roles or teams."""

    __tablename__ = "golive_edition"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("golive_plan.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[dict[str, Any]] = mapped_column(Document)
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class GoLiveTick(Base):
    """A line of the checklist said to be done, or open again, at a moment; append-only. pii: acting account."""

    __tablename__ = "golive_tick"
    __table_args__ = (UniqueConstraint("plan_id", "item", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("golive_plan.id"))
    item: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    done: Mapped[bool]
    at: Mapped[dt.datetime] = mapped_column(Instant)
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class GoLiveSnapshot(Base):
    """The report of a plan as it was on a day that matters, small groups hidden. pii: none (counts)."""

    __tablename__ = "golive_snapshot"
    __table_args__ = (UniqueConstraint("plan_id", "label", "go_live"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("golive_plan.id"))
    label: Mapped[str] = mapped_column(String(10))
    go_live: Mapped[dt.date]  # the day the plan was for then: a moved plan is watched anew
    as_of: Mapped[dt.date]
    taken_at: Mapped[dt.datetime] = mapped_column(Instant)
    report: Mapped[dict[str, Any]] = mapped_column(Document)


class GoLiveOutcome(Base):
    """What happened in a unit after go-live: calls for help per 100 staff, and a note. pii: acting account."""

    __tablename__ = "golive_outcome"
    __table_args__ = (CheckConstraint("tickets >= 0", name="tickets"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("golive_plan.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    tickets: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    note: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[dt.datetime] = mapped_column(Instant)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
