"""Unit × competency: how many people hold the level that their role needs. Pure."""

from __future__ import annotations

from typing import Any

from lms.competency.facts import CellCounts, CompetencyFacts
from lms.people.facts import UnitFacts
from lms.reports.frame import Frame
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, LEVEL, percent, share, small


def build(frame: Frame) -> Report:
    """The heat map of the rows of a frame."""
    units = [
        {
            "code": unit.code,
            "name": unit.name,
            "staff": frame.of(unit.id).staff,
            "cells": {each.code: cell_payload(frame.cell(unit.id, each.code)) for each in frame.competencies},
        }
        for unit in frame.rows
    ]
    data: dict[str, Any] = {
        "units": units,
        "competencies": [
            {"code": e.code, "title": e.title, "domain": e.domain, "critical": e.critical} for e in frame.competencies
        ],
    }
    return Report(
        kind="heatmap",
        title="People at target, by unit and competency",
        finding=finding(frame),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(AT_TARGET, COUNTED, LEVEL, small(frame)),
        data=data,
        tables=(_wide(frame), _long(frame)),
    )


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

    Rows below the unit asked for are looked at, since the unit itself only sums them up.
    """
    rows = frame.rows[1:] if len(frame.rows) > 1 and frame.unit else frame.rows
    found = None
    most = 0.0
    for unit in rows:
        for each in frame.competencies:
            cell = frame.cell(unit.id, each.code)
            if cell is None or not cell.of:
                continue
            weight = (cell.of - cell.at_target) * (2 if each.critical else 1)
            if weight > most:
                found, most = (unit, each, cell), weight
    return found


def finding(frame: Frame) -> str:
    """The one sentence that the figures say."""
    cell = worst(frame)
    if cell is None:
        if any(frame.of(unit.id).targeted for unit in frame.rows):
            return "Everybody shown is at target"
        return "Nobody with a target is counted here"
    unit, competency, counts = cell
    below = counts.of - counts.at_target
    return f"{unit.name}: {below} of {counts.of} are below target in {competency.code} {competency.title}"


def _wide(frame: Frame) -> Table:
    """One line a unit, two columns a competency, for reading."""
    columns = [("unit", "Unit"), ("name", "Name"), ("staff", "Staff")]
    for each in frame.competencies:
        columns += [(f"{each.code}_at_target", f"{each.code} at target"), (f"{each.code}_of", f"{each.code} of")]
    rows = []
    for unit in frame.rows:
        row: list[Any] = [unit.code, unit.name, frame.of(unit.id).staff]
        for each in frame.competencies:
            cell = frame.cell(unit.id, each.code)
            row += [None, None] if cell is None else [cell.at_target, cell.of]
        rows.append(tuple(row))
    return Table("units", "People at target, by unit", tuple(columns), tuple(rows))


def _long(frame: Frame) -> Table:
    """One line a cell with the levels, for calculating."""
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("competency", "Competency"), ("title", "Title"),
        ("at_target", "At target"), ("of", "Of"), ("percent", "Per cent"), *((f"n{n}", f"Level {n}") for n in range(6)),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for unit in frame.rows:
        for each in frame.competencies:
            cell = frame.cell(unit.id, each.code)
            head = (unit.code, unit.name, each.code, each.title)
            if cell is None:
                rows.append((*head, *([None] * 9)))
            else:
                shown = percent(cell.at_target, cell.of) if cell.of else ""
                rows.append((*head, cell.at_target, cell.of, shown, *cell.levels))
    return Table("cells", "Cells with levels", columns, tuple(rows))
