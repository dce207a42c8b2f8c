"""Rows of what was last reckoned from the answers to a course's items."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class BankAnalysis(Base):
    """When the items of a course were last looked at, and what holds for them together. pii: none."""

    __tablename__ = "bank_analysis"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))  # the text whose items were looked at
    as_of: Mapped[dt.datetime] = mapped_column(Instant)
    attempts: Mapped[int]  # handed in when it was made, of all versions; another number means that it is behind
    takers: Mapped[int]  # people whose first attempt counts
    papers: Mapped[int]
    alpha: Mapped[float | None]
    sem: Mapped[float | None]  # in items right
    model: Mapped[str | None] = mapped_column(String(10))
    ability_sd: Mapped[float | None]
    warnings: Mapped[list[Any]] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the answers that the figures rest on


class ItemFigures(Base):
    """The figures of one item of a course as of its last analysis. pii: none."""

    __tablename__ = "item_figures"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    takers: Mapped[int]  # people who met the item as it stands now, in their first attempt
    shown: Mapped[int]  # papers that held it, of all attempts
    difficulty: Mapped[float | None]
    discrimination: Mapped[float | None]
    flags: Mapped[list[Any]] = mapped_column(Document)
    figures: Mapped[dict[str, Any]] = mapped_column(Document)  # as `reckoning` makes them
