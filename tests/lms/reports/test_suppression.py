"""Small groups stay hidden however the published rows are added and subtracted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.reports.suppression import hidden_children

counts = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 40), max_size=8)


def test_a_small_group_takes_its_smallest_sibling_with_it() -> None:
    assert hidden_children(113, False, {"A": 3, "B": 50, "C": 60}) == {"A", "B"}


def test_roots_have_no_sum_and_hide_only_small_groups() -> None:
    assert hidden_children(0, False, {"A": 3, "B": 50}, has_total=False) == {"A"}


def test_a_chain_with_one_child_hides_nothing() -> None:
    assert hidden_children(50, False, {"A": 50}) == frozenset()


def test_nothing_is_hidden_where_every_group_is_large_or_empty() -> None:
    assert hidden_children(90, False, {"A": 50, "B": 40, "C": 0}) == frozenset()


def test_two_small_groups_whose_sum_is_small_hide_a_third() -> None:
    assert hidden_children(53, False, {"A": 1, "B": 2, "C": 50}) == {"A", "B", "C"}


def test_staff_of_the_unit_itself_stand_in_for_a_second_hidden_cell() -> None:
    assert hidden_children(83, False, {"A": 3, "B": 60}) == {"A"}


def test_a_hidden_unit_hides_one_of_its_children_unless_it_has_staff_of_its_own() -> None:
    assert hidden_children(50, True, {"A": 20, "B": 30}) == {"A"}
    assert hidden_children(60, True, {"A": 20, "B": 30}) == frozenset()


@given(counts, st.integers(0, 30), st.booleans())
def test_no_small_group_can_be_worked_out_from_a_unit_and_its_rows(children, unlisted, parent_hidden) -> None:
    total = sum(children.values()) + unlisted
    hidden = hidden_children(total, parent_hidden, children)
    assert all(code in hidden for code, of in children.items() if 0 < of < 5)
    assert not any(children[code] == 0 for code in hidden)
    rest = total - sum(of for code, of in children.items() if code not in hidden)
    everything_hidden = all(code in hidden for code, of in children.items() if of)
    if hidden and not parent_hidden and not everything_hidden:
        assert rest >= 5
        assert len(hidden) + (unlisted > 0) >= 2
    if parent_hidden and any(children.values()) and not unlisted:
        assert hidden
