"""Rows of the item bank of a published version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document


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
