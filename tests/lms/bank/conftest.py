"""A sample course that many people sat, written in bulk, so that figures have something to stand on."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from sqlalchemy import insert

from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.db import db, public_id
from lms.items import queries as items
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.quizzes.models import Attempt, Response
from tests.support.courses import CODE
from tests.support.hospital import load_framework
from tests.support.taking import put_course

PROFESSIONS = ("nurse", "nurse", "physician")


def sit(
    version: VersionFacts, people: int, now: dt.datetime, *, seed: int = 1, first: int = 0, step: float = 0.5
) -> None:
    """So many people sit the whole bank once: the abler, the more is right; item n is right for fewer than item n − 1.

    The last item has its key on the wrong option: the abler somebody is, the seldomer it is right.
    """
    chance = random.Random(seed)
    bank = items.bank(version.id).items
    for number in range(first, first + people):
        ability = chance.gauss(0, 1)
        person = db.session.scalar(
            insert(Person).returning(Person.id),
            {
                "public_id": public_id(), "employee_id": f"E-B{number}", "given_name": "Taker",
                "family_name": f"Sample {number}", "display_name": "", "email": None,
                "profession": PROFESSIONS[number % 3],
            },
        )  # fmt: skip
        enrolment = db.session.scalar(
            insert(Enrolment).returning(Enrolment.id),
            {"person_id": person, "course_id": version.course_id, "enrolled_at": now, "seen_at": now},
        )
        attempt = db.session.scalar(
            insert(Attempt).returning(Attempt.id),
            {
                "enrolment_id": enrolment, "person_id": person, "version_id": version.id,
                "version_digest": version.digest, "number": 1, "seed": "s", "paper": [one.id for one in bank],
                "started_at": now, "submitted_at": now, "state": "submitted", "open_key": None, "earned": "3",
                "possible": "6", "percent": 50, "passed": False,
            },
        )  # fmt: skip
        rows = []
        for place, item in enumerate(bank):
            last = place == len(bank) - 1
            right = chance.gauss(0, 0.6) < (-2 * ability if last else ability + 1 - step * place)
            value = (0 if right else 1 + number % 2) if item.type == "single" else 1
            rows.append(
                {
                    "attempt_id": attempt, "item": item.id, "answer": {"value": value}, "confidence": 1 + number % 3,
                    "flagged": False, "saved_at": now, "score": float(right), "right": right,
                }
            )  # fmt: skip
        db.session.execute(insert(Response), rows)
    db.session.commit()


@pytest.fixture
def version(app, clock) -> VersionFacts:
    """What learners of the sample course see."""
    load_framework()
    put_course(clock())
    found = catalog.current_version(CODE)
    assert found is not None
    return found


@pytest.fixture
def sat(version, clock) -> VersionFacts:
    """The sample course after ninety people sat its exam."""
    sit(version, 90, clock())
    return version
