"""Small groups stay hidden however the published rows are added and subtracted."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lms.people.facts import UnitFacts
from lms.reports.frame import hide
from lms.reports.suppression import hidden_children
from lms.reports.tree import Tree

SMALLEST = 5


def test_a_small_group_takes_a_sibling_with_it_and_on_every_day_the_same() -> None:
    assert hidden_children(113, False, {"A": 3, "B": 50, "C": 60}) == {"A", "B"}
    assert hidden_children(103, False, {"A": 3, "B": 60, "C": 40}) == {"A", "B"}, "whichever is the smaller"


def test_roots_have_no_sum_and_hide_only_small_groups() -> None:
    assert hidden_children(0, False, {"A": 3, "B": 50}, has_total=False) == {"A"}


def test_a_chain_with_one_child_hides_nothing() -> None:
    assert hidden_children(50, False, {"A": 50}) == frozenset()
    assert hidden_children(57, False, {"A": 50}) == frozenset()


def test_a_few_staff_of_the_unit_itself_are_a_small_group_although_they_have_no_row() -> None:
    assert hidden_children(53, False, {"A": 20, "B": 30}) == {"A"}
    assert hidden_children(55, False, {"A": 20, "B": 30}) == frozenset()


def test_a_few_people_with_two_posts_could_be_worked_out_by_adding_the_rows() -> None:
    assert hidden_children(48, False, {"A": 20, "B": 30}) == {"A"}
    assert hidden_children(45, False, {"A": 20, "B": 30}) == frozenset()


def test_nothing_is_hidden_where_every_group_is_large_or_empty() -> None:
    assert hidden_children(90, False, {"A": 50, "B": 40, "C": 0}) == frozenset()


def test_two_small_groups_whose_sum_is_small_hide_a_third() -> None:
    assert hidden_children(53, False, {"A": 1, "B": 2, "C": 50}) == {"A", "B", "C"}


def test_two_small_groups_that_make_a_large_one_need_no_third() -> None:
    assert hidden_children(57, False, {"A": 3, "B": 4, "C": 50}) == {"A", "B"}


def test_enough_staff_of_the_unit_itself_stand_in_for_a_second_hidden_cell() -> None:
    assert hidden_children(83, False, {"A": 3, "B": 60}) == {"A"}
    assert hidden_children(64, False, {"A": 3, "B": 60}) == {"A", "B"}


def test_a_hidden_unit_keeps_enough_people_out_of_its_rows() -> None:
    assert hidden_children(50, True, {"A": 20, "B": 30}) == {"A"}
    assert hidden_children(52, True, {"A": 20, "B": 30}) == {"A"}
    assert hidden_children(60, True, {"A": 20, "B": 30}) == frozenset()


def test_people_with_posts_in_two_rows_do_not_uncover_a_small_group() -> None:
    assert hidden_children(52, False, {"A": 3, "B": 50}) == {"A", "B"}


@st.composite
def hospitals(draw: st.DrawFn) -> tuple[Tree, dict[int, int]]:
    """A random tree and how many people are posted to each unit itself."""
    count = draw(st.integers(1, 14))
    units = [UnitFacts(1, "U01", "Unit", "", None)]
    for number in range(2, count + 1):
        parent = draw(st.one_of(st.integers(1, number - 1), st.none() if number < 4 else st.integers(1, number - 1)))
        units.append(UnitFacts(number, f"U{number:02}", "Unit", "", parent))
    tree = Tree(units)
    own = {unit.id: draw(st.sampled_from((0, 0, 1, 2, 3, 4, 5, 8, 20))) for unit in units}
    return tree, own


def sizes(tree: Tree, own: dict[int, int]) -> dict[int, int]:
    """People in each unit's subtree; nobody has two posts."""
    return {unit.id: sum(own[below.id] for below in tree.subtree(unit)) for unit in tree.all.values()}


def questions(tree: Tree) -> list[tuple[list[UnitFacts], bool, bool]]:
    """Every report that can be asked: tops, whether a unit was asked for, and whether the rows are flat."""
    asked = [([unit], True, flat) for unit in tree.all.values() for flat in (False, True)]
    return [*asked, (list(tree.roots), False, False), (list(tree.roots), False, True)]


def hidden_in(tree: Tree, people: dict[int, int]) -> dict[int, bool]:
    """Of every unit whether it is hidden, the same in each report that has a row for it."""
    found: dict[int, bool] = {}
    for tops, asked, flat in questions(tree):
        rows = tree.rows(tops, asked, flat)
        hidden = hide(tree, tree.split(rows), {"K1": people}, SMALLEST)
        for row in rows:
            mine = "K1" in hidden.get(row.id, ())
            assert found.setdefault(row.id, mine) is mine, f"{row.code} is hidden in one report and shown in another"
    return found


def in_span(vectors: list[list[Fraction]], wanted: list[Fraction]) -> bool:
    """Whether the wanted figure is a sum of multiples of the others, by elimination."""
    pivots: list[tuple[int, list[Fraction]]] = []

    def reduced(vector: list[Fraction]) -> list[Fraction]:
        for place, pivot in pivots:
            if vector[place]:
                factor = vector[place] / pivot[place]
                vector = [one - factor * other for one, other in zip(vector, pivot, strict=True)]
        return vector

    for vector in vectors:
        left = reduced(vector)
        place = next((n for n, value in enumerate(left) if value), None)
        if place is not None:
            pivots.append((place, left))
    return not any(reduced(wanted))


@given(hospitals())
def test_no_small_row_can_be_worked_out_from_all_reports_together(hospital) -> None:
    tree, own = hospital
    people = sizes(tree, own)
    hidden = hidden_in(tree, people)
    filled = [unit_id for unit_id, count in own.items() if count]

    def vector(unit: UnitFacts) -> list[Fraction]:
        below = {each.id for each in tree.subtree(unit)}
        return [Fraction(unit_id in below) for unit_id in filled]

    published = [vector(unit) for unit in tree.all.values() if not hidden[unit.id] and people[unit.id]]
    for unit in tree.all.values():
        if 0 < people[unit.id] < SMALLEST:
            assert hidden[unit.id]
            assert not in_span(published, vector(unit)), f"{unit.code} can be worked out"
        if not people[unit.id]:
            assert not hidden[unit.id], "an empty row is shown"


@given(hospitals())
def test_no_part_is_smaller_than_what_may_be_shown(hospital) -> None:
    """A published unit less the published ones below it is the finest that can be worked out in a tree."""
    tree, own = hospital
    people = sizes(tree, own)
    hidden = hidden_in(tree, people)

    def part(unit: UnitFacts) -> list[UnitFacts]:
        found = [unit]
        for each in found:
            found += [child for child in tree.children(each.id) if hidden[child.id]]
        return found

    for unit in tree.all.values():
        if hidden[unit.id] or not people[unit.id]:
            continue
        units = part(unit)
        left = people[unit.id] - sum(
            people[child.id] for each in units for child in tree.children(each.id) if not hidden[child.id]
        )
        assert left >= SMALLEST or not left, f"{unit.code} leaves {left}"


@given(hospitals())
def test_nothing_is_hidden_where_no_row_and_no_unit_s_own_staff_is_small(hospital) -> None:
    tree, own = hospital
    people = sizes(tree, own)
    if not any(0 < count < SMALLEST for count in (*people.values(), *own.values())):
        assert not any(hidden_in(tree, people).values())
