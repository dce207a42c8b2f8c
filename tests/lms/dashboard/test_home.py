"""Home says what to do next; the record keeps what was earned."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from courses.framework import DEFAULT_FILE
from lms.catalog.queries import current_version
from lms.competency.services import import_framework
from lms.credentials.desk import current_desk
from lms.credentials.services import issue
from lms.db import db
from lms.learning.services import enrol
from lms.publishing.services import publish
from tests.conftest import Clock
from tests.support.courses import course_files
from tests.support.signing import SignedInIds, sign_in


@pytest.fixture
def nurse(app: Flask, client: FlaskClient, clock: Clock) -> SignedInIds:
    """A signed-in nurse in a hospital with one published course."""
    import_framework(DEFAULT_FILE.read_text(encoding="utf-8"), "framework.yaml", actor=None, now=clock.now)
    publish(course_files(), "sample", actor=None, now=clock.now)
    db.session.commit()
    return sign_in(client, app, "asha.sample@example.org")


def code_of_sample() -> str:
    """The code of the sample course."""
    text = course_files()["course.md"].decode()
    return next(line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("code:"))


def test_a_new_learner_is_offered_the_catalogue(client: FlaskClient, nurse: SignedInIds) -> None:
    page = client.get("/").text
    assert "Choose a course" in page
    assert "Nothing is due" in page


def test_an_open_course_is_continued_where_it_stopped(client: FlaskClient, nurse: SignedInIds, clock: Clock) -> None:
    enrol(nurse.person_id, code_of_sample(), now=clock.now)
    db.session.commit()
    page = client.get("/").text
    assert "Continue where you stopped" in page
    assert f"/courses/{code_of_sample()}/lessons/" in page


@pytest.mark.parametrize(("days_left", "word"), [(91, None), (90, "in 90 days"), (0, "today"), (-1, "Ended")])
def test_a_certificate_shows_from_ninety_days_before_its_end(
    app: Flask, client: FlaskClient, nurse: SignedInIds, clock: Clock, days_left: int, word: str | None
) -> None:
    version = current_version(code_of_sample())
    assert version is not None
    found = issue(nurse.person_id, version, None, key="test", actor=None, now=clock.now, desk=current_desk())
    db.session.commit()
    assert found.valid_until is not None
    clock.now = dt.datetime.combine(found.valid_until - dt.timedelta(days=days_left), dt.time(9), dt.UTC)
    sign_in(client, app, "asha.sample@example.org")
    page = client.get("/").text
    assert ("Renew" in page) == (word is not None)
    if word:
        assert word in page


def test_home_asks_at_most_twelve_statements(app: Flask, client: FlaskClient, nurse: SignedInIds, clock: Clock) -> None:
    enrol(nurse.person_id, code_of_sample(), now=clock.now)
    db.session.commit()
    client.get("/")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *row: asked.append(row[2]))
    assert client.get("/").status_code == 200
    counted = [statement for statement in asked if not statement.startswith(("BEGIN", "SAVEPOINT"))]
    assert 0 < len(counted) <= 12, "\n".join(counted)


def test_the_record_lists_certificates_with_their_status(client: FlaskClient, nurse: SignedInIds, clock: Clock) -> None:
    assert "Your first certificate appears here" in client.get("/record").text
    version = current_version(code_of_sample())
    assert version is not None
    found = issue(nurse.person_id, version, None, key="test", actor=None, now=clock.now, desk=current_desk())
    db.session.commit()
    page = client.get("/record").text
    assert found.serial in page
    assert "Valid" in page
