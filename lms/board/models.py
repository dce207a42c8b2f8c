"""Rows of the desk: the views that people saved. The figures themselves are never kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id


class SavedView(Base):
    """A report with its filters under a name, for one account, perhaps sent by e-mail. pii: what an account looks at.

    `filters` are parameters of the page by name; without a date the view is always of the day it is opened.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("account_id", "name"),
        CheckConstraint("schedule in ('weekly', 'monthly', '')", name="schedule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    filters: Mapped[dict[str, Any]] = mapped_column(Document)
    schedule: Mapped[str] = mapped_column(String(10), default="")
    due_on: Mapped[dt.date | None] = mapped_column(index=True)  # the next day of an e-mail
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)
