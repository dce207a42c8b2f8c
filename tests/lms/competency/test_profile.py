"""A person's profile shows level against target, every source by itself, and the evidence with its dates."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.competency import queries, services
from lms.competency.ladder import rung
from lms.db import db
from tests.support.hospital import (
    NOW,
    TODAY,
    email_of,
    load_framework,
    load_small_framework,
    make_leave,
    make_person,
    make_post,
    make_unit,
    sample_hospital,
)
from tests.support.signing import sign_in

DAY = dt.timedelta(days=1)


def record(person: int, source: str, level: int, days_ago: int = 10, code: str = "K1", **more) -> None:
    services.record_evidence(
        person, code, source, level, TODAY - days_ago * DAY, key=f"{source}{level}{days_ago}{code}", actor=None,
        now=NOW, **more,
    )  # fmt: skip


@pytest.fixture
def nurse(app) -> int:
    load_small_framework((3, 3, 3, 4, 4), (0, 0, 0, 0, 4))
    person = make_person("X-1")
    make_post(person, make_unit("W"))
    return person


def first(person: int, on: dt.date = TODAY):
    return queries.profile(person, on)[0]


def test_sources_stand_side_by_side_and_the_highest_under_its_ceiling_is_the_level(nurse):
    record(nurse, "self", 4)
    record(nurse, "test", 5)
    record(nurse, "observation", 3, signed_off=True)
    row = first(nurse)
    assert row.sources == {"test": 2, "observation": 3, "self": 1}
    assert (row.level, row.target) == (3, 3)


def test_a_test_never_lowers_an_observation_and_a_later_observation_does(nurse):
    record(nurse, "observation", 3, 30, signed_off=True)
    record(nurse, "test", 1, 10)
    assert first(nurse).level == 3
    record(nurse, "observation", 2, 5, signed_off=True)
    assert first(nurse).level == 2


def test_a_failed_test_is_kept_in_the_history_and_sets_no_level(nurse):
    record(nurse, "test", 2, 20)
    record(nurse, "test", 2, 5, passed=False)
    row = first(nurse)
    assert row.level == 2
    assert [(piece.passed, piece.counts) for piece in row.history] == [(False, False), (True, True)]


def test_evidence_of_a_critical_competency_ends_after_twelve_months_of_others_after_twenty_four(nurse):
    record(nurse, "test", 2, 0)
    record(nurse, "test", 2, 0, code="K2")
    assert [row.valid_until for row in queries.profile(nurse, TODAY)] == [
        dt.date(2027, 11, 23), dt.date(2028, 11, 23),
    ]  # fmt: skip
    assert first(nurse, dt.date(2027, 11, 23)).level == 2
    assert first(nurse, dt.date(2027, 11, 24)).level == 0


def test_only_the_newest_piece_that_holds_counts_for_its_source(nurse):
    record(nurse, "test", 1, 500)
    record(nurse, "test", 2, 50)
    record(nurse, "test", 1, 20)
    assert [piece.counts for piece in first(nurse).history] == [True, False, False]


def test_a_target_is_shown_on_leave_and_gone_without_a_post(nurse):
    make_leave(nurse, TODAY)
    assert first(nurse).target == 3
    assert first(nurse, dt.date(2020, 1, 1)).target == 0


@pytest.mark.parametrize(
    ("evidence", "step"),
    [
        ([], (1, "test")),
        ([("test", 1, {})], (2, "test")),
        ([("test", 2, {})], (3, "signed")),
        ([("observation", 3, {"signed_off": True})], (4, "log")),
        ([("observation", 4, {"signed_off": True, "coaching_log": True})], (5, "panel")),
        ([("panel", 5, {})], (0, "")),
    ],
)
def test_the_next_step_is_the_least_that_raises_the_level(nurse, evidence, step):
    for source, level, more in evidence:
        record(nurse, source, level, **more)
    found = rung(first(nurse), TODAY)
    assert (found.next_level, found.by) == step


def test_what_ended_and_what_will_end_soon_is_said(nurse):
    record(nurse, "test", 2, 300)
    assert rung(first(nurse), TODAY).ends_soon
    later = dt.date(2027, 2, 1)
    assert rung(first(nurse, later), later).ended == dt.date(2027, 1, 27)


def test_the_page_shows_level_target_evidence_and_the_next_step(client, app):
    hospital = sample_hospital()
    load_framework()
    asha = hospital.people["E-002"]
    record(asha, "test", 2, code="B1")
    record(asha, "observation", 3, code="A1", signed_off=True, document="Ward round")
    db.session.commit()
    sign_in(client, app, email_of("E-002"))
    html = client.get("/record/competencies?show=B1").get_data(as_text=True)
    assert "You are at target in 1 of 30 competencies" in html
    assert "Resident physician, Medicine ward A" in html
    assert html.count('<details class="chart__data" open>') == 1
    assert html.count("<details") == 3  # the account menu and two with evidence
    assert "Level 3 needs one signed-off observation or simulation." in html
    assert "Valid until 13 November 2027." in html
    assert "Ward round" in html
    assert "Observation, signed off" in html
    assert "C4 Specify and test interfaces" not in html


def test_somebody_without_a_post_or_evidence_is_shown_the_way(client, app):
    load_framework()
    db.session.commit()
    sign_in(client, app, "guest@h.example")
    html = client.get("/record/competencies").get_data(as_text=True)
    assert "You have no post at present" in html
    assert "Nothing is on record yet" in html


def test_the_page_answers_before_a_framework_is_imported(client, app):
    sign_in(client, app, "guest@h.example")
    assert client.get("/record/competencies").status_code == 200
