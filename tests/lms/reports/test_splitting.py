"""Figures of one profession never give away a small group, beside those of all and of each other."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.people.facts import UnitFacts
from lms.reports.masks import mask
from lms.reports.splitting import veiled
from lms.reports.tree import Tree
from tests.lms.reports.test_suppression import SMALLEST, in_span

NAMES = ("nurse", "pharmacist", "physician")
Own = dict[tuple[int, str], int]
MEASURE = "K1"


@st.composite
def hospitals(draw: st.DrawFn) -> tuple[Tree, Own]:
    """A random tree of units and how many of each profession are posted to each unit itself."""
    count = draw(st.integers(1, 7))
    units = [UnitFacts(1, "U1", "Unit", "", None)]
    for number in range(2, count + 1):
        units.append(UnitFacts(number, f"U{number}", "Unit", "", draw(st.integers(1, number - 1))))
    sizes = st.sampled_from((0, 0, 0, 1, 2, 4, 5, 7, 12, 30))
    return Tree(units), {(unit.id, name): draw(sizes) for unit in units for name in NAMES}


def sizes_of(tree: Tree, own: Own) -> dict[int, Counter[str]]:
    """People by unit (subtree) and profession."""
    return {
        unit.id: Counter({name: sum(own[below.id, name] for below in tree.subtree(unit)) for name in NAMES})
        for unit in tree.all.values()
    }


def published(tree: Tree, own: Own) -> dict[tuple[int, str | None], frozenset[tuple[int, str]]]:
    """Every figure that some report shows, by unit and profession (None: all), as the cells it sums up."""
    sizes = {MEASURE: sizes_of(tree, own)}
    every = tree.split(list(tree.all.values()))
    found = {}
    for wanted in (None, *NAMES):
        hidden = mask(tree, every, sizes, SMALLEST, wanted)
        for unit in tree.all.values():
            if MEASURE not in hidden.get(unit.id, ()):
                names = NAMES if wanted is None else (wanted,)
                cells = {(below.id, name) for below in tree.subtree(unit) for name in names if own[below.id, name]}
                if cells:
                    found[unit.id, wanted] = frozenset(cells)
    return found


def people(own: Own, cells: frozenset[tuple[int, str]]) -> int:
    return sum(own[cell] for cell in cells)


@settings(max_examples=400, deadline=None)
@given(hospitals())
def test_subtracting_two_reports_leaves_no_small_group(hospital) -> None:
    tree, own = hospital
    shown = published(tree, own)
    for whole in shown.values():
        for part in shown.values():
            if part < whole:
                left = people(own, whole - part)
                assert left >= SMALLEST, f"{left} people are left"


@settings(max_examples=150, deadline=None)
@given(hospitals())
def test_no_small_row_of_a_profession_can_be_worked_out_from_all_reports_together(hospital) -> None:
    tree, own = hospital
    shown = published(tree, own)
    filled = sorted(cell for cell, count in own.items() if count)

    def vector(cells: frozenset[tuple[int, str]]) -> list[Fraction]:
        return [Fraction(cell in cells) for cell in filled]

    vectors = [vector(cells) for cells in shown.values()]
    for unit in tree.all.values():
        inside = {below.id for below in tree.subtree(unit)}
        everybody = frozenset(cell for cell in filled if cell[0] in inside)
        for name in NAMES:
            mine = frozenset(cell for cell in everybody if cell[1] == name)
            for group in (mine, everybody - mine):
                if 0 < people(own, group) < SMALLEST:
                    assert not in_span(vectors, vector(group)), f"{name} in {unit.code} can be worked out"


@given(hospitals())
def test_a_group_of_nobody_is_never_hidden_and_a_small_one_always(hospital) -> None:
    tree, own = hospital
    sizes = sizes_of(tree, own)
    every = tree.split(list(tree.all.values()))
    for name in NAMES:
        hidden = mask(tree, every, {MEASURE: sizes}, SMALLEST, name)
        for unit, by in sizes.items():
            veiled = MEASURE in hidden.get(unit, ())
            assert not (veiled and not by[name])
            assert veiled or not 0 < by[name] < SMALLEST


def hidden_of(by: dict[str, dict[str, int]]) -> dict[str, set[str]]:
    """What is hidden of wards in a department without staff of its own."""
    units = [UnitFacts(1, "D", "Department", "", None)]
    units += [UnitFacts(place, code, code, "", 1) for place, code in enumerate(by, start=2)]
    sizes = {unit.id: by[unit.code] for unit in units[1:]}
    sizes[1] = Counter[str]()
    for mine in by.values():
        sizes[1].update(mine)  # type: ignore[attr-defined]
    found = veiled(Tree(units), sizes, frozenset(), SMALLEST)
    return {unit.code: set(found.get(unit.id, ())) for unit in units}


def test_a_ward_of_nurses_and_two_physicians_cannot_show_its_nurses() -> None:
    assert hidden_of({"A": {"nurse": 20, "physician": 2}})["A"] == {"nurse", "physician"}
    assert not hidden_of({"A": {"nurse": 20, "physician": 5}})["A"]
    assert not hidden_of({"A": {"nurse": 20}})["A"]


def test_a_ward_with_enough_others_shows_its_nurses_although_its_physicians_are_two() -> None:
    three = {"nurse": 20, "physician": 2, "pharmacist": 6}
    found = hidden_of({"A": three, "B": three | {"physician": 3}, "C": {"nurse": 20, "physician": 9, "pharmacist": 9}})
    assert found == {"D": set(), "A": {"pharmacist", "physician"}, "B": {"pharmacist", "physician"}, "C": set()}


def test_a_second_ward_hides_what_would_give_the_first_away() -> None:
    found = hidden_of({"A": {"nurse": 20, "physician": 2}, "B": {"nurse": 20, "physician": 9}, "C": {"nurse": 9}})
    assert found == {"D": set(), "A": {"nurse", "physician"}, "B": {"nurse", "physician"}, "C": set()}


def test_wards_in_which_nobody_else_works_are_taken_off_before_it_is_judged() -> None:
    found = hidden_of({"A": {"nurse": 10}, "B": {"nurse": 2, "physician": 30}})
    assert "nurse" in found["D"], "all nurses less the ward of nurses are two"
    assert not any(hidden_of({"A": {"nurse": 10}, "B": {"nurse": 6, "physician": 30}}).values())


def test_a_profession_filter_hides_what_it_must_and_says_so(wards) -> None:
    nurses = wards.cells("K1", "SGH", profession="nurse")
    assert nurses["MED"]["suppressed"], "nine nurses of ten people give away one physician"
    assert nurses["ED"]["of"] == 6, "where only nurses have a target they are all"
    wards.staff(5, "MED-B", profession="physician")
    assert wards.cells("K1", "MED", profession="nurse")["MED"]["of"] == 9
    told = dict(wards.ask(unit="SGH", profession="nurse").definitions)
    assert "a small group of another" in told["Small groups"]
