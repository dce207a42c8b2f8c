"""Agreement of markers, against a published example and kappa by its table of weights."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.agreement import krippendorff_alpha, marking_agreement

# Four observers of twelve units, the grade of each or None.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_alpha_of_four_observers_is_that_published() -> None:
    """Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), the example of section D: 4 observers, 12
    units, missing data; alpha for ordinal data 0.815. Tolerance: the digits printed."""
    assert krippendorff_alpha(list(zip(*OBSERVERS, strict=True))) == pytest.approx(0.815, abs=0.0005)


def table_kappa(pairs: list[tuple[int, int]]) -> float | None:
    """Cohen's kappa from the table of shares with weights (i − j)², as the textbook has it."""
    grades = sorted({one for pair in pairs for one in pair})
    share = 1 / len(pairs)
    observed = sum(share * (one - other) ** 2 for one, other in pairs)
    first = {g: sum(one == g for one, _ in pairs) * share for g in grades}
    second = {g: sum(other == g for _, other in pairs) * share for g in grades}
    expected = sum(first[i] * second[j] * (i - j) ** 2 for i in grades for j in grades)
    return 1 - observed / expected if expected else None


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=40))
def test_kappa_is_that_of_the_table_and_agreement_is_ordered(pairs: list[tuple[int, int]]) -> None:
    found = marking_agreement(pairs)
    expected = table_kappa(pairs)
    assert found.kappa == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert 0 <= (found.exact or 0) <= (found.adjacent or 0) <= 1
    assert found.difference == pytest.approx(sum(a - b for a, b in pairs) / len(pairs))
    turned = marking_agreement([(b, a) for a, b in pairs])
    assert (turned.exact, turned.kappa) == (found.exact, found.kappa)


def test_five_essays_are_compared_as_by_hand() -> None:
    """Grades (3, 3), (2, 3), (4, 2), (1, 1), (5, 5): 3 of 5 alike, 4 of 5 within a step, squared differences sum to
    5, so kappa = 1 − 1 / (2 + 1.76 + 0.04)."""
    found = marking_agreement([(3, 3), (2, 3), (4, 2), (1, 1), (5, 5)])
    assert (found.exact, found.adjacent, found.difference) == (0.6, 0.8, pytest.approx(0.2))
    assert found.kappa == pytest.approx(1 - 1 / 3.8)
    assert found.few == "5 pieces marked twice are few; below 20 this says little"


def test_grades_in_halves_are_adjacent_by_their_own_step() -> None:
    pairs = [(Fraction(1, 2), Fraction(1)), (Fraction(1), Fraction(2))]
    assert marking_agreement(pairs, Fraction(1, 2)).adjacent == 0.5
    with pytest.raises(ValueError, match="step above 0"):
        marking_agreement(pairs, 0)


def test_perfect_and_impossible_comparisons() -> None:
    assert marking_agreement([(1, 1), (4, 4)]).kappa == 1
    assert marking_agreement([(2, 2)] * 30).kappa is None
    assert marking_agreement([(2, 2)] * 30).few is None
    assert marking_agreement([]).exact is None
    assert krippendorff_alpha([[1, 1], [2, 2]]) == 1
    assert krippendorff_alpha([[1, None], [None, 2]]) is None
    assert krippendorff_alpha([[3, 3], [3, 3]]) is None
