"""Rows of access: accounts, their roles and unit grants, sign-ins, links by e-mail, API tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id

ROLES = ("learner", "educator", "supervisor", "cmio", "administrator")


class Account(Base):
    """A way to sign in; always some person's. pii: e-mail, password hash, times of use."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(12), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    last_sign_in: Mapped[dt.datetime | None] = mapped_column(Instant)
    deactivated_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class AccountRole(Base):
    """A role that an account holds. pii: none beyond the account."""

    __tablename__ = "account_role"
    __table_args__ = (CheckConstraint(f"role in {ROLES}", name="role"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class UnitGrant(Base):
    """A unit (with all below it) that a supervisor may see and sign off. pii: none beyond the account."""

    __tablename__ = "unit_grant"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Delegation(Base):
    """Leave to sign off in somebody's stead: for a person or a unit, between two days. pii: who acts for whom.

    It reaches no further than what the giver may sign on the day of use, and is never handed on.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("(person_id is null) <> (unit_id is null)", name="one_scope"),
        CheckConstraint("ends >= starts", name="dates"),
        CheckConstraint("from_id <> to_id", name="two_accounts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    competencies: Mapped[list[Any]] = mapped_column(Document)  # codes; empty: all of them
    starts: Mapped[dt.date]
    ends: Mapped[dt.date]  # the last day, inclusive
    given_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """One sign-in on one device; revocable on the server. pii: times of use, kind of device."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    seen_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SignInFailure(Base):
    """A failed sign-in, counted for throttling and kept for a day. pii: hash of e-mail and of address."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)


class MailLink(Base):
    """A link sent by e-mail to set a password: an invitation or a reset; works once. pii: none beyond the account."""

    __tablename__ = "mail_link"
    __table_args__ = (CheckConstraint("purpose in ('invite', 'reset')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class ApiToken(Base):
    """A token for the HTTP API that acts as its account. pii: times of use."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    last_used: Mapped[dt.date | None]
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
