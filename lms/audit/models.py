"""Rows of who did what, and of who looked at whose record."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant


class AuditEntry(Base):
    """An act, append-only. pii: acting account, subject; detail holds no free text about people."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # empty: a command or the worker
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict | None] = mapped_column(Document)


VIEWS = ("list", "record", "certificate", "export")


class RecordView(Base):
    """Somebody opened a named record of somebody else; kept for two years. pii: who looked at whom."""

    __tablename__ = "record_view"
    __table_args__ = (
        # The same page opened again within its span is the same look, so that a reload writes nothing.
        UniqueConstraint("subject_id", "viewer_id", "what", "span"),
        CheckConstraint(f"what in {VIEWS}", name="what"),
        Index("ix_record_view_viewer_at", "viewer_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    viewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))  # the role that opened the page
    span: Mapped[int]  # the number of the quarter hour or day since 1970 in which it was opened


class RecordViewPlace(Base):
    """Where a look happened, labels as they were seen; kept for two years. pii: on which lists somebody stood."""

    __tablename__ = "record_view_place"
    # The codes stand in `places`. The database does not list them, so that a new page needs no new table.
    __table_args__ = (CheckConstraint("place <> ''", name="place"),)

    # It goes with its look, also where it is a little younger and its own two years are not over.
    view_id: Mapped[int] = mapped_column(ForeignKey("record_view.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(String(30), primary_key=True)
    about: Mapped[str] = mapped_column(String(300), primary_key=True)  # empty where the place says everything
    unit: Mapped[str] = mapped_column(String(300), primary_key=True)  # empty for no unit or all of them
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
