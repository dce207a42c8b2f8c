"""Rows of files that an administrator has uploaded and not yet applied."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Instant, public_id

KINDS = ("roster", "training")


class ImportFile(Base):
    """Uploaded files between dry run and import, kept a day at most. pii: all that a roster holds."""

    __tablename__ = "import_file"
    __table_args__ = (CheckConstraint(f"kind in {KINDS}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    units_name: Mapped[str] = mapped_column(String(200), default="")
    units: Mapped[bytes | None] = mapped_column(LargeBinary)
    uploaded_at: Mapped[dt.datetime] = mapped_column(Instant)
