"""The sample sign-ins, one for each kind of reader. Never for a hospital of real people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from lms.accounts.queries import account_by_email
from lms.accounts.services import create_account, grant_unit
from lms.db import db
from lms.demo.staff import SIGN_INS
from lms.people.models import Person

PASSWORD = "sample-hospital-door"  # noqa: S105  (opens nothing but invented records)
ROLES = {
    "nurse": ("learner",),
    "physician": ("learner",),
    "pharmacist": ("learner",),
    "supervisor": ("learner", "supervisor"),
    "cmio": ("learner", "cmio"),
    "educator": ("learner", "educator"),
    "administrator": ("learner", "administrator"),
}


@dataclass(frozen=True)
class SampleSignIn:
    """A sample sign-in and what it may do."""

    email: str
    roles: tuple[str, ...]


def make(now: dt.datetime) -> tuple[SampleSignIn, ...]:
    """Make the accounts that are missing; returns all sample sign-ins of this hospital."""
    made = []
    for name, *_ in SIGN_INS:
        email = f"{name}@example.org"
        if db.session.scalar(select(Person.id).where(Person.email == email)) is None:
            continue
        if account_by_email(email) is None:
            account = create_account(email, ROLES[name], password=PASSWORD, actor=None, now=now)
            if name == "supervisor":
                grant_unit(account, "M4B", actor=None, now=now)
        made.append(SampleSignIn(email, ROLES[name]))
    return tuple(made)
