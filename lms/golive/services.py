"""Writes of go-live plans. Flushes, never commits. Nothing kept is ever changed: editions, ticks and snapshots add up.

Every write may be repeated: the same text makes no new edition, the same tick no new line, the same day no second
snapshot.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from lms.assignments import services as assignments
from lms.assignments.services import LONGEST_TEXT
from lms.assignments.terms import Target
from lms.audit.services import record
from lms.db import db, insert_ignore, lock_named, upsert
from lms.golive.assigning import Proposal
from lms.golive.making import Asked, make
from lms.golive.models import GoLiveEdition, GoLiveOutcome, GoLivePlan, GoLiveSnapshot, GoLiveTick
from lms.golive.outcomes import read_outcomes
from lms.golive.queries import PlanFacts, done_items, plan
from lms.golive.text import PlanText
from lms.people.queries import units
from lms.people.scope import Scope

MOVES = {"draft": ("active",), "active": ("draft", "done"), "done": ("active",)}


class GoLiveRefused(Exception):
    """The plan cannot be written so; the message says why and what was expected."""


def create(public: str, text: PlanText, *, actor: int | None, now: dt.datetime) -> PlanFacts:
    """Write a new plan under an id that the caller drew; the same id again returns what is there."""
    if not re.fullmatch(r"[0-9a-f]{20}", public):
        raise GoLiveRefused(_("The form is damaged. Open it again; nothing was saved."))
    row = {"public_id": public, "created_at": now, "created_by": actor}
    if insert_ignore(GoLivePlan.__table__, [row], ["public_id"]):  # type: ignore[arg-type]
        key = db.session.execute(select(GoLivePlan.id).where(GoLivePlan.public_id == public)).scalar_one()
        _edition(key, 1, "draft", text, actor, now)
        record("golive.create", "golive", public, actor=actor, now=now)
    return held(public)


def save(public: str, text: PlanText, edition: int, *, actor: int | None, now: dt.datetime) -> PlanFacts:
    """Keep what a plan says from now on as its next edition. `edition` is the one that was changed.

    Raises GoLiveRefused where somebody else was faster, and for a plan that is done.
    """
    found = _locked(public)
    if found.text == text:
        return found
    if found.edition != edition:
        raise GoLiveRefused(
            _(
                "Somebody saved edition %(edition)s of this plan meanwhile. Open it again and repeat your change.",
                edition=found.edition,
            )
        )
    if found.state == "done":
        raise GoLiveRefused(_("This plan is done. Open it again before you change it."))
    _edition(found.id, edition + 1, found.state, text, actor, now)
    record("golive.save", "golive", public, actor=actor, now=now, edition=edition + 1)
    return held(public)


def move(public: str, state: str, *, actor: int | None, now: dt.datetime) -> PlanFacts:
    """Bring a plan into a state: draft, active, done. Raises GoLiveRefused for a step that is not there."""
    found = _locked(public)
    if found.state == state:
        return found
    if state not in MOVES[found.state]:
        raise GoLiveRefused(_("A plan that is %(state)s cannot become %(what)r.", state=found.state, what=state[:20]))
    if state == "active" and not (found.text.units and found.text.requirements):
        raise GoLiveRefused(_("A plan needs a unit and something that is required before it becomes active."))
    _edition(found.id, found.edition + 1, state, found.text, actor, now)
    record("golive.state", "golive", public, actor=actor, now=now, state=state)
    return held(public)


def tick(public: str, item: str, done: bool, *, actor: int | None, now: dt.datetime) -> None:
    """Say that a line of the checklist is done, or open again. Raises GoLiveRefused for an unknown line."""
    found = _locked(public)
    if item not in {each.key for each in found.text.checklist}:
        raise GoLiveRefused(_("This line is not on the checklist any more."))
    if done == (item in done_items(found.id)):
        return
    last = select(func.max(GoLiveTick.number)).where(GoLiveTick.plan_id == found.id, GoLiveTick.item == item)
    number = (db.session.execute(last).scalar() or 0) + 1
    db.session.execute(
        insert(GoLiveTick).values(plan_id=found.id, item=item, number=number, done=done, at=now, by=actor)
    )
    record("golive.tick", "golive", public, actor=actor, now=now, item=item, done=done)


def freeze(
    found: PlanFacts, label: str, day: dt.date, moment: dt.datetime, *, today: dt.date, now: dt.datetime, smallest: int
) -> bool:
    """Freeze the report of a day under a label such as T-28; returns whether it is new for this go-live day.

    `moment` is the end of that day, or now for today. Everybody counts; small groups stay hidden in what is kept.
    """
    report = make(Asked(found.public_id, day, today, moment, Scope(everything=True), smallest))
    row: dict[str, Any] = {
        "plan_id": found.id, "label": label, "go_live": found.text.date, "as_of": report.as_of, "taken_at": now,
        "report": report.payload(),
    }  # fmt: skip
    return insert_ignore(GoLiveSnapshot.__table__, [row], ["plan_id", "label", "go_live"]) > 0  # type: ignore[arg-type]


def import_outcomes(public: str, text: str, *, actor: int | None, now: dt.datetime) -> int:
    """Keep calls for help per 100 staff by unit from a small CSV; all lines or none. Returns how many.

    Raises GoLiveRefused with every fault and its line.
    """
    found = _locked(public)
    rows, faults = read_outcomes(text, found.text.units)
    if faults:
        raise GoLiveRefused(" ".join(faults))
    known: Mapping[str, int] = {each.code: each.id for each in units()}
    values = [
        {"plan_id": found.id, "unit_id": known[row.unit], "tickets": row.tickets, "note": row.note,
         "entered_at": now, "entered_by": actor}
        for row in rows
    ]  # fmt: skip
    change = ["tickets", "note", "entered_at", "entered_by"]
    upsert(GoLiveOutcome.__table__, values, ["plan_id", "unit_id"], change)  # type: ignore[arg-type]
    record("golive.outcomes", "golive", public, actor=actor, now=now, units=len(rows))
    return len(rows)


def assign(
    found: PlanFacts, proposal: Proposal, due_on: dt.date, *, actor: int | None, now: dt.datetime, today: dt.date
) -> None:
    """Ask what a proposal says of its people, mandatory by a day, with the plan as the reason.

    The caller has checked that the actor may. What a person is asked already stays as it is. Raises
    AssignmentRefused; nothing is written then.
    """
    note = _("Go-live %(name)s", name=found.text.name)[:LONGEST_TEXT]
    for step in proposal.steps:
        for task in step.new:
            target = Target("course", task.code)
            assignments.assign(
                step.person_id, target, mandatory=True, due_on=due_on, note=note, actor=actor, now=now, today=today
            )  # fmt: skip
    if proposal.new:
        record(
            "golive.assign", "golive", found.public_id, actor=actor, now=now, people=proposal.people,
            courses=proposal.new, due=due_on.isoformat(),
        )  # fmt: skip


def held(public: str) -> PlanFacts:
    """The plan as it stands. Raises GoLiveRefused for an unknown one."""
    found = plan(public)
    if found is None:
        raise GoLiveRefused(_("There is no go-live plan with this number."))
    return found


def _locked(public: str) -> PlanFacts:
    lock_named(f"golive:{public}")
    return held(public)


def _edition(key: int, number: int, state: str, text: PlanText, actor: int | None, now: dt.datetime) -> None:
    values = {
        "plan_id": key, "number": number, "state": state, "text": text.to_json(), "saved_at": now, "saved_by": actor,
    }  # fmt: skip
    db.session.execute(insert(GoLiveEdition).values(**values))
