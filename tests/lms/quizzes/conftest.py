"""People who sit the sample exam, and those who look after it."""

from __future__ import annotations

import pytest

from lms.accounts.models import Account
from lms.db import db
from tests.support.courses import QUESTIONS
from tests.support.hospital import load_framework, make_person
from tests.support.signing import make_account

ESSAY = """
## A quiet near miss {#near-miss .essay}

Describe a near miss with an order that you have seen, and what would have prevented it.

| Criterion | Points | Full | Partly |
| --- | --- | --- | --- |
| What happened | 2 | Sequence and setting are clear | A part is missing |
| Prevention | 2 | Acts on the system | Asks for more care |
"""

WITH_ESSAY = QUESTIONS + ESSAY


@pytest.fixture
def takers(app) -> list[int]:
    """Four nurses on the roster, with the framework in force."""
    load_framework()
    found = [make_person(f"E-91{n}", "Taker", f"Sample {n}", "nurse", f"taker{n}@example.org") for n in range(4)]
    db.session.commit()
    return found


@pytest.fixture
def markers(app) -> list[Account]:
    """Three educators with accounts."""
    return [make_account(app, f"marker{n}@example.org", ["educator"]) for n in range(3)]
