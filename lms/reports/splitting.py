"""Which units may show figures by profession, so that no small group of a profession comes out. Pure.

The figure of all professions is published, so the figure of one gives away that of the others: a
ward of twenty nurses and two physicians cannot show its nurses. Units are therefore split by
profession all or nothing: a unit shows every profession or none. What a split unit and the split
units below it leave over is a block; a block consists of rows whose figure over all professions can
be worked out. Figures of a block's professions and of its rows can be subtracted from each other in
one way only that leaves less than a whole profession or a whole row: the people of some professions
less the rows in which nobody else works. What that leaves, the people of these professions in mixed
rows, must be nobody or enough, for every set of professions and every block.

Somebody with posts in two units is counted in both, so that a row may have less than nobody: the rows below it
count so many people more than once. A few of those are a small group as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from lms.people.facts import UnitFacts
from lms.reports.tree import Tree

By = Mapping[str, int]  # people by profession


def unsplit(tree: Tree, sizes: Mapping[int, By], hidden: frozenset[int], smallest: int) -> frozenset[int]:
    """The units that may not be split by profession, among those with anybody in them.

    `sizes` are people by unit (subtrees) and profession, `hidden` the units whose figure of all
    professions is hidden already.
    """
    rows = _rows(tree, sizes, hidden)
    split: set[int] = set()
    blocks = {unit.id: _below(tree, unit, rows) for unit in tree.all.values()}
    waiting: list[UnitFacts] = []
    tops = list(tree.roots)
    for unit in tops:
        if unit.id not in hidden and may_split(blocks[unit.id].values(), smallest):
            split.add(unit.id)
            waiting.append(unit)
        else:
            tops += tree.children(unit.id)  # no figure by profession stands above them
    while waiting:
        unit = waiting.pop()
        chosen = _children(tree, unit, blocks, hidden, smallest)
        split |= {child.id for child in chosen}
        waiting += chosen
    return frozenset(unit_id for unit_id, mine in sizes.items() if any(mine.values()) and unit_id not in split)


def _children(
    tree: Tree, unit: UnitFacts, blocks: Mapping[int, Mapping[int, By]], hidden: frozenset[int], smallest: int
) -> list[UnitFacts]:
    """The direct children that may be split, given that the unit is: as many as leave a block that may be."""
    chosen = [
        child
        for child in tree.children(unit.id)
        if child.id not in hidden and may_split(blocks[child.id].values(), smallest)
    ]
    # By code and not by size, so that the same are chosen on days on which sizes differ a little.
    chosen.sort(key=lambda child: child.code)
    while chosen:
        taken = {row for child in chosen for row in blocks[child.id]}
        if may_split([by for row, by in blocks[unit.id].items() if row not in taken], smallest):
            return chosen
        chosen.pop()
    return []


def may_split(rows: Iterable[By], smallest: int) -> bool:
    """Whether the figures of a block's professions give away no small group beside those of its rows."""
    held = [row for row in rows if any(row.values())]
    sums = Counter[str]()
    for row in held:
        sums.update(row)
    present = sorted(name for name, count in sums.items() if count)
    if any(abs(sums[name]) < smallest for name in present):
        return False
    for count in range(1, len(present)):
        for some in combinations(present, count):
            left = sum(_mixed(row, some) for row in held)
            if 0 < abs(left) < smallest:
                return False
    return True


def _mixed(row: By, some: Sequence[str]) -> int:
    """The people of these professions in a row where others work as well, else nobody."""
    if not any(count for name, count in row.items() if name not in some):
        return 0
    return sum(row.get(name, 0) for name in some)


def _rows(tree: Tree, sizes: Mapping[int, By], hidden: frozenset[int]) -> dict[int, dict[str, int]]:
    """By the unit that stands for it, the people of each row: a shown unit less the shown units below it."""
    rows: dict[int, Counter[str]] = {}
    standing: dict[int, int] = {}
    for root in tree.roots:
        for unit in tree.subtree(root):
            above = tree.parents[unit.id]
            alone = unit.id not in hidden or above is None
            standing[unit.id] = unit.id if alone else standing[above]  # type: ignore[index]
            own = Counter(sizes.get(unit.id, {}))
            for child in tree.children(unit.id):
                own.subtract(sizes.get(child.id, {}))
            rows.setdefault(standing[unit.id], Counter()).update(own)
    return {unit_id: dict(by) for unit_id, by in rows.items()}


def _below(tree: Tree, unit: UnitFacts, rows: Mapping[int, By]) -> dict[int, By]:
    """The rows within a unit's subtree; of a hidden unit that lies in the row of another, none."""
    return {each.id: rows[each.id] for each in tree.subtree(unit) if each.id in rows}
