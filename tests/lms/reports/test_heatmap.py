"""The heat map's figures, counted by hand in a small hospital, and its shape in the API."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.accounts.services import create_token
from lms.db import db
from lms.reports.plans import ReportRefused
from tests.support.hospital import NOW, TODAY, make_leave
from tests.support.signing import make_account

HIDDEN = {"at_target": None, "of": None, "share": None, "levels": None, "suppressed": True}
DAY = dt.timedelta(days=1)


def test_rows_are_the_unit_and_its_direct_children_each_with_its_subtree(wards) -> None:
    assert list(wards.rows(unit="SGH")) == ["SGH", "ED", "MED"]
    assert list(wards.rows(unit="MED")) == ["MED", "MED-A", "MED-B"]
    assert list(wards.rows(unit="MED-A")) == ["MED-A"]
    assert list(wards.rows()) == ["SGH"]


ALL = {"smallest": 1}  # nothing is hidden; what is hidden has tests of its own


def test_people_are_counted_as_by_hand(wards) -> None:
    cells = wards.cells("K1", "SGH", **ALL) | wards.cells("K1", "MED", **ALL)
    assert cells == {
        "MED-A": {"at_target": 2, "of": 5, "share": 0.4, "levels": [2, 1, 1, 1, 0, 0]},
        "MED-B": {"at_target": 1, "of": 6, "share": 0.1667, "levels": [4, 0, 2, 0, 0, 0]},
        "MED": {"at_target": 2, "of": 10, "share": 0.2, "levels": [6, 1, 2, 1, 0, 0]},
        "ED": {"at_target": 0, "of": 6, "share": 0.0, "levels": [6, 0, 0, 0, 0, 0]},
        "SGH": {"at_target": 2, "of": 16, "share": 0.125, "levels": [12, 1, 2, 1, 0, 0]},
    }


def test_staff_are_those_on_duty_whatever_their_profession(wards) -> None:
    rows = wards.rows(unit="SGH") | wards.rows(unit="MED")
    assert {code: row["staff"] for code, row in rows.items()} == {"SGH": 17, "ED": 7, "MED": 10, "MED-A": 5, "MED-B": 6}


def test_a_target_of_nobody_is_exactly_of_zero(wards) -> None:
    cells = wards.cells("K2", "SGH")
    assert cells["ED"] == {"of": 0}
    assert cells["MED"] == cells["SGH"] == HIDDEN  # one physician


def test_leave_that_ends_and_posts_that_begin_or_end_are_counted_from_their_day(wards) -> None:
    assert wards.cells("K1", "MED", as_of=TODAY + 2 * DAY, **ALL)["MED-A"]["of"] == 6
    assert wards.cells("K1", "SGH", as_of=TODAY + DAY, **ALL)["ED"]["of"] == 7
    assert wards.cells("K1", "MED", as_of=TODAY - DAY, **ALL)["MED-B"]["of"] == 7
    assert wards.cells("K1", "MED", as_of=TODAY - 6 * DAY, **ALL)["MED-A"]["of"] == 6


def test_one_nurse_on_two_wards_does_not_follow_from_both_and_their_department(wards) -> None:
    cells = wards.cells("K1", "MED")
    assert cells["MED"]["of"] == 10
    assert cells["MED-A"] == cells["MED-B"] == HIDDEN, "5 and 6 and 10 together tell of the one in both"


def test_passing_a_test_moves_levels_and_a_sign_off_moves_the_share(wards) -> None:
    before = wards.cells("K1", "MED", **ALL)["MED-B"]
    wards.evidence("b2", "K1", 1)
    after = wards.cells("K1", "MED", **ALL)["MED-B"]
    assert (before["levels"][:3], after["levels"][:3]) == ([4, 0, 2], [3, 1, 2])
    assert after["share"] == before["share"]
    wards.evidence("b6", "K1", 3, source="observation")
    signed = wards.cells("K1", "MED", **ALL)["MED-B"]
    assert signed["levels"] == [3, 1, 1, 1, 0, 0]
    assert (signed["at_target"], signed["share"]) == (2, 0.3333)


def test_today_as_folded_is_the_same_figure_as_today_recounted_tomorrow(wards) -> None:
    folded = wards.ask(unit="MED")
    again = wards.ask(unit="MED", as_of=TODAY, today=TODAY + DAY)
    assert again.digest == folded.digest


def test_a_past_day_stays_what_it_was_after_later_changes(wards) -> None:
    past = wards.ask(unit="SGH", as_of=TODAY - 3 * DAY)
    wards.evidence("e2", "K1", 2)
    wards.evidence("b3", "K1", 3, source="observation")
    make_leave(wards.people["e3"], TODAY)
    wards.person("new", "ED", starts=TODAY)
    wards.unit("MED-B", "ED")  # the ward moves
    db.session.commit()
    assert wards.ask(unit="SGH", as_of=TODAY - 3 * DAY).digest == past.digest
    assert list(wards.rows(unit="ED")) == ["ED", "MED-B"]
    assert list(wards.rows(unit="MED", as_of=TODAY - 3 * DAY)) == ["MED", "MED-A", "MED-B"]


def test_a_flat_map_shows_every_unit_without_units_below_it(wards) -> None:
    assert list(wards.rows(unit="SGH", flat=True)) == ["SGH", "ED", "MED-A", "MED-B"]
    assert wards.cells("K1", "SGH", flat=True)["MED-A"] == wards.cells("K1", "MED")["MED-A"]


def test_an_unknown_unit_and_profession_are_refused_in_words(wards) -> None:
    with pytest.raises(ReportRefused, match="no unit with the code NOPE") as fault:
        wards.ask(unit="NOPE")
    assert fault.value.kind == "unknown-unit"
    with pytest.raises(ReportRefused, match="physician, nurse, pharmacist or other"):
        wards.ask(profession="surgeon")


def test_the_finding_names_the_cell_where_most_are_below_target(wards) -> None:
    assert wards.ask(unit="SGH").finding == "Unit MED: 8 of 10 are below target in K1 Skill 1"


def test_the_api_answers_the_same_value(app, client, wards) -> None:
    make_account(app, "cmio@example.org", ["cmio"])
    token = create_token("cmio@example.org", "test", actor=None, now=NOW)
    db.session.commit()
    answer = client.get("/api/v1/reports/heatmap?unit=SGH", headers={"Authorization": f"Bearer {token}"}).json
    report = wards.ask(unit="SGH")
    assert (answer["as_of"], answer["digest"]) == ("2026-11-23", report.digest)
    assert answer["units"] == report.data["units"]
    assert set(answer["units"][0]) == {"code", "name", "staff", "cells"}
    assert answer["units"][2]["cells"]["K1"] == {
        "at_target": 2, "of": 10, "share": 0.2, "levels": [6, 1, 2, 1, 0, 0],
    }  # fmt: skip
    assert answer["units"][1]["cells"]["K2"] == {"of": 0}


def test_what_is_kept_is_never_older_than_the_last_write(wards) -> None:
    first, again = wards.ask(unit="MED"), wards.ask(unit="MED")
    assert again is first
    wards.evidence("b2", "K1", 2)
    changed = wards.ask(unit="MED")
    assert changed.digest != first.digest
    assert changed.data["units"][0]["cells"]["K1"]["at_target"] == 3
    wards.unit("MED", "SGH", "Medicine, renamed")
    db.session.commit()
    assert wards.ask(unit="MED").data["units"][0]["name"] == "Medicine, renamed"
