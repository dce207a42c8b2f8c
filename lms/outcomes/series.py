"""Gathering the values of a measure for a group of units, and the training of their people, as of a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lms.learning.finished import first_finished
from lms.measures import queries as measures
from lms.measures.facts import MeasureFacts, ValueFacts
from lms.measures.periods import last_day
from lms.measures.spc import Observation
from lms.outcomes.exposure import Exposure, exposures
from lms.people.facts import UnitFacts
from lms.people.queries import subtree_ids
from lms.people.spans import leaves_of, posts_of, staff_ids
from lms.web.clock import local


@dataclass(frozen=True)
class Series:
    """The measure of a group of units. `incomplete` are periods that not all of them reported, which are left out."""

    units: tuple[UnitFacts, ...]
    observations: tuple[Observation, ...]
    incomplete: tuple[dt.date, ...]


def series(measure: MeasureFacts, units: Sequence[UnitFacts], as_of: dt.date, known_at: dt.datetime) -> Series:
    """The periods that had ended on `as_of`, as they were known at `known_at`, counts of several units added up."""
    ids = {each.id for each in units}
    found: dict[dt.date, list[ValueFacts]] = defaultdict(list)
    for value in measures.values(measure.id, ids, known_at=known_at):
        if last_day(value.period, measure.span) <= as_of:
            found[value.period].append(value)
    whole = {period: values for period, values in found.items() if len(values) == len(ids)}
    return Series(
        tuple(units),
        tuple(_sum(period, values) for period, values in sorted(whole.items())),
        tuple(sorted(set(found) - set(whole))),
    )


def _sum(period: dt.date, values: Sequence[ValueFacts]) -> Observation:
    parts = [value.denominator for value in values if value.denominator is not None]
    return Observation(period, float(sum(value.numerator for value in values)), float(sum(parts)) if parts else None)


def training(
    course_code: str, units: Sequence[UnitFacts], days: Sequence[dt.date], smallest: int
) -> tuple[Exposure, ...]:
    """Who of the people of these units, and of all below them, had completed a course on each day."""
    places: Collection[int] = subtree_ids([each.id for each in units])
    people = staff_ids(unit_ids=places)
    completed = {person_id: local(moment).date() for person_id, moment in first_finished(course_code).items()}
    return exposures(posts_of(people), leaves_of(people), completed, places, days, smallest)
