"""Reading measures, their values as known at any moment, changes beside them, and comparisons. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from lms.db import db
from lms.measures.facts import ChangeFacts, ComparisonFacts, MeasureFacts, OutcomeFacts, ValueFacts
from lms.measures.models import Comparison, ComparisonOutcome, ConcurrentChange, Measure, MeasureValue
from lms.people.queries import in_batches

_MEASURE = (
    Measure.id, Measure.code, Measure.title, Measure.kind, Measure.direction, Measure.span, Measure.per, Measure.of,
    Measure.owner, Measure.source, Measure.definition,
)  # fmt: skip
_VALUE = (
    MeasureValue.unit_id, MeasureValue.period, MeasureValue.revision, MeasureValue.numerator, MeasureValue.denominator,
    MeasureValue.known_at,
)  # fmt: skip


def measures() -> tuple[MeasureFacts, ...]:
    """Every measure, by title."""
    return tuple(MeasureFacts(*row) for row in db.session.execute(select(*_MEASURE).order_by(Measure.title)))


def measure(code: str) -> MeasureFacts | None:
    """The measure with this code, or None."""
    row = db.session.execute(select(*_MEASURE).where(Measure.code == code)).first()
    return MeasureFacts(*row) if row else None


def measure_by_id(measure_id: int) -> MeasureFacts | None:
    """The measure with this internal id, or None."""
    row = db.session.execute(select(*_MEASURE).where(Measure.id == measure_id)).first()
    return MeasureFacts(*row) if row else None


def values(
    measure_id: int, unit_ids: Collection[int] | None = None, *, known_at: dt.datetime | None = None
) -> tuple[ValueFacts, ...]:
    """The latest revision of each unit and period, by period; with `known_at` as it was known at that moment."""
    newest: Any = func.max(MeasureValue.revision).label("revision")
    latest = select(MeasureValue.unit_id, MeasureValue.period, newest).where(MeasureValue.measure_id == measure_id)
    if known_at is not None:
        latest = latest.where(MeasureValue.known_at <= known_at)
    last = latest.group_by(MeasureValue.unit_id, MeasureValue.period).subquery()
    statement = (
        select(*_VALUE)
        .join(
            last,
            (last.c.unit_id == MeasureValue.unit_id)
            & (last.c.period == MeasureValue.period)
            & (last.c.revision == MeasureValue.revision),
        )
        .where(MeasureValue.measure_id == measure_id)
        .order_by(MeasureValue.period, MeasureValue.unit_id)
    )
    found = tuple(ValueFacts(*row) for row in db.session.execute(statement))
    return found if unit_ids is None else tuple(each for each in found if each.unit_id in unit_ids)


def corrections(measure_id: int) -> tuple[ValueFacts, ...]:
    """Every revision of the values that were ever corrected, by unit, period and revision."""
    more = (
        select(MeasureValue.unit_id, MeasureValue.period)
        .where(MeasureValue.measure_id == measure_id, MeasureValue.revision > 1)
        .distinct()
        .subquery()
    )
    statement = (
        select(*_VALUE)
        .join(more, (more.c.unit_id == MeasureValue.unit_id) & (more.c.period == MeasureValue.period))
        .where(MeasureValue.measure_id == measure_id)
        .order_by(MeasureValue.period.desc(), MeasureValue.unit_id, MeasureValue.revision)
    )
    return tuple(ValueFacts(*row) for row in db.session.execute(statement))


def known_values(measure_ids: Collection[int]) -> dict[tuple[int, int, dt.date], ValueFacts]:
    """The latest values of many measures, by measure, unit and period."""
    return {
        (measure_id, each.unit_id, each.period): each
        for measure_id in sorted(set(measure_ids))
        for each in values(measure_id)
    }


def first_known(measure_id: int, unit_ids: Collection[int]) -> dict[tuple[int, dt.date], dt.datetime]:
    """When each unit's period was first known."""
    statement = select(MeasureValue.unit_id, MeasureValue.period, MeasureValue.known_at).where(
        MeasureValue.measure_id == measure_id, MeasureValue.revision == 1
    )
    rows = db.session.execute(statement)
    return {(unit_id, period): known for unit_id, period, known in rows if unit_id in unit_ids}


def units_of(measure_id: int) -> frozenset[int]:
    """The units that have a value of the measure."""
    statement = select(MeasureValue.unit_id).where(MeasureValue.measure_id == measure_id).distinct()
    return frozenset(db.session.scalars(statement))


def changes() -> tuple[ChangeFacts, ...]:
    """What changed beside the training, the oldest first, without what was withdrawn."""
    columns = (
        ConcurrentChange.public_id, ConcurrentChange.unit_id, ConcurrentChange.happened_on, ConcurrentChange.words
    )  # fmt: skip
    statement = select(*columns).where(ConcurrentChange.withdrawn_at.is_(None))
    rows = db.session.execute(statement.order_by(ConcurrentChange.happened_on, ConcurrentChange.id))
    return tuple(ChangeFacts(*row) for row in rows)


def comparisons() -> tuple[ComparisonFacts, ...]:
    """Every comparison that was ever registered, the newest first."""
    return _comparisons(select(Comparison).order_by(Comparison.registered_at.desc(), Comparison.id.desc()))


def comparison(public_id: str) -> ComparisonFacts | None:
    """The comparison with this public id, or None."""
    return next(iter(_comparisons(select(Comparison).where(Comparison.public_id == public_id))), None)


def _comparisons(statement: Any) -> tuple[ComparisonFacts, ...]:
    rows = list(db.session.scalars(statement))
    kept: dict[int, list[OutcomeFacts]] = {}
    columns = (
        ComparisonOutcome.comparison_id, ComparisonOutcome.as_of, ComparisonOutcome.outcome, ComparisonOutcome.digest
    )  # fmt: skip
    for some in in_batches([row.id for row in rows]):
        wanted = select(*columns).where(ComparisonOutcome.comparison_id.in_(some)).order_by(ComparisonOutcome.id)
        for comparison_id, as_of, outcome, digest in db.session.execute(wanted):
            kept.setdefault(comparison_id, []).append(OutcomeFacts(as_of, outcome, digest))
    return tuple(
        ComparisonFacts(
            row.id, row.public_id, row.measure_id, row.course_code, tuple(row.units), tuple(row.beside), row.begins_on,
            row.lag, row.expected, row.reason, row.registered_at, tuple(kept.get(row.id, ())),
        )
        for row in rows
    )  # fmt: skip
