"""The forecast: never above everybody, around its point, and growing with what was done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.golive.forecast import forecast, negative_binomial, quantile, resampled

WEEKS = st.lists(st.integers(0, 12), min_size=4, max_size=12)
LEFT = st.floats(0.1, 12)


@given(st.integers(0, 80), st.integers(0, 80), WEEKS, LEFT)
def test_the_range_holds_the_point_and_never_leaves_nobody_to_everybody(ready, gap, weekly, left) -> None:
    found = forecast(ready, ready + gap, weekly, left)
    assert ready <= found.low <= found.ready <= found.high <= ready + gap


@given(st.integers(0, 80), st.integers(0, 80), WEEKS, LEFT, st.data())
def test_one_completion_more_never_lowers_any_part_of_the_forecast(ready, gap, weekly, left, data) -> None:
    week = data.draw(st.integers(0, len(weekly) - 1))
    more = [count + (place == week) for place, count in enumerate(weekly)]
    before, after = forecast(ready, ready + gap, weekly, left), forecast(ready, ready + gap, more, left)
    if before.enough:
        for name in ("low", "ready", "high"):
            assert getattr(before, name) <= getattr(after, name)


@given(st.integers(0, 40), st.integers(0, 40), WEEKS, LEFT, st.floats(0, 6))
def test_more_time_never_lowers_the_forecast(ready, gap, weekly, left, later) -> None:
    before, after = (forecast(ready, ready + gap, weekly, weeks) for weeks in (left, left + later))
    assert before.ready <= after.ready
    assert before.high <= after.high


def test_a_steady_pace_is_carried_on() -> None:
    found = forecast(49, 88, [6] * 8, 3)
    assert (found.ready, found.enough, found.per_week) == (67, True, 6.0)
    assert 58 <= found.low < 67 < found.high <= 76


def test_uneven_weeks_make_a_wider_range_than_even_ones_of_the_same_sum() -> None:
    even, uneven = forecast(0, 200, [5] * 8, 4), forecast(0, 200, [40, 0, 0, 0, 0, 0, 0, 0], 4)
    assert uneven.ready == even.ready
    assert uneven.high - uneven.low > even.high - even.low


@pytest.mark.parametrize("weekly", [[1, 0, 0, 1, 0, 0, 0, 0], [9, 9, 9], []])
def test_too_little_seen_says_so_and_forecasts_nothing(weekly) -> None:
    found = forecast(10, 30, weekly, 3)
    assert (found.enough, found.ready, found.low, found.high) == (False, 10, 10, 10)
    assert found.verdict(20) == "unknown"


def test_from_the_day_on_nothing_more_is_added() -> None:
    assert forecast(10, 30, [5] * 8, 0) == forecast(10, 30, [5] * 8, -1)
    assert forecast(10, 30, [5] * 8, 0).high == 10


def test_the_verdict_goes_by_the_range_and_not_by_the_point() -> None:
    found = forecast(49, 88, [6] * 8, 3)
    assert [found.verdict(n) for n in (found.low, found.low + 1, found.high, found.high + 1)] == [
        "reaches", "may", "may", "misses",
    ]  # fmt: skip


def test_the_negative_binomial_is_that_of_a_book() -> None:
    """r = 1 is the geometric distribution: P(X <= k) = 1 − (1−p)^(k+1)."""
    assert negative_binomial(1.0, 0.5, 100, (0.1, 0.9)) == (0, 3)
    assert negative_binomial(1.0, 0.1, 100, (0.1, 0.9)) == (0, 21)
    assert negative_binomial(2.0, 0.01, 5, (0.1, 0.9)) == (5, 5)  # all that is left is lumped at the end


def test_resampled_weeks_are_worked_out_exactly() -> None:
    assert resampled([0, 2], 2, 10)[:5] == [0.25, 0.0, 0.5, 0.0, 0.25]
    assert sum(resampled([1, 5, 9], 6, 20)) == pytest.approx(1)
    assert quantile([0.25, 0, 0.5, 0, 0.25], 0.9) == 4


@pytest.mark.parametrize("values", [(-1, 5, [1]), (6, 5, [1]), (1, 5, [-1])])
def test_counts_that_cannot_be_are_refused(values) -> None:
    with pytest.raises(ValueError, match="expected"):
        forecast(*values, 3)
