"""What changed since the date to compare with: the earlier figures beside those of the date. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports.frame import Frame
from lms.reports.words import long_day

Payload = Mapping[str, Any]
Figures = Callable[[Frame, UnitFacts], Payload]
COLUMNS = (("before_percent", "Per cent before"), ("change", "Change in points"))
MOVED = (("level_percent", "Before, by the new target"), ("target", "Target"))
COUNTED = (
    "Compared",
    "The same question on the earlier date, with the people, posts, targets and evidence of that date. The change is "
    "that of the whole percentages shown, in points. Between two dates people join, leave and change, so a difference "
    "is no figure of any group. What is hidden on one of the dates is hidden on both.",
)
ONE_TARGET = (
    "Targets that moved",
    "Where a target was raised or lowered between the two dates, the people of the earlier date are also held to the "
    "target of the later one, and the change is between these two. The earlier percentage stays what it was by the "
    "target of its day. No change is given where the target moved for 1 to 4 people, for the two earlier figures would "
    "tell of them, nor in a hospital of more than 20,000 staff.",
)


def since(frame: Frame) -> dict[str, Any]:
    """The date compared with, for the top of a report's data; nothing without one."""
    if frame.before is None:
        return {}
    moved = any(frame.moved.get(unit.id) for unit in frame.rows)
    return {"compared_with": frame.before.as_of.isoformat()} | ({"targets_moved": True} if moved else {})


def meaning(frame: Frame) -> tuple[tuple[str, str], ...]:
    """The definition of a comparison, where there is one."""
    if frame.before is None:
        return ()
    return (COUNTED, ONE_TARGET) if "targets_moved" in since(frame) else (COUNTED,)


def change(now: Payload, then: Payload, part: str, percent: Callable[[int, int], int]) -> dict[str, Any]:
    """The keys that a compared cell has more: the earlier count, and the change in points where both have people."""
    if now.get("of") is None or then.get("of") is None:
        return {"before": None, "change": None}
    return {"before": _count(then, part), "change": _points(now, then, part, percent)}


def by_target(
    frame: Frame,
    unit: UnitFacts,
    measure: str,
    now: Payload,
    figures: Figures,
    part: str,
    percent: Callable[[int, int], int],
) -> dict[str, Any]:
    """The same of figures against a target: where it moved, the change is that against the target of the date.

    Then `target_moved` says how and when, and `before_by_new_target` the earlier count by that target; both it and
    the change are empty where they may not be shown or were not reckoned.
    """
    assert frame.before is not None, "a comparison was asked for"
    found = change(now, figures(frame.before, unit), part, percent)
    moved = frame.moved.get(unit.id, {}).get(measure)
    if moved is None or found["before"] is None:
        return found
    level = figures(frame.level, unit) if frame.level else {"of": None}
    told = level.get("of") is not None
    return found | {
        "target_moved": {"way": moved.way, "on": moved.on.isoformat()},
        "before_by_new_target": _count(level, part) if told else None,
        "change": _points(now, level, part, percent) if told else "",
    }


def _count(then: Payload, part: str) -> dict[str, Any]:
    return {"of": then["of"]} if not then["of"] else {part: then[part], "of": then["of"], "share": then["share"]}


def _points(now: Payload, then: Payload, part: str, percent: Callable[[int, int], int]) -> int | str:
    if not now["of"] or not then["of"]:
        return ""
    return percent(now[part], now["of"]) - percent(then[part], then["of"])


def columns(data: Payload) -> tuple[tuple[str, str], ...]:
    """The columns that a compared table has more, none without a comparison."""
    if "compared_with" not in data:
        return ()
    return (*COLUMNS, *MOVED) if "targets_moved" in data else COLUMNS


def cells(data: Payload, row: Payload, part: str, percent: Callable[[int, int], int]) -> tuple[Any, ...]:
    """The cells of a row in these columns; None where hidden."""
    if "compared_with" not in data:
        return ()
    more = "targets_moved" in data
    before = row.get("before")
    if before is None:
        return (None,) * (4 if more else 2)
    found = (_percent(before, part, percent), row["change"])
    return (*found, _percent(row.get("before_by_new_target"), part, percent), moved_on(row)) if more else found


def _percent(count: Payload | None, part: str, percent: Callable[[int, int], int]) -> int | str:
    return percent(count[part], count["of"]) if count and count["of"] else ""


def moved_on(row: Payload) -> str:
    """How the target of a row moved and when, for a table; empty where it stands."""
    moved = row.get("target_moved")
    return f"{moved['way']} on {long_day(dt.date.fromisoformat(moved['on']))}" if moved else ""


def told(frame: Frame, name: str, points: int) -> str:
    """A change in words, to be added to a finding."""
    assert frame.before is not None, "a comparison was asked for"
    day = long_day(frame.before.as_of)
    if not points:
        return f"{name} unchanged since {day}"
    return f"{name} {'up' if points > 0 else 'down'} {abs(points)} point{'s' if abs(points) != 1 else ''} since {day}"


def sentence(frame: Frame, finding: str, row: Payload, name: str, target: str = "the target was") -> str:
    """A finding with what changed since the earlier date, and where the target moved with that first.

    `target` names what moved: the target of a competency, or one of several.
    """
    points, moved = row.get("change"), row.get("target_moved")
    if frame.before is None:
        return finding
    if moved is None:
        return f"{finding}; {told(frame, name, points)}" if isinstance(points, int) else finding
    said = f"{finding}; {target} {moved_on(row)}"
    if isinstance(points, int):
        return f"{said}, and by the new target {told(frame, name, points)}"
    return f"{said}, so no change is given since {long_day(frame.before.as_of)}"
