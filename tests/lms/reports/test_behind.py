"""Where very many people are due at once no page folds them all, and every figure says how many are still behind."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.accounts.services import create_token
from lms.changes.services import any_marks
from lms.competency import services, tasks
from lms.competency.rollups import stored_counts
from lms.db import db
from tests.support.hospital import NOW, TODAY
from tests.support.signing import make_account, sign_in

NOTICE = "are counted here as they stood before"
SOME = "people, as they stood before"


@pytest.fixture
def many(app, wards, monkeypatch):
    """Everybody is folded; then eight people pass, and a page may fold three at most."""
    services.fold(today=TODAY)
    db.session.commit()
    monkeypatch.setattr("lms.competency.tasks.BEFORE_A_PAGE", 3)
    for name in ("a3", "a5", "b2", "b3", "b4", "e2", "e3", "e4"):
        wards.evidence(name, "K1", 3, source="observation")
    return wards


def at_target(wards) -> int:
    return stored_counts([wards.units["SGH"]])[wards.units["SGH"]].cell("K1").at_target


def test_a_page_folds_a_few_of_many_and_says_how_many_are_left(app, client, many):
    sign_in(client, app, "cmio@example.org", ["cmio"])
    page = client.get("/workforce").text
    assert f"5 people {NOTICE}" in page
    assert at_target(many) == 2 + 3
    assert f"2 people {NOTICE}" in client.get("/workforce/readiness").text
    assert NOTICE not in client.get("/workforce/compliance").text
    assert at_target(many) == 2 + 8
    assert services.check(today=TODAY) == []


def test_files_and_the_api_say_it_among_the_filters_which_are_part_of_the_digest(app, client, many):
    make_account(app, "cmio@example.org", ["cmio"])
    token = create_token("cmio@example.org", "test", actor=None, now=NOW)
    db.session.commit()

    def ask() -> dict:
        return client.get("/api/v1/reports/heatmap?unit=SGH", headers={"Authorization": f"Bearer {token}"}).json

    answers = [ask() for _ in range(4)]
    told = [answer["filters"].get("not counted anew yet") for answer in answers]
    assert told == [f"5 {SOME}", f"2 {SOME}", None, None]
    cells = [answer["units"][0]["cells"]["K1"]["at_target"] for answer in answers]
    assert cells == [5, 8, 10, 10]
    assert len({answer["digest"] for answer in answers}) == 3


def test_a_past_day_is_counted_from_the_ledger_and_nobody_is_behind(app, client, many):
    sign_in(client, app, "cmio@example.org", ["cmio"])
    assert NOTICE not in client.get(f"/workforce?as_of={TODAY - dt.timedelta(days=3)}").text
    assert any_marks()


def test_the_worker_folds_portion_after_portion_until_nobody_is_left(app, many, monkeypatch):
    monkeypatch.setattr("lms.competency.tasks.PORTION", 3)
    tasks.fold_portion(now=NOW)
    db.session.commit()
    assert not services.outstanding(TODAY)
    assert services.waiting(TODAY) == 0
    assert at_target(many) == 2 + 8


def test_after_its_time_the_worker_leaves_the_rest_to_its_next_turn(app, many, monkeypatch):
    monkeypatch.setattr("lms.competency.tasks.PORTION", 3)
    monkeypatch.setattr("lms.competency.tasks.BUSY", 0)
    tasks.fold_portion(now=NOW)
    db.session.commit()
    assert services.waiting(TODAY) == 5


def test_a_page_with_names_folds_the_people_it_names_and_nobody_else(app, many):
    tasks.fold_these(TODAY, [many.units["MED-A"]], [many.people["e2"]])
    assert services.waiting(TODAY) == 8 - 3
    standing = stored_counts([many.units["MED-A"]])[many.units["MED-A"]]
    assert standing.cell("K1").at_target == 2 + 2


def test_who_is_due_by_time_and_marked_besides_is_one_person_waiting(app, many):
    later = TODAY + dt.timedelta(days=400)  # what was shown on this day has run out
    assert services.waiting(later) >= 8
    services.fold(today=later)
    assert services.waiting(later) == 0
    db.session.rollback()


def test_a_page_does_not_wait_while_another_process_folds(app, client, many):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one lock for all who write")
    sign_in(client, app, "cmio@example.org", ["cmio"])
    with db.engine.connect() as other, other.begin():
        other.execute(db.text("select pg_advisory_xact_lock(hashtext('fold'))"))
        assert f"8 people {NOTICE}" in client.get("/workforce").text
    assert at_target(many) == 2
