"""Mandatory training: who has nothing overdue of what rules and managers ask of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.frame import Frame, TrainingState
from lms.reports.measures import EXCUSED, TRAINED, asked_for
from lms.reports.pictures import share_bars
from lms.reports.value import Chart, Report, Table
from lms.reports.words import NOT_SHOWN, percent, share, small
from lms.web.texts import plural as ngettext
from lms.web.texts import text as _

STATES = ("done", "waiting", "grace", "overdue")
MEASURED = _("People with nothing overdue")
DEFINITION = (
    _("Nothing overdue"),
    _(
        "People none of whose mandatory training is past its day and its days of grace. Each person counts once, in "
        "the state furthest behind: overdue, in days of grace, waiting with the day to come, or everything done. What "
        "a rule of the hospital or a manager asks as mandatory counts: courses, pathways, policies to read and levels "
        "to reach. What is only recommended does not."
    ),
)
WHO = (
    _("Who is counted"),
    _(
        "People with a current post in the unit or below it of whom something is mandatory on the date. Left out are "
        "those on leave, for whom no clock runs, and those exempt from all of it; they are counted apart. Nobody is "
        "counted of whom nothing is mandatory."
    ),
)
NOT_LEVELS = (
    _("Training is not competence"),
    _(
        "This report is about things to do by a day. Whether people reach the level that their role needs is in "
        "“Critical competencies” and “Readiness”: somebody may have done every course and be below a target, or be at "
        "every target and have a policy to read."
    ),
)
BY_ASKED = (
    _("By what is asked"),
    _(
        "Of the first unit: the people of whom a thing is mandatory, in their state with it. Most people have several, "
        "so these people do not add up."
    ),
)
KINDS = {
    "course": _("Course"), "pathway": _("Pathway"), "policy": _("Policy"), "competency": _("Level to reach"),
}  # fmt: skip
NOTHING = TrainingState({}, {}, {}, {})


def build(frame: Frame) -> Report:
    """Mandatory training of the rows of a frame; needs the training."""
    units = [_row(frame, unit) for unit in frame.rows]
    meant = (DEFINITION, WHO, BY_ASKED, NOT_LEVELS, *changes.meaning(frame), small(frame))
    return Report(
        kind="training",
        title=_("Mandatory training"),
        finding=_finding(frame, units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=meant,
        data={"units": units, "asked": _asked(frame), **changes.since(frame)},
        tabulate=_tables,
        draw=_charts,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
    row |= _figures(frame, unit)
    out = (frame.training or NOTHING).left_out.get(unit.id, 0)
    row["left_out"] = None if frame.hides(unit.id, EXCUSED) else out
    if frame.before:
        row |= changes.change(row, _figures(frame.before, unit), "in_order", percent)
    return row


def _figures(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    counts = (frame.training or NOTHING).people.get(unit.id, {})
    return _states(counts, hidden=frame.hides(unit.id, TRAINED))


def _states(counts: Mapping[str, int], *, hidden: bool) -> dict[str, Any]:
    """The people of a group, those with nothing overdue, and how many are in each state."""
    if hidden:
        return {"in_order": None, "of": None, "share": None, **dict.fromkeys(STATES), "suppressed": True}
    of = sum(counts.values())
    good = of - counts.get("overdue", 0)
    return {"in_order": good, "of": of, "share": share(good, of), **{name: counts.get(name, 0) for name in STATES}}


def _asked(frame: Frame) -> list[dict[str, Any]]:
    """What is mandatory in the first row, that with most people overdue first."""
    held, top = frame.training or NOTHING, frame.top
    if top is None:
        return []
    found = []
    for key, counts in held.asked.items():
        kind, code, level = key
        row: dict[str, Any] = {"type": kind, "code": code, "title": held.titles.get(key, code)}
        if level:
            row["level"] = level
        row |= _states(counts, hidden=frame.hides(top.id, asked_for(*key)))
        found.append(row)
    return sorted(found, key=lambda row: (-(row["overdue"] or 0), -(row["of"] or 0), row["title"], row["code"]))


def _finding(frame: Frame, units: list[dict[str, Any]]) -> str:
    said = _said(units)
    if frame.before is None or not units or not isinstance(units[0]["change"], int):
        return said
    change = changes.told(frame, _("the share with nothing overdue is"), units[0]["change"])
    return _("%(finding)s; %(change)s", finding=said, change=change)


def _said(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or first["of"] == 0:
        return _("Nothing is mandatory for anybody counted here")
    if first["of"] is None:
        return NOT_SHOWN
    if not first["overdue"]:
        return _("%(unit)s: nobody of %(of)s has mandatory training overdue", unit=first["name"], of=first["of"])
    return ngettext(
        "%(unit)s: %(num)d of %(of)s has mandatory training overdue",
        "%(unit)s: %(num)d of %(of)s have mandatory training overdue",
        first["overdue"],
        unit=first["name"],
        of=first["of"],
    )


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    states = (("done", _("All done")), ("waiting", _("Waiting")), ("grace", _("In grace")), ("overdue", _("Overdue")))
    shares = (("in_order", _("Nothing overdue")), ("of", _("Of")), ("percent", _("Per cent")))
    columns = (
        ("unit", _("Unit")), ("name", _("Name")), *shares, *states, ("left_out", _("On leave or exempt")),
        *changes.columns(data),
    )  # fmt: skip
    rows = tuple(
        (
            row["code"], row["name"], *_cells(row), row["left_out"],
            *changes.cells(data, row, "in_order", percent),
        )
        for row in data["units"]
    )  # fmt: skip
    asked = tuple((_name(row), KINDS[row["type"]], *_cells(row)) for row in data["asked"])
    place = data["units"][0]["name"] if data["units"] else ""
    title = _("By what is asked, %(unit)s", unit=place) if place else _("By what is asked")
    return (
        Table("units", _("Mandatory training, by unit"), columns, rows),
        Table("asked", title, (("title", _("What is asked")), ("type", _("Kind")), *shares, *states), asked),
    )


def _cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    part = None if row["of"] is None else (percent(row["in_order"], row["of"]) if row["of"] else "")
    return row["in_order"], row["of"], part, *(row[name] for name in STATES)


def _name(row: Mapping[str, Any]) -> str:
    if "level" not in row:
        return str(row["title"])
    return _("%(title)s, level %(level)s", title=row["title"], level=row["level"])


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    rows = [(row["name"], row["in_order"], row["of"]) for row in data["units"]]
    shown = [(percent(good, of), name) for name, good, of in rows if of]
    title = _("Nothing overdue, by unit")
    if len(shown) > 1:
        least, name = min(shown[1:] if len(shown) > 2 else shown)
        title = _("%(unit)s is lowest: %(least)s%% have nothing overdue", unit=name, least=least)
    found = share_bars(rows, title, MEASURED, percent)
    late = [row for row in data["asked"] if row["overdue"]]
    if late:
        most = [(_name(row), row["in_order"], row["of"]) for row in late[:10]]
        worst = late[0]
        about = _("%(title)s: %(late)s of %(of)s overdue", title=worst["title"], late=worst["overdue"], of=worst["of"])
        found += share_bars(most, about, _("People who are not overdue with it"), percent)
    return found
