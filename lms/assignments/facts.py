"""What assignments tell other rooms: rules with their versions, direct assignments, exemptions, counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lms.assignments.obligations import Asked, Obligation, State, chain_of
from lms.assignments.terms import Target, Terms, Version


@dataclass(frozen=True)
class Rule:
    """A rule with all its versions, the first first."""

    id: int
    public_id: str
    versions: tuple[Version, ...]

    def on(self, day: dt.date) -> Version | None:
        """The version that holds on a day."""
        return next((each for each in self.versions if each.covers(day)), None)

    @property
    def newest(self) -> Version:
        """The last version, in force or not."""
        return self.versions[-1]


@dataclass(frozen=True)
class Direct:
    """Something asked of one person."""

    public_id: str
    person_id: int
    target: Target
    terms: Terms
    note: str
    assigned_on: dt.date
    assigned_by: str  # the name of who assigned it


@dataclass(frozen=True)
class ExemptionFacts:
    """An exemption from a rule."""

    public_id: str
    rule: str
    person_id: int
    starts: dt.date
    ends: dt.date
    reason: str


@dataclass(frozen=True)
class Book:
    """Everything that obligations of a day follow from but the people: rules, what targets ask, titles."""

    on: dt.date
    rules: tuple[Rule, ...]
    asked: Mapping[Target, Asked]
    titles: Mapping[Target, str]
    policies: Mapping[int, tuple[str, str]]  # policy id → code and edition in force
    courses: frozenset[str]  # whose certificates matter

    @cached_property
    def current(self) -> tuple[tuple[str, Version, tuple[Version, ...]], ...]:
        """Of each rule the public id, the version in force, and the versions that ask the same up to the day."""
        return tuple(
            (rule.public_id, version, chain_of(rule.versions, self.on))
            for rule in self.rules
            if (version := rule.on(self.on)) is not None
        )

    def title(self, target: Target) -> str:
        """The title of a target, or its code where it is not published here."""
        return self.titles.get(target, target.code)


@dataclass(frozen=True)
class PersonObligations:
    """What one person has to do, the nearest first. `units` are those of current posts with all above them."""

    person_id: int
    units: frozenset[int]
    own_units: tuple[int, ...]
    managers: frozenset[int]
    away: bool
    obligations: tuple[Obligation, ...]
    profession: str = "other"


@dataclass(frozen=True)
class TrainingCounts:
    """Mandatory obligations in a unit's subtree on a day. Pure counts; suppress small groups before showing them.

    `people` have a current post and at least one mandatory obligation, exempt or away ones included. Of the
    obligations of people at work and not exempt (`of`), `done` are fulfilled, `on_time` wait with their day not past,
    `grace` are in days of grace, `overdue` past them. `exempt` and `away` obligations are not in `of`.
    `people_overdue` are people with at least one overdue obligation.
    """

    people: int = 0
    of: int = 0
    done: int = 0
    on_time: int = 0
    grace: int = 0
    overdue: int = 0
    exempt: int = 0
    away: int = 0
    people_overdue: int = 0


@dataclass
class Tally:
    """Counting obligations by state, one person after another."""

    people: set[int] = field(default_factory=set)
    behind: set[int] = field(default_factory=set)
    states: dict[State, int] = field(default_factory=dict)

    def add(self, person_id: int, state: State) -> None:
        """Count one obligation of a person."""
        self.people.add(person_id)
        self.states[state] = self.states.get(state, 0) + 1
        if state == "overdue":
            self.behind.add(person_id)

    def counts(self) -> TrainingCounts:
        """The counts so far."""
        held = self.states.get
        on_time = sum(held(state, 0) for state in ("open", "soon", "due"))
        done, grace, overdue = held("done", 0), held("grace", 0), held("overdue", 0)
        return TrainingCounts(
            people=len(self.people), of=done + on_time + grace + overdue, done=done, on_time=on_time, grace=grace,
            overdue=overdue, exempt=held("exempt", 0), away=held("away", 0), people_overdue=len(self.behind),
        )  # fmt: skip
