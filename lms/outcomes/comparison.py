"""The report of a registered comparison: a course beside a measure, as one frozen value for page and every file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from lms.catalog import queries as catalog
from lms.measures import queries as measures
from lms.measures.facts import ChangeFacts, ComparisonFacts, MeasureFacts
from lms.measures.periods import last_day, later, show_period, write_period
from lms.measures.spc import Chart, chart, verdict
from lms.outcomes import since, words
from lms.outcomes.drawing import control_chart, floor_of
from lms.outcomes.exposure import Exposure
from lms.outcomes.series import Series, series, training
from lms.people.facts import UnitFacts
from lms.people.queries import ancestors, units
from lms.reports.value import Chart as Picture
from lms.reports.value import Report, Table
from lms.reports.words import long_day

KIND = "exposure"


def effect_from(comparison: ComparisonFacts) -> dt.date:
    """The first day of the month from which an effect was expected: the month it began in, and the lag."""
    return later(comparison.begins_on, comparison.lag)


def exposure_report(
    comparison: ComparisonFacts,
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    smallest: int,
    before: tuple[dt.date, dt.datetime] | None = None,
) -> Report:
    """The report as of a day, with values as known at a moment. `smallest` is the least group of people shown.

    `before` is a day to compare with and its own moment: the same question as it was answered then.
    """
    measure = measures.measure_by_id(comparison.measure_id)
    assert measure is not None, "a measure is never removed"
    data = _data(comparison, measure, as_of, known_at, smallest)
    filters: tuple[tuple[str, str], ...] = (
        ("measure", measure.code), ("course", comparison.course_code), ("units", ", ".join(comparison.units)),
        ("beside", ", ".join(comparison.beside) or "none"), ("lag", f"{comparison.lag} months"),
    )  # fmt: skip
    said = finding(data)
    meant = definitions(measure, smallest)
    if before:
        then = _data(comparison, measure, *before, smallest)
        data |= since.compared(data, then, before[0])
        filters += (("compared with", before[0].isoformat()),)
        said += f"; on {long_day(before[0])} it was {words.OUTCOMES[then['outcome']]}"
        meant += (words.COMPARED,)
    title = f"{data['course']['title']} beside {measure.title}"
    return Report(KIND, title, said, as_of, filters, meant, data, _tables, _charts)


def _data(
    comparison: ComparisonFacts, measure: MeasureFacts, as_of: dt.date, known_at: dt.datetime, smallest: int
) -> dict[str, Any]:
    known = {each.code: each for each in units()}
    inside = [known[code] for code in comparison.units if code in known]
    outside = [known[code] for code in comparison.beside if code in known]
    course = catalog.current_version(comparison.course_code)
    start = effect_from(comparison)
    baseline_until = start - dt.timedelta(days=1)
    found = series(measure, inside, as_of, known_at)
    drawn = chart(measure.kind, found.observations, per=measure.per, baseline_until=baseline_until)
    other = series(measure, outside, as_of, known_at) if outside else None
    beside = chart(measure.kind, other.observations, per=measure.per, baseline_until=baseline_until) if other else None
    nearby = _changes(inside, drawn)
    first = measures.first_known(measure.id, {each.id for each in inside})
    after = [each.period for each in drawn.points if each.period >= start]
    known_before = sum(
        1 for period in after if all(first[unit.id, period] <= comparison.registered_at for unit in inside)
    )
    trained = _trained(comparison.course_code, inside, measure, drawn, as_of, smallest)
    return {
        "measure": measure_facts(measure),
        "course": {"code": comparison.course_code, "title": course.title if course else comparison.course_code},
        "units": [{"code": each.code, "name": each.name} for each in inside],
        "beside": [{"code": each.code, "name": each.name} for each in outside],
        "comparison": comparison.public_id,
        "registered": comparison.registered_at.date().isoformat(),
        "began": comparison.begins_on.isoformat(),
        "lag_months": comparison.lag,
        "effect_from": start.isoformat(),
        "expected": comparison.expected,
        "reason": comparison.reason,
        "outcome": verdict(drawn, start, measure.direction),
        "beside_outcome": verdict(beside, start, measure.direction) if beside else None,
        "series": rows_of(measure, drawn, trained),
        "beside_series": rows_of(measure, beside, {}) if beside else [],
        "changes": [
            {"on": each.happened_on.isoformat(), "where": _place(each, known), "words": each.words} for each in nearby
        ],
        "cautions": list(
            words.cautions(
                measure, drawn, changes=len(nearby), beside=bool(outside), after=len(after), known_before=known_before,
                left_out=_left_out(found) + len(drawn.left_out),
            )
        ),
    }  # fmt: skip


def finding(data: Mapping[str, Any]) -> str:
    """The report's answer in one sentence, the same for a null result as for any other."""
    start = show_period(dt.date.fromisoformat(data["effect_from"]), "month")
    where = words.names([each["name"] for each in data["units"]])
    if data["outcome"] == "early":
        return f"{data['measure']['title']} in {where}: no period since {start} to judge yet"
    said = f"{data['measure']['title']} in {where}: {words.OUTCOMES[data['outcome']]} since {start}"
    if data["beside_outcome"] in ("better", "worse", "mixed", "change", "none"):
        said += f", beside it {words.OUTCOMES[data['beside_outcome']]}"
    return said


def drawing(data: Mapping[str, Any], which: str = "series") -> str:
    """The chart of a report's units, or of those beside them, from its data alone; empty without a period."""
    measure = data["measure"]
    rows = [_drawn(row, measure) for row in data[which]]
    for row in rows:
        row["shown_low"] = words.figure(floor_of(rows), measure["kind"], measure["per"])
    began, start = data.get("began"), data.get("effect_from")
    places = []
    for day, word in ((began, "training"), (start if start != began else None, "effect expected")):
        if day and (place := _place_of(rows, day, measure["span"])) is not None:
            places.append((place, word))
    outcome = data["outcome"] if which == "series" else data["beside_outcome"]
    title = f"{measure['title']}: {words.OUTCOMES.get(outcome, '')}".rstrip(": ")
    signals = sum(1 for row in rows if row["signals"])
    about = f"Control chart of {len(rows)} periods, {signals} of them with a signal. The table below has all numbers."
    return control_chart(rows, title=title, about=about, better=measure["direction"], marks_at=places)


def _place_of(rows: Sequence[Mapping[str, Any]], day: str, span: str) -> int | None:
    wanted = dt.date.fromisoformat(day)
    return next((place for place, row in enumerate(rows) if last_day(row["first"], span) >= wanted), None)


def _drawn(row: Mapping[str, Any], measure: Mapping[str, Any]) -> dict[str, Any]:
    first = dt.date.fromisoformat(row["first_day"])
    shown = {name: words.figure(row[name], measure["kind"], measure["per"]) for name in ("value", "upper")}
    drawn = {
        **row, "first": first, "label": show_period(first, measure["span"]), "shown": shown["value"],
        "shown_upper": shown["upper"],
    }  # fmt: skip
    drawn.pop("trained", None)
    if "of_staff" in row:
        drawn["trained"] = (row["trained"], row["of_staff"])
    return drawn


def measure_facts(measure: MeasureFacts) -> dict[str, Any]:
    """What a report says of its measure."""
    names = ("code", "title", "kind", "direction", "span", "per", "of", "owner", "source", "definition")
    return {name: getattr(measure, name) for name in names}


def _trained(
    course: str, inside: Sequence[UnitFacts], measure: MeasureFacts, drawn: Chart, as_of: dt.date, smallest: int
) -> dict[dt.date, Exposure]:
    days = [min(as_of, last_day(each.period, measure.span)) for each in drawn.points]
    found = training(course, inside, days, smallest)
    return {point.period: each for point, each in zip(drawn.points, found, strict=True)}


def rows_of(measure: MeasureFacts, drawn: Chart, trained: Mapping[dt.date, Exposure]) -> list[dict[str, Any]]:
    """The points of a chart as a report holds them, with the training of those periods that have some."""
    rows: list[dict[str, Any]] = []
    for each in drawn.points:
        row: dict[str, Any] = {
            "period": write_period(each.period, measure.span), "first_day": each.period.isoformat(),
            "numerator": each.numerator, "denominator": each.denominator,
            "value": round(each.value, 6), "centre": round(each.centre, 6), "lower": round(each.lower, 6),
            "upper": round(each.upper, 6), "phase": each.phase, "baseline": each.baseline,
            "signals": list(each.signals), "direction": each.direction,
        }  # fmt: skip
        if each.period in trained:
            found = trained[each.period]
            row |= {"trained": found.done, "of_staff": found.of, "suppressed": found.of is None}
        rows.append(row)
    return rows


def _changes(inside: Sequence[UnitFacts], drawn: Chart) -> list[ChangeFacts]:
    """The other changes in the time of the chart, of these units, of what they belong to, or of the hospital."""
    if not drawn.points:
        return []
    first = drawn.points[0].period
    line = {above.id for unit in inside for above in ancestors(unit.id)}
    return [
        each for each in measures.changes()
        if each.happened_on >= first and (each.unit_id is None or each.unit_id in line)
    ]  # fmt: skip


def _place(change: ChangeFacts, known: Mapping[str, UnitFacts]) -> str:
    return next((each.name for each in known.values() if each.id == change.unit_id), "Whole hospital")


def _left_out(found: Series) -> int:
    return len(found.incomplete)


def definitions(measure: MeasureFacts, smallest: int | None) -> tuple[tuple[str, str], ...]:
    """What the figures mean; `smallest` None where no training stands beside them."""
    what = measure.definition or f"{measure.title}, as its owner reports it."
    counted = f" Counted per {measure.per:,} {measure.of}." if measure.of and measure.per > 1 else ""
    way = {"up": "Higher is better.", "down": "Lower is better.", "none": "No direction is better."}
    source = f" Owner: {measure.owner}." if measure.owner else ""
    source += f" Source: {measure.source}." if measure.source else ""
    return (
        (measure.title, f"{what}{counted} {way[measure.direction]}{source}"),
        (words.CHART[0], words.CHART[1].format(kind=words.sentence(words.KINDS[measure.kind]))),
        words.RULES,
        *([(words.TRAINED[0], words.TRAINED[1].format(smallest=smallest))] if smallest is not None else []),
        words.KNOWN,
        *([("Association", words.CAUSE)] if smallest is not None else []),
    )


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    """Period by period, then the units beside, the comparison of dates, cautions and changes."""
    found = [_series(data)]
    if data["beside_series"]:
        found.append(_beside(data))
    if "compared_with" in data:
        found.append(since.table(data))
    changes = tuple((each["on"], each["where"], each["words"]) for each in data["changes"])
    found.append(Table("changes", "What else changed", (("on", "Day"), ("unit", "Where"), ("title", "What")), changes))
    cautions = tuple((each,) for each in data["cautions"])
    # Page and paper say them as a list of their own.
    found.append(Table("cautions", "To bear in mind", (("title", "Caution"),), cautions, for_files=True))
    return tuple(found)


COLUMNS = (
    ("period", "Period"), ("numerator", "Numerator"), ("denominator", "Denominator"), ("value", "Value"),
    ("centre", "Centre line"), ("lower", "Lower limit"), ("upper", "Upper limit"), ("signals", "Signals"),
)  # fmt: skip


def _series(data: Mapping[str, Any]) -> Table:
    columns = (*COLUMNS, ("trained", "Trained"), ("of_staff", "of staff"))
    return Table("series", "By period", columns, tuple(_cells(row, True) for row in data["series"]))


def _beside(data: Mapping[str, Any]) -> Table:
    names = words.names([each["name"] for each in data["beside"]])
    return Table("beside", f"Beside it: {names}", COLUMNS, tuple(_cells(row, False) for row in data["beside_series"]))


def _charts(data: Mapping[str, Any]) -> tuple[Picture, ...]:
    """The units with their training, and the units beside them."""
    found = []
    key = words.key(data["measure"]["direction"])
    if data["series"]:
        title = f"{data['measure']['title']}: {words.OUTCOMES[data['outcome']]}"
        found.append(Picture(title, drawing(data), _series(data), f"{key} {words.BARS}"))
    if data["beside_series"]:
        title = f"Beside it, without this training: {words.OUTCOMES[data['beside_outcome']]}"
        found.append(Picture(title, drawing(data, "beside_series"), _beside(data), key))
    return tuple(found)


def _cells(row: Mapping[str, Any], training_too: bool) -> tuple[Any, ...]:
    signals = "; ".join(words.SIGNALS[each] for each in row["signals"])
    counts = (words.whole(row["numerator"]), words.whole(row["denominator"]))
    figures = (round(row[name], 4) for name in ("value", "centre", "lower", "upper"))
    cells = (row["period"], *counts, *figures, signals)
    return (*cells, row.get("trained"), row.get("of_staff")) if training_too else cells
