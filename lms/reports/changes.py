"""What changed since the date to compare with: the earlier figures beside those of the date. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports.frame import Frame
from lms.reports.words import long_day
from lms.web.texts import cased
from lms.web.texts import plural as ngettext
from lms.web.texts import text as _

THE_TARGET, A_TARGET = _("the target was"), _("a target was")
Payload = Mapping[str, Any]
Figures = Callable[[Frame, UnitFacts], Payload]
COLUMNS = (("before_percent", _("Per cent before")), ("change", _("Change in points")))
MOVED = (("level_percent", _("Before, by the new target")), ("target", _("Target")))
COUNTED = (
    _("Compared"),
    _(
        "The same question on the earlier date, with the people, posts, targets and evidence of that date. The change "
        "is that of the whole percentages shown, in points. Between two dates people join, leave and change, so a "
        "difference is no figure of any group. What is hidden on one of the dates is hidden on both."
    ),
)
ONE_TARGET = (
    _("Targets that moved"),
    _(
        "Where a target was raised or lowered between the two dates, the people of the earlier date are also held to "
        "the target of the later one, and the change is between these two. The earlier percentage stays what it was by "
        "the target of its day. No change is given where the target moved for 1 to 4 people, for the two earlier "
        "figures would tell of them, nor in a hospital of more than 20,000 staff."
    ),
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


def columns_of(data: Payload, code: str) -> list[tuple[str, str]]:
    """The same columns of one competency in a table that has several side by side."""
    return [
        (f"{code}_{key}", _("%(code)s %(column)s", code=code, column=cased(title, _small)))
        for key, title in columns(data)
    ]


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


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
    if not moved:
        return ""
    day = long_day(dt.date.fromisoformat(moved["on"]))
    if moved["way"] == "raised":
        return _("raised on %(day)s", day=day)
    return _("lowered on %(day)s", day=day) if moved["way"] == "lowered" else _("changed on %(day)s", day=day)


def told(frame: Frame, name: str, points: int) -> str:
    """A change in words, to be added to a finding."""
    assert frame.before is not None, "a comparison was asked for"
    day = long_day(frame.before.as_of)
    if not points:
        return _("%(what)s unchanged since %(day)s", what=name, day=day)
    many = abs(points)
    if points > 0:
        return ngettext(
            "%(what)s up %(num)d point since %(day)s", "%(what)s up %(num)d points since %(day)s", many,
            what=name, day=day,
        )  # fmt: skip
    return ngettext(
        "%(what)s down %(num)d point since %(day)s", "%(what)s down %(num)d points since %(day)s", many,
        what=name, day=day,
    )  # fmt: skip


def sentence(frame: Frame, finding: str, row: Payload, name: str, target: str = THE_TARGET) -> str:
    """A finding with what changed since the earlier date, and where the target moved with that first.

    `target` names what moved: the target of a competency, or one of several.
    """
    points, moved = row.get("change"), row.get("target_moved")
    if frame.before is None:
        return finding
    if moved is None:
        if not isinstance(points, int):
            return finding
        return _("%(finding)s; %(change)s", finding=finding, change=told(frame, name, points))
    said = _("%(finding)s; %(target)s %(moved)s", finding=finding, target=target, moved=moved_on(row))
    if isinstance(points, int):
        change = told(frame, name, points)
        return _("%(finding)s, and by the new target %(change)s", finding=said, change=change)
    day = long_day(frame.before.as_of)
    return _("%(finding)s, so no change is given since %(day)s", finding=said, day=day)
