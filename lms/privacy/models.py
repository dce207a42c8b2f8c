"""Rows of erasures that were carried out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Instant


class Erasure(Base):
    """A person who was erased, by whom and why. pii: none (a number, and a reason without names)."""

    __tablename__ = "erasure"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    erased_at: Mapped[dt.datetime] = mapped_column(Instant)
    erased_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # empty: a command or the retention rule
    reason: Mapped[str] = mapped_column(Text, default="")
