"""A pathway is published from Markdown and walked step by step."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.assignments.terms import Target
from lms.db import db
from lms.pathways import queries, services
from tests.support.hospital import TODAY, email_of, load_framework, sample_hospital
from tests.support.signing import sign_in
from tests.support.taking import put_course
from tests.support.training import PATHWAY, certify, make_rule

DAY = dt.timedelta(days=1)


@pytest.fixture
def hospital(app, clock):
    load_framework()
    found = sample_hospital()
    put_course(clock())
    put_course(clock(), code="MORE-101", title="More, a sample")
    services.publish(PATHWAY, "p.md", actor=None, now=clock())
    db.session.commit()
    return found


def test_the_same_text_again_changes_nothing_and_an_old_one_is_refused(hospital, clock) -> None:
    assert not services.publish(PATHWAY, "p.md", actor=None, now=clock()).new
    newer = PATHWAY.replace('edition: "1"', 'edition: "2"')
    assert services.publish(newer, "p.md", actor=None, now=clock()).new
    with pytest.raises(services.PathwayRefused, match="replaced by a later one"):
        services.publish(PATHWAY, "p.md", actor=None, now=clock())
    assert [each.edition for each in queries.pathways()] == ["2"]


def test_a_bad_file_says_what_was_expected(app, clock) -> None:
    with pytest.raises(services.PathwayRefused) as refused:
        services.publish("---\ncode: P\ntitle: P\n---\n", "p.md", actor=None, now=clock())
    assert any("steps" in fault.message for fault in refused.value.faults)
    assert queries.pathways() == ()


def test_a_nurse_walks_a_pathway_that_is_assigned(client, app, hospital, clock) -> None:
    make_rule(TODAY, target=Target("pathway", "FIRST-DAYS"), mandatory=True)
    sign_in(client, app, email_of("E-003"))
    assert "Your first days" in client.get("/pathways").text
    assert "0 of 2 steps done" in client.get("/").text
    page = client.get("/pathways/FIRST-DAYS").text
    assert "This pathway is assigned to you." in page
    assert "Due 25 Nov" in page
    assert "Next: Safer orders, a sample" in page
    certify(hospital.people["E-003"], clock())
    page = client.get("/pathways/FIRST-DAYS").text
    assert "Next: More, a sample" in page
    assert "Due 3 Dec" in page
    assert "1 of 2 steps done" in client.get("/").text
    certify(hospital.people["E-003"], clock(), "MORE-101")
    assert "You have done all of it" in client.get("/pathways/FIRST-DAYS").text
    assert "Your first days" not in client.get("/").text
    assert client.get("/pathways/NO-1").status_code == 404


def test_a_pathway_can_be_walked_without_being_asked(client, app, hospital) -> None:
    sign_in(client, app, email_of("E-003"))
    page = client.get("/pathways/FIRST-DAYS").text
    assert "By day 2" in page
    assert "assigned to you" not in page
