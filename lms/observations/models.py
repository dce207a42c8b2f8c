"""Rows of observations at work."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Instant, public_id


class Observation(Base):
    """What a supervisor saw and signed. pii: a person's assessed level, observer, note."""

    __tablename__ = "observation"
    __table_args__ = (CheckConstraint("level between 1 and 5", name="level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # a form sent twice is one observation
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    competency_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    observer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    observed_on: Mapped[dt.date]
    signed_at: Mapped[dt.datetime] = mapped_column(Instant)
