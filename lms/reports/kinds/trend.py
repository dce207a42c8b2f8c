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
from lms.reports.words import AIM, AT_TARGET, COUNTED, chosen, long_day, percent_reached, share, short_day, small

DEFINITION = (
    "Trend",
    "On the date and on the same day of each of the twelve months before it: of the people with a target, those who "
    "are at all of their targets, among the competencies chosen. Each day is worked out as a report of that day would "
    "be, with the posts, leave, professions, targets and units of that day, from all evidence known now. Two days are "
    "not about the same people. A day on which a target was raised or lowered is told; nobody gained or lost by it.",
)


def build(frame: Frame) -> Report:
    """The trend of the rows of a frame; needs the points."""
    units = [_row(frame, unit) for unit in frame.rows]
    return Report(
        kind="trend",
        title="People at every target, over time",
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
        return "Nobody with a target is counted here"
    first = units[0]
    shown = [(point["date"], _percent(point) or 0) for point in first["points"] if point["of"]]
    if len(shown) < 2:
        hidden = any(point["of"] is None for point in first["points"])
        return (
            "Nothing can be shown here that would not tell of a small group"
            if hidden
            else "Nobody with a target is counted here"
        )
    (since, then), (_, now) = shown[0], shown[-1]
    day = long_day(dt.date.fromisoformat(since))
    day += f"; a target was {changes.moved_on(first)}" if "target_moved" in first else ""
    if now == then:
        return f"{first['name']}: {now}% at every target, as on {day}"
    return f"{first['name']}: {now}% at every target, {'up' if now > then else 'down'} from {then}% on {day}"


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    every = (
        ("unit", "Unit"), ("name", "Name"), ("date", "Date"), ("met", "At every target"), ("of", "Of"),
        ("percent", "Per cent"),
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
        Table("points", "People at every target on each day", every, rows, for_files=True),
        _by_quarter(data),
    )


def _by_quarter(data: Mapping[str, Any]) -> Table:
    """A row a unit and every third month, short enough to read."""
    days = [point["date"] for point in data["units"][0]["points"]][::3] if data["units"] else []
    columns = (
        ("unit", "Unit"),
        ("name", "Name"),
        ("staff", "Staff"),
        *((f"d{day}", short_day(dt.date.fromisoformat(day))) for day in days),
    )
    rows = tuple(
        (row["code"], row["name"], row["staff"], *(_shown(point) for point in row["points"][::3]))
        for row in data["units"]
    )
    return Table("units", "People at every target, by unit", columns, rows)


def _shown(point: Mapping[str, Any]) -> str | None:
    if point["of"] is None:
        return None
    return f"{percent_reached(point['met'], point['of'])}% ({point['met']}/{point['of']})" if point["of"] else ""


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    """A line a unit, the first row and up to five below it."""
    found = []
    for row in data["units"][:6]:
        points = [(point["date"], _percent(point)) for point in row["points"]]
        values = [value for _, value in points if value is not None]
        if values:
            title = f"{row['name']}: {values[-1]}% at every target on {_short(points[-1][0])}"
        else:
            title = f"{row['name']}: too few people to show" if row["points"] else row["name"]
        about = f"Share of people at every target, {_short(points[0][0])} to {_short(points[-1][0])}, aim {AIM}%."
        if "target_moved" in row:
            about += f" A target was {changes.moved_on(row)}: from then on the line goes by another target."
        svg = line([(_month(day), value) for day, value in points], aim=AIM, title=title, about=about)
        columns = (("date", "Date"), ("met", "At every target"), ("of", "Of"), ("percent", "Per cent"))
        numbers = tuple(
            (point["date"], point["met"], point["of"], value if value is not None or point["of"] is None else "")
            for point, (_, value) in zip(row["points"], points, strict=True)
        )
        found.append(Chart(title, svg, Table(f"trend_{row['code']}", about, columns, numbers), about))
    return tuple(found)


def _short(day: str) -> str:
    return long_day(dt.date.fromisoformat(day))


def _month(day: str) -> str:
    return f"{dt.date.fromisoformat(day):%b %Y}"
