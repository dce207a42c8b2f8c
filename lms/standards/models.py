"""Rows of studies in which a panel sets a pass mark, and of the pass marks adopted. Nothing adopted ever changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class StandardStudy(Base):
    """A panel's work on the exam of one published text. pii: who began it.

    With `method` angoff the panel rates its questions, which are fixed; with borderline it judges people who took
    it, has one round, and `items` is empty.
    """

    __tablename__ = "standard_study"
    __table_args__ = (
        CheckConstraint("rounds between 1 and 4", name="rounds"),
        CheckConstraint("method in ('angoff', 'borderline')", name="method"),
        Index("ix_standard_course", "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    items: Mapped[list[Any]] = mapped_column(Document)  # ids in the author's order
    rounds: Mapped[int]
    method: Mapped[str] = mapped_column(String(12), default="angoff", server_default="angoff")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    created_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class StandardJudge(Base):
    """A member of a panel. pii: who sits on it.

    `label` is the number under which the ratings appear; its order says nothing about names.
    """

    __tablename__ = "standard_judge"
    __table_args__ = (UniqueConstraint("study_id", "label"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("standard_study.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    label: Mapped[int]


class StandardRating(Base):
    """What a member of a panel said of a question in a round. pii: a person's judgement.

    `percent` is how many of 100 people who are just competent would answer right.
    """

    __tablename__ = "standard_rating"
    __table_args__ = (
        CheckConstraint("percent between 0 and 100", name="percent"),
        CheckConstraint("round >= 1", name="round"),
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("standard_study.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    percent: Mapped[int]
    rated_at: Mapped[dt.datetime] = mapped_column(Instant)


class StandardJudgement(Base):
    """What a member of a panel says of somebody's work until the judging is closed, which removes it.

    pii: a colleague's judgement of a person.
    """

    __tablename__ = "standard_judgement"
    __table_args__ = (
        CheckConstraint("judgement in ('below', 'borderline', 'above')", name="judgement"),
        Index("ix_standard_judgement_person", "person_id"),
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("standard_study.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    judgement: Mapped[str] = mapped_column(String(12))
    judged_at: Mapped[dt.datetime] = mapped_column(Instant)


class StandardRound(Base):
    """A round that is closed, with how takers did at that moment. pii: who closed it.

    `takers_right` is by question, from 0 to 1. `takers` is of a borderline study alone: scores with what was said of
    whoever had them, without names, and how many were judged, by how many, with one voice or not.
    """

    __tablename__ = "standard_round"

    study_id: Mapped[int] = mapped_column(ForeignKey("standard_study.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    takers_right: Mapped[dict[str, Any]] = mapped_column(Document)
    takers: Mapped[dict[str, Any] | None] = mapped_column(Document)
    closed_at: Mapped[dt.datetime] = mapped_column(Instant)
    closed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))


class AdoptedStandard(Base):
    """A pass mark adopted from a study, for good. pii: who adopted it; judges are numbers.

    A trigger of the database refuses every change and removal.
    `cut` and `adopted` are exact fractions in per cent; `evidence` holds all that the digest can be made from again.
    """

    __tablename__ = "standard_adopted"

    study_id: Mapped[int] = mapped_column(ForeignKey("standard_study.id"), primary_key=True)
    cut: Mapped[str] = mapped_column(String(40))
    adopted: Mapped[str] = mapped_column(String(40))
    se: Mapped[float]  # of the cut, in per cent
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]] = mapped_column(Document)
    adopted_at: Mapped[dt.datetime] = mapped_column(Instant)
    adopted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
