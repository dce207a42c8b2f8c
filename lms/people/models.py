"""Rows of the hospital: units, people, their posts with dates, and leave."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, public_id
from lms.people.facts import PROFESSIONS


class Unit(Base):
    """A ward, department or site, in a tree. pii: none."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    site: Mapped[str] = mapped_column(String(200), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    closed_on: Mapped[dt.date | None]


class UnitEdition(Base):
    """A mark that is another after every change of units, so that processes may keep the tree. pii: none."""

    __tablename__ = "unit_edition"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(20))


class UnitTree(Base):
    """Every ancestor of every unit, itself included at depth 0; kept with the tree. pii: none."""

    __tablename__ = "unit_tree"

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    depth: Mapped[int]


class Person(Base):
    """A member of staff, on the roster or not. pii: name, e-mail, employee number, profession."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(f"profession in {PROFESSIONS}", name="profession"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    employee_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    given_name: Mapped[str] = mapped_column(String(200), default="")
    family_name: Mapped[str] = mapped_column(String(200), default="", index=True)
    display_name: Mapped[str] = mapped_column(String(400), default="")
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    profession: Mapped[str] = mapped_column(String(20), default="other")

    @property
    def name(self) -> str:
        """The name as it is printed."""
        return self.display_name or f"{self.given_name} {self.family_name}".strip() or (self.email or "")


class Post(Base):
    """A person's post in a unit between two dates; open while `ends` is empty. pii: employment history."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "title", "starts"),
        CheckConstraint("ends is null or ends >= starts", name="dates"),
        Index("ix_post_unit_dates", "unit_id", "starts", "ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(200))
    super_user: Mapped[bool] = mapped_column(default=False)
    informaticist: Mapped[bool] = mapped_column(default=False)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    starts: Mapped[dt.date]
    ends: Mapped[dt.date | None]  # the last day in the post, inclusive
    listed_start: Mapped[dt.date | None]  # the roster's first day, where a change of roles split the post


class PastProfession(Base):
    """A profession a person had up to a day, so that past figures keep it. pii: profession."""

    __tablename__ = "past_profession"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    ends: Mapped[dt.date] = mapped_column(primary_key=True)  # the last day, inclusive
    profession: Mapped[str] = mapped_column(String(20))


class PastParent(Base):
    """Where a unit hung in the tree up to a day, so that past figures keep it. pii: none."""

    __tablename__ = "past_parent"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    ends: Mapped[dt.date] = mapped_column(primary_key=True)  # the last day, inclusive
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class Leave(Base):
    """A time away from work; both days included. pii: absence dates, no reason is kept."""

    __tablename__ = "leave"
    __table_args__ = (
        UniqueConstraint("person_id", "starts"),
        CheckConstraint("ends is null or ends >= starts", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts: Mapped[dt.date]
    ends: Mapped[dt.date | None]
