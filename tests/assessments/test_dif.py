"""Differential item functioning: figures that others published, and items that were made unfair."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assessments.dif import MantelHaenszel, Stratum, item_dif, mantel_haenszel
from tests.assessments.published import responses

# Admissions to Berkeley in 1973 by department: men admitted and rejected, women admitted and rejected
# (Bickel, Hammel and O'Connell, Science 187, 1975; R's data set UCBAdmissions).
BERKELEY = [
    (512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299),
    (22, 351, 24, 317),
]  # fmt: skip


def test_mantel_haenszel_gives_the_published_figures_of_berkeley() -> None:
    """Six 2 × 2 tables of 4,526 applicants. Figures: R, `mantelhaen.test(UCBAdmissions)`: X² = 1.4269 with continuity
    correction, p = 0.2323, common odds ratio 0.9046968, 95 % interval 0.7719074 to 1.0603298. Tolerance: the digits
    printed."""
    found = mantel_haenszel([Stratum(*one) for one in BERKELEY])
    assert found.chi_square == pytest.approx(1.4269, abs=0.00005)
    assert found.p == pytest.approx(0.2323, abs=0.00005)
    assert found.odds_ratio == pytest.approx(0.9046968, abs=5e-8)
    half = 1.959963984540054 * (found.se_delta or 0) / 2.35
    assert math.log(found.odds_ratio or 1) - half == pytest.approx(math.log(0.7719074), abs=1e-6)
    assert math.log(found.odds_ratio or 1) + half == pytest.approx(math.log(1.0603298), abs=1e-6)
    assert found.delta == pytest.approx(-2.35 * math.log(0.9046968), abs=1e-6)
    assert found.grade == "A"


@given(st.lists(st.tuples(*[st.integers(1, 60)] * 4), min_size=1, max_size=5))
def test_turning_the_groups_round_turns_the_sign_and_nothing_else(rows: list[tuple[int, int, int, int]]) -> None:
    one = mantel_haenszel([Stratum(*row) for row in rows])
    other = mantel_haenszel([Stratum(c, d, a, b) for a, b, c, d in rows])
    assert one.delta == pytest.approx(-(other.delta or 0), abs=1e-9)
    assert one.se_delta == pytest.approx(other.se_delta)
    assert one.chi_square == pytest.approx(other.chi_square, abs=1e-9)
    assert one.grade == other.grade
    assert one.p == pytest.approx(stats.chi2.sf(one.chi_square, 1), abs=1e-12)


def test_one_table_gives_its_own_odds_ratio_and_its_error() -> None:
    """By hand: odds ratio 30·15 / (10·20) = 2.25, and with one table the variance of its logarithm is
    1/30 + 1/10 + 1/20 + 1/15 (Woolf)."""
    found = mantel_haenszel([Stratum(30, 10, 20, 15)])
    assert found.odds_ratio == pytest.approx(2.25)
    assert found.se_delta == pytest.approx(2.35 * math.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 15))


@pytest.mark.parametrize(
    ("rows", "grade"),
    [
        ([(900, 100, 880, 120)], "A"),
        ([(20, 5, 15, 10)], "A"),
        ([(400, 100, 350, 150)], "B"),
        ([(500, 100, 300, 300)], "C"),
        ([(24, 6, 12, 18)], "C"),
        ([(22, 8, 13, 17)], "B"),
    ],
)
def test_items_are_graded_by_size_and_significance(rows: list[tuple[int, int, int, int]], grade: str) -> None:
    assert mantel_haenszel([Stratum(*row) for row in rows]).grade == grade


def test_levels_that_say_nothing_are_left_out() -> None:
    useless = [Stratum(5, 0, 3, 0), Stratum(0, 0, 4, 4), Stratum(1, 0, 0, 0)]
    assert mantel_haenszel(useless) == MantelHaenszel(None, None, None, None, None, None)
    some = Stratum(30, 10, 20, 15)
    assert mantel_haenszel([some, *useless]) == mantel_haenszel([some])
    certain = mantel_haenszel([Stratum(10, 0, 0, 10)])
    assert (certain.odds_ratio, certain.grade) == (None, None)


def made(seed: int, harder: float, takers: int = 600) -> tuple[np.ndarray, list[str | None]]:
    """Answers of two professions, the second half a logit less able; item 1 is harder by so much for nurses."""
    chance = np.random.default_rng(seed)
    groups: list[str | None] = ["physician"] * takers + ["nurse"] * takers
    ability = chance.normal(0, 1, 2 * takers) - np.repeat([0, 0.5], takers)
    difficulties = np.tile(np.linspace(-1.5, 1.5, 20), (2 * takers, 1))
    difficulties[takers:, 0] += harder
    return (chance.random(difficulties.shape) < 1 / (1 + np.exp(difficulties - ability[:, None]))), groups


def test_an_item_made_harder_for_one_profession_is_found_and_a_less_able_profession_is_not_blamed() -> None:
    right, groups = made(1, 1.2)
    found = item_dif(responses(right), groups, "physician")
    grades = [one.result.grade if one.result else None for one in found]
    assert grades[0] == "C"
    assert grades[1:].count("C") == 0
    assert grades[1:].count("A") >= 17
    assert all(one.purified and one.focal == "nurse" and one.takers_focal == 600 for one in found)
    assert found[0].result is not None
    assert (found[0].result.delta or 0) == pytest.approx(-2.35 * 1.2, abs=0.7)
    fair, groups = made(2, 0.0)
    assert all(one.result and one.result.grade != "C" for one in item_dif(responses(fair), groups, "physician"))


def test_items_not_reached_by_all_are_matched_by_share() -> None:
    right, groups = made(3, 1.5)
    reached = np.random.default_rng(4).random(right.shape) < 0.6
    found = item_dif(responses(right, reached), groups, "physician")
    assert found[0].result is not None
    assert found[0].result.grade == "C"
    assert found[0].takers_reference == reached[:600, 0].sum()


def test_small_groups_are_told_and_not_graded() -> None:
    right, groups = made(5, 1.0, 40)
    found = item_dif(responses(right), groups, "physician")
    assert all(one.result is None for one in found)
    assert found[0].reason == "40 takers in the smaller group are too few; 50 are needed in each"
    assert item_dif(responses(right), [None] * 80, "physician") == ()
    with pytest.raises(ValueError, match="a group for each of 80 takers, not 3"):
        item_dif(responses(right), ["a", "b", "c"], "a")
