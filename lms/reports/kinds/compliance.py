"""Mandatory competence: who is at target in every critical competency that their role needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports.frame import CRITICAL, Frame
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, percent, share, small

DEFINITION = (
    "Compliant",
    "At target in every critical competency of the person's role, on evidence that holds. Critical competencies are "
    "those the framework marks so; their evidence holds 12 months. People without a target in any of them are not "
    "counted, and so a profession without targets never counts as compliant.",
)


def build(frame: Frame) -> Report:
    """Compliance of the rows of a frame."""
    units = [_row(frame, unit) for unit in frame.rows]
    return Report(
        kind="compliance",
        title="Critical competencies met",
        finding=_finding(units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, AT_TARGET, COUNTED, small(frame)),
        data={
            "critical": [{"code": e.code, "title": e.title} for e in frame.competencies if e.critical],
            "units": units,
        },
        tabulate=_tables,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
    if frame.hides(unit.id, CRITICAL):
        return row | {"compliant": None, "of": None, "share": None, "suppressed": True}
    of, compliant = frame.of(unit.id).critical, frame.of(unit.id).compliant
    return row | {"compliant": compliant, "of": of, "share": share(compliant, of)}


def _finding(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or first["of"] == 0:
        return "Nobody with a critical target is counted here"
    if first["of"] is None:
        return "The groups here are too small to show"
    below = first["of"] - first["compliant"]
    if not below:
        return f"{first['name']}: all {first['of']} are at target in every critical competency"
    return f"{first['name']}: {below} of {first['of']} are below target in a critical competency"


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("staff", "Staff"), ("compliant", "Compliant"), ("of", "Of"),
        ("percent", "Per cent"),
    )  # fmt: skip
    rows = tuple(
        (
            row["code"], row["name"], row["staff"], row["compliant"], row["of"],
            None if row["of"] is None else (percent(row["compliant"], row["of"]) if row["of"] else ""),
        )
        for row in data["units"]
    )  # fmt: skip
    return (Table("units", "Critical competencies met, by unit", columns, rows),)
