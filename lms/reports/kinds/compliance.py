"""Critical competencies: who is at target in every critical competency that their role needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.frame import CRITICAL, Frame
from lms.reports.pictures import share_bars
from lms.reports.value import Chart, Report, Table
from lms.reports.words import AIM, AT_TARGET, COUNTED, NOT_SHOWN, chosen, percent, share, small
from lms.web.texts import text as _

DEFINITION = (
    _("Compliant"),
    _(
        "At target in every critical competency of the person's role, on evidence that holds. Critical competencies "
        "are those the framework marks so; their evidence holds 12 months. People without a target in any of them are "
        "not counted, and so a profession without targets never counts as compliant."
    ),
)
NOT_TRAINING = (
    _("Competence is not training"),
    _(
        "This report is about levels held, however they were reached. Whether mandatory courses, pathways and policies "
        "are done by their day is in “Mandatory training”."
    ),
)


def build(frame: Frame) -> Report:
    """Compliance of the rows of a frame; needs the people to have been counted."""
    units = [_row(frame, unit) for unit in frame.rows]
    return Report(
        kind="compliance",
        title=_("Critical competencies met"),
        finding=_finding(frame, units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(
            DEFINITION,
            NOT_TRAINING,
            AT_TARGET,
            COUNTED,
            *chosen(frame),
            *changes.meaning(frame),
            small(frame),
        ),
        data={
            "critical": [{"code": e.code, "title": e.title} for e in frame.competencies if e.critical],
            "units": units,
            **changes.since(frame),
        },
        tabulate=_tables,
        draw=_charts,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
    row |= _figures(frame, unit)
    if frame.before:
        row |= changes.by_target(frame, unit, CRITICAL, row, _figures, "compliant", percent)
    return row


def _figures(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    if frame.hides(unit.id, CRITICAL):
        return {"compliant": None, "of": None, "share": None, "suppressed": True}
    of, compliant = frame.compliance.get(unit.id, (0, 0))
    return {"compliant": compliant, "of": of, "share": share(compliant, of)}


def _finding(frame: Frame, units: list[dict[str, Any]]) -> str:
    said = _said(units)
    if frame.before is None or not units:
        return said
    return changes.sentence(frame, said, units[0], _("the share that meets them all is"), changes.A_TARGET)


def _said(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or first["of"] == 0:
        return _("Nobody with a critical target is counted here")
    if first["of"] is None:
        return NOT_SHOWN
    name, of, below = first["name"], first["of"], first["of"] - first["compliant"]
    if not below:
        return _("%(unit)s: all %(of)s are at target in every critical competency", unit=name, of=of)
    return _("%(unit)s: %(below)s of %(of)s are below target in a critical competency", unit=name, below=below, of=of)


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    columns = (
        ("unit", _("Unit")), ("name", _("Name")), ("staff", _("Staff")), ("compliant", _("Compliant")),
        ("of", _("Of")), ("percent", _("Per cent")), *changes.columns(data),
    )  # fmt: skip
    rows = tuple(
        (
            row["code"], row["name"], row["staff"], row["compliant"], row["of"],
            None if row["of"] is None else (percent(row["compliant"], row["of"]) if row["of"] else ""),
            *changes.cells(data, row, "compliant", percent),
        )
        for row in data["units"]
    )  # fmt: skip
    return (Table("units", _("Critical competencies met, by unit"), columns, rows),)


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    rows = [(row["name"], row["compliant"], row["of"]) for row in data["units"]]
    shown = [(percent(met, of), name) for name, met, of in rows if of]
    title = _("Critical competencies met, by unit")
    if len(shown) > 1:
        least, name = min(shown[1:] if len(shown) > 2 else shown)
        title = _("%(unit)s is lowest: %(least)s%% meet every critical competency", unit=name, least=least)
    return share_bars(rows, title, _("People at target in every critical competency"), percent, aim=AIM)
