"""Rows of certificates: permanent records that outlive course and account."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class Credential(Base):
    """A certificate: the facts as they were, signed. pii: name as it was, achievement, score."""

    __tablename__ = "credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(String(20), unique=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # what it rests on; issuing again is harmless
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_code: Mapped[str] = mapped_column(String(40), index=True)
    version_digest: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict] = mapped_column(Document)
    signed: Mapped[dict] = mapped_column(Document)
    issued_at: Mapped[dt.datetime] = mapped_column(Instant)
    valid_until: Mapped[dt.date | None] = mapped_column(index=True)
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
