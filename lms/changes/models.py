"""Rows that say whose standing has to be worked out again."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Mark(Base):
    """An append-only mark that something about a person changed. pii: none beyond the person."""

    __tablename__ = "mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
