"""Rows of rules and assignments. A version of a rule is closed and never rewritten, so past days can be asked again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.assignments.terms import KINDS, TARGETS
from lms.db import Base, Document, Instant, public_id


class AssignmentRule(Base):
    """A rule through all its versions. pii: none."""

    __tablename__ = "assignment_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)


class AssignmentVersion(Base):
    """What a rule asked of whom between two days, both included. pii: none.

    `ends` before `starts` means that it was replaced on its first day and never held.
    """

    __tablename__ = "assignment_version"
    __table_args__ = (
        UniqueConstraint("rule_id", "sequence"),
        CheckConstraint(f"target_kind in {TARGETS}", name="target_kind"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("(target_kind = 'competency') = (level is not null)", name="level"),
        CheckConstraint("due_days is null or due_days between 0 and 3650", name="due_days"),
        CheckConstraint("recur_months is null or recur_months between 1 and 120", name="recur_months"),
        CheckConstraint("grace_days between 0 and 365", name="grace_days"),
        CheckConstraint("window_days between 0 and 365", name="window_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)  # the form it came from; sent twice it is one
    rule_id: Mapped[int] = mapped_column(ForeignKey("assignment_rule.id"))
    sequence: Mapped[int]
    starts: Mapped[dt.date]
    ends: Mapped[dt.date | None]
    clock_from: Mapped[dt.date]
    target_kind: Mapped[str] = mapped_column(String(12))
    target_code: Mapped[str] = mapped_column(String(40))
    level: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    professions: Mapped[list[Any]] = mapped_column(Document)
    roles: Mapped[list[Any]] = mapped_column(Document)
    within_days: Mapped[int | None]
    due_on: Mapped[dt.date | None]
    due_days: Mapped[int | None]
    recur_months: Mapped[int | None]
    follows_expiry: Mapped[bool] = mapped_column(default=False)
    window_days: Mapped[int] = mapped_column(default=90)
    grace_days: Mapped[int] = mapped_column(default=0)
    because: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Exemption(Base):
    """A person need not follow a rule for a time. pii: person, reason (no diagnosis belongs in it).

    `ends` is the last day; taken back early, it moves to that day.
    """

    __tablename__ = "assignment_exemption"
    __table_args__ = (UniqueConstraint("rule_id", "person_id", "starts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    rule_id: Mapped[int] = mapped_column(ForeignKey("assignment_rule.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts: Mapped[dt.date]
    ends: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[dt.datetime] = mapped_column(Instant)


class DirectAssignment(Base):
    """Something that a supervisor asks of one person. pii: person, a note about work."""

    __tablename__ = "assignment_direct"
    __table_args__ = (
        UniqueConstraint("person_id", "target_kind", "target_code", "open_key"),
        CheckConstraint("target_kind in ('course', 'pathway', 'policy')", name="target_kind"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    target_kind: Mapped[str] = mapped_column(String(12))
    target_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    assigned_on: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    assigned_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_on: Mapped[dt.date | None]  # from this day on it is asked no longer
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    open_key: Mapped[int | None]  # 1 while it is asked, empty afterwards


class ReminderSent(Base):
    """A reminder that went out, so that none goes out twice. pii: person, by key."""

    __tablename__ = "reminder_sent"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    sent_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
