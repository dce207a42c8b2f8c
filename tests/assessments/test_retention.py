"""Estimated retention falls with time, rises with each success, and is never more than an estimate from 0 to 1."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.retention import retention

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
successes = st.lists(st.integers(0, 1500), min_size=1, max_size=8).map(lambda ago: [TODAY - n * DAY for n in ago])


def test_nothing_shown_gives_no_estimate_and_the_future_is_not_known() -> None:
    assert retention([], TODAY) is None
    assert retention([TODAY + DAY], TODAY) is None


def test_nine_in_ten_are_left_after_the_stability() -> None:
    first = retention([TODAY], TODAY)
    assert first is not None
    assert first.share == 1
    later = retention([TODAY, TODAY + 30 * DAY], TODAY + 30 * DAY)
    assert later is not None
    after = retention([TODAY, TODAY + 30 * DAY], TODAY + (30 + round(later.stability)) * DAY)
    assert after is not None
    assert after.share == pytest.approx(0.9, abs=0.005)


@given(successes)
def test_an_estimate_is_a_share_and_counts_days(days: list[dt.date]) -> None:
    found = retention(days, TODAY)
    assert found is not None
    assert 0 < found.share <= 1
    assert (found.successes, found.last) == (len(set(days)), max(days))
    assert found == retention(reversed(days), TODAY) == retention(days * 2, TODAY)


@given(successes, st.integers(0, 400), st.integers(1, 400))
def test_it_falls_with_time(days: list[dt.date], soon: int, more: int) -> None:
    near, far = (retention(days, TODAY + n * DAY) for n in (soon, soon + more))
    assert near is not None
    assert far is not None
    assert far.share < near.share


@given(successes)
def test_another_success_raises_it(days: list[dt.date]) -> None:
    before, after = retention(days, TODAY + DAY), retention([*days, TODAY + DAY], TODAY + DAY)
    assert before is not None
    assert after is not None
    assert after.share >= before.share
    assert after.stability >= before.stability
