"""Trend: the share of people at every target, month by month, rebuilt from the ledger. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.charts import line
from lms.reports.frame import READY, Frame
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
    short_day,
    small,
)
from lms.web.texts import date_text
from lms.web.texts import text as _

DEFINITION = (
    _("Trend"),
    _(
        "On the date and on the same day of each of the twelve months before it: of the people with a target, those "
        "who are at all of their targets, among the competencies chosen. Each day is worked out as a report of that "
        "day would be, with the posts, leave, professions, targets and units of that day, from all evidence known now. "
        "Two days are not about the same people. A day on which a target was raised or lowered is told; nobody gained "
        "or lost by it."
    ),
)


def build(frame: Frame) -> Report:
    """The trend of the rows of a frame; needs the points."""
    units = [_row(frame, unit) for unit in frame.rows]
    return Report(
        kind="trend",
        title=_("People at every target, over time"),
        finding=_finding(units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, AT_TARGET, COUNTED, *chosen(frame), small(frame)),
        data={"aim": AIM / 100, "units": units},
        tabulate=_tables,
        draw=_charts,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    points: list[dict[str, Any]] = []
    for point in frame.trend:
        day = {"date": point.day.isoformat()}
        of, met = point.counts.get(unit.id, (0, 0))
        if unit.id in point.hidden:
            points.append(day | {"met": None, "of": None, "share": None, "suppressed": True})
        else:
            points.append(day | {"met": met, "of": of, "share": share(met, of)})
    row = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff, "points": points}
    moved = frame.moved.get(unit.id, {}).get(READY)
    return row | ({"target_moved": {"way": moved.way, "on": moved.on.isoformat()}} if moved else {})


def _percent(point: Mapping[str, Any]) -> int | None:
    """The whole percentage of a day, None where it is hidden or nobody is counted."""
    return percent_reached(point["met"], point["of"]) if point["of"] else None


def _finding(units: list[dict[str, Any]]) -> str:
    if not units:
        return NOBODY_COUNTED
    first = units[0]
    shown = [(point["date"], _percent(point) or 0) for point in first["points"] if point["of"]]
    if len(shown) < 2:
        hidden = any(point["of"] is None for point in first["points"])
        return NOT_SHOWN if hidden else NOBODY_COUNTED
    (since, then), now = shown[0], shown[-1][1]
    day = long_day(dt.date.fromisoformat(since))
    if "target_moved" in first:
        day = _("%(day)s; a target was %(moved)s", day=day, moved=changes.moved_on(first))
    name = first["name"]
    if now == then:
        return _("%(unit)s: %(now)s%% at every target, as on %(day)s", unit=name, now=now, day=day)
    if now > then:
        return _(
            "%(unit)s: %(now)s%% at every target, up from %(then)s%% on %(day)s",
            unit=name, now=now, then=then, day=day,
        )  # fmt: skip
    return _(
        "%(unit)s: %(now)s%% at every target, down from %(then)s%% on %(day)s",
        unit=name, now=now, then=then, day=day,
    )  # fmt: skip


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    every = (
        ("unit", _("Unit")), ("name", _("Name")), ("date", _("Date")), ("met", _("At every target")),
        ("of", _("Of")), ("percent", _("Per cent")),
    )  # fmt: skip
    rows = tuple(
        (
            row["code"], row["name"], point["date"], point["met"], point["of"],
            None if point["of"] is None else (percent_reached(point["met"], point["of"]) if point["of"] else ""),
        )
        for row in data["units"]
        for point in row["points"]
    )  # fmt: skip
    return (
        Table("points", _("People at every target on each day"), every, rows, for_files=True),
        _by_quarter(data),
    )


def _by_quarter(data: Mapping[str, Any]) -> Table:
    """A row a unit and every third month, short enough to read."""
    days = [point["date"] for point in data["units"][0]["points"]][::3] if data["units"] else []
    columns = (
        ("unit", _("Unit")),
        ("name", _("Name")),
        ("staff", _("Staff")),
        *((f"d{day}", short_day(dt.date.fromisoformat(day))) for day in days),
    )
    rows = tuple(
        (row["code"], row["name"], row["staff"], *(_shown(point) for point in row["points"][::3]))
        for row in data["units"]
    )
    return Table("units", _("People at every target, by unit"), columns, rows)


def _shown(point: Mapping[str, Any]) -> str | None:
    if point["of"] is None:
        return None
    return f"{percent_reached(point['met'], point['of'])}% ({point['met']}/{point['of']})" if point["of"] else ""


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    """A line a unit, the first row and up to five below it."""
    found = []
    for row in data["units"][:6]:
        points = [(point["date"], _percent(point)) for point in row["points"]]
        values = [value for _day, value in points if value is not None]
        if values:
            title = _(
                "%(unit)s: %(share)s%% at every target on %(day)s",
                unit=row["name"], share=values[-1], day=_short(points[-1][0]),
            )  # fmt: skip
        else:
            title = _("%(unit)s: too few people to show", unit=row["name"]) if row["points"] else row["name"]
        about = _(
            "Share of people at every target, %(first)s to %(last)s, aim %(aim)s%%.",
            first=_short(points[0][0]), last=_short(points[-1][0]), aim=AIM,
        )  # fmt: skip
        if "target_moved" in row:
            about = _(
                "%(about)s A target was %(moved)s: from then on the line goes by another target.",
                about=about, moved=changes.moved_on(row),
            )  # fmt: skip
        svg = line([(_month(day), value) for day, value in points], aim=AIM, title=title, about=about)
        columns = (("date", _("Date")), ("met", _("At every target")), ("of", _("Of")), ("percent", _("Per cent")))
        numbers = tuple(
            (point["date"], point["met"], point["of"], value if value is not None or point["of"] is None else "")
            for point, (_day, value) in zip(row["points"], points, strict=True)
        )
        found.append(Chart(title, svg, Table(f"trend_{row['code']}", about, columns, numbers), about))
    return tuple(found)


def _short(day: str) -> str:
    return long_day(dt.date.fromisoformat(day))


def _month(day: str) -> str:
    return date_text(dt.date.fromisoformat(day), f"{dt.date.fromisoformat(day):%b %Y}", "MMM yyyy")
