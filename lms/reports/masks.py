"""What stays hidden in a report: the one place that decides it for every kind, filter and date. Pure.

A measure is anything that people are counted for: a competency, being at every target, the takers
of an item. Who hands in the people of each measure by unit and profession gets back which units may
not show it. The whole tree is looked at, never only the rows shown, so that reports agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lms.competency.facts import PersonStanding
from lms.people.facts import UnitFacts
from lms.reports.frame import CRITICAL, READY, hide
from lms.reports.splitting import By, veiled
from lms.reports.tree import Tree

Sizes = Mapping[str, Mapping[int, By]]  # measure → unit → people by profession


def mask(
    tree: Tree, parents: Sequence[UnitFacts], sizes: Sizes, smallest: int, profession: str | None
) -> dict[int, frozenset[str]]:
    """By unit the measures whose figures may not be shown.

    `sizes` count everybody of every profession in units' subtrees, whatever the filter. `parents`
    are the units that are split into rows; with a profession all of them are looked at.
    """
    if profession is None:
        return hide(tree, parents, _totals(sizes), smallest)
    hidden: dict[int, set[str]] = {}
    for measure, units in by_profession(tree, sizes, smallest).items():
        for unit, names in units.items():
            if profession in names:
                hidden.setdefault(unit, set()).add(measure)
    return {unit: frozenset(names) for unit, names in hidden.items()}


def by_profession(tree: Tree, sizes: Sizes, smallest: int) -> dict[str, Mapping[int, frozenset[str]]]:
    """By measure and unit the professions whose figure is not shown. Nobody is no group and is not among them."""
    shown = hide(tree, tree.split(list(tree.all.values())), _totals(sizes), smallest)
    found: dict[str, Mapping[int, frozenset[str]]] = {}
    known: dict[tuple[object, ...], Mapping[int, frozenset[str]]] = {}  # many measures are about the same people
    for measure, mine in sizes.items():
        unseen = frozenset(unit for unit, names in shown.items() if measure in names)
        key = (unseen, *sorted((unit, tuple(sorted(by.items()))) for unit, by in mine.items()))
        if key not in known:
            known[key] = veiled(tree, mine, unseen, smallest)
        found[measure] = known[key]
    return found


def _totals(sizes: Sizes) -> dict[str, dict[int, int]]:
    return {measure: {unit: sum(by.values()) for unit, by in mine.items()} for measure, mine in sizes.items()}


def sizes_of_people(people: Sequence[PersonStanding], codes: Sequence[str], critical: Sequence[str]) -> Sizes:
    """The people with a target: in each of these competencies, in any of them, and in any critical one."""
    alike = Counter((person.profession, person.units, person.targets) for person in people)
    order = people[0].order if people else {}
    sizes: dict[str, dict[int, Counter[str]]] = {measure: {} for measure in (*codes, READY, CRITICAL)}
    for (profession, units, targets), count in alike.items():
        held = [code for code in codes if _required(targets, order.get(code))]
        measures = [*held, *([READY] if held else []), *([CRITICAL] if set(held) & set(critical) else [])]
        for measure in measures:
            mine = sizes[measure]
            for unit in units:
                mine.setdefault(unit, Counter())[profession] += count
    return sizes


def sizes_of_rows(rows: Iterable[tuple[str, int, str, int]], codes: Sequence[str]) -> Sizes:
    """The same from rows of (profession, unit, competency or `targeted` or `critical`, people)."""
    sizes: dict[str, dict[int, Counter[str]]] = {measure: {} for measure in (*codes, READY, CRITICAL)}
    names = {code: code for code in codes} | {"targeted": READY, "critical": CRITICAL}
    for profession, unit, what, people in rows:
        if what in names:
            sizes[names[what]].setdefault(unit, Counter())[profession] = people
    return sizes


def _required(targets: str, place: int | None) -> bool:
    return place is not None and place < len(targets) and targets[place] != "0"


def sizes_of_groups(groups: Mapping[str, Iterable[tuple[str, tuple[int, ...]]]]) -> Sizes:
    """The people of any measures, each handed in as profession and units."""
    sizes: dict[str, dict[int, Counter[str]]] = {}
    for measure, people in groups.items():
        mine = sizes.setdefault(measure, {})
        for (profession, units), count in Counter(people).items():
            for unit in units:
                mine.setdefault(unit, Counter())[profession] += count
    return sizes


def both(now: Mapping[int, frozenset[str]], then: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """What is hidden in either of two reports, for the one that compares them."""
    return {unit: now.get(unit, frozenset()) | then.get(unit, frozenset()) for unit in {*now, *then}}
