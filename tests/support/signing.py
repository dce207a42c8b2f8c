"""Signing in fast: an account and an open sign-in without the cost of a password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account, AccountRole, ApiToken, SignIn
from lms.accounts.secrets import digest, new_secret
from lms.db import db, set_reading
from lms.people.models import Person


@dataclass(frozen=True)
class SignedInIds:
    """Who was signed in: internal ids, the person's public id, and the secret of the sign-in."""

    account_id: int
    person_id: int
    person_public_id: str
    token: str


def _now(app: Flask) -> dt.datetime:
    clock = app.config.get("CLOCK")
    return clock() if clock else dt.datetime.now(dt.UTC)


def make_account(app: Flask, email: str, roles: Iterable[str] = ("learner",), **columns: object) -> Account:
    """The account with this e-mail, made with its person where there is none; roles are added. Commits."""
    address = email.lower()
    person = db.session.scalar(select(Person).where(Person.email == address))
    if person is None:
        given, _, family = address.split("@")[0].title().partition(".")
        person = Person(email=address, given_name=given, family_name=family or "Sample")
        db.session.add(person)
        db.session.flush()
    account = db.session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        account = Account(email=address, person_id=person.id, created_at=_now(app))
        db.session.add(account)
    for name, value in columns.items():
        setattr(account, name, value)
    db.session.flush()
    held = set(db.session.scalars(select(AccountRole.role).where(AccountRole.account_id == account.id)))
    db.session.add_all(AccountRole(account_id=account.id, role=role) for role in set(roles) - held)
    db.session.commit()
    return account


def sign_in(
    client: FlaskClient, app: Flask, email: str, roles: Iterable[str] = ("learner",), **columns: object
) -> SignedInIds:
    """Make the account where there is none, and let the client act as it.

    Also gives every request its own `g` and its own transaction, as a server would (`separate_requests`).
    """
    separate_requests(app)
    account = make_account(app, email, roles, **columns)
    secret, now = new_secret(), _now(app)
    db.session.add(
        SignIn(
            token_hash=digest(secret), account_id=account.id, device="Test", created_at=now, seen_at=now,
            expires_at=now + dt.timedelta(days=3650),
        )
    )  # fmt: skip
    person = db.session.get_one(Person, account.person_id)
    found = SignedInIds(account.id, person.id, person.public_id, secret)
    db.session.commit()
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = secret
        session["_fresh"] = True
    return found


def api_token(app: Flask, email: str, roles: Iterable[str] = ("learner",)) -> str:
    """A token for `Authorization: Bearer …` that acts as the account with this e-mail."""
    separate_requests(app)
    account = make_account(app, email, roles)
    secret = new_secret("ia_")
    db.session.add(ApiToken(token_hash=digest(secret), account_id=account.id, name="Test", created_at=_now(app)))
    db.session.commit()
    return secret


def separate_requests(app: Flask) -> None:
    """Let requests share neither `g` nor an open transaction with the test or with each other.

    The application context of the fixture stays open around them, and Flask would reuse it: the
    principal and the time of the first request would be those of all.
    """
    if app.extensions.setdefault("separate requests", False):
        return
    app.extensions["separate requests"] = True

    def begin() -> None:
        db.session.commit()
        for name in list(g):
            g.pop(name)

    def end(fault: BaseException | None) -> None:
        db.session.rollback()
        db.session.expire_all()
        set_reading(False)

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.teardown_request_funcs.setdefault(None, []).append(end)
