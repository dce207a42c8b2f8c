"""Unit × competency: how many people hold the level that their role needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.competency.facts import CellCounts, CompetencyFacts
from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.frame import Frame
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, LEVEL, NOBODY_COUNTED, NOT_SHOWN, percent, share, small
from lms.web.texts import text as _

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
        title=_("People at target, by unit and competency"),
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
            return NOT_SHOWN if hidden else _("Everybody shown is at target")
        return NOBODY_COUNTED
    unit, competency, counts = cell
    below = counts.of - counts.at_target
    said = _(
        "%(unit)s: %(below)s of %(of)s are below target in %(code)s %(competency)s",
        unit=unit.name, below=below, of=counts.of, code=competency.code, competency=competency.title,
    )  # fmt: skip
    if frame.before is None:
        return said
    return changes.sentence(frame, said, compared(frame, unit, competency), _("the share at target is"))


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    return (_wide(data), _long(data))


def _wide(data: Mapping[str, Any]) -> Table:
    """One line a unit, two columns a competency, for reading."""
    codes = [each["code"] for each in data["competencies"]]
    columns: list[tuple[str, str]] = [("unit", _("Unit")), ("name", _("Name")), ("staff", _("Staff"))]
    for code in codes:
        columns += [
            (f"{code}_at_target", _("%(code)s at target", code=code)),
            (f"{code}_of", _("%(code)s of", code=code)),
        ]
        columns += changes.columns_of(data, code)
    rows = []
    for unit in data["units"]:
        row: list[Any] = [unit["code"], unit["name"], unit["staff"]]
        for code in codes:
            cell = unit["cells"][code]
            row += [0, 0] if cell["of"] == 0 else [cell["at_target"], cell["of"]]
            row += changes.cells(data, cell, "at_target", percent)
        rows.append(tuple(row))
    return Table("units", _("People at target, by unit"), tuple(columns), tuple(rows))


def _long(data: Mapping[str, Any]) -> Table:
    """One line a cell with the levels, for calculating."""
    columns = (
        ("unit", _("Unit")), ("name", _("Name")), ("competency", _("Competency")), ("title", _("Title")),
        ("at_target", _("At target")), ("of", _("Of")), ("percent", _("Per cent")),
        *((f"n{n}", _("Level %(n)s", n=n)) for n in LEVELS),
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
    return Table("cells", _("Cells with levels"), columns, tuple(rows))
