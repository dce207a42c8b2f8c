"""The share of people at their targets month by month: each day is counted as a report of that day would be."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from assessments.mastery import months_later
from lms.competency.facts import PersonStanding
from lms.competency.history import standings_on_days
from lms.competency.queries import counts_by_profession, recount
from lms.competency.snapshot import snapshot
from lms.people.spans import unit_lines_on_days
from lms.reports.frame import READY, TrendPoint
from lms.reports.masks import mask
from lms.reports.picks import picked
from lms.reports.plans import Plan
from lms.reports.tree import Tree

MONTHS = 12

Parts = Mapping[str, Mapping[int, tuple[int, int]]]  # profession → unit → people with a target, at every target


def days_of(as_of: dt.date) -> tuple[dt.date, ...]:
    """The date of the report and the same day of the twelve months before it."""
    return tuple(months_later(as_of, -back) for back in range(MONTHS, -1, -1))


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The points of the trend; `everyone` is not needed, for other people count on every day."""
    days = days_of(planned.question.as_of)
    trees = []
    for lines in unit_lines_on_days(days):
        parents = {unit: line[1] if len(line) > 1 else None for unit, line in lines.items()}
        trees.append(Tree(planned.tree.all.values(), parents))
    if planned.only is not None:
        found = _of_people(planned, days)
    else:
        found = [_counted(planned, day, tree) for day, tree in zip(days, trees, strict=True)]
    each = zip(days, found, trees, strict=True)
    return {"trend": tuple(_point(planned, day, parts, tree) for day, parts, tree in each)}


def _counted(planned: Plan, day: dt.date, tree: Tree) -> Parts:
    """A day counted by the database: of everybody under an empty name, or of each profession where one is asked for."""
    question = planned.question
    shown = [unit.id for unit in planned.rows]
    codes = None
    if question.competencies:
        codes = [each.code for each in picked(snapshot().current, question.competencies)]
    if question.profession is None:
        needed = tree.needed(planned.rows)
        parts = {"": recount(day, unit_ids=needed, shown=shown, ahead=False, codes=codes, levels=False)}
    else:
        parts = counts_by_profession(day, shown=shown, ahead=False, codes=codes, levels=False)
    return {name: {unit: (each.targeted, each.complete) for unit, each in mine.items()} for name, mine in parts.items()}


def _of_people(planned: Plan, days: tuple[dt.date, ...]) -> list[Parts]:
    """The same of the people whom the reader manages, one by one."""
    question, known = planned.question, snapshot()
    places = frozenset(known.order[each.code] for each in picked(known.current, question.competencies))
    found: list[dict[str, dict[int, tuple[int, int]]]] = [{} for _ in days]
    for _, standings in standings_on_days(days, person_ids=planned.only or ()):
        for held, parts in zip(standings, found, strict=True):
            met = _met(held, places) if held else None
            if held is None or met is None:
                continue
            mine = parts.setdefault(held.profession if question.profession else "", {})
            for unit in held.units:
                of, good = mine.get(unit, (0, 0))
                mine[unit] = (of + 1, good + met)
    return list(found)


def _met(held: PersonStanding, places: frozenset[int]) -> bool | None:
    """Whether somebody is at all of their targets among these places; None where they have none."""
    needed = [(place, int(digit)) for place, digit in enumerate(held.targets) if digit != "0" and place in places]
    return all(int(held.levels[place]) >= target for place, target in needed) if needed else None


def _point(planned: Plan, day: dt.date, parts: Parts, tree: Tree) -> TrendPoint:
    question = planned.question
    sizes: dict[int, Counter[str]] = {}
    for profession, mine in parts.items():
        for unit, (of, _) in mine.items():
            sizes.setdefault(unit, Counter())[profession] += of
    hidden = mask(tree, tree.split(planned.rows), {READY: sizes}, question.smallest, question.profession)
    shown = parts.get(question.profession or "", {})
    counts = {unit.id: shown.get(unit.id, (0, 0)) for unit in planned.rows}
    return TrendPoint(day, counts, frozenset(unit for unit, names in hidden.items() if READY in names))
