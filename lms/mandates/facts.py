"""What the desk of training shows: rules with figures, units, people, and what a change would do. Plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lms.assignments.facts import ExemptionFacts, Rule, TrainingCounts
from lms.assignments.obligations import Obligation
from lms.assignments.terms import Version
from lms.people.facts import PersonFacts, UnitFacts


@dataclass(frozen=True)
class Figures:
    """What may be shown of a group. `asked` counts the people of whom something is asked now, None where hidden.

    `excused` are those on leave or exempt, None where hidden. `why` says why `asked` is hidden: `few` people, or
    `beside` a group of few that it would give away.
    """

    asked: TrainingCounts | None
    excused: int | None
    why: str = ""


@dataclass(frozen=True)
class RuleLine:
    """A rule on the desk with the figures of everybody whom the reader may count; None where the rule has ended."""

    rule: Rule
    version: Version
    title: str
    unit: str  # the unit's name, empty for the whole hospital
    shown: Figures | None
    blocked: tuple[str, ...] = ()  # codes of missing courses without which nobody can start the assessment


@dataclass(frozen=True)
class Desk:
    """All rules in force, those that ended, and how many people are overdue in any mandatory one.

    `people` are those of whom a rule asks something now: neither on leave nor exempt from all of them.
    """

    lines: tuple[RuleLine, ...]
    ended: tuple[RuleLine, ...]
    overdue: int | None
    people: int


@dataclass(frozen=True)
class UnitRow:
    """A unit with what may be shown of it. `below` says that it has units of its own."""

    unit: UnitFacts
    shown: Figures
    total: bool
    below: bool


@dataclass(frozen=True)
class PersonLine:
    """A person under a rule. `exemption` is the one that holds today."""

    person: PersonFacts
    units: tuple[str, ...]
    obligation: Obligation
    exemption: ExemptionFacts | None


@dataclass(frozen=True)
class Change:
    """A person who joins or leaves a rule by a change, where, and why. `due_on` is the day that a joiner gets."""

    person_id: int
    unit_ids: tuple[int, ...]
    why: str
    due_on: dt.date | None = None
    state: str = ""


@dataclass(frozen=True)
class UnitChange:
    """How many join and leave in a unit."""

    unit: UnitFacts
    joins: int
    leaves: int


@dataclass(frozen=True)
class Preview:
    """What saving would do. `stays` are people under the rule before and after; `moved` of them get another day.

    `late` of those who join are overdue at once. `by_unit` holds the units in which somebody joins or leaves, with
    posts that the rule is about alone. `blocked` are codes of courses that are missing for anybody to do what is asked.
    """

    version: Version
    joins: tuple[Change, ...]
    leaves: tuple[Change, ...]
    stays: int
    moved: int
    late: int
    by_unit: tuple[UnitChange, ...]
    blocked: tuple[str, ...] = ()
