"""Mandatory training by unit: who has nothing overdue, who waits, who is behind, and with what."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from lms.assignments.standings import Standing, mandatory_standings
from lms.assignments.terms import Target
from lms.competency.facts import PersonStanding
from lms.reports.frame import TrainingState
from lms.reports.masks import mask, sizes_of_groups
from lms.reports.measures import EXCUSED, TRAINED, asked_for
from lms.reports.plans import Plan

Asked = tuple[str, str, int]


def gather(planned: Plan, _everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The standings of everybody of whom something is mandatory on the date of the question."""
    question = planned.question
    book, found = mandatory_standings(question.as_of, today=question.today, person_ids=planned.only)
    groups: dict[str, list[tuple[str, tuple[int, ...]]]] = {TRAINED: [], EXCUSED: []}
    for each in found:
        member = (each.person.profession, tuple(sorted(each.person.units)))
        groups[TRAINED if each.counts else EXCUSED].append(member)
        for target in each.by_target:
            groups.setdefault(asked_for(*key_of(target)), []).append(member)
    hidden = mask(
        planned.tree, planned.parents, sizes_of_groups(groups), question.smallest, question.profession
    )  # fmt: skip
    mine = [each for each in found if question.profession in (None, each.person.profession)]
    return {"hidden": hidden, "training": _counted(planned, mine, {key_of(t): book.title(t) for t in _targets(mine)})}


def key_of(target: Target) -> Asked:
    """A target as a plain key; level 0 where it has none."""
    return target.kind, target.code, target.level or 0


def _targets(found: list[Standing]) -> set[Target]:
    return {target for each in found for target in each.by_target}


def _counted(planned: Plan, found: list[Standing], titles: dict[Asked, str]) -> TrainingState:
    rows = {unit.id for unit in planned.rows}
    first = planned.rows[0].id if planned.rows else None
    people: dict[int, Counter[str]] = defaultdict(Counter)
    left_out: Counter[int] = Counter()
    asked: dict[Asked, Counter[str]] = defaultdict(Counter)
    for each in found:
        for unit in rows & each.person.units:
            if each.counts:
                people[unit][each.state] += 1
            else:
                left_out[unit] += 1
        if first in each.person.units:
            for target, state in each.by_target.items():
                asked[key_of(target)][state] += 1
    return TrainingState(people, left_out, asked, titles)
