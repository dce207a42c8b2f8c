"""The table of options: who picked what, and what is odd about it."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.distractors import ATTRACTS_ABLE, BEATS_KEY, KEY_WEAK, UNUSED, Pick, distractor_table, point_biserial

OPTIONS = (("a", True), ("b", False), ("c", False))


def test_nine_takers_are_tabled_as_by_hand() -> None:
    """Scores 1 to 9 in thirds; a is picked by 6 to 9, b by 1 to 4, nobody picks c, taker 5 leaves it unanswered."""
    picks = [Pick(("a",) if score > 5 else ("b",) if score < 5 else (), score) for score in range(1, 10)]
    found = distractor_table(picks, OPTIONS)
    assert [(one.low, one.high, one.takers) for one in found.groups] == [(1, 3, 3), (4, 6, 3), (7, 9, 3)]
    assert [one.by_group for one in found.options] == [(0, 1, 3), (3, 1, 0), (0, 0, 0), (0, 1, 0)]
    assert [one.option for one in found.options] == ["a", "b", "c", None]
    a = found.options[0]
    assert a.correlation == pytest.approx(statistics.correlation([0, 0, 0, 0, 0, 1, 1, 1, 1], range(1, 10)))
    assert found.options[2].correlation is None
    assert not found.enough
    assert all(one.flags == () for one in found.options)


def test_a_distractor_that_draws_the_able_and_one_that_draws_nobody_are_flagged() -> None:
    picks = [Pick(("b",) if score > 25 else ("a",), score) for score in range(40)]
    a, b, c, nothing = distractor_table(picks, OPTIONS).options
    assert a.flags == (KEY_WEAK,)
    assert b.flags == (ATTRACTS_ABLE, BEATS_KEY)
    assert c.flags == (UNUSED,)
    assert nothing.flags == ()


def test_a_sound_item_has_no_flags() -> None:
    chance = random.Random(1)
    picks = [Pick(("a",) if chance.random() < score / 50 else (chance.choice("bc"),), score) for score in range(50)]
    assert all(one.flags == () for one in distractor_table(picks, OPTIONS).options)


def test_several_picks_of_one_taker_count_for_each_option() -> None:
    found = distractor_table([Pick(("a", "b"), 1), Pick(("b",), 2)], (("a", True), ("b", True)))
    assert [one.picks for one in found.options] == [1, 2, 0]


def test_bad_calls_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="expected picks among"):
        distractor_table([Pick(("z",), 1)], OPTIONS)
    with pytest.raises(ValueError, match="two groups or more"):
        distractor_table([], OPTIONS, groups=1)
    assert distractor_table([], OPTIONS).takers == 0


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["a", "b", "c", None])), max_size=60), st.integers(2, 5))
def test_every_taker_stands_in_one_group_and_equal_scores_together(
    rows: list[tuple[int, str | None]], groups: int
) -> None:
    found = distractor_table([Pick((one,) if one else (), score) for score, one in rows], OPTIONS, groups)
    assert sum(one.takers for one in found.groups) == len(rows)
    assert sum(one.picks for one in found.options) == len(rows)
    assert all(one.high < two.low for one, two in zip(found.groups, found.groups[1:], strict=False))
    assert all(sum(one.by_group) == one.picks for one in found.options)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=2, max_size=40))
def test_the_point_biserial_is_pearsons_correlation(rows: list[tuple[bool, int]]) -> None:
    chosen, scores = [one for one, _ in rows], [float(two) for _, two in rows]
    found = point_biserial(chosen, scores)
    if len(set(chosen)) < 2 or len(set(scores)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(statistics.correlation([float(one) for one in chosen], scores), abs=1e-9)
