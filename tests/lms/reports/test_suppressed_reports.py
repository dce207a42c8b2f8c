"""The kinds made of standings obey the same masks: whatever reports somebody collects, no small group comes out."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.competency.facts import CompetencyFacts, PersonStanding
from lms.competency.reckoning import Tally
from lms.competency.snapshot import Snapshot
from lms.people.facts import UnitFacts
from lms.people.scope import Scope
from lms.reports.frame import CRITICAL, READY
from lms.reports.kinds import KINDS
from lms.reports.plans import Plan, Question
from lms.reports.queries import framed
from lms.reports.tree import Tree
from tests.lms.reports.test_suppression import SMALLEST, questions
from tests.support.hospital import TODAY

KNOWN = tuple(
    CompetencyFacts(number, f"K{number}", f"Skill {number}", "K", number < 3, number, None) for number in (1, 2, 3)
)
SNAPSHOT = Snapshot(None, KNOWN, ())
STANDING = ("heatmap", "readiness", "compliance", "expiry")


@st.composite
def staffed(draw: st.DrawFn) -> tuple[Tree, list[PersonStanding]]:
    """A random tree and people, each posted to one unit, with levels and targets in three competencies."""
    count = draw(st.integers(1, 8))
    units = [UnitFacts(1, "U1", "Unit 1", "", None)]
    units += [
        UnitFacts(number, f"U{number}", f"Unit {number}", "", draw(st.integers(1, number - 1)))
        for number in range(2, count + 1)
    ]
    tree = Tree(units)
    people: list[PersonStanding] = []
    for unit in units:
        line = tuple(each.id for each in tree.line(unit))
        for targets in ("222", "020", "002", "000"):
            for _ in range(draw(st.sampled_from((0, 0, 1, 2, 5, 9)))):
                levels = draw(st.sampled_from(("000", "222", "202", "011")))
                number = len(people) + 1
                people.append(PersonStanding(number, "nurse", line, levels, targets, SNAPSHOT.order))
    return tree, people


def published(tree: Tree, people: list[PersonStanding]) -> dict[tuple[int, str], bool]:
    """By unit and measure whether its figures are shown: in every report the same."""
    tally = Tally()
    for person in people:
        tally.add(person.levels, person.targets, person.units)
    counts = tally.counts([each.code for each in KNOWN])
    soon = {person.person_id: {"K1": 30, "K3": 365} for person in people[::2]}
    ids = {unit.code: unit.id for unit in tree.all.values()}
    found: dict[tuple[int, str], bool] = {}
    for tops, asked, flat in questions(tree):
        rows = tree.rows(tops, asked, flat)
        parents = tuple(tree.split(rows))
        question = Question(None, TODAY, TODAY, Scope(everything=True), flat=flat, smallest=SMALLEST)
        plan = Plan(question, tree, tops[0] if asked else None, tuple(rows), parents, frozenset(tree.all), None)
        frame = framed(plan, SNAPSHOT, counts, tuple(people))
        object.__setattr__(frame, "endings", soon)
        for kind in map(KINDS.__getitem__, STANDING):
            for row in kind.build(frame).data["units"]:
                for measure, shown in figures(kind.name, row).items():
                    held = found.setdefault((ids[row["code"]], measure), shown)
                    assert held is shown, f"{row['code']} {measure} is hidden in one report and shown in another"
    return found


def figures(kind: str, row: dict[str, Any]) -> dict[str, bool]:
    """Of a row of a report, which measures it shows figures of."""
    if kind == "compliance":
        hidden = row.get("suppressed", False)
        assert (row["of"] is None, row["compliant"] is None) == (hidden, hidden)
        assert row["share"] is None or not hidden
        return {CRITICAL: not hidden}
    cells = {code: cell["of"] is not None for code, cell in row.get("cells", {}).items()}
    for code, shown in cells.items():
        numbers = [value for value in row["cells"][code].values() if value is not True]
        assert shown or not any(numbers), row
    if kind == "heatmap":
        return cells
    hidden = row.get("suppressed", False)
    if hidden:
        told = {
            key: value for key, value in row.items() if key not in ("code", "name", "staff", "super_users", "cells")
        }
        assert not any(value for key, value in told.items() if key != "suppressed"), told
    for gap in row.get("gaps", ()):
        cells[gap["code"]] = True
    return cells | {READY: not hidden}


def size(people: list[PersonStanding], unit_id: int, measure: str) -> int:
    """How many people a measure is about in a unit, counted afresh."""
    codes = {READY: ["K1", "K2", "K3"], CRITICAL: ["K1", "K2"]}.get(measure, [measure])
    return sum(1 for p in people if unit_id in p.units and any(p.target(code) for code in codes))


@settings(max_examples=60, deadline=None)
@given(staffed())
def test_no_small_group_can_be_worked_out_from_reports_of_all_kinds(hospital) -> None:
    tree, people = hospital
    shown = published(tree, people)
    for measure in ("K1", "K2", "K3", READY, CRITICAL):
        sizes = {unit_id: size(people, unit_id, measure) for unit_id in tree.all}
        for unit in tree.all.values():
            if 0 < sizes[unit.id] < SMALLEST:
                assert not shown[unit.id, measure], f"{measure} of {unit.code} is shown"
            if not shown[unit.id, measure] or not sizes[unit.id]:
                continue
            part, left = [unit], sizes[unit.id]
            for each in part:
                for child in tree.children(each.id):
                    if shown[child.id, measure]:
                        left -= sizes[child.id]
                    else:
                        part.append(child)
            assert left >= SMALLEST or not left, f"{measure} of {unit.code} leaves {left}"


def test_a_suppressed_cell_is_null_and_says_so_and_its_row_stays(wards) -> None:
    wards.unit("PHA", "SGH")
    wards.staff(3, "PHA")
    rows = wards.rows(unit="SGH")
    assert list(rows) == ["SGH", "ED", "MED", "PHA"]
    hidden = {"at_target": None, "of": None, "share": None, "levels": None, "suppressed": True}
    assert rows["PHA"]["cells"]["K1"] == rows["ED"]["cells"]["K1"] == hidden
    assert rows["PHA"]["staff"] == 3
    assert rows["MED"]["cells"]["K1"]["of"] == 10
    assert wards.rows(unit="ED")["ED"]["cells"]["K1"] == hidden, "the same in its own report"
    assert wards.rows("readiness", "SGH")["ED"]["suppressed"] is True
    assert wards.rows("compliance", "SGH")["PHA"]["suppressed"] is True
    assert wards.rows("expiry", "SGH")["ED"]["ending"] is None


def test_a_department_and_its_ward_do_not_give_away_the_two_who_lead_it(wards) -> None:
    wards.unit("OUT")
    wards.unit("OUT-1", "OUT")
    wards.staff(6, "OUT-1")
    cells = wards.cells("K1", "OUT")
    assert (cells["OUT"]["of"], cells["OUT-1"]["of"]) == (6, 6)
    wards.staff(2, "OUT")
    cells = wards.cells("K1", "OUT")
    assert (cells["OUT"]["of"], cells["OUT-1"]["of"]) == (8, None)
    wards.staff(3, "OUT")
    cells = wards.cells("K1", "OUT")
    assert (cells["OUT"]["of"], cells["OUT-1"]["of"]) == (11, 6)


def test_sign_offs_to_plan_say_nothing_of_a_competency_that_is_hidden(wards) -> None:
    year = dt.timedelta(days=300)
    wards.evidence("b2", "K1", 3, TODAY - year, source="observation")
    wards.evidence("b6", "K1", 3, TODAY - year, source="observation")
    wards.evidence("b6", "K2", 3, TODAY - 2 * year, source="observation")
    report = wards.ask("expiry", "MED")
    assert report.data["units"][0]["cells"]["K2"]["suppressed"], "one physician alone needs K2"
    assert {row["competency"] for row in report.data["seats"]} == {"K1"}
    wards.staff(5, "MED-B", profession="physician")
    shown = wards.ask("expiry", "MED").data
    assert not shown["units"][0]["cells"]["K2"].get("suppressed")
    assert {row["competency"] for row in shown["seats"]} == {"K1", "K2"}


def test_hidden_figures_are_in_no_format_of_any_kind(wards) -> None:
    wards.unit("PHA", "SGH", "Pharmacy")
    wards.staff(4, "PHA")
    for kind in STANDING:
        report = wards.ask(kind, "SGH")
        row = next(each for each in report.data["units"] if each["code"] == "PHA")
        assert "4" not in json.dumps({key: value for key, value in row.items() if key != "staff"})
        table = next(each for each in report.tables[0].rows if each[0] == "PHA")
        assert set(table[3:]) <= {None, 0, ""}, table
