"""A nurse with a certificate of the sample course, and what tests ask about it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from lms.catalog import queries as catalog
from lms.credentials import queries, services
from lms.credentials.desk import current_desk
from lms.credentials.facts import CredentialFacts
from lms.db import db
from tests.support.courses import CODE
from tests.support.hospital import SampleHospital, load_framework, sample_hospital
from tests.support.signing import separate_requests
from tests.support.taking import put_course


@pytest.fixture
def hospital(app, clock) -> SampleHospital:
    """The sample hospital with framework and sample course."""
    separate_requests(app)
    load_framework()
    found = sample_hospital()
    put_course(clock())
    return found


@pytest.fixture
def issue(hospital, clock):
    """A function that issues a certificate of the sample course and commits."""

    def issue(
        person_id: int | None = None, key: str = "one", score: Decimal | None = Decimal("83.3"), code: str = CODE
    ) -> CredentialFacts:
        version = catalog.current_version(code)
        made = services.issue(
            person_id or hospital.people["E-002"], version, score, key=key, actor=None, now=clock(), desk=current_desk()
        )
        db.session.commit()
        return made

    return issue


@pytest.fixture
def credential(issue) -> CredentialFacts:
    """The certificate of Asha Sample, physician on Medicine ward A."""
    return issue()


def again(credential: CredentialFacts) -> CredentialFacts:
    """The certificate as it is read now."""
    found = queries.by_serial(credential.serial)
    assert found is not None
    return found


def on(day: str) -> dt.date:
    return dt.date.fromisoformat(day)
