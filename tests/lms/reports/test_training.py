"""Mandatory training: each person once in the state furthest behind, on any day, with small groups hidden."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.assignments import services
from lms.assignments.terms import Audience, Target
from lms.audit.models import AuditEntry
from lms.db import db
from lms.people.scope import Scope
from tests.lms.reports.conftest import Wards
from tests.support.hospital import NOW, TODAY, load_framework, make_leave
from tests.support.looking import seen_at
from tests.support.signing import make_account, separate_requests, sign_in
from tests.support.taking import put_course
from tests.support.training import certify, make_rule, put_policy

DAY = dt.timedelta(days=1)
STATES = ("of", "in_order", "done", "waiting", "grace", "overdue", "left_out")


@pytest.fixture
def trained(app):
    """Two wards of eight nurses. A course was due five days ago in both, a policy is due in MED-B in ten days."""
    separate_requests(app)
    load_framework()
    found = Wards()
    for code, parent in (("SGH", None), ("MED", "SGH"), ("MED-A", "MED"), ("MED-B", "MED"), ("ED", "SGH")):
        found.unit(code, parent)
    for ward in ("MED-A", "MED-B"):
        for number in range(8):
            found.person(f"{ward[-1].lower()}{number}", ward, starts=TODAY - 300 * DAY)
    db.session.commit()
    put_course(NOW - 100 * DAY)
    put_policy(NOW - 100 * DAY)
    found.rule = make_rule(TODAY - 35 * DAY, audience=Audience(unit_id=found.units["MED"]), due_days=30)
    policy = Target("policy", "USE-1")
    make_rule(TODAY - 20 * DAY, target=policy, audience=Audience(unit_id=found.units["MED-B"]), due_days=30)
    return found


def row(wards, unit: str, **more) -> tuple:
    """The people of a row of the report by state."""
    found = wards.rows("training", unit, **more)[unit]
    return tuple(found[name] for name in STATES)


def test_a_person_counts_once_in_the_state_furthest_behind(trained) -> None:
    for name in ("a0", "a1", "a2", "b0", "b1"):
        certify(trained.people[name], NOW)
    make_leave(trained.people["a7"], TODAY - DAY)
    services.exempt(trained.rule, trained.people["a6"], TODAY + DAY, "Teaches it.", actor=None, now=NOW, today=TODAY)
    db.session.commit()
    rows = trained.rows("training", "MED")
    assert tuple(rows["MED"][name] for name in STATES) == (14, 5, 3, 2, 0, 9, None), "two people are too few to show"
    assert tuple(rows["MED-B"][name] for name in STATES) == (8, 2, 0, 2, 0, 6, 0)
    report = trained.ask("training", "MED")
    assert report.finding == "Unit MED: 9 of 14 have mandatory training overdue"
    asked = {each["type"]: (each["of"], each["overdue"], each["waiting"]) for each in report.data["asked"]}
    assert asked == {"course": (14, 9, 0), "policy": (8, 0, 8)}


def test_a_past_day_is_rebuilt_and_compared(trained) -> None:
    for number in range(8):
        certify(trained.people[f"a{number}"], NOW)
    then = TODAY - 6 * DAY
    assert row(trained, "MED", as_of=then) == (16, 16, 0, 16, 0, 0, 0)
    report = trained.ask("training", "MED", compare_to=then)
    (unit, *_) = report.data["units"]
    assert (unit["in_order"], unit["before"]["in_order"], unit["change"]) == (8, 16, -50)
    assert report.finding.endswith("the share with nothing overdue is down 50 points since 17 November 2026")


def test_days_of_grace_are_no_delay_and_a_recommendation_counts_for_nobody(trained) -> None:
    held = {"audience": Audience(unit_id=trained.units["MED"]), "due_days": 30, "public": trained.rule}
    make_rule(TODAY, grace_days=10, **held)
    assert row(trained, "MED-A") == (8, 8, 0, 0, 8, 0, 0)
    make_rule(TODAY, mandatory=False, **held)
    assert row(trained, "MED-A") == (0, 0, 0, 0, 0, 0, 0)


def test_a_small_group_stays_hidden_with_what_would_give_it_away(trained) -> None:
    for number in range(3):
        trained.person(f"e{number}", "ED", starts=TODAY - 300 * DAY)
    for number in range(6):
        trained.person(f"s{number}", "SGH", starts=TODAY - 300 * DAY)
    trained.unit("PHA", "SGH")
    for number in range(9):
        trained.person(f"p{number}", "PHA", starts=TODAY - 300 * DAY)
    db.session.commit()
    make_rule(TODAY - 35 * DAY, audience=Audience(unit_id=trained.units["ED"]), due_days=30)
    make_rule(TODAY - 35 * DAY, audience=Audience(unit_id=trained.units["PHA"]), due_days=30)
    rows = trained.rows("training", "SGH")
    assert rows["ED"]["suppressed"]
    assert rows["ED"]["overdue"] is None
    assert rows["MED"]["of"] is None, "or the hospital less the other rows would be the three"
    assert rows["PHA"]["of"] == 9


def test_a_profession_alone_is_counted_and_named_in_the_filters(trained) -> None:
    for number in range(6):
        trained.person(f"d{number}", "MED-A", profession="physician", starts=TODAY - 300 * DAY)
    db.session.commit()
    assert row(trained, "MED-A")[0] == 14
    report = trained.ask("training", "MED-A", profession="physician")
    assert report.data["units"][0]["of"] == 6
    assert ("profession", "physician") in report.filters


def test_a_supervisor_counts_only_the_people_they_manage(trained) -> None:
    mine = frozenset(trained.people[f"a{number}"] for number in range(5))
    found = trained.rows("training", scope=Scope(person_ids=mine))
    assert found["SGH"]["of"] == 5


def test_the_people_behind_are_named_to_those_entitled_and_the_look_is_kept(app, client, trained) -> None:
    certify(trained.people["a0"], NOW)
    sign_in(client, app, "cmio@example.org", ["cmio"])
    page = client.get("/workforce/training?unit=MED").get_data(as_text=True)
    assert "/workforce/units/MED-A/behind" in page
    listed = client.get("/workforce/units/MED-A/behind").get_data(as_text=True)
    assert "7 people in Unit MED-A have mandatory training overdue" in listed
    assert "A1 Sample" in listed
    assert "A0 Sample" not in listed
    assert db.session.query(AuditEntry).filter_by(action="report.people", subject="MED-A").count() == 1
    assert seen_at() == {("list", "behind", "", "Unit MED-A")}
    empty = client.get("/workforce/units/ED/behind").get_data(as_text=True)
    assert "Nobody in Unit ED has mandatory training overdue" in empty
    make_account(app, "stranger@example.org", ["supervisor"])
    sign_in(client, app, "stranger@example.org", ["supervisor"])
    assert client.get("/workforce/units/MED-A/behind").status_code == 403


def test_the_two_reports_that_could_be_confused_say_what_they_are_not(trained) -> None:
    training, competence = trained.ask("training"), trained.ask("compliance")
    assert training.title != competence.title
    assert any("is not competence" in term for term, _ in training.definitions)
    assert any("is not training" in term for term, _ in competence.definitions)
