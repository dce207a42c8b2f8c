"""From a supposition to assignments: what each of these people would be asked to do before the go-live. Reads only.

A course that the plan requires is asked as it is; for a level, the shortest course in print whose exam gives it. What
no course gives, somebody has to observe and sign off: that is said and not assigned.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.assignments.gathering import of_everybody
from lms.assignments.obligations import Obligation
from lms.catalog.facts import VersionFacts
from lms.catalog.queries import catalogue
from lms.golive.frame import Frame
from lms.golive.standing import Assessed, Lack
from lms.people.queries import people_by_ids

BY_EXAM = 2  # the highest level that passing a course gives


@dataclass(frozen=True)
class Task:
    """A course by code and title."""

    code: str
    title: str


@dataclass(frozen=True)
class Step:
    """What one person would be asked: courses new to their list, those on it in time already, levels to be seen."""

    person_id: int
    public_id: str
    name: str
    new: tuple[Task, ...]
    asked: tuple[Task, ...]
    seen: tuple[tuple[str, str, int], ...]  # code, title and level that somebody must observe


@dataclass(frozen=True)
class Proposal:
    """What everybody who is meant would be asked, by name. `digest` names exactly this."""

    steps: tuple[Step, ...]

    @property
    def new(self) -> int:
        """How many assignments would be made."""
        return sum(len(step.new) for step in self.steps)

    @property
    def people(self) -> int:
        """How many people would be asked something new."""
        return sum(1 for step in self.steps if step.new)

    @property
    def digest(self) -> str:
        """SHA-256 over people and courses, so that what is confirmed is what was shown."""
        lines = [f"{step.public_id} {task.code}" for step in self.steps for task in step.new]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def propose(frame: Frame, meant: Iterable[Assessed]) -> Proposal:
    """What these people lack as courses to be asked, for those whom a shown unit counts."""
    shown = {each.person.person_id for group in frame.groups if not group.hidden for each in group.people}
    people = [each for each in meant if each.person.person_id in shown]
    known = people_by_ids([each.person.person_id for each in people])
    _, held = of_everybody(frame.today, today=frame.today, person_ids=[each.person.person_id for each in people])
    mine = {each.person_id: each.obligations for each in held}
    courses = {each.code: each for each in catalogue()}
    steps = []
    for each in people:
        key = each.person.person_id
        tasks, seen = _tasks(frame, each.lacks, courses)
        asked = {code for code in tasks if _is_asked(mine.get(key, ()), code, frame.text.date)}
        steps.append(
            Step(
                key,
                known[key].public_id,
                known[key].name,
                tuple(Task(code, title) for code, title in tasks.items() if code not in asked),
                tuple(Task(code, title) for code, title in tasks.items() if code in asked),
                seen,
            )
        )
    return Proposal(tuple(sorted(steps, key=lambda step: (step.name.casefold(), step.public_id))))


def _tasks(
    frame: Frame, lacks: Sequence[Lack], courses: dict[str, VersionFacts]
) -> tuple[dict[str, str], tuple[tuple[str, str, int], ...]]:
    """The courses that fill these gaps, by code, and the levels that none fills."""
    tasks: dict[str, str] = {}
    seen = []
    for lack in lacks:
        need = lack.requirement
        version = courses.get(need.code) if need.kind == "course" else _teaching(courses, need.code, need.level)
        if version is not None:
            tasks[version.code] = version.title
        else:
            seen.append((need.code, frame.titles.get(need.code, need.code), need.level))
    return tasks, tuple(seen)


def _teaching(courses: dict[str, VersionFacts], code: str, level: int) -> VersionFacts | None:
    """The shortest course whose exam gives the level."""
    if level > BY_EXAM:
        return None
    found = [
        each for each in courses.values()
        if any(taught == code and reached >= level for taught, reached in each.competencies)
    ]  # fmt: skip
    return min(found, key=lambda each: (each.minutes, each.code), default=None)


def _is_asked(held: Sequence[Obligation], code: str, go_live: dt.date) -> bool:
    """Whether a course is on the person's list already: asked directly, or mandatory by the go-live."""
    return any(
        each.target.kind == "course"
        and each.target.code == code
        and (each.direct or (each.mandatory and each.due_on is not None and each.due_on <= go_live))
        for each in held
    )
