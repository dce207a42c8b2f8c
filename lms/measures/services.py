"""Writing measures, changes beside them, and comparisons. `actor` is an account's id; flushes, never commits.

An import is whole or nothing, and the same file again changes nothing. A value that differs from what is known
becomes its next revision: the old one stays, with the moment from which the new one was known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from lms.audit.services import record
from lms.db import db, insert_ignore, lock_named, public_id
from lms.measures import queries
from lms.measures.facts import EXPECTED, ComparisonFacts, MeasureFacts, ValueFacts
from lms.measures.listing import Definition, Line, Listing, read_listing
from lms.measures.models import Comparison, ComparisonOutcome, ConcurrentChange, Measure, MeasureValue
from lms.measures.periods import write_period
from lms.people.queries import units
from lms.rostering.faults import FileFault, FileRefused
from lms.rostering.words import _

LOCK = "measures"
FIXED = ("kind", "direction", "span", "per")  # another one would turn the charts of the past into others
WORDS = ("title", "of", "owner", "source", "definition")
MOST_LAG = 24


class MeasureRefused(ValueError):
    """A change or a comparison cannot be kept; the message says what was expected."""


class PlanChanged(Exception):
    """What is stored changed between the dry run and the import."""


@dataclass(frozen=True)
class Step:
    """A value that an import adds; `before` is what it corrects."""

    line: Line
    unit_id: int
    before: ValueFacts | None


@dataclass
class Plan:
    """What a file would do. `known` values are stored already as they stand in the file."""

    file: str
    definitions: dict[str, Definition]
    new: tuple[str, ...]  # codes of measures not stored yet
    reworded: tuple[str, ...]  # codes of measures whose words change
    steps: list[Step] = field(default_factory=list)
    known: int = 0
    faults: tuple[FileFault, ...] = ()  # advice only

    @property
    def corrections(self) -> list[Step]:
        """The values that are known otherwise so far."""
        return [each for each in self.steps if each.before is not None]

    @property
    def digest(self) -> str:
        """The same acts have the same digest."""
        acts = [repr((s.line.code, s.unit_id, s.line.period, s.line.numerator, s.line.denominator,
                      s.before.revision if s.before else 0)) for s in self.steps]  # fmt: skip
        words = [repr(self.definitions[code]) for code in (*self.new, *self.reworded)]
        return hashlib.sha256("\n".join((*acts, *words)).encode()).hexdigest()


def plan_import(data: bytes, file: str, *, today: dt.date) -> Plan:
    """Read a file and say what it would do. Raises FileRefused with every fault at once."""
    listing = read_listing(data, file, today=today)
    stored = {each.code: each for each in queries.measures()}
    places = {each.code: each.id for each in units()}
    for row in listing.sheet.rows:  # those too that are amiss otherwise, so that nothing is told at the second try
        if row["unit"] and row["unit"] not in places:
            message = _("Column unit: “%(unit)s” is no unit of the hospital: expected a code from the roster.",
                        unit=row["unit"][:64])  # fmt: skip
            listing.sheet.fault(row.line, message)
    _compare_definitions(listing, stored)
    if listing.sheet.broken:
        raise FileRefused(listing.sheet.faults)
    new = tuple(code for code in listing.definitions if code not in stored)
    reworded = tuple(
        code for code, found in listing.definitions.items()
        if code in stored and any(getattr(found, name) != getattr(stored[code], name) for name in WORDS)
    )  # fmt: skip
    plan = Plan(file, listing.definitions, new, reworded, faults=tuple(listing.sheet.faults))
    known = queries.known_values([stored[code].id for code in listing.definitions if code in stored])
    for line in listing.lines:
        measure = stored.get(line.code)
        before = known.get((measure.id, places[line.unit], line.period)) if measure else None
        if before and (before.numerator, before.denominator) == (line.numerator, line.denominator):
            plan.known += 1
        else:
            plan.steps.append(Step(line, places[line.unit], before))
    return plan


def _compare_definitions(listing: Listing, stored: dict[str, MeasureFacts]) -> None:
    for code, found in listing.definitions.items():
        line = next((each.line for each in listing.lines if each.code == code), 2)
        for name in FIXED if code in stored else ():
            held = getattr(stored[code], name)
            if getattr(found, name) != held:
                message = _("Column %(name)s: %(code)s is stored with “%(held)s”: expected the same, or a new code for "
                            "a measure that is counted in another way.", name="period" if name == "span" else name,
                            code=code, held=held)  # fmt: skip
                listing.sheet.fault(line, message)


def import_measures(
    data: bytes, file: str, *, expected: str | None = None, actor: int | None, now: dt.datetime, today: dt.date
) -> Plan:
    """Import a file whole. Raises FileRefused, or PlanChanged unless the plan has the digest `expected`, if given."""
    lock_named(LOCK)
    plan = plan_import(data, file, today=today)
    if expected is not None and plan.digest != expected:
        raise PlanChanged
    ids = {each.code: each.id for each in queries.measures()}
    for code in plan.new:
        values = {**plan.definitions[code].__dict__, "created_at": now}
        ids[code] = int(db.session.scalars(insert(Measure).values(**values).returning(Measure.id)).one())
    for code in plan.reworded:
        words = {name: getattr(plan.definitions[code], name) for name in WORDS}
        db.session.execute(update(Measure).where(Measure.code == code).values(**words))
    rows = [
        {
            "measure_id": ids[step.line.code], "unit_id": step.unit_id, "period": step.line.period,
            "revision": step.before.revision + 1 if step.before else 1, "numerator": step.line.numerator,
            "denominator": step.line.denominator, "known_at": now,
        }
        for step in plan.steps
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(MeasureValue), rows)
    if plan.steps or plan.new or plan.reworded:
        record(
            "measure.import", "measure", ",".join(sorted(plan.definitions))[:200], actor=actor, now=now,
            values=len(plan.steps), corrections=len(plan.corrections), new=len(plan.new), reworded=len(plan.reworded),
        )  # fmt: skip
    return plan


def add_change(
    happened_on: dt.date, words: str, unit: str, *, actor: int | None, now: dt.datetime, today: dt.date
) -> str:
    """Keep that something else changed on a day, in a unit or (empty) the whole hospital; returns its public id.

    The same words of the same day and place again are the same entry. Raises MeasureRefused.
    """
    words = " ".join(words.split())
    if not words or len(words) > 300:
        raise MeasureRefused(_("Say in at most 300 characters what changed."))
    if not dt.date(2000, 1, 1) <= happened_on <= today:
        raise MeasureRefused(_("The day is not one between 2000 and today."))
    place = next((each.id for each in units() if each.code == unit), None) if unit else None
    if unit and place is None:
        raise MeasureRefused(_("“%(unit)s” is no unit of the hospital.", unit=unit[:64]))
    lock_named(LOCK)
    same = select(ConcurrentChange.public_id).where(
        ConcurrentChange.happened_on == happened_on, ConcurrentChange.words == words,
        ConcurrentChange.unit_id.is_(None) if place is None else ConcurrentChange.unit_id == place,
        ConcurrentChange.withdrawn_at.is_(None),
    )  # fmt: skip
    held = db.session.scalar(same)
    if held is not None:
        return str(held)
    key = public_id()
    values = {"public_id": key, "unit_id": place, "happened_on": happened_on, "words": words, "entered_at": now}
    db.session.execute(insert(ConcurrentChange).values(**values))
    record("measure.change", "change", key, actor=actor, now=now, unit=unit or None)
    return key


def withdraw_change(key: str, *, actor: int | None, now: dt.datetime) -> None:
    """Take an entry off the list of changes; it stays in the database. A repeat changes nothing."""
    statement = update(ConcurrentChange).where(ConcurrentChange.public_id == key)
    done: Any = db.session.execute(statement.where(ConcurrentChange.withdrawn_at.is_(None)).values(withdrawn_at=now))
    if done.rowcount:
        record("measure.change-withdraw", "change", key, actor=actor, now=now)


def register(
    measure: MeasureFacts, course_code: str, units_of: Sequence[str], beside: Sequence[str], *,
    begins_on: dt.date, lag: int, expected: str, reason: str, actor: int | None, now: dt.datetime,
) -> str:  # fmt: skip
    """Register a comparison with what is expected of it; returns its public id. The same again is the same one.

    Raises MeasureRefused. The course is the caller's to check.
    """
    reason = reason.strip()
    inside, outside = tuple(dict.fromkeys(units_of)), tuple(dict.fromkeys(beside))
    known = {each.code for each in units()}
    strangers = [code for code in (*inside, *outside) if code not in known]
    if not inside:
        raise MeasureRefused(_("Choose at least one unit whose training is compared."))
    if strangers:
        raise MeasureRefused(_("“%(unit)s” is no unit of the hospital.", unit=strangers[0][:64]))
    if set(inside) & set(outside):
        raise MeasureRefused(_("A unit stands beside itself: choose other units to compare with."))
    if measure.kind == "xmr" and max(len(inside), len(outside)) > 1:
        raise MeasureRefused(_("Single values of several units do not add up: choose one unit, and one beside it."))
    if expected not in EXPECTED or not 0 <= lag <= MOST_LAG:
        raise MeasureRefused(_("Say what you expect, and after how many months, 0 to 24."))
    if not 1 <= len(reason) <= 2000:
        raise MeasureRefused(_("Say in at most 2,000 characters why you expect it."))
    lock_named(LOCK)
    facts = {
        "measure_id": measure.id, "course_code": course_code, "units": list(inside), "beside": list(outside),
        "begins_on": begins_on, "lag": lag, "expected": expected, "reason": reason,
    }  # fmt: skip
    for each in queries.comparisons():
        held = {**facts, "units": list(each.units), "beside": list(each.beside)}
        mine = all(getattr(each, name) == value for name, value in facts.items() if name not in ("units", "beside"))
        if mine and held == facts:
            return each.public_id
    key = public_id()
    db.session.execute(insert(Comparison).values(**facts, public_id=key, registered_at=now))
    record("comparison.register", "comparison", key, actor=actor, now=now, measure=measure.code, course=course_code)
    return key


def keep_outcome(
    comparison: ComparisonFacts, outcome: str, digest: str, as_of: dt.date, *, actor: int | None, now: dt.datetime
) -> bool:
    """Keep what a comparison showed, a null result like any other; returns whether these figures are new."""
    row = {"comparison_id": comparison.id, "as_of": as_of, "outcome": outcome, "digest": digest, "recorded_at": now}
    new = bool(insert_ignore(ComparisonOutcome.__table__, [row], ["comparison_id", "digest"]))  # type: ignore[arg-type]
    if new:
        record("comparison.outcome", "comparison", comparison.public_id, actor=actor, now=now, outcome=outcome)
    return new


def label(step: Step, plan: Plan) -> str:
    """The period of a step as it is written."""
    return write_period(step.line.period, plan.definitions[step.line.code].span)
