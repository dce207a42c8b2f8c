"""The report of one measure in one unit: its control chart, and which values were corrected when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lms.measures import queries as measures
from lms.measures.facts import MeasureFacts
from lms.measures.periods import show_period, write_period
from lms.measures.spc import Chart, chart
from lms.outcomes import since, words
from lms.outcomes.comparison import COLUMNS, definitions, drawing, measure_facts, rows_of
from lms.outcomes.series import series
from lms.people.facts import UnitFacts
from lms.reports.value import Chart as Picture
from lms.reports.value import Report, Table

KIND = "measure"


def measure_report(
    measure: MeasureFacts,
    unit: UnitFacts,
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    before: tuple[dt.date, dt.datetime] | None = None,
) -> Report:
    """The report as of a day, with values as known at a moment; `before` is a day to compare with and its moment."""
    data, drawn = _data(measure, unit, as_of, known_at)
    said = _finding(measure, unit, drawn)
    filters: tuple[tuple[str, str], ...] = (("measure", measure.code), ("units", unit.code))
    meant = definitions(measure, None)
    if before:
        then, _ = _data(measure, unit, *before)
        data |= since.compared(data, then, before[0])
        filters += (("compared with", before[0].isoformat()),)
        meant += (words.COMPARED,)
    return Report(KIND, f"{measure.title}, {unit.name}", said, as_of, filters, meant, data, _tables, _charts)


def _data(
    measure: MeasureFacts, unit: UnitFacts, as_of: dt.date, known_at: dt.datetime
) -> tuple[dict[str, Any], Chart]:
    found = series(measure, [unit], as_of, known_at)
    drawn = chart(measure.kind, found.observations, per=measure.per)
    fixed = [
        each for each in measures.corrections(measure.id)
        if each.unit_id == unit.id and each.known_at <= known_at
    ]  # fmt: skip
    data: dict[str, Any] = {
        "measure": measure_facts(measure),
        "units": [{"code": unit.code, "name": unit.name}],
        "outcome": None,
        "series": rows_of(measure, drawn, {}),
        "corrections": [
            {
                "period": write_period(each.period, measure.span), "revision": each.revision,
                "numerator": float(each.numerator),
                "denominator": None if each.denominator is None else float(each.denominator),
                "known_on": each.known_at.date().isoformat(),
            }
            for each in fixed
        ],
    }  # fmt: skip
    return data, drawn


def _finding(measure: MeasureFacts, unit: UnitFacts, drawn: Chart) -> str:
    if not drawn.points:
        return f"{measure.title} has no value for {unit.name} yet"
    recent = [each for each in drawn.points[-3:] if each.signals]
    if recent:
        last = show_period(recent[-1].period, measure.span)
        return f"{measure.title} in {unit.name} shows a signal in {last}"
    value = words.figure(drawn.points[-1].value, measure.kind, measure.per)
    return f"{measure.title} in {unit.name}: {value}, within what chance brings"


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    fixed = tuple(
        (row["period"], row["revision"], words.whole(row["numerator"]), words.whole(row["denominator"]),
         row["known_on"])
        for row in data["corrections"]
    )  # fmt: skip
    heads = (("period", "Period"), ("revision", "Revision"), ("numerator", "Numerator"),
             ("denominator", "Denominator"), ("on", "Known from"))  # fmt: skip
    more = (since.table(data),) if "compared_with" in data else ()
    return (_series(data), Table("corrections", "Corrected values", heads, fixed), *more)


def _series(data: Mapping[str, Any]) -> Table:
    rows = tuple(
        (
            row["period"], words.whole(row["numerator"]), words.whole(row["denominator"]),
            *(round(row[name], 4) for name in ("value", "centre", "lower", "upper")),
            "; ".join(words.SIGNALS[each] for each in row["signals"]),
        )
        for row in data["series"]
    )  # fmt: skip
    return Table("series", "By period", COLUMNS, rows)


def _charts(data: Mapping[str, Any]) -> tuple[Picture, ...]:
    if not data["series"]:
        return ()
    title = f"{data['measure']['title']}, {data['units'][0]['name']}"
    return (Picture(title, drawing(data), _series(data), words.key(data["measure"]["direction"])),)
