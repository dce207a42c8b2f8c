"""Rows of the framework, the evidence ledger, and the rollups that are worked out from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id

SUBJECTS = ("physician", "nurse", "pharmacist", "super-user", "informaticist")
WAYS = ("at-least", "exactly", "none")
SOURCES = ("test", "case", "simulation", "observation", "panel", "prior", "self")


class Framework(Base):
    """An imported framework text; the newest is in force. pii: none."""

    __tablename__ = "framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    edition: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    levels: Mapped[list[Any]] = mapped_column(Document)  # [{level, name, evidence}]
    responsibilities: Mapped[dict[str, Any]] = mapped_column(Document)
    domains: Mapped[list[Any]] = mapped_column(Document)  # [{code, title, responsibilities}]
    imported_at: Mapped[dt.datetime] = mapped_column(Instant)


class Competency(Base):
    """A competency by its lasting code; retired ones stay for the record. pii: none."""

    __tablename__ = "competency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    domain: Mapped[str] = mapped_column(String(20))
    critical: Mapped[bool]
    position: Mapped[int]
    retired_on: Mapped[dt.date | None]


class Target(Base):
    """The level a profession or role needs, from a day on until another holds. pii: none."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("competency_id", "subject", "starts"),
        CheckConstraint("level between 0 and 5", name="level"),
        CheckConstraint(f"subject in {SUBJECTS}", name="subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    subject: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    starts: Mapped[dt.date]
    ends: Mapped[dt.date | None]  # the last day, inclusive


class FrameworkEdition(Base):
    """What an import of a framework brought, word for word; never changed. pii: who imported it."""

    __tablename__ = "framework_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    text: Mapped[str] = mapped_column(Text)  # YAML, whatever kind of file was imported
    imported_at: Mapped[dt.datetime] = mapped_column(Instant)
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class TargetChange(Base):
    """A decision of the hospital about a target, from a day on; never changed. pii: who decided.

    `way` is how it meets the target of the level above (the framework, then the units from the root
    down): `at-least` raises it to `level`, `exactly` replaces it, `none` leaves it as it is again.
    """

    __tablename__ = "target_change"
    __table_args__ = (
        CheckConstraint("level between 0 and 5", name="level"),
        CheckConstraint(f"subject in {SUBJECTS}", name="subject"),
        CheckConstraint(f"way in {WAYS}", name="way"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    subject: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # None: the whole hospital
    way: Mapped[str] = mapped_column(String(10))
    level: Mapped[int]
    starts: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[dt.datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class TargetWithdrawal(Base):
    """That a decision was taken back before its day; never changed. pii: who withdrew it."""

    __tablename__ = "target_withdrawal"

    change_id: Mapped[int] = mapped_column(ForeignKey("target_change.id"), primary_key=True)
    withdrawn_at: Mapped[dt.datetime] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Evidence(Base):
    """One piece of evidence; never changed, never deleted. pii: a person's assessed level, note."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("level between 0 and 5", name="level"),
        CheckConstraint(f"source in {SOURCES}", name="source"),
        Index("ix_evidence_person_competency", "person_id", "competency_id"),
        Index("ix_evidence_recorded", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # what it rests on; a repeat is harmless
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    source: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    passed: Mapped[bool] = mapped_column(default=True)  # a failed test is kept and sets no level
    signed_off: Mapped[bool] = mapped_column(default=False)
    coaching_log: Mapped[bool] = mapped_column(default=False)
    achieved_on: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]  # the last day on which it counts
    recorded_at: Mapped[dt.datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    document: Mapped[str] = mapped_column(Text, default="")
    stated: Mapped[int | None]  # what the source said before its ceiling, where that is more


class EvidenceWithdrawal(Base):
    """A piece of evidence that counts no longer, since when and why; the piece itself stays. pii: reason."""

    __tablename__ = "evidence_withdrawal"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)


class Standing(Base):
    """A person's folded standing: one digit per competency. pii: a person's levels.

    `levels` and `targets` are strings of digits, one per competency in the order of internal ids,
    retired ones included; ids only grow, so a string that is too short is followed by zeros.
    `endings` has a digit per competency too: 0, or which of the spans (1 for the first) is the first
    after which the level is below target. `units` are the units, ancestors included, in which the
    person is counted; empty on leave and without a post. `cover` are those of super-user posts, on
    leave or not. Worked out from the ledger; may be thrown away and rebuilt.
    """

    __tablename__ = "standing"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    levels: Mapped[str] = mapped_column(Text)
    targets: Mapped[str] = mapped_column(Text)
    endings: Mapped[str] = mapped_column(Text, default="")
    units: Mapped[list[Any]] = mapped_column(Document)
    cover: Mapped[list[Any]] = mapped_column(Document)
    profession: Mapped[str] = mapped_column(String(20))
    compliant: Mapped[bool | None]  # at every critical target; empty without one
    changes_on: Mapped[dt.date | None] = mapped_column(index=True)  # the next day on which time alone changes it


class CellColumns:
    """What is counted of a unit's subtree for one competency; those with a target are the sum of n0 to n5."""

    at_target: Mapped[int] = mapped_column(default=0)
    n0: Mapped[int] = mapped_column(default=0)
    n1: Mapped[int] = mapped_column(default=0)
    n2: Mapped[int] = mapped_column(default=0)
    n3: Mapped[int] = mapped_column(default=0)
    n4: Mapped[int] = mapped_column(default=0)
    n5: Mapped[int] = mapped_column(default=0)
    ends30: Mapped[int] = mapped_column(default=0)  # at target and not any more after so many days
    ends60: Mapped[int] = mapped_column(default=0)
    ends90: Mapped[int] = mapped_column(default=0)
    ends365: Mapped[int] = mapped_column(default=0)


class StaffColumns:
    """What is counted of the people of a unit's subtree as a whole."""

    staff: Mapped[int] = mapped_column(default=0)  # current post, not on leave
    targeted: Mapped[int] = mapped_column(default=0)  # of these, with a target above 0
    complete: Mapped[int] = mapped_column(default=0)  # of the targeted, at every target
    critical: Mapped[int] = mapped_column(default=0)  # with a target in a critical competency
    compliant: Mapped[int] = mapped_column(default=0)  # of these, at all of them
    super_users: Mapped[int] = mapped_column(default=0)  # with a super-user post, on leave or not
    ends30: Mapped[int] = mapped_column(default=0)  # people who fall below a target after so many days
    ends60: Mapped[int] = mapped_column(default=0)
    ends90: Mapped[int] = mapped_column(default=0)
    ends365: Mapped[int] = mapped_column(default=0)


class Rollup(CellColumns, Base):
    """Counts of a unit's subtree for one competency; worked out by the fold. pii: none (counts)."""

    __tablename__ = "rollup"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)


class UnitStaff(StaffColumns, Base):
    """How many people count in a unit's subtree, and how many of them meet every target. pii: none (counts)."""

    __tablename__ = "unit_staff"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class ProfessionRollup(CellColumns, Base):
    """The same counts of one profession; worked out by the fold. pii: none (counts)."""

    __tablename__ = "profession_rollup"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    profession: Mapped[str] = mapped_column(String(20), primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)


class ProfessionStaff(StaffColumns, Base):
    """The same of the people of one profession; worked out by the fold. pii: none (counts)."""

    __tablename__ = "profession_staff"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    profession: Mapped[str] = mapped_column(String(20), primary_key=True)


class SizeEdition(Base):
    """A mark that is another after every change of how many people there are to count. pii: none.

    Levels that move leave it alone; so processes may keep what follows from sizes, such as what stays hidden.
    """

    __tablename__ = "size_edition"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(20))
