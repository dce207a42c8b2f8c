"""Rows of outgoing e-mail."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Instant


class Mail(Base):
    """An e-mail to be sent; its text is wiped once it is sent. pii: address, text."""

    __tablename__ = "mail"
    __table_args__ = (CheckConstraint("state in ('waiting', 'sent', 'failed')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)  # the same key is sent once
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
