"""A chart's figures on two dates side by side: the latest period, its centre line, the verdict, the training. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lms.outcomes import words
from lms.reports.value import Table
from lms.reports.words import long_day, percent


def summary(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a report says at a glance: its verdict, how many periods, and the last of them. None where there is none."""
    rows = data["series"]
    last = rows[-1] if rows else {}
    found = {
        "outcome": data["outcome"], "periods": len(rows), "period": last.get("period"), "value": last.get("value"),
        "centre": last.get("centre"), "signals": sum(1 for row in rows if row["signals"]),
    }  # fmt: skip
    if "of_staff" in last:
        found |= {"trained": last["trained"], "of_staff": last["of_staff"], "suppressed": last["suppressed"]}
    return found


def compared(now: Mapping[str, Any], then: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """The keys that a compared report has more."""
    return {"compared_with": day.isoformat(), "now": summary(now), "before": summary(then)}


def table(data: Mapping[str, Any]) -> Table:
    """The two dates side by side; a change of per cent is in points."""
    now, then, measure = data["now"], data["before"], data["measure"]
    rows: list[tuple[Any, ...]] = []
    if now["outcome"] is not None:
        rows.append(("Outcome", words.OUTCOMES[then["outcome"]], words.OUTCOMES[now["outcome"]], ""))
    for name, title in (("periods", "Periods"), ("signals", "Periods with a signal")):
        rows.append((title, then[name], now[name], now[name] - then[name]))
    rows.append(("Latest period", then["period"] or "", now["period"] or "", ""))
    for name, title in (("value", "Latest value"), ("centre", "Centre line")):
        both = now[name] is not None and then[name] is not None
        shown = [
            "" if each[name] is None else words.figure(each[name], measure["kind"], measure["per"])
            for each in (then, now)
        ]
        rows.append((title, *shown, round(now[name] - then[name], 4) if both else ""))
    if "of_staff" in now or "of_staff" in then:
        parts = [_part(each) for each in (then, now)]
        change = parts[1] - parts[0] if all(isinstance(each, int) for each in parts) else None
        hidden = None in parts
        rows.append(("Trained, per cent", *parts, None if hidden else ("" if change is None else change)))
    day = long_day(dt.date.fromisoformat(data["compared_with"]))
    columns = (("figure", "Figure"), ("then", f"On {day}"), ("now", "On the date"), ("change", "Change"))
    return Table("compared", f"Compared with {day}", columns, tuple(rows))


def _part(found: Mapping[str, Any]) -> Any:
    """The share trained as a whole percentage; None where hidden, empty where nobody is counted."""
    if found.get("suppressed"):
        return None
    of = found.get("of_staff")
    return percent(found["trained"], of) if of else ""
