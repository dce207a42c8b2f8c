"""Super-user cover of shifts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.golive.cover import cover, spread
from lms.golive.text import SHIFTS, Places


def test_each_shift_needs_one_super_user_for_so_many_people_rounded_up() -> None:
    found = cover(100, 6, SHIFTS, {}, 12)
    assert [(each.staff, each.needed, each.planned) for each in found.shifts] == [(30, 3, 2), (25, 3, 2), (15, 2, 2)]
    assert (found.needed, found.short, found.over) == (8, 2, 0)


def test_what_the_hospital_entered_stands_instead_of_the_share() -> None:
    places = {"night": Places(24, 2), "early": Places(None, 1)}
    found = cover(100, 6, SHIFTS, places, 12)
    assert [(each.staff, each.needed, each.planned, each.entered) for each in found.shifts] == [
        (30, 3, 1, True), (25, 3, 3, False), (24, 2, 2, True),
    ]  # fmt: skip
    assert found.short == 2


def test_more_super_users_planned_than_there_are_count_as_missing() -> None:
    found = cover(30, 2, SHIFTS, {shift.key: Places(None, 1) for shift in SHIFTS}, 12)
    assert (found.over, found.short) == (1, 1)


def test_super_users_from_elsewhere_fill_the_shift_that_they_are_given() -> None:
    before = cover(30, 2, SHIFTS, {}, 12)
    after = cover(30, 2, SHIFTS, {}, 12, {"night": 1})
    assert [each.short for each in before.shifts] == [0, 0, 1]
    assert (after.short, after.super_users) == (0, 3)


@given(st.integers(0, 50), st.lists(st.integers(0, 20), max_size=5))
def test_spreading_loses_nobody_and_is_never_far_from_proportion(people, needs) -> None:
    found = spread(people, needs)
    total = sum(needs)
    assert sum(found) == (people if total else 0)
    assert all(abs(count * total - people * need) < total for count, need in zip(found, needs, strict=True) if total)
