"""What runs out: people who will fall below a target within 30, 60, 90 and 365 days unless they renew. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lms.competency.facts import SPANS
from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.frame import READY, Frame
from lms.reports.pictures import month_columns, month_name
from lms.reports.value import Chart, Report, Table
from lms.reports.words import AT_TARGET, COUNTED, NOBODY_COUNTED, NOT_SHOWN, chosen, long_day, small
from lms.web.texts import text as _

SOON = "90"
SIGNED_OFF = _("Observation and sign-off")
DEFINITION = (
    _("Ending"),
    _(
        "People at target in a competency on the date whose evidence will have run out after the span, so that they "
        "will be below target unless they renew. Each person counts once a span, in the units of their posts and "
        "above. Nothing that is not known on the date is assumed: no renewals, no new staff."
    ),
)


SEATS = (
    _("Seats"),
    _(
        "Of the first unit: in each month the people whose evidence ends and leaves them below a target. A course in "
        "print by the date that teaches the level needs a seat for each of them, once a month whatever it renews for "
        "them; where no course reaches the level, somebody must observe and sign off. It assumes that nobody renews "
        "earlier. What is hidden of the unit by competency is left out here too. A unit of more than 20,000 people "
        "leaves this to the units below it."
    ),
)


def build(frame: Frame) -> Report:
    """The expiry forecast of the rows of a frame; needs counts that look ahead, or people and their endings."""
    people, codes = _counted(frame)
    units = [_row(frame, unit, people.get(unit.id, Counter()), codes.get(unit.id, Counter())) for unit in frame.rows]
    if frame.before:
        earlier = _counted(frame.before)[0]
        leveled = _counted(frame.level)[0] if frame.level else {}
        for unit, row in zip(frame.rows, units, strict=True):
            row |= _change(frame.before, unit, row, earlier.get(unit.id, Counter()))
            row |= _by_target(frame, unit, row, leveled.get(unit.id, Counter()))
    return Report(
        kind="expiry",
        title=_("Evidence that runs out"),
        finding=_finding(frame, units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, SEATS, AT_TARGET, COUNTED, *chosen(frame), *changes.meaning(frame), small(frame)),
        data={
            "spans": list(SPANS),
            "units": units,
            "competencies": [{"code": e.code, "title": e.title} for e in frame.competencies],
            "seats": _seats(frame),
            **changes.since(frame),
        },
        tabulate=_tables,
        draw=_charts,
    )


def _counted(frame: Frame) -> tuple[dict[int, Counter[int]], dict[int, Counter[tuple[str, int]]]]:
    """By unit the people who lose something within each span, and the same by competency."""
    people: dict[int, Counter[int]] = {}
    codes: dict[int, Counter[tuple[str, int]]] = {}
    if frame.endings is None:  # nobody was read: the counts say it
        for unit in frame.rows:
            held = frame.of(unit.id)
            people[unit.id] = Counter(dict(zip(SPANS, held.ending, strict=True)))
            codes[unit.id] = Counter(
                {
                    (code, span): n
                    for code, cell in held.cells.items()
                    for span, n in zip(SPANS, cell.ending, strict=True)
                }
            )
        return people, codes
    for person in frame.people:
        mine = (frame.endings or {}).get(person.person_id, {})
        for span in SPANS:
            ending = [code for code, first in mine.items() if first <= span]
            for unit_id in person.units if ending else ():
                people.setdefault(unit_id, Counter())[span] += 1
                codes.setdefault(unit_id, Counter()).update((code, span) for code in ending)
    return people, codes


def _change(before: Frame, unit: UnitFacts, row: dict[str, Any], then: Counter[int]) -> dict[str, Any]:
    """The people of the middle span on the earlier date, and how many more or fewer they are now."""
    if row["of"] is None:
        return {"before": None, "change": None}
    earlier = {"of": before.of(unit.id).targeted, "ending": {str(span): then[span] for span in SPANS}}
    return {"before": earlier, "change": row["ending"][SOON] - then[int(SOON)]}


def _by_target(frame: Frame, unit: UnitFacts, row: dict[str, Any], then: Counter[int]) -> dict[str, Any]:
    """Where a target moved since, the people who would have fallen below the later one, and the change against them."""
    moved = frame.moved.get(unit.id, {}).get(READY)
    if moved is None or row["of"] is None:
        return {}
    found: dict[str, Any] = {"target_moved": {"way": moved.way, "on": moved.on.isoformat()}}
    if frame.level is None or frame.level.hides(unit.id, READY):
        return found | {"before_by_new_target": None, "change": ""}
    level = {"of": frame.level.of(unit.id).targeted, "ending": {str(span): then[span] for span in SPANS}}
    return found | {"before_by_new_target": level, "change": row["ending"][SOON] - then[int(SOON)]}


def _seats(frame: Frame) -> list[dict[str, Any]]:
    """The demand of the first row by month and course; hidden as a whole with the row.

    Competencies whose cell is hidden were left out of the demand: a sign-off would tell of a small group.
    """
    if frame.demand is None or frame.top is None:
        return []
    hidden = frame.hides(frame.top.id, READY)
    titles = {each.code: each.title for each in frame.competencies}
    found: list[dict[str, Any]] = []
    for place, (first, _days) in enumerate(frame.demand.months):
        month: dict[str, Any] = {"month": f"{first:%Y-%m}"}
        if hidden:
            found.append(month | {"course": None, "competency": None, "title": "", "people": None, "suppressed": True})
            continue
        for (at, course), count in sorted(frame.demand.seats.items()):
            if at == place:
                found.append(month | {"course": course, "title": frame.demand.titles[course], "people": count})
        for (at, code), count in sorted(frame.demand.signing.items()):
            if at == place:
                found.append(month | {"course": None, "competency": code, "title": titles[code], "people": count})
    return found


def _row(frame: Frame, unit: UnitFacts, people: Counter[int], codes: Counter[tuple[str, int]]) -> dict[str, Any]:
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
    if frame.hides(unit.id, READY):
        row |= {"of": None, "ending": None, "suppressed": True}
    else:
        row |= {"of": frame.of(unit.id).targeted, "ending": {str(span): people[span] for span in SPANS}}
    cells: dict[str, Any] = {}
    for each in frame.competencies:
        cell = frame.cell(unit.id, each.code)
        if cell is None:
            cells[each.code] = {"of": None, **{str(span): None for span in SPANS}, "suppressed": True}
        elif not cell.of:
            cells[each.code] = {"of": 0}
        else:
            cells[each.code] = {"of": cell.of, **{str(span): codes[each.code, span] for span in SPANS}}
    return row | {"cells": cells}


def _finding(frame: Frame, units: list[dict[str, Any]]) -> str:
    said = _said(units)
    if frame.before is None or not units:
        return said
    more, day = units[0]["change"], long_day(frame.before.as_of)
    if "target_moved" in units[0]:
        said = _("%(finding)s; a target was %(moved)s", finding=said, moved=changes.moved_on(units[0]))
        if not isinstance(more, int):
            return _("%(finding)s, so no change is given since %(day)s", finding=said, day=day)
        if not more:
            return _("%(finding)s, and by the new target it is as many as on %(day)s", finding=said, day=day)
        said = _("%(finding)s, and by the new target", finding=said)
        if more > 0:
            return _("%(finding)s it is %(many)s more than on %(day)s", finding=said, many=more, day=day)
        return _("%(finding)s it is %(many)s fewer than on %(day)s", finding=said, many=-more, day=day)
    if not isinstance(more, int):
        return said
    if not more:
        return _("%(finding)s, as on %(day)s", finding=said, day=day)
    if more > 0:
        return _("%(finding)s; %(many)s more than on %(day)s", finding=said, many=more, day=day)
    return _("%(finding)s; %(many)s fewer than on %(day)s", finding=said, many=-more, day=day)


def _said(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or first["of"] == 0:
        return NOBODY_COUNTED
    if first["of"] is None:
        return NOT_SHOWN
    name, soon = first["name"], first["ending"][SOON]
    if not soon:
        return _("%(unit)s: nobody falls below a target within %(days)s days", unit=name, days=SOON)
    return _(
        "%(unit)s: %(soon)s of %(of)s fall below a target within %(days)s days unless they renew",
        unit=name, soon=soon, of=first["of"], days=SOON,
    )  # fmt: skip


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    spans = [(f"in_{span}", _("Within %(days)s days", days=span)) for span in data["spans"]]
    keys = [str(span) for span in data["spans"]]
    compared = "compared_with" in data
    more: tuple[tuple[str, str], ...] = ()
    if compared:
        more = ((f"before_{SOON}", _("Within %(days)s days before", days=SOON)), ("change_people", _("Change")))
    if "targets_moved" in data:
        more = (*more, ("level_soon", _("Before, by the new target")), changes.MOVED[1])
    columns = (
        ("unit", _("Unit")), ("name", _("Name")), ("staff", _("Staff")), ("of", _("Of")), *spans, *more,
    )  # fmt: skip
    rows = tuple(
        (
            r["code"], r["name"], r["staff"], r["of"], *(r["ending"][key] if r["ending"] else None for key in keys),
            *((r["before"]["ending"][SOON] if r["before"] else None, r["change"]) if compared else ()),
            *(_leveled(r) if "targets_moved" in data else ()),
        )
        for r in data["units"]
    )  # fmt: skip
    first = data["units"][:1]
    by_code = tuple(
        (each["code"], each["title"], cell["of"], *(cell[key] for key in keys))
        for unit in first
        for each in data["competencies"]
        if (cell := unit["cells"][each["code"]])["of"] != 0
    )
    names = (("competency", _("Competency")), ("title", _("Title")), ("of", _("Of")), *spans)
    title = _("By competency, %(unit)s", unit=first[0]["name"]) if first else _("By competency")
    return (
        Table("units", _("People who fall below a target, by unit"), columns, rows),
        Table("competencies", title, names, by_code),
        _seat_table(data),
        _by_course(data),
    )


def _leveled(row: Mapping[str, Any]) -> tuple[Any, Any]:
    if row["of"] is None:
        return None, None
    level = row.get("before_by_new_target")
    return (level["ending"][SOON] if level else "", changes.moved_on(row))


def _seat_table(data: Mapping[str, Any]) -> Table:
    columns = (("month", _("Month")), ("course", _("Course")), ("competency", _("Sign-off in")), ("title", _("Title")),
               ("seats", _("People")))  # fmt: skip
    rows = tuple(
        (row["month"], row["course"] or "", row.get("competency") or "", row["title"], row["people"])
        for row in data["seats"]
    )
    name = data["units"][0]["name"] if data["units"] else ""
    title = _("Seats and sign-offs to plan, %(unit)s", unit=name) if name else _("Seats and sign-offs")
    return Table("seats", title, columns, rows, for_files=True)


def _by_course(data: Mapping[str, Any]) -> Table:
    """A row a course and one for all sign-offs, a column a month, short enough to read."""
    months = list(dict.fromkeys(row["month"] for row in data["seats"]))
    columns = (("title", _("Renewed by")), *((f"m{month}", month_name(month, short=True)) for month in months))
    hidden = any(row["people"] is None for row in data["seats"])
    counts: dict[str, Counter[str]] = {}
    for row in data["seats"] if not hidden else ():
        name = f"{row['title']} ({row['course']})" if row["course"] else SIGNED_OFF
        counts.setdefault(name, Counter())[row["month"]] += row["people"]
    order = sorted(counts, key=lambda name: (name == SIGNED_OFF, -counts[name].total(), name))
    place = data["units"][0]["name"] if data["units"] else ""
    rows = tuple((name, *(counts[name][month] for month in months)) for name in order)
    title = _("Seats to plan by month, %(unit)s", unit=place) if place else _("Seats by month")
    return Table("seats_by_course", title, columns, rows)


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    """Seats and sign-offs by month of the first row."""
    if not data["units"] or not data["seats"]:
        return ()
    months: dict[str, tuple[int | None, int | None]] = {}
    for row in data["seats"]:
        seats, signing = months.get(row["month"], (0, 0))
        if row["people"] is None or seats is None or signing is None:
            months[row["month"]] = (None, None)
        elif row["course"]:
            months[row["month"]] = (seats + row["people"], signing)
        else:
            months[row["month"]] = (seats, signing + row["people"])
    name = data["units"][0]["name"]
    note = _("Forecast: everybody stays and nobody renews before the month in which their evidence ends.")
    found = []
    wanted = (
        ("course", 0, _("seats in courses"), _("Seats in courses")),
        ("sign-off", 1, _("sign-offs"), _("Sign-offs")),
    )
    for key, place, what, measured in wanted:
        values = [(month, counts[place]) for month, counts in sorted(months.items())]
        most = max(((count, month) for month, count in values if count), default=None)
        title = _("%(unit)s: no %(what)s are needed", unit=name, what=what)
        if most:
            month = month_name(most[1])
            title = _("%(unit)s: most %(what)s are needed in %(month)s", unit=name, what=what, month=month)
        if any(count is None for _month, count in values):
            title = _("%(unit)s is too small to show %(what)s", unit=name, what=what)
        found.append(month_columns(f"demand_{key}", values, title, measured, note))
    return tuple(found)
