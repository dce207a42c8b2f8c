"""Is a unit ready on a date: how many people meet every target of their role, with super-user cover. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.frame import READY, Frame
from lms.reports.pictures import share_bars
from lms.reports.value import Chart, Report, Table
from lms.reports.words import (
    AIM,
    AT_TARGET,
    COUNTED,
    NOBODY_COUNTED,
    NOT_SHOWN,
    chosen,
    long_day,
    percent_reached,
    share,
    small,
)
from lms.web.texts import joined
from lms.web.texts import plural as ngettext
from lms.web.texts import text as _

GAPS = 3
DEFINITION = (
    _("Ready"),
    _(
        "A unit is ready when at least %(aim)s%% of the people counted are at every target of their profession and "
        "roles on the date. A future date counts the evidence known today that will still hold then, and the posts "
        "known to be open then.",
        aim=AIM,
    ),
)
COVER = (_("Super-users"), _("People with a super-user post in the unit or below it on the date, each once."))


def build(frame: Frame) -> Report:
    """Readiness of the rows of a frame."""
    units = [_row(frame, unit) for unit in frame.rows]
    return Report(
        kind="readiness",
        title=_("Readiness of units"),
        finding=finding(frame),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(
            DEFINITION,
            AT_TARGET,
            COUNTED,
            *(() if frame.profession else (COVER,)),
            *chosen(frame),
            *changes.meaning(frame),
            small(frame),
        ),
        data={"aim": AIM / 100, "units": units, **changes.since(frame)},
        tabulate=_tables,
        draw=_charts,
    )


def is_ready(ready: int, of: int) -> bool:
    """Whether enough of the people counted are at every target; nobody is not ready."""
    return bool(of) and ready * 100 >= AIM * of


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    counts = frame.of(unit.id)
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": counts.staff}
    if frame.hides(unit.id, READY):
        row |= {"ready": None, "of": None, "share": None, "is_ready": None, "suppressed": True, "gaps": []}
    else:
        ready, of = counts.complete, counts.targeted
        below = [
            (cell.of - cell.at_target, each, cell.of)
            for each in frame.competencies
            if (cell := frame.cell(unit.id, each.code)) is not None and cell.of > cell.at_target
        ]
        gaps = [
            {"code": each.code, "title": each.title, "below": missing, "of": whole}
            for missing, each, whole in sorted(below, key=lambda gap: -gap[0])[:GAPS]
        ]
        row |= {"ready": ready, "of": of, "share": share(ready, of), "is_ready": is_ready(ready, of), "gaps": gaps}
    if frame.profession is None:  # the posts are counted of everybody, which beside one profession would mislead
        row["super_users"] = (frame.super_users or {}).get(unit.id, 0)
    if frame.before:
        row |= changes.by_target(frame, unit, READY, row, _figures, "ready", percent_reached)
    return row


def _figures(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    if frame.hides(unit.id, READY):
        return {"of": None}
    ready, of = frame.of(unit.id).complete, frame.of(unit.id).targeted
    return {"ready": ready, "of": of, "share": share(ready, of)}


def finding(frame: Frame) -> str:
    """The one sentence that the figures say."""
    said = _finding(frame)
    if frame.before is None or frame.top is None:
        return said
    name = _("the share at every target in %(unit)s is", unit=frame.top.name)
    return changes.sentence(frame, said, _row(frame, frame.top), name, changes.A_TARGET)


def _finding(frame: Frame) -> str:
    judged = [
        (unit.name, is_ready(counts.complete, counts.targeted))
        for unit in frame.below
        if (counts := frame.of(unit.id)).targeted and not frame.hides(unit.id, READY)
    ]
    if not judged:
        hidden = any(frame.hides(unit.id, READY) for unit in frame.below)
        return NOT_SHOWN if hidden else NOBODY_COUNTED
    ready = [name for name, good in judged if good]
    day = long_day(frame.as_of)
    if len(judged) == 1:
        name = judged[0][0]
        if ready:
            return _("%(unit)s is ready on %(day)s", unit=name, day=day)
        return _("%(unit)s is not ready on %(day)s", unit=name, day=day)
    if len(ready) == len(judged):
        return _("All %(of)s units shown are ready on %(day)s", of=len(judged), day=day)
    if not ready:
        return _("None of %(of)s units is ready on %(day)s", of=len(judged), day=day)
    return ngettext(
        "%(num)d of %(of)s units is ready on %(day)s", "%(num)d of %(of)s units are ready on %(day)s", len(ready),
        of=len(judged), day=day,
    )  # fmt: skip


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    covered = all("super_users" in row for row in data["units"])
    columns = (
        ("unit", _("Unit")), ("name", _("Name")), ("staff", _("Staff")), ("ready", _("At every target")),
        ("of", _("Of")), ("percent", _("Per cent")), ("is_ready", _("Ready")),
        *((("super_users", _("Super-users")),) if covered else ()), ("largest_gaps", _("Most people below target")),
        *changes.columns(data),
    )  # fmt: skip
    rows = tuple(
        (
            row["code"], row["name"], row["staff"], row["ready"], row["of"],
            None if row["of"] is None else (percent_reached(row["ready"], row["of"]) if row["of"] else ""),
            None if row["of"] is None else ("" if not row["of"] else (_("yes") if row["is_ready"] else _("no"))),
            *((row["super_users"],) if covered else ()),
            joined("; ", [_gap(gap) for gap in row["gaps"]]),
            *changes.cells(data, row, "ready", percent_reached),
        )
        for row in data["units"]
    )  # fmt: skip
    return (Table("units", _("Readiness of units"), columns, rows),)


def _gap(gap: Mapping[str, Any]) -> str:
    return _("%(code)s: %(below)s of %(of)s", code=gap["code"], below=gap["below"], of=gap["of"])


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    rows = [(row["name"], row["ready"], row["of"]) for row in data["units"]]
    good = sum(bool(row["is_ready"]) for row in data["units"])
    title = _("%(good)s of %(of)s rows reach %(aim)s%% of people at every target", good=good, of=len(rows), aim=AIM)
    return share_bars(rows, title if rows else "", _("People at every target"), percent_reached, aim=AIM)
