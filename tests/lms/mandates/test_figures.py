"""Whoever collects every page of a rule's figures and solves the equations that they make finds no small group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.assignments.facts import TrainingCounts
from lms.mandates.figures import Reader, below, figures, unit_rows
from lms.people.facts import UnitFacts
from lms.people.scope import Scope
from lms.reports.tree import Tree
from tests.lms.reports.test_suppression import in_span

SMALLEST = 5
EDUCATOR = Reader(Scope(), names=False, smallest=SMALLEST)
FEW = st.sampled_from((0, 0, 1, 2, 4, 5, 6, 9, 30))


@dataclass(frozen=True)
class Alike:
    """People with their posts in just these units, asked something now or on leave or exempt."""

    posts: tuple[int, ...]
    asked: bool


@st.composite
def hospitals(draw: st.DrawFn) -> tuple[Tree, dict[Alike, int]]:
    """A tree with one or two roots, and people anywhere, a few of them with posts in two of the lowest units."""
    roots = draw(st.integers(1, 2))
    units = [UnitFacts(number, f"U{number}", "Unit", "", None) for number in range(1, roots + 1)]
    for number in range(roots + 1, draw(st.integers(roots, 7)) + 1):
        units.append(UnitFacts(number, f"U{number}", "Unit", "", draw(st.integers(1, number - 1))))
    tree = Tree(units)
    ends = [unit.id for unit in units if not tree.children(unit.id)]
    twice = len(ends) > 1 and roots == 1 and draw(st.booleans())
    people = {Alike((unit,), asked): draw(FEW) for unit in (ends if twice else tree.all) for asked in (True, False)}
    if twice:
        pair = tuple(sorted(draw(st.lists(st.sampled_from(ends), min_size=2, max_size=2, unique=True))))
        people[Alike(pair, draw(st.booleans()))] = draw(st.integers(1, 4))
    return tree, {who: count for who, count in people.items() if count}


def inside(tree: Tree, people: dict[Alike, int], unit_id: int | None, asked: bool) -> frozenset[Alike]:
    """Those of either group who count in a unit, or in the hospital with None."""

    def counts(who: Alike) -> bool:
        return unit_id is None or any(unit_id in {u.id for u in tree.line(tree.all[post])} for post in who.posts)

    return frozenset(who for who in people if who.asked == asked and counts(who))


def counted(people: dict[Alike, int], some: Iterable[Alike]) -> TrainingCounts:
    held = list(some)
    asked, away = (sum(people[who] for who in held if who.asked == group) for group in (True, False))
    return TrainingCounts(people=asked + away, of=asked, on_time=asked, away=away)


def published(tree: Tree, people: dict[Alike, int]) -> list[frozenset[Alike]]:
    """Whom every figure sums up that the list of rules or any page of the rule shows."""

    def both(unit_id: int | None) -> frozenset[Alike]:
        return inside(tree, people, unit_id, True) | inside(tree, people, unit_id, False)

    counts = {unit_id: counted(people, both(unit_id)) for unit_id in tree.all if both(unit_id)}
    whole = counted(people, both(None))
    told = [(None, figures(whole, SMALLEST))]
    for asked in (None, *tree.all.values()):
        told += [(row.unit.id, row.shown) for row in unit_rows(tree, counts, whole, EDUCATOR, asked)]
    found = []
    for unit_id, shown in told:
        if shown.asked is not None:
            assert shown.asked.people == shown.asked.of, "the sum of both groups is never handed on"
            assert (shown.asked.away, shown.asked.exempt) == (0, 0)
            found.append(inside(tree, people, unit_id, True))
        if shown.excused is not None:
            found.append(inside(tree, people, unit_id, False))
    return [figure for figure in found if figure]


def small_groups(tree: Tree, people: dict[Alike, int]) -> set[frozenset[Alike]]:
    """Every unit's people of either group or both, where they are few, those who are alike, and two such together."""
    rows = [inside(tree, people, unit_id, asked) for unit_id in (None, *tree.all) for asked in (True, False)]
    either = [one | other for one, other in zip(rows[::2], rows[1::2], strict=True)]
    alike = [frozenset({who}) for who in people]
    pairs = [one | other for one, other in combinations(alike, 2)]
    return {g for g in (*rows, *either, *alike, *pairs) if 0 < sum(people[who] for who in g) < SMALLEST}


@settings(max_examples=300, deadline=None)
@given(hospitals())
def test_no_small_group_follows_from_all_pages_of_a_rule_together(hospital) -> None:
    tree, people = hospital
    order = list(people)
    known = [[Fraction(who in figure) for who in order] for figure in published(tree, people)]
    for group in small_groups(tree, people):
        assert not in_span(known, [Fraction(who in group) for who in order]), f"{group} can be worked out"


def test_a_large_hospital_without_small_groups_hides_nothing() -> None:
    tree = Tree([UnitFacts(1, "U1", "Unit", "", None), *(UnitFacts(n, f"U{n}", "Unit", "", 1) for n in (2, 3))])
    people = {Alike((unit,), asked): 20 for unit in (2, 3) for asked in (True, False)}
    assert len(set(published(tree, people))) == 6


def test_a_rule_for_a_unit_has_rows_from_that_unit_downward() -> None:
    tree = Tree([UnitFacts(n, f"U{n}", "Unit", "", parent) for n, parent in ((1, None), (2, 1), (3, 1), (4, 2))])
    assert [unit.id for unit in below(tree, 2).units] == [2, 4]
    assert [unit.id for unit in below(tree, None).units] == [1, 2, 3, 4]
