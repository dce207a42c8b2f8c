"""Signing in and out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.accounts import services, throttle
from lms.accounts.models import Account, SignIn, SignInFailure
from lms.db import db
from tests.support.signing import make_account, separate_requests, sign_in

PASSWORD = "quiet lamp under rain"  # noqa: S105


@pytest.fixture
def account(app, clock) -> Account:
    """An account with a password."""
    separate_requests(app)
    account_id = services.create_account("asha@example.org", ["learner"], password=PASSWORD, actor=None, now=clock())
    db.session.commit()
    return db.session.get_one(Account, account_id)


def enter(client, email="asha@example.org", password=PASSWORD, **more):
    return client.post("/sign-in", data={"email": email, "password": password}, **more)


def test_a_stranger_signs_in_with_e_mail_and_password(client, account) -> None:
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert "Sign in" in page.text
    answer = enter(client, email=" Asha@Example.ORG ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200
