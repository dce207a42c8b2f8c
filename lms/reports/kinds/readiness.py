"""Is a unit ready on a date: how many people meet every target of their role, with super-user cover. Pure."""

from __future__ import annotations

from typing import Any

from lms.people.facts import UnitFacts
from lms.reports.frame import READY, Frame
from lms.reports.value import Report, Table
from lms.reports.words import AIM, AT_TARGET, COUNTED, percent, share, small

DEFINITION = (
    "Ready",
    f"A unit is ready when at least {AIM} % of the people counted are at every target of their profession and roles on "
    "the date. A future date counts the evidence known today that will still hold then, and the posts known to be open "
    "then.",
)
COVER = ("Super-users", "People with a super-user post in the unit or below it on the date, each once.")


def build(frame: Frame) -> Report:
    """Readiness of the rows of a frame."""
    units = [_row(frame, unit) for unit in frame.rows]
    data = {"aim": AIM / 100, "units": units}
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("staff", "Staff"), ("ready", "At every target"), ("of", "Of"),
        ("percent", "Per cent"), ("is_ready", "Ready"), ("super_users", "Super-users"), ("largest_gap", "Largest gap"),
    )  # fmt: skip
    rows = tuple(
        (
            row["code"], row["name"], row["staff"], row["ready"], row["of"],
            None if row["of"] is None else (percent(row["ready"], row["of"]) if row["of"] else ""),
            None if row["of"] is None else ("" if not row["of"] else ("yes" if row["is_ready"] else "no")),
            row["super_users"],
            "; ".join(f"{gap['code']} {gap['below']}" for gap in row["gaps"]),
        )
        for row in units
    )  # fmt: skip
    return Report(
        kind="readiness",
        title="Readiness of units",
        finding=_finding(frame, units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, AT_TARGET, COUNTED, COVER, small(frame)),
        data=data,
        tables=(Table("units", "Readiness of units", columns, rows),),
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    counts = frame.of(unit.id)
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": counts.staff}
    if READY in frame.hidden.get(unit.id, frozenset()):
        row |= {"ready": None, "of": None, "share": None, "is_ready": None, "suppressed": True, "gaps": []}
    else:
        ready, of = counts.complete, counts.targeted
        gaps = sorted(
            (
                {"code": each.code, "title": each.title, "below": cell.of - cell.at_target, "of": cell.of}
                for each in frame.competencies
                if (cell := frame.cell(unit.id, each.code)) is not None and cell.of > cell.at_target
            ),
            key=lambda gap: -int(gap["below"]),  # type: ignore[call-overload]
        )[:3]
        part = share(ready, of)
        row |= {"ready": ready, "of": of, "share": part, "is_ready": bool(of) and ready * 100 >= AIM * of, "gaps": gaps}
    row["super_users"] = (frame.super_users or {}).get(unit.id, 0)
    return row


def _finding(frame: Frame, units: list[dict[str, Any]]) -> str:
    rows = units[1:] if len(units) > 1 and frame.unit else units
    judged = [row for row in rows if row["of"]]
    if not judged:
        return "Nobody with a target is counted here"
    ready = [row for row in judged if row["is_ready"]]
    day = f"{frame.as_of.day} {frame.as_of:%B %Y}"
    if len(judged) == 1:
        name = judged[0]["name"]
        return f"{name} is ready on {day}" if ready else f"{name} is not ready on {day}"
    if len(ready) == len(judged):
        return f"All {len(judged)} units shown are ready on {day}"
    return f"{len(ready)} of {len(judged)} units are ready on {day}"
