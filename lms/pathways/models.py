"""Rows of pathways: published texts that never change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class Pathway(Base):
    """A pathway by its lasting code; the newest of its texts holds. pii: none."""

    __tablename__ = "pathway"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)


class PathwayText(Base):
    """One published text of a pathway, found by its digest; never changed. pii: none."""

    __tablename__ = "pathway_text"
    __table_args__ = (UniqueConstraint("pathway_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pathway_id: Mapped[int] = mapped_column(ForeignKey("pathway.id"))
    digest: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    audience: Mapped[list[Any]] = mapped_column(Document)
    steps: Mapped[list[Any]] = mapped_column(Document)  # [{courses, need, due_days, title}]
    html: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    published_at: Mapped[dt.datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
