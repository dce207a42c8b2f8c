"""Rows of evaluation forms, of who was asked, and of what was answered. The last two are not tied to each other.

Who answered is a row of a person without a time; what was answered is counted by month without a person. Texts have
a random key and no order of their own, so that not even the order of writing leads from one to the other.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class EvaluationForm(Base):
    """A published form; never changed: another text is another row. pii: none."""

    __tablename__ = "evaluation_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    edition: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    document: Mapped[dict[str, Any]] = mapped_column(Document)  # introduction and rounds
    published_at: Mapped[dt.datetime] = mapped_column(Instant)


class EvaluationAsked(Base):
    """That a completion was asked a round, and whether it has answered; until then the unsent draft.

    Holds no time of the answer. pii: that a person was asked, a draft.
    """

    __tablename__ = "evaluation_asked"
    __table_args__ = (
        UniqueConstraint("completion_key", "round", "days"),
        CheckConstraint("days between 0 and 999", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_key: Mapped[str] = mapped_column(String(160))
    round: Mapped[str] = mapped_column(String(40))
    days: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("evaluation_form.id"))
    answered: Mapped[bool] = mapped_column(default=False)
    draft: Mapped[dict[str, Any] | None] = mapped_column(Document)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class EvaluationTally(Base):
    """How often an answer was given in a month. Empty question and answer: how many sent the round. pii: none."""

    __tablename__ = "evaluation_tally"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    form_id: Mapped[int] = mapped_column(ForeignKey("evaluation_form.id"), primary_key=True)
    course_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    round: Mapped[str] = mapped_column(String(40), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    answer: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class EvaluationText(Base):
    """A free text without its writer, its day and the answers beside it. pii: none by design; the writer was warned."""

    __tablename__ = "evaluation_text"
    __table_args__ = (
        Index("ix_evaluation_text_course", "course_code"),
        {"sqlite_with_rowid": False},  # or SQLite would keep the order of writing
    )

    key: Mapped[str] = mapped_column(String(20), primary_key=True, default=public_id)
    form_id: Mapped[int] = mapped_column(ForeignKey("evaluation_form.id"))
    course_code: Mapped[str] = mapped_column(String(40))
    round: Mapped[str] = mapped_column(String(40))
    days: Mapped[int]
    month: Mapped[dt.date]
    question: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
