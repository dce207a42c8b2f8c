"""Who counts for a plan and what each lacks on its day, as known at a moment. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.mastery import EvidencePoint, standing
from lms.credentials.holding import Holding
from lms.golive.text import PlanText, Requirement


@dataclass(frozen=True)
class Counted:
    """A person with a post in one of the plan's units on its day who is not known to be away.

    `units` are codes of the plan's units; `super_user_in` those of them where a post is a super-user's.
    """

    person_id: int
    profession: str
    units: tuple[str, ...]
    super_user_in: frozenset[str]
    certificates: Sequence[Holding]
    points: Mapping[str, Sequence[EvidencePoint]]


@dataclass(frozen=True)
class Lack:
    """A requirement not met; `held` is the level now, 0 for a course."""

    requirement: Requirement
    held: int


@dataclass(frozen=True)
class Assessed:
    """A counted person with what they lack now.

    `required` is how many requirements apply. `ready_for` is in how many of the plan's past weeks, counted back from
    now, the person was ready at the end; 0 for somebody who is not ready now.
    """

    person: Counted
    required: int
    lacks: tuple[Lack, ...]
    ready_for: int

    @property
    def ready(self) -> bool:
        """Whether everything that applies is met."""
        return not self.lacks


def lacks(person: Counted, text: PlanText, known_by: dt.datetime | None) -> tuple[Lack, ...]:
    """What a person lacks on the plan's day of what was known at a moment, in the plan's order."""
    found = []
    for need in text.requirements:
        if not need.applies(person.profession):
            continue
        if need.kind == "course":
            if not any(h.course_code == need.code and h.holds(text.date, known_by) for h in person.certificates):
                found.append(Lack(need, 0))
        else:
            held = _level(person.points.get(need.code, ()), text.date, known_by)
            if held < need.level:
                found.append(Lack(need, held))
    return tuple(found)


def _level(points: Sequence[EvidencePoint], on: dt.date, known_by: dt.datetime | None) -> int:
    if known_by is not None:
        points = [point for point in points if point.recorded is not None and point.recorded <= known_by]
    return standing(points, on).level if points else 0


def assess(people: Iterable[Counted], text: PlanText, moments: Sequence[dt.datetime | None]) -> tuple[Assessed, ...]:
    """Everybody to whom a requirement applies. `moments` are now (None: all that is known) and a week back each."""
    found = []
    for person in people:
        required = sum(need.applies(person.profession) for need in text.requirements)
        if not required:
            continue
        missing = lacks(person, text, moments[0])
        found.append(Assessed(person, required, missing, 0 if missing else _ready_for(person, text, moments)))
    return tuple(found)


def _ready_for(person: Counted, text: PlanText, moments: Sequence[dt.datetime | None]) -> int:
    # Most people who are ready were so all along, which one look at the earliest moment tells.
    if not lacks(person, text, moments[-1]):
        return len(moments)
    return next((back for back, moment in enumerate(moments) if back and lacks(person, text, moment)), len(moments))


def weekly(people: Iterable[Assessed], weeks: int) -> list[int]:
    """How many people became ready in each of the last weeks, the oldest first."""
    counts = [0] * weeks
    for each in people:
        if 1 <= each.ready_for <= weeks:
            counts[weeks - each.ready_for] += 1
    return counts
