"""Mandatory competence: who is at target in every critical competency that their role needs. Pure."""

from __future__ import annotations

from typing import Any

from lms.reports.frame import Frame
from lms.reports.suppression import hidden_children
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, percent, share, small

DEFINITION = (
    "Compliant",
    "At target in every critical competency of the person's role, on evidence that holds. Critical competencies are "
    "those the framework marks so; their evidence holds 12 months. People without a target in any of them are not "
    "counted, and so a profession without targets never counts as compliant.",
)


def build(frame: Frame) -> Report:
    """Compliance of the rows of a frame; needs the people."""
    critical = [each.code for each in frame.competencies if each.critical]
    of: dict[int, int] = {}
    compliant: dict[int, int] = {}
    for person in frame.people:
        needed = [code for code in critical if person.target(code)]
        if not needed:
            continue
        good = all(person.level(code) >= person.target(code) for code in needed)
        for unit_id in person.units:
            of[unit_id] = of.get(unit_id, 0) + 1
            compliant[unit_id] = compliant.get(unit_id, 0) + good
    hidden = _hidden(frame, of)
    units = []
    for unit in frame.rows:
        row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
        if unit.id in hidden:
            row |= {"compliant": None, "of": None, "share": None, "suppressed": True}
        else:
            part, whole = compliant.get(unit.id, 0), of.get(unit.id, 0)
            row |= {"compliant": part, "of": whole, "share": share(part, whole)}
        units.append(row)
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("staff", "Staff"), ("compliant", "Compliant"), ("of", "Of"),
        ("percent", "Per cent"),
    )  # fmt: skip
    rows = tuple(
        (
            r["code"],
            r["name"],
            r["staff"],
            r["compliant"],
            r["of"],
            percent(r["compliant"], r["of"]) if r["of"] else r["of"] and "",
        )
        for r in units
    )
    return Report(
        kind="compliance",
        title="Critical competencies met",
        finding=_finding(units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, AT_TARGET, COUNTED, small(frame)),
        data={"critical": critical, "units": units},
        tables=(Table("units", "Critical competencies met, by unit", columns, rows),),
    )


def _hidden(frame: Frame, of: dict[int, int]) -> set[int]:
    """Hide small groups here too, and every row whose overall cell is hidden already."""
    from_above = {unit.id for unit in frame.rows if "*ready" in frame.hidden.get(unit.id, frozenset())}
    small_here = {unit.id for unit in frame.rows if 0 < of.get(unit.id, 0) < frame.smallest}
    if frame.unit and len(frame.rows) > 1:
        children = {str(unit.id): of.get(unit.id, 0) for unit in frame.rows[1:]}
        whole = of.get(frame.unit.id, 0)
        found = hidden_children(whole, frame.unit.id in from_above, children, frame.smallest)
        small_here |= {int(name) for name in found}
    return from_above | small_here


def _finding(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or not first["of"]:
        return "Nobody with a critical target is counted here"
    below = first["of"] - first["compliant"]
    if not below:
        return f"{first['name']}: all {first['of']} are at target in every critical competency"
    return f"{first['name']}: {below} of {first['of']} are below target in a critical competency"
