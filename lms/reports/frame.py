"""The figures that every kind of report starts from: units, their counts, and what stays hidden. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.competency.facts import NOBODY, CellCounts, CompetencyFacts, PersonStanding, UnitCounts
from lms.people.facts import UnitFacts
from lms.reports.suppression import hidden_children
from lms.reports.tree import Tree

READY = "*ready"  # the measure "at every target", beside the competency codes
CRITICAL = "*critical"  # the measure "at target in every critical competency"
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Frame:
    """What a report is built from.

    `rows` are the units shown, the unit asked for first. `hidden` names, by unit id, the measures
    (competency codes, READY, CRITICAL) whose cell may not be shown. `people` are there only for kinds
    that ask for persons. `super_users` counts people with a current post in each shown unit's subtree.
    The counts say who will fall below target only for kinds that ask for endings.
    """

    as_of: dt.date
    today: dt.date
    unit: UnitFacts | None
    rows: tuple[UnitFacts, ...]
    counts: Mapping[int, UnitCounts]
    hidden: Mapping[int, frozenset[str]]
    competencies: tuple[CompetencyFacts, ...]
    filters: tuple[tuple[str, str], ...]
    smallest: int
    people: tuple[PersonStanding, ...] = ()
    super_users: Mapping[int, int] | None = None

    def of(self, unit_id: int) -> UnitCounts:
        """The counts of a unit's subtree, all zero where nobody counts."""
        return self.counts.get(unit_id, NOBODY)

    def hides(self, unit_id: int, measure: str) -> bool:
        """Whether a unit's figures of a measure may not be shown."""
        return measure in self.hidden.get(unit_id, NOTHING)

    def cell(self, unit_id: int, code: str) -> CellCounts | None:
        """The counts of one competency, None where they stay hidden."""
        return None if self.hides(unit_id, code) else self.of(unit_id).cell(code)

    @property
    def below(self) -> tuple[UnitFacts, ...]:
        """The rows to compare with each other: those below the unit asked for, which only sums them up."""
        return self.rows[1:] if self.unit and len(self.rows) > 1 else self.rows


def sizes_of(counts: Mapping[int, UnitCounts], codes: Iterable[str]) -> dict[str, dict[int, int]]:
    """By measure and unit, how many people the measure is about."""
    sizes: dict[str, dict[int, int]] = {code: {} for code in codes}
    sizes[READY] = {unit_id: held.targeted for unit_id, held in counts.items()}
    sizes[CRITICAL] = {unit_id: held.critical for unit_id, held in counts.items()}
    for unit_id, held in counts.items():
        for code, cell in held.cells.items():
            if code in sizes:
                sizes[code][unit_id] = cell.of
    return sizes


def hide(
    tree: Tree, parents: Sequence[UnitFacts], sizes: Mapping[str, Mapping[int, int]], smallest: int
) -> dict[int, frozenset[str]]:
    """Which measures of which units stay hidden. `parents` are split into rows, the highest first."""
    hidden: dict[int, set[str]] = {}
    known: dict[tuple[int, ...], frozenset[int]] = {}  # many measures are about the same people
    order = [*tree.roots, *(child for parent in parents for child in tree.children(parent.id))]
    for measure, mine in sizes.items():
        key = tuple(mine.get(unit.id, 0) for unit in order)
        if key not in known:
            known[key] = _hide(tree, parents, mine, smallest)
        for unit_id in known[key]:
            hidden.setdefault(unit_id, set()).add(measure)
    return {unit_id: frozenset(names) for unit_id, names in hidden.items()}


def _hide(tree: Tree, parents: Sequence[UnitFacts], sizes: Mapping[int, int], smallest: int) -> frozenset[int]:
    hidden: set[int] = {unit.id for unit in tree.roots if 0 < sizes.get(unit.id, 0) < smallest}
    for parent in parents:
        children = {child.code: child.id for child in tree.children(parent.id)}
        held = {code: sizes.get(unit_id, 0) for code, unit_id in children.items()}
        found = hidden_children(sizes.get(parent.id, 0), parent.id in hidden, held, smallest)
        hidden |= {children[code] for code in found}
    return frozenset(hidden)
