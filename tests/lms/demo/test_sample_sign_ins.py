"""Each sample sign-in opens on a home that has something to show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from courses.reading import read_folder
from lms.cli.demo import CURRICULUM, FRAMEWORK
from lms.competency.services import import_framework
from lms.credentials.desk import current_desk
from lms.dashboard.queries import Home, home
from lms.db import db
from lms.demo.loading import load
from lms.demo.sign_ins import PASSWORD, make
from lms.people.models import Person
from lms.publishing.services import publish
from tests.conftest import NOW

TODAY = NOW.date()
COURSES = ("cpoe-safe-orders", "notes-that-serve", "reading-the-record", "working-through-downtime")


@pytest.fixture
def hospital(app: Flask) -> None:
    """The sample hospital with the whole curriculum."""
    import_framework(FRAMEWORK.read_text(encoding="utf-8"), FRAMEWORK.name, actor=None, now=NOW)
    for name in COURSES:
        publish(read_folder(CURRICULUM / name), name, actor=None, now=NOW)
    load(200, 1, desk=replace(current_desk(), sample=True), now=NOW)
    db.session.commit()


def of(name: str) -> Home:
    person_id = db.session.scalars(select(Person.id).where(Person.email == f"{name}@example.org")).one()
    return home(person_id, NOW, TODAY)


@pytest.mark.slow
def test_every_sign_in_has_a_home_that_fits_its_reader(hospital) -> None:
    nurse = of("nurse")
    assert nurse.going_on is not None
    slug, place = nurse.going_on.resume or ("", None)
    assert slug
    assert place
    assert nurse.going_on.done == 3
    (renewal,) = [line.obligation for line in nurse.assigned if line.obligation.renewal]
    assert 0 < (renewal.due_on - TODAY).days <= 60
    assert nurse.renewals == (), "what a rule asks is not said twice"
    assert 0 < nurse.required - nurse.at_target <= 8
    assert nurse.assigned, "what a rule or a supervisor asks comes before suggestions"
    assert nurse.valid_certificates == 2

    physician = of("physician")
    assert [line.obligation.state for line in physician.assigned if line.obligation.renewal] == ["grace"]

    pharmacist = of("pharmacist")
    assert pharmacist.renewals == ()
    assert pharmacist.assigned == ()
    assert pharmacist.in_progress == ()
    assert pharmacist.valid_certificates == 4


@pytest.mark.slow
def test_the_supervisor_answers_for_a_team_of_whom_a_few_are_below_target(hospital, client) -> None:
    signed = client.post("/sign-in", data={"email": "supervisor@example.org", "password": PASSWORD})
    assert signed.status_code in (302, 303)
    page = client.get("/team")
    assert page.status_code == 200
    assert "Sample" in page.text


def test_sign_ins_are_made_once(hospital) -> None:
    again = make(NOW)
    assert {each.email.split("@")[0] for each in again} == {
        "nurse", "physician", "pharmacist", "supervisor", "cmio", "educator", "administrator",
    }  # fmt: skip
