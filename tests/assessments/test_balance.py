"""Whether keys are given away by length or position: counted on small banks, bounded by chance."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.balance import at_least, key_balance
from assessments.model import Item
from tests.assessments.sources import read


def bank(*options: str) -> tuple[Item, ...]:
    """Return single-choice items; each string lists options parted by `/`, the key marked by `!`."""
    source = ""
    for number, one in enumerate(options):
        source += f"## Item {number} {{#i{number}}}\n\nWhat?\n\n"
        for option in one.split("/"):
            source += f"- [{'x' if option.startswith('!') else ' '}] {option.lstrip('!')}\n"
        source += "\n> Because.\n\n"
    found, faults = read(source)
    assert faults == []
    return found.items


def test_a_key_counts_as_longest_only_where_no_other_is_as_long() -> None:
    found = key_balance(bank("!aaaa/bbb/c", "!aaaa/bbbb/c", "aaaa/!bbb/cc", "aa/bb/!c"))
    assert (found.items, found.longest, found.shortest) == (4, 1, 1)
    assert found.positions == (2, 1, 1)
    assert found.expected == (Fraction(4, 3),) * 3


def test_markup_does_not_lengthen_an_option() -> None:
    assert key_balance(bank("!**aa**/bbb/ccc")).longest == 0
    assert key_balance(bank("!`aaaa`/*bbb*/ccc")).longest == 1


def test_other_types_do_not_count() -> None:
    items, _ = read("## A {#a}\n\nSo?\n\n- [x] True\n- [ ] False\n\n## B {#b}\n\nSo?\n\n- [x] a\n- [x] b\n- [ ] c\n")
    found = key_balance(items.items)
    assert (found.items, found.positions, found.expected) == (0, (), ())
    assert not found.uneven()
    assert found.longest_by_chance() == 1.0


def test_options_of_different_number_are_weighed_by_their_own_chance() -> None:
    found = key_balance(bank("!a/bb", "a/b/c/!dd"))
    assert found.chances == (Fraction(1, 2), Fraction(1, 4))
    assert found.expected == (Fraction(3, 4), Fraction(3, 4), Fraction(1, 4), Fraction(1, 4))


@pytest.mark.parametrize(("trials", "count"), [(20, 0), (20, 5), (20, 9), (20, 20), (20, 21), (1, 1)])
def test_equal_chances_give_the_binomial(trials: int, count: int) -> None:
    exact = sum(comb(trials, k) * 0.25**k * 0.75 ** (trials - k) for k in range(count, trials + 1))
    assert at_least(count, [Fraction(1, 4)] * trials) == pytest.approx(exact)


def test_always_the_longest_is_beyond_chance_and_a_quarter_is_not() -> None:
    telling = key_balance(bank(*["!aaaaaa/bb/cc/dd"] * 12))
    assert telling.longest_by_chance() < 0.001
    fair = key_balance(bank(*["!aaaaaa/bb/cc/dd"] * 3, *["a/!bb/ccc/ddd"] * 9))
    assert fair.longest_by_chance() > 0.3


def test_one_favoured_position_is_uneven_and_an_even_spread_is_not() -> None:
    turns = ["!a/b/c/d", "a/!b/c/d", "a/b/!c/d", "a/b/c/!d"]
    assert key_balance(bank(*turns * 5)).spread() == 0
    assert not key_balance(bank(*turns * 5)).uneven()
    assert key_balance(bank(*["a/!b/c/d"] * 12, *turns * 2)).uneven()
    assert key_balance(bank(*["a/!b/c/d"] * 12, *turns * 2)).uneven(0.01)


@given(st.lists(st.fractions(min_value=Fraction(1, 9), max_value=Fraction(1, 2)), max_size=30), st.integers(0, 30))
def test_a_probability_falls_as_more_is_asked_of_chance(chances: list[Fraction], count: int) -> None:
    assert 0 <= at_least(count + 1, chances) <= at_least(count, chances) <= 1
    assert at_least(0, chances) == pytest.approx(1)
