"""The units of a hospital as a tree on a day, and which of them a report shows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lms.people.facts import UnitFacts


class Tree:
    """The units in the order handed in, hung under the parents that they had on the day."""

    def __init__(self, units: Iterable[UnitFacts], parents: Mapping[int, int | None] | None = None) -> None:
        """`parents` by unit id where the day is not today; else each unit's own."""
        self.units = units if isinstance(units, tuple) else tuple(units)
        self.all = {unit.id: unit for unit in self.units}
        above = {unit.id: unit.parent_id for unit in self.all.values()} if parents is None else parents
        self.parents = {key: above.get(key) if above.get(key) in self.all else None for key in self.all}
        self._below: dict[int | None, list[UnitFacts]] = defaultdict(list)
        for unit in self.all.values():
            self._below[self.parents[unit.id]].append(unit)

    @property
    def roots(self) -> Sequence[UnitFacts]:
        """The units without a parent."""
        return self._below[None]

    def by_code(self, code: str) -> UnitFacts | None:
        """The unit with this code."""
        return next((unit for unit in self.all.values() if unit.code == code), None)

    def children(self, unit_id: int) -> Sequence[UnitFacts]:
        """The units directly below a unit."""
        return self._below.get(unit_id, [])

    def line(self, unit: UnitFacts) -> list[UnitFacts]:
        """The unit's ancestors and itself, the highest first."""
        line = [unit]
        while (above := self.parents[line[0].id]) is not None:
            line.insert(0, self.all[above])
        return line

    def subtree(self, unit: UnitFacts) -> list[UnitFacts]:
        """The unit and all below it, parents before children."""
        found = [unit]
        for each in found:
            found += self.children(each.id)
        return found

    def tops(self, unit_ids: frozenset[int]) -> list[UnitFacts]:
        """The highest of these units: those whose parent is not among them."""
        return [unit for unit in self.all.values() if unit.id in unit_ids and self.parents[unit.id] not in unit_ids]

    def rows(self, tops: Sequence[UnitFacts], asked: bool, flat: bool) -> list[UnitFacts]:
        """The units a report shows: a unit asked for with its direct children, else the tops.

        With `flat` the tops and, instead of children, every unit below them that has none itself.
        """
        if flat:
            ends = [unit for top in tops for unit in self.subtree(top) if not self.children(unit.id)]
            return [*tops, *(unit for unit in ends if unit not in tops)]
        return [*tops, *(child for top in tops for child in self.children(top.id))] if asked else list(tops)

    def split(self, rows: Sequence[UnitFacts]) -> list[UnitFacts]:
        """Every unit above the rows, the highest first: where it is decided which of the rows are hidden."""
        above = {unit.id: unit for row in rows for unit in self.line(row)[:-1]}
        return sorted(above.values(), key=lambda unit: len(self.line(unit)))

    def needed(self, rows: Sequence[UnitFacts]) -> frozenset[int]:
        """The units whose sizes decide which of the rows are hidden, and the rows."""
        beside = {child.id for parent in self.split(rows) for child in self.children(parent.id)}
        return frozenset(beside | {unit.id for unit in [*rows, *self.roots]})
