"""What changed since the date to compare with: the earlier figures beside those of the date. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.reports.frame import Frame
from lms.reports.words import long_day

Payload = Mapping[str, Any]
COLUMNS = (("before_percent", "Per cent before"), ("change", "Change in points"))
COUNTED = (
    "Compared",
    "The same question on the earlier date, with the people, posts, targets and evidence of that date. The change is "
    "that of the whole percentages shown, in points. Between two dates people join, leave and change, so a difference "
    "is no figure of any group. What is hidden on one of the dates is hidden on both.",
)


def since(frame: Frame) -> dict[str, Any]:
    """The date compared with, for the top of a report's data; nothing without one."""
    return {"compared_with": frame.before.as_of.isoformat()} if frame.before else {}


def meaning(frame: Frame) -> tuple[tuple[str, str], ...]:
    """The definition of a comparison, where there is one."""
    return (COUNTED,) if frame.before else ()


def change(now: Payload, then: Payload, part: str, percent: Callable[[int, int], int]) -> dict[str, Any]:
    """The keys that a compared cell has more: the earlier count, and the change in points where both have people."""
    if now.get("of") is None or then.get("of") is None:
        return {"before": None, "change": None}
    before = {"of": then["of"]} if not then["of"] else {part: then[part], "of": then["of"], "share": then["share"]}
    if not now["of"] or not then["of"]:
        return {"before": before, "change": ""}
    points = percent(now[part], now["of"]) - percent(then[part], then["of"])
    return {"before": before, "change": points}


def cells(row: Payload, part: str, percent: Callable[[int, int], int]) -> tuple[Any, Any]:
    """The two columns of a compared row or cell: the earlier percentage and the change; None where hidden."""
    before = row.get("before")
    if before is None:
        return None, None
    return (percent(before[part], before["of"]) if before["of"] else "", row["change"])


def told(frame: Frame, name: str, points: int) -> str:
    """A change in words, to be added to a finding."""
    assert frame.before is not None, "a comparison was asked for"
    day = long_day(frame.before.as_of)
    if not points:
        return f"{name} unchanged since {day}"
    return f"{name} {'up' if points > 0 else 'down'} {abs(points)} point{'s' if abs(points) != 1 else ''} since {day}"
