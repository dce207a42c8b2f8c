"""The report of a plan, from its frame: finding, figures, tables and what they mean. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lms.golive.cover import ShiftCover
from lms.golive.forecast import LEAST_COMPLETIONS, LEAST_WEEKS, Forecast
from lms.golive.frame import Frame, Group
from lms.reports.value import Report, Table
from lms.reports.words import long_day, percent_reached, share

WEEK = dt.timedelta(days=7)


def build(frame: Frame) -> Report:
    """The report of a plan."""
    filters = [("plan", frame.text.name), ("go-live", frame.text.date.isoformat())]
    if frame.only:
        filters.append(("people", "those you manage"))
    elif not frame.whole:
        filters.append(("units", "those you may see"))
    return Report(
        kind="golive",
        title=f"Go-live: {frame.text.name}",
        finding=finding(frame),
        as_of=frame.as_of,
        filters=tuple(filters),
        definitions=definitions(frame),
        data=_data(frame),
        tabulate=tables,
    )


def is_ready(frame: Frame, group: Group) -> bool:
    """Whether enough people meet everything and no shift lacks a super-user; nobody is not ready."""
    return bool(group.of) and group.ready >= frame.needed(group.of) and not group.cover.short


def _data(frame: Frame) -> dict[str, Any]:
    text = frame.text
    return {
        "plan": {
            "id": frame.plan.public_id, "name": text.name, "system": text.system, "go_live": text.date.isoformat(),
            "state": frame.plan.state, "edition": frame.plan.edition, "aim": text.aim / 100, "ratio": text.ratio,
            "weeks": text.weeks, "days_left": max(0, (text.date - frame.as_of).days),
        },
        "requirements": [
            {"kind": e.kind, "code": e.code, "title": frame.titles.get(e.code, e.code), "level": e.level or None,
             "profession": e.profession or None}
            for e in text.requirements
        ],
        "total": _group(frame, frame.total),
        "units": [
            {"code": group.unit.code, "name": group.unit.name} | _group(frame, group)
            for group in frame.groups
            if group.unit
        ],
        "checklist": [
            {"title": item.title, "owner": item.owner, "due": item.due.isoformat(), "done": item.key in frame.done,
             "late": item.key not in frame.done and item.due < frame.as_of}
            for item in text.checklist
        ],
    }  # fmt: skip


def _group(frame: Frame, group: Group) -> dict[str, Any]:
    row: dict[str, Any] = {"staff": group.staff}
    if group.hidden:
        row |= {"ready": None, "of": None, "share": None, "needed": None, "trained": None, "is_ready": None,
                "suppressed": True, "lacking": [], "forecast": None, "trend": []}  # fmt: skip
    else:
        needed = frame.needed(group.of)
        row |= {
            "ready": group.ready, "of": group.of, "share": share(group.ready, group.of), "needed": needed,
            "trained": bool(group.of) and group.ready >= needed, "is_ready": is_ready(frame, group),
            "lacking": [
                {"kind": need.kind, "code": need.code, "title": frame.titles.get(need.code, need.code),
                 "level": need.level or None, "profession": need.profession or None, "missing": short, "of": of}
                for need, short, of in frame.shown(group)
            ],
            "forecast": _forecast(group.forecast, needed),
            "trend": _trend(frame, group),
        }  # fmt: skip
    row |= {
        "super_users": group.cover.super_users, "super_users_needed": group.cover.needed,
        "super_users_short": group.cover.short, "over_planned": group.cover.over,
    }  # fmt: skip
    if group.unit:
        row["shifts"] = [_shift(each) for each in group.cover.shifts]
    return row


def _shift(each: ShiftCover) -> dict[str, Any]:
    return {
        "key": each.shift.key, "name": each.shift.name, "starts": each.shift.starts, "ends": each.shift.ends,
        "staff": each.staff, "needed": each.needed, "planned": each.planned, "short": each.short,
        "entered": each.entered,
    }  # fmt: skip


def _forecast(ahead: Forecast, needed: int) -> dict[str, Any]:
    if not ahead.enough:
        return {"enough": False, "per_week": round(ahead.per_week, 2), "ready": None, "low": None, "high": None,
                "share": None, "verdict": "unknown"}  # fmt: skip
    return {
        "enough": True, "per_week": round(ahead.per_week, 2), "ready": ahead.ready, "low": ahead.low,
        "high": ahead.high, "share": share(ahead.ready, ahead.of), "verdict": ahead.verdict(needed),
    }  # fmt: skip


def _trend(frame: Frame, group: Group) -> list[dict[str, Any]]:
    """People ready at the end of each past week, the oldest first, today last: now less those who came since."""
    found, ready = [], group.ready
    for back, count in enumerate([0, *reversed(group.weekly)]):
        ready -= count
        found.append({"on": (frame.as_of - WEEK * back).isoformat(), "ready": ready})
    return found[::-1]


def finding(frame: Frame) -> str:
    """The one sentence that the figures say: who is ready, and what keeps the furthest unit from it."""
    day, past = long_day(frame.text.date), frame.as_of > frame.text.date
    groups = [group for group in frame.groups if group.of and not group.hidden]
    if not frame.text.requirements:
        return f"Nothing is required yet for {day}"
    if not groups:
        hidden = any(group.hidden for group in frame.groups)
        return (
            "Nothing can be shown here that would not tell of a small group"
            if hidden
            else "Nobody who must be trained is counted here"
        )
    late = sorted((g for g in groups if not is_ready(frame, g)), key=lambda g: (g.ready / g.of, -g.cover.short))
    verb = "was" if past else "is"
    if not late:
        if len(groups) == 1:
            return f"{_name(groups[0])} {verb} ready for {day}"
        return f"All {len(groups)} units {'were' if past else 'are'} ready for {day}"
    worst = late[0]
    if len(groups) == 1:
        return f"{_name(worst)} {verb} not ready for {day}: {reasons(frame, worst)}"
    if len(late) == 1:
        return f"{_name(worst)} alone {verb} not ready for {day}: {reasons(frame, worst)}"
    if len(late) == len(groups):
        several = f"No unit {verb} ready for {day}"
    else:
        several = f"{len(late)} of {len(groups)} units {'were' if past else 'are'} not ready for {day}"
    return f"{several}. Furthest from it {verb} {_name(worst)}: {reasons(frame, worst)}"


def reasons(frame: Frame, group: Group) -> str:
    """What keeps a unit from being ready, in figures."""
    found = []
    if group.ready < frame.needed(group.of):
        missing = group.of - group.ready
        found.append(f"{missing} of {group.of} {'is' if missing == 1 else 'are'} not trained")
    short = [each for each in group.cover.shifts if each.short]
    if short:
        most, more = max(short, key=lambda one: one.short), len(short) - 1
        others = f" and {more} other{'s' if more > 1 else ''} lack" if more else " lacks"
        missing = sum(each.short for each in short)
        found.append(f"the {most.shift.name.lower()} shift{others} {_supers(missing)}")
    elif group.cover.over:
        found.append(f"{_supers(group.cover.over)} more planned than there are")
    return ", ".join(found)


def _supers(count: int) -> str:
    return "one super-user" if count == 1 else f"{count} super-users"


def _name(group: Group) -> str:
    assert group.unit is not None, "the total is never named"
    return group.unit.name


def definitions(frame: Frame) -> tuple[tuple[str, str], ...]:
    """What the figures mean."""
    text = frame.text
    return (
        ("Ready", f"A unit is ready when at least {text.aim}% of the people counted meet every requirement of the "
         "plan that concerns their profession, and no shift lacks a super-user."),
        ("Meets a requirement", f"A course: a certificate that is neither revoked nor superseded and is valid on "
         f"{text.date}. A competency: the level held on evidence that has not expired on that day. Known by the date "
         "of the figures."),
        ("Who is counted", "People whose post in the unit or below it covers the go-live day, as far as is known, and "
         "who are not known to be on leave on it, each once a row. People whom no requirement concerns are staff, but "
         "in no denominator."),
        ("Super-user cover", f"One super-user for every {text.ratio} people expected on a shift, rounded up. "
         "Super-users are people counted with a super-user post in the unit, trained or not; where the hospital "
         "entered no number for a shift they are spread over the shifts in proportion to need."),
        ("Forecast", f"People who became ready in each of the last {text.weeks} weeks, carried on to the go-live day. "
         "The range is meant to hold 8 times in 10 and is the wider of two: a Gamma-Poisson prediction and resampled "
         "weeks. It assumes that the pace of these weeks goes on: no extra classes, no holidays, no new staff, and "
         f"nobody loses what they hold. With fewer than {LEAST_WEEKS} weeks or {LEAST_COMPLETIONS} people it says "
         "nothing."),
        ("Small groups", f"Groups of 1 to {frame.smallest - 1} people are not shown, nor a second group from which "
         "they could be worked out. The digest names exactly these figures."),
    )  # fmt: skip


def tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    """The tables of CSV, XLSX, PDF: units, cover by shift, pace, checklist."""
    return (_units(data), _cover(data), _pace(data), _checklist(data))


def _units(data: Mapping[str, Any]) -> Table:
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("staff", "Staff"), ("ready", "Ready now"), ("of", "Of"),
        ("percent", "Per cent"), ("needed", "Needed"), ("forecast", "Forecast"), ("low", "At least"),
        ("high", "At most"), ("super_users_short", "Super-users missing"), ("is_ready", "Ready"),
        ("largest_gaps", "Most people lack"),
    )  # fmt: skip
    rows = [_row("all", "All units, each person once", data["total"])]
    rows += [_row(each["code"], each["name"], each) for each in data["units"]]
    return Table("units", "Readiness of units", columns, tuple(rows))


def _row(code: str, name: str, each: Mapping[str, Any]) -> tuple[Any, ...]:
    of, ahead = each["of"], each["forecast"]
    unsaid = None if of is None else ""
    ahead = ahead if ahead and ahead["enough"] else {"ready": unsaid, "low": unsaid, "high": unsaid}
    return (
        code, name, each["staff"], each["ready"], of,
        None if of is None else percent_reached(each["ready"], of) if of else "",
        each["needed"], ahead["ready"], ahead["low"], ahead["high"], each["super_users_short"],
        None if of is None else "yes" if each["is_ready"] else "no" if of else "",
        "; ".join(f"{gap['code']}: {gap['missing']} of {gap['of']}" for gap in each["lacking"][:3]),
    )  # fmt: skip


def _cover(data: Mapping[str, Any]) -> Table:
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("title", "Shift"), ("staff", "Staff expected"),
        ("needed", "Super-users needed"), ("planned", "Planned"), ("short", "Missing"),
    )  # fmt: skip
    rows = tuple(
        (each["code"], each["name"], f"{shift['name']} {shift['starts']} to {shift['ends']}", shift["staff"],
         shift["needed"], shift["planned"], shift["short"])
        for each in data["units"]
        for shift in each["shifts"]
    )  # fmt: skip
    return Table("cover", "Super-user cover by shift", columns, rows)


def _pace(data: Mapping[str, Any]) -> Table:
    of = data["total"]["of"]
    rows = tuple((point["on"], point["ready"], of) for point in data["total"]["trend"])
    return Table("pace", "People ready week by week", (("title", "Day"), ("ready", "Ready"), ("of", "Of")), rows)


def _checklist(data: Mapping[str, Any]) -> Table:
    columns = (("title", "What"), ("name", "Whose"), ("due", "By"), ("state", "State"))
    rows = tuple(
        (each["title"], each["owner"], each["due"], "done" if each["done"] else "late" if each["late"] else "open")
        for each in data["checklist"]
    )
    return Table("checklist", "Checklist", columns, rows)
