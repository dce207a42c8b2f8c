"""Rows of policies: published texts that never change, and who attested which."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id

CHANGES = ("first", "material", "correction")


class Policy(Base):
    """A policy by its lasting code; the newest of its texts is in force unless it is withdrawn. pii: none."""

    __tablename__ = "policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(Text)


class PolicyText(Base):
    """One published text of a policy, found by its digest; never changed. pii: none.

    Texts of one edition differ by corrections; `asked_from` is the day from which the edition is to be attested.
    """

    __tablename__ = "policy_text"
    __table_args__ = (
        UniqueConstraint("policy_id", "digest"),
        CheckConstraint(f"change in {CHANGES}", name="change"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    digest: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(40))
    change: Mapped[str] = mapped_column(String(12))
    asked_from: Mapped[dt.date]
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(300))
    audience: Mapped[list[Any]] = mapped_column(Document)
    effective: Mapped[dt.date]
    review_by: Mapped[dt.date | None]
    reattest_months: Mapped[int | None]
    competencies: Mapped[list[Any]] = mapped_column(Document)
    responsibilities: Mapped[list[Any]] = mapped_column(Document)
    statement: Mapped[str] = mapped_column(Text)
    words: Mapped[int]
    html: Mapped[str] = mapped_column(Text)
    changes_html: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)  # the Markdown file as it was published
    published_at: Mapped[dt.datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Attestation(Base):
    """A person's word that a policy was read and will be followed; pins the text. pii: person, day."""

    __tablename__ = "attestation"
    __table_args__ = (
        UniqueConstraint("person_id", "policy_id", "edition", "attested_on"),
        Index("ix_attestation_policy", "policy_id", "edition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    text_id: Mapped[int] = mapped_column(ForeignKey("policy_text.id"))
    edition: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(Text)  # the sentence that was attested
    attested_on: Mapped[dt.date]
    attested_at: Mapped[dt.datetime] = mapped_column(Instant)
