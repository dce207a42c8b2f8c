"""The share of people at their targets month by month, from one pass over the ledger."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from assessments.mastery import months_later
from lms.competency.facts import PersonStanding
from lms.competency.history import standings_on_days
from lms.competency.snapshot import snapshot
from lms.people.spans import unit_lines_on_days
from lms.reports.frame import READY, TrendPoint
from lms.reports.masks import mask
from lms.reports.picks import picked
from lms.reports.plans import Plan
from lms.reports.tree import Tree

MONTHS = 12

# profession, units, at every target → people with a target, of one day
Alike = Counter[tuple[str, tuple[int, ...], bool]]


def days_of(as_of: dt.date) -> tuple[dt.date, ...]:
    """The date of the report and the same day of the twelve months before it."""
    return tuple(months_later(as_of, -back) for back in range(MONTHS, -1, -1))


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The points of the trend; `everyone` is not needed, for it is read on every day."""
    question = planned.question
    days = days_of(question.as_of)
    known = snapshot()
    places = frozenset(known.order[each.code] for each in picked(known.current, question.competencies))
    alike: tuple[Alike, ...] = tuple(Counter() for _ in days)
    wanted = None if question.profession else planned.needed
    for person_id, standings in standings_on_days(days, unit_ids=wanted):
        if planned.only is not None and person_id not in planned.only:
            continue
        for held, found in zip(standings, alike, strict=True):
            met = _met(held, places) if held else None
            if held and met is not None:
                found[held.profession, held.units, met] += 1
    lines = unit_lines_on_days(days)
    points = []
    for day, found, tree_then in zip(days, alike, lines, strict=True):
        parents = {unit: line[1] if len(line) > 1 else None for unit, line in tree_then.items()}
        points.append(_point(planned, day, found, Tree(planned.tree.all.values(), parents)))
    return {"trend": tuple(points)}


def _met(held: PersonStanding, places: frozenset[int]) -> bool | None:
    """Whether somebody is at all of their targets among these places; None where they have none."""
    needed = [(place, int(digit)) for place, digit in enumerate(held.targets) if digit != "0" and place in places]
    return all(int(held.levels[place]) >= target for place, target in needed) if needed else None


def _point(planned: Plan, day: dt.date, alike: Alike, tree: Tree) -> TrendPoint:
    question = planned.question
    sizes: dict[int, Counter[str]] = {}
    of: Counter[int] = Counter()
    met: Counter[int] = Counter()
    for (profession, units, good), count in alike.items():
        counted = question.profession in (None, profession)
        for unit in units:
            sizes.setdefault(unit, Counter())[profession] += count
            if counted:
                of[unit] += count
                met[unit] += count * good
    hidden = mask(tree, tree.split(planned.rows), {READY: sizes}, question.smallest, question.profession)
    counts = {unit.id: (of[unit.id], met[unit.id]) for unit in planned.rows}
    return TrendPoint(day, counts, frozenset(unit for unit, names in hidden.items() if READY in names))
