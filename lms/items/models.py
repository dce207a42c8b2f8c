"""Rows of the item bank of a published version, and of the items that no new paper is to hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class BankDocument(Base):
    """The whole bank of a version, rendered, as `assessments.model.to_json` writes it. pii: none."""

    __tablename__ = "bank_document"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    bank: Mapped[dict[str, Any]] = mapped_column(Document)


class BankItem(Base):
    """One item of a version's bank, for search and statistics. pii: none."""

    __tablename__ = "bank_item"
    __table_args__ = (Index("ix_bank_item_competency", "competency"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    competency: Mapped[str | None] = mapped_column(String(20))
    level: Mapped[int | None]


class RetiredItem(Base):
    """An item of a course that new papers leave out, from one moment until it is restored. pii: acting accounts.

    `open_key` is 1 while the item is retired and empty once it is restored, so that it is retired once at a time.
    """

    __tablename__ = "retired_item"
    __table_args__ = (UniqueConstraint("course_id", "item", "open_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    item: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    retired_at: Mapped[dt.datetime] = mapped_column(Instant)
    retired_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    restored_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    restored_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    open_key: Mapped[int | None] = mapped_column(default=1)
