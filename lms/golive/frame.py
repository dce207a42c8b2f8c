"""The figures of a plan worked out once: who is ready where, cover, pace and forecast, and what stays hidden. Pure.

Page, exports, what-if and snapshots are all made from this, so they cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from lms.golive.cover import Cover, cover
from lms.golive.forecast import Forecast, forecast
from lms.golive.queries import PlanFacts
from lms.golive.standing import Assessed, Counted, weekly
from lms.golive.text import PlanText, Requirement
from lms.people.facts import UnitFacts
from lms.reports.suppression import hidden_children


@dataclass(frozen=True)
class Group:
    """A unit of the plan, or all of them (`unit` None): the people whom a requirement concerns, and who are ready."""

    unit: UnitFacts | None
    staff: int
    people: tuple[Assessed, ...]
    forecast: Forecast
    weekly: tuple[int, ...]
    cover: Cover
    hidden: bool

    @property
    def of(self) -> int:
        """How many people somebody must have trained."""
        return len(self.people)

    @cached_property
    def ready(self) -> int:
        """How many of them meet everything."""
        return sum(each.ready for each in self.people)

    def missing(self, needs: Iterable[Requirement]) -> list[tuple[Requirement, int, int]]:
        """For each requirement how many lack it, of how many whom it concerns."""
        short = Counter(lack.requirement for each in self.people for lack in each.lacks)
        concerned = Counter(each.person.profession for each in self.people)
        return [
            (need, short[need], concerned[need.profession] if need.profession else self.of)
            for need in needs
            if short[need]
        ]


@dataclass(frozen=True)
class Frame:
    """Everything that a report of a plan says. `titles` names courses and competencies by code.

    `only` is True where the reader sees just the people they manage. `parts` says whether figures about one
    profession may be shown.
    """

    plan: PlanFacts
    as_of: dt.date
    today: dt.date
    units: tuple[UnitFacts, ...]
    people: tuple[Counted, ...]
    assessed: tuple[Assessed, ...]
    done: Mapping[str, dt.datetime]
    titles: Mapping[str, str]
    smallest: int
    whole: bool = True
    only: bool = False
    more: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def text(self) -> PlanText:
        """What the plan says."""
        return self.plan.text

    @property
    def weeks_left(self) -> float:
        """Weeks from the day of the figures to the go-live, 0 from that day on."""
        return max(0, (self.text.date - self.as_of).days) / 7

    def needed(self, of: int) -> int:
        """How many of so many people must be ready to reach the aim."""
        return -(-of * self.text.aim // 100)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The codes of units whose figures stay hidden, from the sizes of all units of the plan that are seen."""
        sizes = {unit.code: len(self._in(unit.code)) for unit in self.units}
        total = len(self.assessed)
        return hidden_children(total, 0 < total < self.smallest, sizes, self.smallest)

    @cached_property
    def total(self) -> Group:
        """Everybody of the plan, each person once."""
        small = 0 < len(self.assessed) < self.smallest
        return self._group(None, self.assessed, len(self.people), _sum(each.cover for each in self.groups), small)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The units of the plan, in its order."""
        found = []
        for unit in self.units:
            staff = sum(unit.code in each.units for each in self.people)
            supers = sum(unit.code in each.super_user_in for each in self.people)
            shifts = cover(
                staff, supers, self.text.shifts, self.text.places.get(unit.code, {}), self.text.ratio,
                self.more.get(unit.code),
            )  # fmt: skip
            found.append(self._group(unit, self._in(unit.code), staff, shifts, unit.code in self.hidden))
        return tuple(found)

    def group(self, code: str) -> Group | None:
        """The unit with this code, where the reader sees it."""
        return next((each for each in self.groups if each.unit and each.unit.code == code), None)

    def _in(self, code: str) -> tuple[Assessed, ...]:
        return tuple(each for each in self.assessed if code in each.person.units)

    def _group(
        self, unit: UnitFacts | None, people: tuple[Assessed, ...], staff: int, shifts: Cover, hidden: bool
    ) -> Group:
        counts = weekly(people, self.text.weeks)
        ready = sum(each.ready for each in people)
        ahead = forecast(ready, len(people), counts, self.weeks_left)
        return Group(unit, staff, people, ahead, tuple(counts), shifts, hidden)

    @cached_property
    def parts(self) -> bool:
        """Whether counts of one profession give away no small group, in any unit, in what is hidden, or in all."""
        own = {need.profession for need in self.text.requirements if need.profession}
        unseen = tuple(each for group in self.groups if group.hidden for each in group.people)
        seen = [group.people for group in self.groups if not group.hidden]
        for people in [*seen, unseen, self.assessed]:
            concerned = Counter(each.person.profession for each in people)
            sizes = [concerned[profession] for profession in own]
            if any(0 < size < self.smallest for size in [*sizes, len(people) - sum(sizes)]):
                return False
        return True

    def shown(self, group: Group) -> list[tuple[Requirement, int, int]]:
        """What a group lacks most, as far as it may be shown; those that most people lack first."""
        if group.hidden:
            return []
        needs = [need for need in self.text.requirements if self.parts or not need.profession]
        return sorted(group.missing(needs), key=lambda row: -row[1])

    def supposed(
        self, trained: frozenset[int], only: str | None, more: Mapping[str, Mapping[str, int]], unit: str | None
    ) -> Frame:
        """The same with some people trained, with everybody trained who lacks only one thing, with more super-users.

        `trained` are internal ids; `only` is a requirement's key, for the whole plan or one `unit`; `more` are
        super-users by unit and shift. What is hidden stays hidden: the sizes do not change.
        """

        met = {each.person.person_id for each in self.meant(trained, only, unit)}
        changed = tuple(replace(each, lacks=()) if each.person.person_id in met else each for each in self.assessed)
        return replace(self, assessed=changed, more=more)

    def meant(self, trained: frozenset[int], only: str | None, unit: str | None) -> tuple[Assessed, ...]:
        """Those who lack something and whom a supposition means: chosen by id, or lacking only one thing in a unit."""

        def met(each: Assessed) -> bool:
            if each.person.person_id in trained:
                return True
            here = unit is None or unit in each.person.units
            return here and len(each.lacks) == 1 and each.lacks[0].requirement.key == only

        return tuple(each for each in self.assessed if each.lacks and met(each))


def _sum(covers: Iterable[Cover]) -> Cover:
    held: Sequence[Cover] = list(covers)
    shifts = tuple(shift for each in held for shift in each.shifts)
    return Cover(shifts, sum(each.super_users for each in held), sum(each.over for each in held))
