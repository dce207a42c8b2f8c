"""Unit × competency: how many people hold the level that their role needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.competency.facts import CellCounts, CompetencyFacts
from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.frame import Frame
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, LEVEL, percent, share, small

LEVELS = range(6)


def build(frame: Frame) -> Report:
    """The heat map of the rows of a frame."""
    data: dict[str, Any] = {
        "units": [_row(frame, unit) for unit in frame.rows],
        "competencies": [
            {"code": e.code, "title": e.title, "domain": e.domain, "critical": e.critical} for e in frame.competencies
        ],
        **changes.since(frame),
    }
    return Report(
        kind="heatmap",
        title="People at target, by unit and competency",
        finding=finding(frame),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(AT_TARGET, COUNTED, LEVEL, *changes.meaning(frame), small(frame)),
        data=data,
        tabulate=_tables,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for each in frame.competencies:
        cells[each.code] = compared(frame, unit, each)
    return {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff, "cells": cells}


def compared(frame: Frame, unit: UnitFacts, each: CompetencyFacts) -> dict[str, Any]:
    """A cell with what changed since the date compared with, where there is one."""

    def figures(of: Frame, unit: UnitFacts) -> dict[str, Any]:
        return cell_payload(of.cell(unit.id, each.code))

    now = figures(frame, unit)
    if frame.before is None:
        return now
    return now | changes.by_target(frame, unit, each.code, now, figures, "at_target", percent)


def cell_payload(cell: CellCounts | None) -> dict[str, Any]:
    """A cell as the API answers it: hidden, empty, or counted."""
    if cell is None:
        return {"at_target": None, "of": None, "share": None, "levels": None, "suppressed": True}
    if not cell.of:
        return {"of": 0}
    return {
        "at_target": cell.at_target,
        "of": cell.of,
        "share": share(cell.at_target, cell.of),
        "levels": list(cell.levels),
    }


def worst(frame: Frame) -> tuple[UnitFacts, CompetencyFacts, CellCounts] | None:
    """The shown cell in which most people are below target: the one worth a decision first.

    Rows below the unit asked for are looked at, since the unit itself only sums them up. A critical
    competency weighs twice.
    """
    found = None
    most = 0
    for unit in frame.below:
        counts, hidden = frame.of(unit.id), frame.hidden.get(unit.id, ())
        for each in frame.competencies:
            if each.code in hidden:
                continue
            cell = counts.cell(each.code)
            weight = (cell.of - cell.at_target) * (2 if each.critical else 1)
            if weight > most:
                found, most = (unit, each, cell), weight
    return found


def finding(frame: Frame) -> str:
    """The one sentence that the figures say."""
    cell = worst(frame)
    if cell is None:
        if any(frame.of(unit.id).targeted for unit in frame.below):
            hidden = any(frame.hidden.get(unit.id) for unit in frame.below)
            return (
                "Nothing can be shown here that would not tell of a small group"
                if hidden
                else "Everybody shown is at target"
            )
        return "Nobody with a target is counted here"
    unit, competency, counts = cell
    below = counts.of - counts.at_target
    said = f"{unit.name}: {below} of {counts.of} are below target in {competency.code} {competency.title}"
    if frame.before is None:
        return said
    return changes.sentence(frame, said, compared(frame, unit, competency), "the share at target is")


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    return (_wide(data), _long(data))


def _wide(data: Mapping[str, Any]) -> Table:
    """One line a unit, two columns a competency, for reading."""
    codes = [each["code"] for each in data["competencies"]]
    columns = [("unit", "Unit"), ("name", "Name"), ("staff", "Staff")]
    for code in codes:
        columns += [(f"{code}_at_target", f"{code} at target"), (f"{code}_of", f"{code} of")]
        columns += [(f"{code}_{key}", f"{code} {title[0].lower()}{title[1:]}") for key, title in changes.columns(data)]
    rows = []
    for unit in data["units"]:
        row: list[Any] = [unit["code"], unit["name"], unit["staff"]]
        for code in codes:
            cell = unit["cells"][code]
            row += [0, 0] if cell["of"] == 0 else [cell["at_target"], cell["of"]]
            row += changes.cells(data, cell, "at_target", percent)
        rows.append(tuple(row))
    return Table("units", "People at target, by unit", tuple(columns), tuple(rows))


def _long(data: Mapping[str, Any]) -> Table:
    """One line a cell with the levels, for calculating."""
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("competency", "Competency"), ("title", "Title"),
        ("at_target", "At target"), ("of", "Of"), ("percent", "Per cent"), *((f"n{n}", f"Level {n}") for n in LEVELS),
        *changes.columns(data),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for unit in data["units"]:
        for each in data["competencies"]:
            cell = unit["cells"][each["code"]]
            head = (unit["code"], unit["name"], each["code"], each["title"])
            tail = changes.cells(data, cell, "at_target", percent)
            if cell["of"] is None:
                rows.append((*head, *([None] * 9), *tail))
            elif not cell["of"]:
                rows.append((*head, 0, 0, "", *([0] * 6), *tail))
            else:
                shown = percent(cell["at_target"], cell["of"])
                rows.append((*head, cell["at_target"], cell["of"], shown, *cell["levels"], *tail))
    return Table("cells", "Cells with levels", columns, tuple(rows))
