"""A sample hospital with the product's framework, a ward manager who signs, and her people with accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.queries import AccountFacts, account_by_email
from lms.competency.queries import profile
from lms.db import db
from lms.observations import checklists
from lms.observations.services import Recorded, record
from tests.conftest import Clock
from tests.support.hospital import SampleHospital, email_of, load_framework, sample_hospital
from tests.support.signing import SignedInIds, make_account, sign_in

CONTENT = Path(__file__).resolve().parents[3] / "courses" / "content" / "checklists"
MONA, ASHA, NOOR, SAMI, INES, RAVI, LI = (f"E-00{number}" for number in range(1, 8))
CMIO = "E-011"


@dataclass
class Ward:
    """The hospital and its clock; people and accounts by employee number."""

    app: Flask
    hospital: SampleHospital
    clock: Clock

    @property
    def today(self) -> dt.date:
        return self.clock.now.date()

    def person(self, number: str) -> int:
        return self.hospital.people[number]

    def account(self, number: str, *roles: str) -> AccountFacts:
        """The account of somebody, made where there is none."""
        make_account(self.app, email_of(number), roles or ("learner",))
        found = account_by_email(email_of(number))
        assert found is not None
        return found

    def observe(self, who: str, code: str = "B1", level: int = 3, *, by: str = MONA, **words: object) -> Recorded:
        """An observation as the page of the bedside records it."""
        observer = self.account(by, "learner", "supervisor")
        given: dict = {"key": f"{who}{code}{level}{self.clock.now}", "observed_on": self.today, "note": ""} | words
        note = given.pop("note")
        return record(
            self.person(who), code, level, note, observer_account=observer.id, observer_person=observer.person_id,
            today=self.today, now=self.clock.now, **given,
        )  # fmt: skip

    def level(self, who: str, code: str = "B1") -> int:
        return next(row.level for row in profile(self.person(who), self.today) if row.code == code)


@pytest.fixture
def ward(app: Flask, clock: Clock) -> Ward:
    """Medicine ward A with Mona as its manager."""
    found = Ward(app, sample_hospital(), clock)
    load_framework()
    db.session.commit()
    found.account(MONA, "learner", "supervisor")
    return found


@pytest.fixture
def as_(app: Flask, ward: Ward) -> Callable[..., FlaskClient]:
    """A browser signed in as somebody: `as_("E-002")`, `as_("E-001", "supervisor")`."""

    def enter(number: str, *roles: str) -> FlaskClient:
        client = app.test_client()
        ids: SignedInIds = sign_in(client, app, email_of(number), ("learner", *roles))
        client.ids = ids  # type: ignore[attr-defined]
        return client

    return enter


def publish_all(now: dt.datetime) -> dict[str, str]:
    """Publish the shipped checklists; digests by code."""
    return {
        done.code: done.digest
        for path in sorted(CONTENT.glob("*.md"))
        for done in [checklists.publish(path.read_bytes(), path.name, actor=None, now=now)]
    }
