"""What runs out: people who will fall below a target within 30, 60, 90 and 365 days unless they renew. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.competency.facts import SPANS
from lms.people.facts import UnitFacts
from lms.reports.frame import READY, Frame
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, small

SOON = "90"
DEFINITION = (
    "Ending",
    "People at target in a competency on the date whose evidence will have run out after the span, so that they will "
    "be below target unless they renew. Each person counts once a span, in the units of their posts and above. Nothing "
    "that is not known on the date is assumed: no renewals, no new staff.",
)


def build(frame: Frame) -> Report:
    """The expiry forecast of the rows of a frame; needs counts that look ahead."""
    units = [_row(frame, unit) for unit in frame.rows]
    return Report(
        kind="expiry",
        title="Evidence that runs out",
        finding=_finding(units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, AT_TARGET, COUNTED, small(frame)),
        data={
            "spans": list(SPANS),
            "units": units,
            "competencies": [{"code": e.code, "title": e.title} for e in frame.competencies],
        },
        tabulate=_tables,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
    if frame.hides(unit.id, READY):
        row |= {"of": None, "ending": None, "suppressed": True}
    else:
        row |= {"of": frame.of(unit.id).targeted, "ending": _by_span(frame.of(unit.id).ending)}
    cells: dict[str, Any] = {}
    for each in frame.competencies:
        cell = frame.cell(unit.id, each.code)
        if cell is None:
            cells[each.code] = {"of": None, **{str(span): None for span in SPANS}, "suppressed": True}
        elif not cell.of:
            cells[each.code] = {"of": 0}
        else:
            cells[each.code] = {"of": cell.of, **_by_span(cell.ending)}
    return row | {"cells": cells}


def _by_span(ending: Sequence[int]) -> dict[str, int]:
    return {str(span): count for span, count in zip(SPANS, ending, strict=True)}


def _finding(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or first["of"] == 0:
        return "Nobody with a target is counted here"
    if first["of"] is None:
        return "The groups here are too small to show"
    soon = first["ending"][SOON]
    if not soon:
        return f"{first['name']}: nobody falls below a target within {SOON} days"
    return f"{first['name']}: {soon} of {first['of']} fall below a target within {SOON} days unless they renew"


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    spans = [(f"in_{span}", f"Within {span} days") for span in data["spans"]]
    keys = [str(span) for span in data["spans"]]
    columns = (("unit", "Unit"), ("name", "Name"), ("staff", "Staff"), ("of", "Of"), *spans)
    rows = tuple(
        (r["code"], r["name"], r["staff"], r["of"], *(r["ending"][key] if r["ending"] else None for key in keys))
        for r in data["units"]
    )
    first = data["units"][:1]
    by_code = tuple(
        (each["code"], each["title"], cell["of"], *(cell[key] for key in keys))
        for unit in first
        for each in data["competencies"]
        if (cell := unit["cells"][each["code"]])["of"] != 0
    )
    names = (("competency", "Competency"), ("title", "Title"), ("of", "Of"), *spans)
    title = f"By competency, {first[0]['name']}" if first else "By competency"
    return (
        Table("units", "People who fall below a target, by unit", columns, rows),
        Table("competencies", title, names, by_code),
    )
