"""Accounts with passwords, and a browser that sees tokens of forms."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from lms.accounts import passwords, services
from lms.accounts.models import Account
from lms.db import db
from tests.support.signing import separate_requests

PASSWORD = "quiet lamp under rain"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at the lowest cost, so that the tests test the rules and not the processor."""
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()


@pytest.fixture(autouse=True)
def _separate(app: Flask) -> None:
    separate_requests(app)


@pytest.fixture
def make(app, clock):
    """A function that makes an account with a password and returns its row."""

    def make(email: str, *roles: str, **more: object) -> Account:
        account_id = services.create_account(
            email, roles or ("learner",), password=PASSWORD, actor=None, now=clock(), **more
        )
        db.session.commit()
        return db.session.get_one(Account, account_id)

    return make


@pytest.fixture
def asha(make) -> Account:
    """A learner."""
    return make("asha@example.org")


@pytest.fixture
def enter():
    """A function that sends the sign-in form."""

    def enter(client: FlaskClient, email: str = "asha@example.org", password: str = PASSWORD, **more):
        return client.post("/sign-in", data={"email": email, "password": password}, **more)

    return enter


@pytest.fixture
def count_statements(app: Flask):
    """A context that lists the SQL statements run inside it."""

    @contextmanager
    def counting():
        seen: list[str] = []

        def note(connection, cursor, statement, *rest) -> None:
            if not statement.upper().startswith(("BEGIN", "PRAGMA")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
