"""Certainty: whether being sure was earned, by figures worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.confidence import CERTAINTIES, Band, best_certainty, calibration, certainty_mark, least_share


def test_four_answers_are_summed_up_as_by_hand() -> None:
    """Certain and right, certain and wrong, doubtful and right, fairly sure and wrong: marks 3 − 6 + 1 − 2. Stated
    0.9, 0.9, 7/12, 11/15; squares 0.01, 0.81, 25/144, 121/225."""
    found = calibration([(True, 3), (False, 3), (True, 1), (False, 2)])
    assert (found.mark, found.confident_errors, found.answers) == (-4, 1, 4)
    brier = (Fraction(1, 100) + Fraction(81, 100) + Fraction(25, 144) + Fraction(121, 225)) / 4
    assert found.brier == brier
    assert found.bias == (Fraction(18, 10) + Fraction(7, 12) + Fraction(11, 15) - 2) / 4
    # The band of certainty 3 was half right: 1 would have earned 1 of it, 2 nothing, 3 lost 3.
    assert found.best_mark == 1 + 3 + 0


def test_the_best_certainty_changes_at_two_thirds_and_four_fifths() -> None:
    chances = [Fraction(0), Fraction(66, 100), Fraction(2, 3), Fraction(67, 100), Fraction(79, 100), Fraction(4, 5),
               Fraction(81, 100), Fraction(1)]  # fmt: skip
    assert [best_certainty(one) for one in chances] == [1, 1, 1, 2, 2, 2, 3, 3]


def test_a_band_is_judged_only_when_its_interval_leaves_no_doubt() -> None:
    """Wilson's 95 % interval of 81 of 100 is 0.722 to 0.875 (his formula, worked out by hand)."""
    low, high = Band(3, 100, 81).interval or (0, 0)
    assert (low, high) == (pytest.approx(0.7222, abs=0.0001), pytest.approx(0.8749, abs=0.0001))
    assert Band(3, 100, 81).judged == "fitting"
    assert Band(3, 100, 60).judged == "over"
    assert Band(1, 100, 95).judged == "under"
    assert Band(3, 9, 0).judged is None
    assert Band(3, 0, 0).interval is None
    assert Band(2, 5, 4).expected == (Fraction(2, 3), Fraction(4, 5))


def test_the_sure_and_wrong_are_over_confident_and_the_doubtful_and_right_diffident() -> None:
    assert (calibration([(False, 3)] * 5).bias or 0) > 0
    assert (calibration([(True, 1)] * 5).bias or 0) < 0
    empty = calibration([])
    assert (empty.brier, empty.bias, empty.best_mark, empty.answers) == (None, None, 0, 0)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(CERTAINTIES)), min_size=1, max_size=40))
def test_marks_stay_within_their_range_and_below_the_best(pairs: list[tuple[bool, int]]) -> None:
    found = calibration(pairs)
    assert found.mark == sum(certainty_mark(right, one) for right, one in pairs)
    assert found.mark <= found.best_mark <= 3 * len(pairs)
    assert 0 <= (found.brier or 0) <= 1
    assert -1 <= (found.bias or 0) <= 1
    for band in found.bands:
        if band.interval is not None and band.share is not None:
            assert band.interval[0] - 1e-9 <= band.share <= band.interval[1] + 1e-9


def test_the_lower_end_of_a_share_is_that_of_the_published_examples() -> None:
    # Newcombe 1998, table I, method 4: 81 of 263, 15 of 148, 1 of 29.
    assert [round(least_share(part, whole), 4) for part, whole in ((81, 263), (15, 148), (1, 29))] == [
        0.2535, 0.0598, 0.0018,
    ]  # fmt: skip
    assert least_share(0, 20) == 0.0
    assert least_share(1, 5) < least_share(9, 136)
