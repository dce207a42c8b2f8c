"""Rows of background work; the table is the truth, the worker only empties it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class Job(Base):
    """A piece of work to be done once, kept until it is. pii: ids only, never names or addresses."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_job_state_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)  # the same key is queued once
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime] = mapped_column(Instant)
    taken_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    fault: Mapped[str | None] = mapped_column(Text)
