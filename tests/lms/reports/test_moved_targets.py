"""Two dates across which a target moved: a raised bar is said to be one, and is never told as lost competence."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.competency.targeting import set_target, wish
from lms.db import db
from tests.support.hospital import NOW, TODAY

DAY = dt.timedelta(days=1)
THEN = TODAY - 30 * DAY
RAISED = TODAY - 10 * DAY


def decide(code: str, subject: str, unit: str, level: int, on: dt.date = RAISED, way: str = "at-least") -> None:
    """A decision of the hospital taken on its own first day."""
    asked = wish(code, subject, unit, way, str(level), on.isoformat(), today=on)
    set_target(asked, "Practice showed the need.", actor=None, now=NOW, today=on)
    db.session.commit()


@pytest.fixture
def ward(empty):
    """A ward of ten nurses, eight of whom hold K1 at 2 on the earlier date, and two more, as a third at 3, by today."""
    for code, parent in (("SGH", None), ("ICU", "SGH"), ("MED", "SGH")):
        empty.unit(code, parent)
    empty.staff(10, "MED")
    for number in range(10):
        empty.person(f"n{number}", "ICU")
    db.session.commit()
    for number in range(8):
        empty.evidence(f"n{number}", "K1", 2, THEN - 5 * DAY)
    empty.evidence("n0", "K1", 3, THEN - 5 * DAY, source="observation")
    return empty


def test_the_change_is_given_against_the_new_target_and_the_raise_is_told(ward) -> None:
    decide("K1", "nurse", "ICU", 3)
    for number in (1, 2, 3):
        ward.evidence(f"n{number}", "K1", 3, TODAY - 5 * DAY, source="observation")
    cell = ward.cells("K1", "SGH", compare_to=THEN)["ICU"]
    assert (cell["at_target"], cell["of"]) == (4, 10)
    assert (cell["before"]["at_target"], cell["before"]["of"]) == (8, 10), "by the target of its day"
    assert cell["before_by_new_target"] == {"at_target": 1, "of": 10, "share": 0.1}
    assert cell["change"] == 30
    assert cell["target_moved"] == {"way": "raised", "on": RAISED.isoformat()}


@pytest.mark.parametrize("kind", ["heatmap", "readiness", "compliance"])
def test_no_finding_tells_a_raised_target_as_a_fall(ward, kind) -> None:
    decide("K1", "nurse", "", 3)
    for number in (1, 2, 3):
        ward.evidence(f"n{number}", "K1", 3, TODAY - 5 * DAY, source="observation")
    finding = ward.ask(kind, "ICU", compare_to=THEN).finding
    assert "target was raised on 13 November 2026, and by the new target" in finding
    assert "up 30 points since 24 October 2026" in finding
    assert "down" not in finding


def test_rows_and_cells_whose_target_stands_say_nothing_of_it(ward) -> None:
    decide("K1", "nurse", "ICU", 3)
    cells = ward.cells("K1", "SGH", compare_to=THEN)
    assert "target_moved" not in cells["MED"]
    assert cells["SGH"]["target_moved"]["way"] == "raised"
    assert "targets_moved" not in ward.ask("heatmap", "MED", compare_to=THEN).data


def test_a_target_raised_and_taken_back_between_the_dates_moved_nothing(ward) -> None:
    decide("K1", "nurse", "ICU", 3)
    decide("K1", "nurse", "ICU", 0, RAISED + 2 * DAY, way="none")
    assert "target_moved" not in ward.cells("K1", "SGH", compare_to=THEN)["ICU"]


def test_no_change_is_given_where_the_target_moved_for_a_few(ward) -> None:
    for number in range(3):
        ward.person(f"i{number}", "ICU", profession="nurse", roles="super-user")
    db.session.commit()
    decide("K1", "super-user", "ICU", 4)
    cell = ward.cells("K1", "SGH", compare_to=THEN)["ICU"]
    assert cell["target_moved"]["way"] == "raised"
    assert cell["before_by_new_target"] is None
    assert cell["change"] == ""
    assert "so no change is given since" in ward.ask("heatmap", "ICU", compare_to=THEN).finding


def test_colleagues_with_a_second_post_do_not_hide_the_change_of_the_unit(ward) -> None:
    for number in range(8):
        ward.person(f"both{number}", "ICU", "MED", profession="physician" if number < 5 else "nurse")
    db.session.commit()
    decide("K1", "nurse", "ICU", 3)
    cells = ward.cells("K1", "SGH", compare_to=THEN)
    assert isinstance(cells["ICU"]["change"], int)
    assert cells["MED"].get("before_by_new_target") is None, "three people there"


def test_a_lowered_target_is_no_gain(ward) -> None:
    decide("K1", "nurse", "ICU", 1, way="exactly")
    cell = ward.cells("K1", "SGH", compare_to=THEN)["ICU"]
    assert cell["target_moved"]["way"] == "lowered"
    assert cell["change"] == 0


def test_what_runs_out_is_compared_by_one_target_too(ward) -> None:
    decide("K1", "nurse", "ICU", 3)
    row = ward.rows("expiry", "ICU", compare_to=THEN)["ICU"]
    assert row["target_moved"]["way"] == "raised"
    assert row["change"] == row["ending"]["90"] - row["before_by_new_target"]["ending"]["90"]


def test_the_tables_say_which_target_moved_and_what_it_was_by_the_new_one(ward) -> None:
    decide("K1", "nurse", "ICU", 3)
    report = ward.ask("readiness", "SGH", compare_to=THEN)
    keys = [key for key, _ in report.tables[0].columns]
    row = next(dict(zip(keys, each, strict=True)) for each in report.tables[0].rows if each[0] == "ICU")
    assert row["target"] == "raised on 13 November 2026"
    assert row["level_percent"] == 10
    assert row["before_percent"] == 80
    assert "Targets that moved" in dict(report.definitions)


def test_a_trend_tells_the_day_on_which_a_target_moved(ward) -> None:
    assert "a target was" not in ward.ask("trend", "ICU").finding
    decide("K1", "nurse", "ICU", 3)
    report = ward.ask("trend", "ICU")
    assert report.finding.endswith("; a target was raised on 13 November 2026")
    assert "from then on the line goes by another target" in report.charts[0].note
    assert "a target was" not in ward.ask("trend", "MED").finding
