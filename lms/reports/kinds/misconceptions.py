"""Misconceptions: people who were sure and wrong, by competency and by item. Pure; groups only, never names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.confidence import least_share
from lms.competency.facts import CompetencyFacts
from lms.people.facts import UnitFacts
from lms.reports import changes
from lms.reports.charts import Bar, bars
from lms.reports.frame import Frame, SureAnswers
from lms.reports.measures import sure_at, sure_in
from lms.reports.pictures import share_of
from lms.reports.value import Chart, Report, Table
from lms.reports.words import NOT_SHOWN, chosen, percent, share, small
from lms.web.texts import plural as ngettext
from lms.web.texts import text as _

MOST_ITEMS = 30
MOST_BARS = 10
SIGNAL_FROM = 10  # per cent of the takers, at the lower end of the interval
DEFINITION = (
    _("Sure and wrong"),
    _(
        "Of the people on duty in the unit or below it who said how sure they were in an exam of the last 365 days, "
        "those who were as sure as they could be (3 of 3) and wrong. The latest answer of each person to each item "
        "counts, whatever the course's version; a person counts once a competency. Regraded items are left out, for "
        "there the item may have been at fault. How sure somebody is never changes a mark."
    ),
)
SIGNAL = (
    _("Safety signal"),
    _(
        "A critical competency, or an item about one, in which at least %(least)s in 100 takers were sure and wrong, "
        "said with 95%% confidence: the lower end of the interval of the share reaches it. They will act on what they "
        "believe. The threshold is this product's own, for no body has set one. Shown for groups of takers, never for "
        "a person.",
        least=SIGNAL_FROM,
    ),
)
RANKED = (
    _("Order"),
    _(
        "Competencies and items stand in the order of the lower end of the 95% interval of their share (Wilson's with "
        "the correction for continuity: Newcombe 1998, Statistics in Medicine 17:857-872), so that one person of five "
        "does not stand before nine of 136."
    ),
)


def build(frame: Frame) -> Report:
    """The misconception map of the rows of a frame; needs the answers."""
    units = [_row(frame, unit) for unit in frame.rows]
    asked = [each for each in frame.competencies if any(row["cells"][each.code]["of"] != 0 for row in units)]
    for row in units:
        row["cells"] = {each.code: row["cells"][each.code] for each in asked}
    return Report(
        kind="misconceptions",
        title=_("Sure and wrong"),
        finding=_finding(units, asked),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, RANKED, SIGNAL, *chosen(frame), *changes.meaning(frame), small(frame)),
        data={
            "units": units,
            "competencies": [{"code": e.code, "title": e.title, "critical": e.critical} for e in asked],
            "items": _items(frame),
            **changes.since(frame),
        },
        tabulate=_tables,
        draw=_charts,
    )


def _row(frame: Frame, unit: UnitFacts) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for each in frame.competencies:
        cell = cells[each.code] = _cell(frame, unit, each)
        if frame.before:
            cell |= changes.change(cell, _cell(frame.before, unit, each), "people", percent)
    return {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff, "cells": cells}


def _cell(frame: Frame, unit: UnitFacts, each: CompetencyFacts) -> dict[str, Any]:
    if frame.hides(unit.id, sure_in(each.code)):
        return {"people": None, "of": None, "share": None, "answers": None, "signal": None, "suppressed": True}
    of, people, answers = _answers(frame).cells.get(unit.id, {}).get(each.code, (0, 0, 0))
    if not of:
        return {"of": 0}
    return {
        "people": people, "of": of, "share": share(people, of), "at_least": _at_least(people, of), "answers": answers,
        "signal": each.critical and _at_least(people, of) * 100 >= SIGNAL_FROM,
    }  # fmt: skip


def _at_least(people: int, of: int) -> float:
    """The lower end of the interval of a share, by which they are ranked."""
    return round(least_share(people, of), 4)


def _answers(frame: Frame) -> SureAnswers:
    return frame.answers or SureAnswers({}, (), {})


def _items(frame: Frame) -> list[dict[str, Any]]:
    """The items of the first row with the largest shares, small groups behind large ones; none that is hidden."""
    if frame.top is None:
        return []
    critical = {each.code for each in frame.competencies if each.critical}
    found: list[dict[str, Any]] = []
    for key, (of, people, answers) in _answers(frame).items:
        if people and not frame.hides(frame.top.id, sure_at(*key[:2])):
            course, item, code, title = key
            row: dict[str, Any] = {
                "course": course,
                "item": item,
                "competency": code,
                "title": title,
                "people": people,
                "of": of,
            }
            least = _at_least(people, of)
            signal = code in critical and least * 100 >= SIGNAL_FROM
            row |= {"share": share(people, of), "at_least": least, "answers": answers, "signal": signal}
            found.append(row)
    found.sort(key=lambda row: (-row["at_least"], row["course"], row["item"]))
    return found[:MOST_ITEMS]


def _finding(units: list[dict[str, Any]], asked: list[CompetencyFacts]) -> str:
    if not units or not asked:
        return _("Nobody has said how sure they were in an exam of the last year")
    first = units[0]
    shown = [(first["cells"][each.code], each) for each in asked if first["cells"][each.code]["of"]]
    if not shown:
        return NOT_SHOWN
    cell, each = max(shown, key=lambda found: (bool(found[0]["signal"]), found[0]["at_least"]))
    if not cell["people"]:
        return _("%(unit)s: nobody was sure and wrong", unit=first["name"])
    said = _(
        "%(unit)s: %(people)s of %(of)s were sure and wrong in %(code)s %(competency)s",
        unit=first["name"], people=cell["people"], of=cell["of"], code=each.code, competency=each.title,
    )  # fmt: skip
    return _("%(finding)s, a safety signal", finding=said) if cell["signal"] else said


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    columns = (
        ("unit", _("Unit")), ("name", _("Name")), ("competency", _("Competency")), ("title", _("Title")),
        ("people", _("Sure and wrong")), ("of", _("Of")), ("percent", _("Per cent")), ("answers", _("Answers")),
        ("signal", _("Safety signal")), *changes.columns(data),
    )  # fmt: skip
    rows = tuple(
        (row["code"], row["name"], each["code"], each["title"], *_figures(row["cells"][each["code"]], data))
        for row in data["units"]
        for each in data["competencies"]
        if row["cells"][each["code"]]["of"] != 0
    )
    names = (("competency", _("Competency")), ("title", _("Title")), *columns[4:9])
    first = tuple(row[2:9] for row in rows if data["units"] and row[0] == data["units"][0]["code"])
    place = data["units"][0]["name"] if data["units"] else ""
    title = _("Sure and wrong by competency, %(unit)s", unit=place) if place else _("By competency")
    return (
        Table("cells", _("Sure and wrong, by unit and competency"), columns, rows, for_files=True),
        Table("competencies", title, names, first),
        _item_table(data, place),
    )


def _item_table(data: Mapping[str, Any], place: str) -> Table:
    columns = (
        ("course", _("Course")), ("title", _("Item")), ("competency", _("Competency")),
        ("people", _("Sure and wrong")), ("of", _("Of")), ("percent", _("Per cent")),
    )  # fmt: skip
    rows = tuple(
        (row["course"], row["title"], row["competency"], row["people"], row["of"], percent(row["people"], row["of"]))
        for row in data["items"]
    )
    return Table("items", _("Items most often answered sure and wrong, %(unit)s", unit=place), columns, rows)


def _figures(cell: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[Any, ...]:
    if cell["of"] is None:
        return (None,) * (5 + len(changes.columns(data)))
    tail = changes.cells(data, cell, "people", percent)
    shown = percent(cell["people"], cell["of"])
    return (cell["people"], cell["of"], shown, cell["answers"], _("yes") if cell["signal"] else "", *tail)


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    """The competencies of the first row with the largest shares, critical ones in the second colour."""
    if not data["units"]:
        return ()
    first = data["units"][0]
    held = [(first["cells"][each["code"]], each) for each in data["competencies"]]
    shown = [(cell, each) for cell, each in held if cell["of"]]
    shown.sort(key=lambda found: -found[0]["at_least"])
    if not shown:
        return ()
    top = shown[:MOST_BARS]
    signals = sum(bool(cell["signal"]) for cell, _each in shown)
    title = _("None of %(of)s competencies is a safety signal in %(unit)s", of=len(shown), unit=first["name"])
    if signals:
        title = ngettext(
            "%(num)d of %(of)s competencies is a safety signal in %(unit)s",
            "%(num)d of %(of)s competencies are safety signals in %(unit)s",
            signals,
            of=len(shown),
            unit=first["name"],
        )
    highest = max(percent(cell["people"], cell["of"]) for cell, _each in top)
    limit = next(step for step in (10, 20, 40, 60, 80, 100) if highest <= step)
    drawn = [
        Bar(f"{each['code']} {each['title']}", percent(cell["people"], cell["of"]),
            share_of(percent(cell["people"], cell["of"]), cell["people"], cell["of"]), bool(cell["signal"]))
        for cell, each in top
    ]  # fmt: skip
    about = _("People sure and wrong, bars to %(limit)s%%. Amber: a safety signal.", limit=limit)
    rows = tuple((e["code"], e["title"], c["people"], c["of"], percent(c["people"], c["of"])) for c, e in top)
    columns = (("competency", _("Competency")), ("title", _("Title")), ("people", _("Sure and wrong")),
               ("of", _("Of")), ("percent", _("Per cent")))  # fmt: skip
    svg = bars(drawn, limit=limit, title=title, about=about)
    return (Chart(title, svg, Table("chart_sure", _("Sure and wrong"), columns, rows), about),)
