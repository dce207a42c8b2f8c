"""The team page: who is overdue, due, expiring and away, who asked for something, and what to do next.

A fixed number of statements whatever the size of the team.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, cast, literal, select, union_all

from lms.competency.teams import Shortfall, shortfalls
from lms.db import db
from lms.observations.models import Observation, ObservationRequest
from lms.observations.nudging import nudged_in_week
from lms.people.placed import Placed, placed
from lms.people.scope import SignOff

STATUSES = ("overdue", "due", "expiring", "ready", "away")
ORDERS = ("urgency", "name", "unit", "next")
WITHIN = 60  # days in which evidence is said to end


@dataclass(frozen=True)
class Waiting:
    """Something on the supervisor's desk: `kind` is request or dispute, `public_id` the request's or observation's."""

    kind: str
    public_id: str
    person_id: int
    competency: str
    note: str
    at: dt.datetime
    asked: int | None  # the account asked or, of a dispute, the observer


@dataclass(frozen=True)
class Member:
    """One person of a team. `status` is one of STATUSES; `next_day` the day that matters first, if there is one."""

    id: int
    placed: Placed
    shortfall: Shortfall
    status: str
    next_day: dt.date | None
    nudged_at: dt.datetime | None
    waiting: tuple[Waiting, ...] = ()

    @property
    def name(self) -> str:
        """The printed name."""
        return self.placed.person.name

    @property
    def units(self) -> tuple[str, ...]:
        """The names of the units."""
        return tuple(name for _, name in self.placed.units)

    @property
    def action(self) -> str:
        """What the supervisor does next: sign, remind or nothing."""
        if self.status == "away":
            return ""
        if any(each.kind == "request" for each in self.waiting) or self.shortfall.to_sign:
            return "sign"
        return "remind" if self.shortfall.missing or self.shortfall.ending else ""

    @property
    def to_observe(self) -> str:
        """The competency to observe first: what was asked for, else what lapsed, else what is below target."""
        asked = [each.competency for each in self.waiting if each.kind == "request"]
        gone = [code for code in self.shortfall.to_sign if code in self.shortfall.lapsed]
        return next(iter([*asked, *gone, *self.shortfall.to_sign, *self.shortfall.missing]), "")


@dataclass(frozen=True)
class Team:
    """Everybody whom somebody may sign off, and what waits. `counts` is by status."""

    members: tuple[Member, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def units(self) -> tuple[tuple[int, str], ...]:
        """The units in which the members work, by name."""
        return tuple(sorted({unit for each in self.members for unit in each.placed.units}, key=lambda unit: unit[1]))

    def by_public_id(self) -> dict[str, Member]:
        """The members by their public id."""
        return {each.placed.person.public_id: each for each in self.members}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to and how it is ordered."""

    text: str = ""
    unit: int | None = None
    profession: str = ""
    status: str = ""  # one of STATUSES, or "waiting"
    order: str = "urgency"


def members_of(sign_off: SignOff) -> tuple[frozenset[int], frozenset[int]]:
    """The units and the people that make a team, the reader's own and those lent."""
    units = sign_off.own.unit_ids.union(*(each.scope.unit_ids for each in sign_off.lent))
    return units, sign_off.own.person_ids.union(*(each.scope.person_ids for each in sign_off.lent))


def team(sign_off: SignOff, own_person: int, today: dt.date) -> Team:
    """The people in scope with a current post, never the reader; those with most to do come first."""
    units, people = members_of(sign_off)
    if not units and not people:
        return Team()
    found = {one: each for one, each in placed(units, people, today).items() if one != own_person}
    lacks = shortfalls(list(found), today=today, within=WITHIN)
    nudged = nudged_in_week(found, today)
    waiting = _waiting(list(found))
    members = []
    for person_id, each in found.items():
        allowed = sign_off.competencies(person_id, each.unit_ids)
        mine = tuple(
            one for one in waiting if one.person_id == person_id and (allowed is None or one.competency in allowed)
        )
        members.append(_member(person_id, each, lacks.get(person_id, Shortfall()).only(allowed), nudged, mine))
    members.sort(key=_urgency)
    shown = tuple(one for one in waiting if any(one in each.waiting for each in members))
    return Team(tuple(members), shown, dict(Counter(each.status for each in members)))


def _member(
    person_id: int,
    each: Placed,
    lack: Shortfall,
    nudged: dict[int, dt.datetime],
    waiting: tuple[Waiting, ...],
) -> Member:
    days = [*lack.lapsed.values()] or [*lack.ending.values()]
    return Member(
        person_id,
        each,
        lack,
        "away" if each.away else _status(lack),
        min(days, default=None),
        nudged.get(person_id),
        waiting,
    )


def _status(lack: Shortfall) -> str:
    """Overdue: something held once has ended. Due: below target and never there. Expiring: ends within the span."""
    if lack.lapsed:
        return "overdue"
    if lack.missing:
        return "due"
    return "expiring" if lack.ending else "ready"


def _urgency(each: Member) -> tuple[Any, ...]:
    asked = any(one.kind == "request" for one in each.waiting) and each.status != "away"
    return (not asked, STATUSES.index(each.status), -len(each.shortfall.missing), each.name.casefold())


def _waiting(person_ids: Sequence[int]) -> list[Waiting]:
    """Open requests and open disputes of these people, the oldest first, with one statement."""
    requests = select(
        literal("request").label("kind"), ObservationRequest.public_id, ObservationRequest.person_id,
        ObservationRequest.competency_code, cast(ObservationRequest.note, String).label("note"),
        ObservationRequest.asked_at.label("at"), ObservationRequest.supervisor_id.label("asked"),
    ).where(ObservationRequest.state == "open", ObservationRequest.person_id.in_(person_ids))  # fmt: skip
    disputes = select(
        literal("dispute"), Observation.public_id, Observation.person_id, Observation.competency_code,
        literal("", String), Observation.state_at, Observation.observer_id,
    ).where(Observation.state == "disputed", Observation.person_id.in_(person_ids))  # fmt: skip
    rows: list[Any] = list(db.session.execute(union_all(requests, disputes)))
    return sorted((Waiting(*tuple(row)) for row in rows), key=lambda one: (one.at, one.public_id))


def chosen(found: Team, wanted: Wanted) -> tuple[Member, ...]:
    """The members that are asked for, in the order that is asked for."""
    words = wanted.text.casefold().split()
    rows = [
        each
        for each in found.members
        if all(word in each.name.casefold() for word in words)
        and wanted.unit in (None, *(unit_id for unit_id, _ in each.placed.units))
        and wanted.profession in ("", each.placed.person.profession)
        and (wanted.status in ("", each.status) or (wanted.status == "waiting" and each.waiting))
    ]
    return tuple(_ordered(rows, wanted.order))


def _ordered(rows: list[Member], order: str) -> Iterable[Member]:
    if order == "name":
        return sorted(rows, key=lambda each: each.name.casefold())
    if order == "unit":
        return sorted(rows, key=lambda each: (each.units, each.name.casefold()))
    if order == "next":
        return sorted(rows, key=lambda each: (each.next_day or dt.date.max, each.name.casefold()))
    return rows
