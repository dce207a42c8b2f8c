"""Geometry of the readiness chart: what was, the forecast with its range, the aim. Pure; the template draws it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEFT, RIGHT, TOP, BOTTOM = 34.0, 306.0, 16.0, 188.0


@dataclass(frozen=True)
class Chart:
    """Coordinates in a view of 360 by 216; shares are whole per cents of `of` people."""

    points: tuple[tuple[float, float], ...]
    labels: tuple[tuple[float, dt.date, str], ...]
    ticks: tuple[tuple[float, int], ...]
    aim: float
    now: tuple[float, float]
    now_share: int
    ahead: tuple[float, float] | None
    ahead_share: int
    low: float
    high: float

    @property
    def line(self) -> str:
        """The path through what was."""
        return "M" + "L".join(f"{x} {y}" for x, y in self.points)

    @property
    def label_y(self) -> float:
        """Where the forecast's label stands, clear of the aim's line."""
        return (self.ahead or self.now)[1] + 4


def chart(group: Mapping[str, Any], plan: Mapping[str, Any]) -> Chart | None:
    """The chart of a group of the report's data; None where there is nothing to draw."""
    if not group["of"] or not group["trend"]:
        return None
    of, go_live = group["of"], dt.date.fromisoformat(plan["go_live"])
    days = [dt.date.fromisoformat(point["on"]) for point in group["trend"]]
    last = max(go_live, days[-1])
    span = max(1, (last - days[0]).days)

    def x(day: dt.date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - days[0]).days / span, 1)

    def y(count: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / of, 1)

    points = tuple((x(day), y(point["ready"])) for day, point in zip(days, group["trend"], strict=True))
    ahead, coming = group["forecast"], go_live > days[-1]
    shown = ahead if ahead and ahead["enough"] and coming else None
    labels = [(x(days[0]), days[0], "start"), (x(days[-1]), days[-1], "middle" if coming else "end")]
    if coming:
        labels.append((x(go_live), go_live, "end"))
    if len(labels) == 3 and labels[2][0] - labels[1][0] < 70:  # two dates side by side would run into each other
        labels[1] = (labels[1][0] - 34, days[-1], "middle")
    return Chart(
        points=points,
        labels=tuple(labels),
        ticks=tuple((y(of * share / 100), share) for share in (0, 25, 50, 75, 100)),
        aim=y(of * plan["aim"]),
        now=points[-1],
        now_share=100 * group["ready"] // of,
        ahead=(x(go_live), y(shown["ready"])) if shown else None,
        ahead_share=100 * shown["ready"] // of if shown else 0,
        low=y(shown["low"]) if shown else 0,
        high=y(shown["high"]) if shown else 0,
    )
