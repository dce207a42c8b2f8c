"""Reads of go-live plans: what they say now or said on a day, their checklist, snapshots and outcomes. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.db import db
from lms.golive.models import GoLiveEdition, GoLiveOutcome, GoLivePlan, GoLiveSnapshot, GoLiveTick
from lms.golive.text import PlanText, changes, from_json
from lms.people.queries import units
from lms.people.scope import Scope


@dataclass(frozen=True)
class PlanFacts:
    """A plan as it stood at a moment: its newest edition then."""

    id: int
    public_id: str
    edition: int
    state: str
    text: PlanText
    saved_at: dt.datetime


@dataclass(frozen=True)
class EditionFacts:
    """A line of the history: what an edition changed, and the state from then on."""

    number: int
    state: str
    saved_at: dt.datetime
    changes: tuple[str, ...]
    text: PlanText


@dataclass(frozen=True)
class SnapshotFacts:
    """A report frozen on a day that matters; `report` is the payload that the API would have answered."""

    label: str
    go_live: dt.date
    as_of: dt.date
    taken_at: dt.datetime
    report: Mapping[str, Any]


@dataclass(frozen=True)
class OutcomeFacts:
    """Calls for help per 100 staff of a unit in the time after go-live."""

    unit: str
    name: str
    tickets: Decimal
    note: str


_COLUMNS = (
    GoLivePlan.id, GoLivePlan.public_id, GoLiveEdition.number, GoLiveEdition.state, GoLiveEdition.text,
    GoLiveEdition.saved_at,
)  # fmt: skip


def _plans(*conditions: ColumnElement[bool], known_by: dt.datetime | None = None) -> tuple[PlanFacts, ...]:
    newest = select(func.max(GoLiveEdition.number)).where(GoLiveEdition.plan_id == GoLivePlan.id)
    if known_by is not None:
        newest = newest.where(GoLiveEdition.saved_at <= known_by)
    statement = (
        select(*_COLUMNS)
        .join(GoLiveEdition, GoLiveEdition.plan_id == GoLivePlan.id)
        .where(GoLiveEdition.number == newest.correlate(GoLivePlan).scalar_subquery(), *conditions)
        .order_by(GoLivePlan.id)
    )
    return tuple(
        PlanFacts(key, public, number, state, from_json(text), saved)
        for key, public, number, state, text, saved in db.session.execute(statement)
    )


def plan(public_id: str, *, known_by: dt.datetime | None = None) -> PlanFacts | None:
    """The plan with this id, as it stood at a moment where one is given; None where it did not exist then."""
    return next(iter(_plans(GoLivePlan.public_id == public_id, known_by=known_by)), None)


def plans() -> tuple[PlanFacts, ...]:
    """Every plan as it stands, those of the nearest days to come first, then the past ones."""
    order = {"active": 0, "draft": 1, "done": 2}

    def place(each: PlanFacts) -> tuple[int, int]:
        days = each.text.date.toordinal()
        return order[each.state], -days if each.state == "done" else days

    return tuple(sorted(_plans(), key=place))


def in_sight(found: Sequence[PlanFacts], scope: Scope) -> tuple[PlanFacts, ...]:
    """Those plans that concern a unit in scope, or for a reader who manages people without units, all of them."""
    if scope.everything:
        return tuple(found)
    mine = {each.code for each in units() if each.id in scope.unit_ids}
    return tuple(each for each in found if mine.intersection(each.text.units) or (not mine and scope.person_ids))


def editions(plan_id: int) -> tuple[EditionFacts, ...]:
    """The history of a plan, the newest edition first."""
    columns = (GoLiveEdition.number, GoLiveEdition.state, GoLiveEdition.saved_at, GoLiveEdition.text)
    statement = select(*columns).where(GoLiveEdition.plan_id == plan_id).order_by(GoLiveEdition.number)
    found: list[EditionFacts] = []
    for number, state, saved, document in db.session.execute(statement):
        text = from_json(document)
        said = changes(found[-1].text if found else None, text)
        if found and found[-1].state != state:
            said = (f"The plan became {state}.", *said)
        found.append(EditionFacts(number, state, saved, said, text))
    return tuple(reversed(found))


def done_items(plan_id: int, *, known_by: dt.datetime | None = None) -> dict[str, dt.datetime]:
    """The lines of the checklist that are done, with the moment when they were said to be."""
    statement = select(GoLiveTick.item, GoLiveTick.done, GoLiveTick.at).where(GoLiveTick.plan_id == plan_id)
    if known_by is not None:
        statement = statement.where(GoLiveTick.at <= known_by)
    found: dict[str, dt.datetime] = {}
    for item, done, at in db.session.execute(statement.order_by(GoLiveTick.number)):
        if done:
            found[item] = at
        else:
            found.pop(item, None)
    return found


def snapshots(plan_id: int) -> tuple[SnapshotFacts, ...]:
    """The frozen reports of a plan, the earliest first."""
    columns = (
        GoLiveSnapshot.label, GoLiveSnapshot.go_live, GoLiveSnapshot.as_of, GoLiveSnapshot.taken_at,
        GoLiveSnapshot.report,
    )  # fmt: skip
    statement = select(*columns).where(GoLiveSnapshot.plan_id == plan_id)
    rows = db.session.execute(statement.order_by(GoLiveSnapshot.as_of, GoLiveSnapshot.id))
    return tuple(SnapshotFacts(*row) for row in rows)


def outcomes(plan_id: int) -> dict[str, OutcomeFacts]:
    """What was entered after go-live, by unit code."""
    statement = select(GoLiveOutcome.unit_id, GoLiveOutcome.tickets, GoLiveOutcome.note)
    known = {each.id: each for each in units()}
    found = {}
    for unit_id, tickets, note in db.session.execute(statement.where(GoLiveOutcome.plan_id == plan_id)):
        unit = known[unit_id]
        found[unit.code] = OutcomeFacts(unit.code, unit.name, tickets, note)
    return found


def active_since(plan_id: int) -> dt.datetime | None:
    """The moment from which a plan has been active without a break, None where it is not."""
    statement = select(GoLiveEdition.state, GoLiveEdition.saved_at).where(GoLiveEdition.plan_id == plan_id)
    since = None
    for state, saved in db.session.execute(statement.order_by(GoLiveEdition.number)):
        since = (since or saved) if state == "active" else None
    return since
