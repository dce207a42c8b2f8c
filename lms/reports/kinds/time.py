"""Time spent learning, estimated, by unit and month. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports.frame import Frame, LearningTime
from lms.reports.measures import LONGEST, ON_DUTY
from lms.reports.pictures import month_columns, month_name
from lms.reports.value import Chart, Report, Table
from lms.reports.words import NOT_SHOWN, small
from lms.web.texts import text as _

DEFINITION = (
    _("Time spent"),
    _(
        "An estimate: the author's minutes of every lesson completed, and the minutes from the start of an exam until "
        "it was handed in, %(longest)s at most. Nobody is watched while they read. Of the people on duty in the unit "
        "or below it on the date, in the month of the date and the eleven before it, wherever they worked then.",
        longest=LONGEST,
    ),
)
PER_PERSON = (
    _("Minutes a person"),
    _("The minutes divided by the people on duty on the date, whether they learned or not."),
)
NAMES = {
    "physician": _("Physicians"), "nurse": _("Nurses"), "pharmacist": _("Pharmacists"), "other": _("Others"),
}  # fmt: skip
NOTHING = LearningTime((), {}, {}, {}, {}, frozenset(), {})


def build(frame: Frame) -> Report:
    """The time spent of the rows of a frame; needs the learning."""
    held = frame.learning or NOTHING
    units = [_row(frame, held, unit) for unit in frame.rows]
    return Report(
        kind="time",
        title=_("Time spent learning"),
        finding=_finding(units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, PER_PERSON, small(frame)),
        data={"months": [f"{month:%Y-%m}" for month in held.months], "units": units, "professions": _parts(held)},
        tabulate=_tables,
        draw=_charts,
    )


def _row(frame: Frame, held: LearningTime, unit: UnitFacts) -> dict[str, Any]:
    staff = held.staff.get(unit.id, 0)
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff, "of": staff}
    if frame.hides(unit.id, ON_DUTY):
        return row | {
            "of": None, "learners": None, "minutes": None, "each": None, "months": [None] * len(held.months),
            "suppressed": True,
        }  # fmt: skip
    minutes = round(held.minutes.get(unit.id, 0))
    return row | {
        "learners": held.learners.get(unit.id, 0),
        "minutes": minutes,
        "each": round(minutes / staff, 1) if staff else 0,
        "months": [round(held.monthly.get((unit.id, place), 0)) for place in range(len(held.months))],
    }


def _parts(held: LearningTime) -> list[dict[str, Any]]:
    """The first row by profession, as far as it may be shown."""
    found = []
    for name, (staff, minutes) in held.professions.items():
        row: dict[str, Any] = {"profession": name}
        if name not in held.veiled:
            row |= {"of": staff, "minutes": round(minutes), "each": round(minutes / staff, 1)}
        else:
            row |= {"of": None, "minutes": None, "each": None, "suppressed": True}
        found.append(row)
    return found


def _finding(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if first is None or first["of"] == 0:
        return _("Nobody is on duty here")
    if first["of"] is None:
        return NOT_SHOWN
    if not first["minutes"]:
        return _("%(unit)s: nobody has learned here in the last twelve months", unit=first["name"])
    hours = round(first["minutes"] / 60)
    return _(
        "%(unit)s: about %(each)s minutes of learning a person in twelve months, %(hours)s hours in all",
        unit=first["name"], each=f"{first['each']:g}", hours=hours,
    )  # fmt: skip


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    months = [(month, month_name(month, short=True)) for month in data["months"]]
    head = (("unit", _("Unit")), ("name", _("Name")), ("of", _("On duty")), ("learners", _("Learned")),
            ("minutes", _("Minutes")), ("each", _("Minutes a person")))  # fmt: skip
    whole = tuple((r["code"], r["name"], r["of"], r["learners"], r["minutes"], r["each"]) for r in data["units"])
    by_month = tuple((*row, *unit["months"]) for row, unit in zip(whole, data["units"], strict=True))
    names = (("profession", _("Profession")), ("of", _("On duty")), ("minutes", _("Minutes")),
             ("each", _("Minutes a person")))  # fmt: skip
    parts = tuple((NAMES[p["profession"]], p["of"], p["minutes"], p["each"]) for p in data["professions"])
    place = data["units"][0]["name"] if data["units"] else ""
    return (
        Table("months", _("Minutes by unit and month"), (*head, *months), by_month, for_files=True),
        Table("units", _("Time spent learning, by unit"), head, whole),
        Table("professions", _("By profession, %(unit)s", unit=place) if place else _("By profession"), names, parts),
    )


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    if not data["units"]:
        return ()
    first = data["units"][0]
    hours = [
        (month, None if minutes is None else round(minutes / 60))
        for month, minutes in zip(data["months"], first["months"], strict=True)
    ]
    most = max(((count, month) for month, count in hours if count), default=None)
    name = first["name"]
    title = _("%(unit)s: no hours", unit=name)
    if most:
        month = month_name(most[1])
        title = _("%(unit)s: most in %(month)s, %(hours)s hours", unit=name, month=month, hours=most[0])
    if first["of"] is None:
        title = _("%(unit)s is too small to show", unit=name)
    note = _("Estimated from lessons completed and exams handed in. The last month ends with the date of the report.")
    return (month_columns("hours", hours, title, _("Hours of learning"), note),)
