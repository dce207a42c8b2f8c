"""Figures of a rule or policy by unit: what is counted and what stays hidden. Pure.

People are counted as in the report of mandatory training: those of whom something is asked now, in their state with
it, and apart from them those on leave or exempt. Either group is hidden where it is small, and so are the groups from
which a small one could be worked out; the rule for both is the one of the reports. The two groups have nobody in
common, so that figures of one say nothing of the other; their sum is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lms.assignments.facts import TrainingCounts
from lms.mandates.facts import Figures, UnitRow
from lms.people.facts import UnitFacts
from lms.people.scope import Scope
from lms.reports.frame import hide
from lms.reports.measures import EXCUSED, TRAINED
from lms.reports.tree import Tree

NOBODY = TrainingCounts()
EVERYWHERE = 0  # stands above the roots of a hospital that has several; no unit has this key


@dataclass(frozen=True)
class Reader:
    """Who looks. `names` says whether people may be named at all; without it figures of every unit are shown."""

    scope: Scope
    names: bool
    smallest: int = 5

    def counts(self, person_id: int, own_units: tuple[int, ...]) -> bool:
        """Whether a person is in the reader's figures."""
        return not self.names or self.scope.covers_person(person_id, frozenset(own_units))

    def covers_unit(self, unit_id: int) -> bool:
        """Whether the reader may see a unit's figures."""
        return not self.names or self.scope.covers_unit(unit_id)


def below(tree: Tree, unit_id: int | None) -> Tree:
    """The tree from a unit downward: where the people of a rule for the unit work. The whole with None.

    A second post elsewhere is none of the rule's, and its unit has no row.
    """
    top = tree.all.get(unit_id) if unit_id is not None else None
    return Tree(tree.subtree(top)) if top else tree


def figures(counts: TrainingCounts, smallest: int, hidden: frozenset[str] | None = None) -> Figures:
    """What may be shown of one group; `hidden` are the measures that stay hidden, by size alone where left out."""
    sizes = {TRAINED: counts.of, EXCUSED: excused(counts)}
    small = frozenset(measure for measure, size in sizes.items() if 0 < size < smallest)
    veiled = small if hidden is None else hidden
    asked = replace(counts, people=counts.of, exempt=0, away=0)
    return Figures(
        None if TRAINED in veiled else asked,
        None if EXCUSED in veiled else sizes[EXCUSED],
        "few" if TRAINED in small else "beside" if TRAINED in veiled else "",
    )


def excused(counts: TrainingCounts) -> int:
    """Those on leave or exempt. One rule asks one thing of a person, so these are people."""
    return counts.exempt + counts.away


def unit_rows(
    tree: Tree, counts: Mapping[int, TrainingCounts], whole: TrainingCounts, reader: Reader, asked: UnitFacts | None
) -> tuple[UnitRow, ...]:
    """A unit with those directly below it, or what the reader sees at the top.

    `whole` counts everybody. What is hidden is decided from the roots downward, whatever rows are shown.
    """
    if asked is None:
        everything = not reader.names or reader.scope.everything
        tops = list(tree.roots) if everything else tree.tops(reader.scope.unit_ids & frozenset(tree.all))
        asked = tops[0] if len(tops) == 1 else None
        rows = [*tops, *(tree.children(asked.id) if asked else ())]
    else:
        rows = [asked, *tree.children(asked.id)]
    hidden = _hidden(tree, rows, {**counts, EVERYWHERE: whole}, reader.smallest)
    return tuple(
        UnitRow(
            unit,
            figures(counts.get(unit.id, NOBODY), reader.smallest, hidden.get(unit.id, frozenset())),
            asked is not None and unit.id == asked.id,
            bool(tree.children(unit.id)),
        )
        for unit in rows
        if counts.get(unit.id) or (asked is not None and unit.id == asked.id)
    )


def _hidden(
    tree: Tree, rows: list[UnitFacts], counts: Mapping[int, TrainingCounts], smallest: int
) -> dict[int, frozenset[str]]:
    """By unit the measures that stay hidden. The total over several roots is shown, and so they have a row above."""
    if len(tree.roots) > 1:
        above = {key: EVERYWHERE if parent is None else parent for key, parent in tree.parents.items()}
        tree = Tree([UnitFacts(EVERYWHERE, "", "", "", None), *tree.units], above)
    sizes = {
        TRAINED: {unit_id: each.of for unit_id, each in counts.items()},
        EXCUSED: {unit_id: excused(each) for unit_id, each in counts.items()},
    }
    return hide(tree, tree.split(rows), sizes, smallest)
