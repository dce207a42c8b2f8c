"""Two dates side by side: the changes, what stays hidden, and that every figure is one of a plain report."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.reports.plans import ReportRefused
from tests.support.hospital import TODAY, make_leave

DAY = dt.timedelta(days=1)
THEN = TODAY - 30 * DAY
COMPARED = ("heatmap", "readiness", "compliance", "expiry")


@pytest.fixture
def moved(wards):
    """The wards with two more people at target in MED-B since the earlier date."""
    for name in ("b2", "b3"):
        wards.evidence(name, "K1", 2, TODAY - 10 * DAY)
    for name in ("b4",):
        wards.evidence(name, "K1", 3, TODAY - 60 * DAY, source="observation")
    return wards


def test_a_cell_says_what_it_was_and_how_many_points_it_moved(moved) -> None:
    now = moved.cells("K1", "MED")["MED"]
    then = moved.cells("K1", "MED", as_of=THEN)["MED"]
    cell = moved.cells("K1", "MED", compare_to=THEN)["MED"]
    assert cell["before"] == {key: then[key] for key in ("at_target", "of", "share")}
    assert {key: cell[key] for key in now} == now
    points = round(100 * now["at_target"] / now["of"]) - round(100 * then["at_target"] / then["of"])
    assert cell["change"] == points


@pytest.mark.parametrize("kind", COMPARED)
def test_every_figure_of_a_comparison_stands_in_a_plain_report_of_its_date(moved, kind) -> None:
    plain_now, plain_then = moved.rows(kind, "SGH"), moved.rows(kind, "SGH", as_of=THEN)
    for code, row in moved.rows(kind, "SGH", compare_to=THEN).items():
        if kind == "heatmap":
            pairs = [(cell, plain_now[code]["cells"][key], plain_then[code]["cells"][key])
                     for key, cell in row["cells"].items()]  # fmt: skip
        else:
            pairs = [(row, plain_now[code], plain_then[code])]
        for compared, now, then in pairs:
            if compared["of"] is None:
                assert compared["before"] is None
                assert compared["change"] is None
                assert None in (now["of"], then["of"]), "hidden only where one of the dates is"
            else:
                assert compared["of"] == now["of"]
                assert {k: then[k] for k in compared["before"]} == compared["before"]


def test_what_is_hidden_on_one_date_is_hidden_on_both(wards) -> None:
    wards.unit("PHA", "SGH")
    wards.staff(3, "PHA")
    for number in range(4):
        wards.person(f"late{number}", "PHA", starts=TODAY - 5 * DAY)
    wards.evidence("late0", "K1", 2)
    assert wards.cells("K1", "SGH")["PHA"]["of"] == 7
    compared = wards.cells("K1", "SGH", compare_to=THEN)["PHA"]
    assert compared["of"] is None
    assert compared["before"] is None
    assert compared["suppressed"]


def test_the_change_is_in_the_finding_the_tables_and_the_filters(moved) -> None:
    report = moved.ask("readiness", "MED", compare_to=THEN)
    assert dict(report.filters)["compared with"] == THEN.isoformat()
    assert "points since 24 October 2026" in report.finding
    table = report.tables[0]
    assert [key for key, _ in table.columns][-2:] == ["before_percent", "change"]
    row = next(row for row in report.data["units"] if row["code"] == "MED")
    assert next(each for each in table.rows if each[0] == "MED")[-1] == row["change"]
    assert report.digest != moved.ask("readiness", "MED").digest


def test_both_dates_are_reproduced_after_later_corrections(moved) -> None:
    as_of = TODAY - 2 * DAY
    first = moved.ask("heatmap", "SGH", as_of=as_of, compare_to=THEN)
    moved.evidence("e2", "K1", 2)
    make_leave(moved.people["e3"], TODAY)
    moved.person("new", "ED", starts=TODAY)
    moved.unit("MED-B", "ED")
    assert moved.ask("heatmap", "SGH", as_of=as_of, compare_to=THEN).digest == first.digest


def test_an_unknown_choice_and_the_same_date_are_refused_in_words(wards) -> None:
    with pytest.raises(ReportRefused, match="an earlier day was expected"):
        wards.ask(compare_to=TODAY)
    with pytest.raises(ReportRefused, match="the code of a domain or competency"):
        wards.ask(competencies="NOPE")


def test_a_choice_of_competencies_counts_only_their_targets(wards) -> None:
    wards.staff(6, "ED", profession="physician")
    wards.staff(6, "MED-B", profession="physician")
    chosen = wards.ask("readiness", "ED", competencies="K2")
    row = chosen.data["units"][0]
    assert (row["of"], row["ready"]) == (6, 0)
    assert dict(chosen.filters)["competencies"] == "K2"
    assert "Only targets in these count here: K2." in dict(chosen.definitions)["Competencies"]
    assert list(wards.rows("heatmap", "ED", competencies="critical")["ED"]["cells"]) == ["K1"]
    assert (
        wards.ask("readiness", "ED", competencies="K").data["units"][0]["of"]
        == wards.rows("readiness", "ED")["ED"]["of"]
    )
