"""The figures that every kind of report starts from: units, their counts, and what stays hidden. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.competency.facts import NOBODY, CellCounts, CompetencyFacts, PersonStanding, UnitCounts
from lms.people.facts import UnitFacts
from lms.reports.suppression import hidden_children

READY = "*ready"  # the measure "at every target", beside the competency codes


@dataclass(frozen=True)
class Frame:
    """What a report is built from.

    `rows` are the units shown, the unit asked for first. `hidden` names, by unit id, the measures
    (competency codes and READY) whose cell may not be shown. `people` is filled only for kinds that
    count persons; `super_users` counts current posts in each shown unit's subtree.
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
    endings: Mapping[int, Mapping[str, int]] | None = None  # person id → code → days until it falls below target

    def of(self, unit_id: int) -> UnitCounts:
        """The counts of a unit's subtree, all zero where nobody counts."""
        return self.counts.get(unit_id, NOBODY)

    def cell(self, unit_id: int, code: str) -> CellCounts | None:
        """The counts of one competency, None where they stay hidden."""
        return None if code in self.hidden.get(unit_id, frozenset()) else self.of(unit_id).cell(code)


def denominator(counts: UnitCounts, measure: str) -> int:
    """How many people a measure is about."""
    return counts.targeted if measure == READY else counts.cell(measure).of


def hide(
    parents: Sequence[UnitFacts],
    roots: Sequence[UnitFacts],
    children: Callable[[int], Sequence[UnitFacts]],
    counts: Mapping[int, UnitCounts],
    measures: Iterable[str],
    smallest: int,
) -> dict[int, frozenset[str]]:
    """Which measures of which units stay hidden. `parents` are split into rows, the highest first."""
    hidden: dict[int, set[str]] = {}
    wanted = tuple(measures)

    def mark(units: Sequence[UnitFacts], parent: int | None) -> None:
        for measure in wanted:
            sizes = {str(unit.id): denominator(counts.get(unit.id, NOBODY), measure) for unit in units}
            if all(size == 0 or size >= smallest for size in sizes.values()) and (
                parent is None or measure not in hidden.get(parent, ())
            ):
                continue
            found = hidden_children(
                0 if parent is None else denominator(counts.get(parent, NOBODY), measure),
                parent is not None and measure in hidden.get(parent, ()),
                sizes,
                smallest,
                has_total=parent is not None,
            )
            for name in found:
                hidden.setdefault(int(name), set()).add(measure)

    mark(roots, None)
    for parent in parents:
        mark(children(parent.id), parent.id)
    return {unit_id: frozenset(names) for unit_id, names in hidden.items()}
