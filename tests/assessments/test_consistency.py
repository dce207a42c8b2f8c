"""Decisions at the cut: against integrals worked out another way, and against papers taken twice."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from assessments.consistency import decision_consistency, kr21


def beta_binomial(seed: int, takers: int, items: int, alpha: float, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return true shares and scores of simulated takers."""
    chance = np.random.default_rng(seed)
    true = chance.beta(alpha, beta, takers)
    return true, chance.binomial(items, true)


def test_figures_are_the_integrals_that_define_them() -> None:
    """Independent implementation, no published figure: with KR-21 the model is Huynh's beta-binomial; binomial tails
    of SciPy are integrated over the beta density by `quad`. Tolerance 1e-6."""
    _, scores = beta_binomial(1, 400, 30, 9, 3)
    shares = [float(one) for one in scores / 30]
    reliability = kr21(shares, 30)
    assert reliability is not None
    found = decision_consistency(shares, 30, reliability, 0.7)
    assert found.effective_items == 30
    mean, variance = np.mean(shares), np.var(shares, ddof=1)
    size = mean * (1 - mean) / (reliability * variance) - 1
    density = stats.beta(mean * size, (1 - mean) * size).pdf

    def tail(true: float) -> float:
        return float(stats.binom.sf(20, 30, true))

    def mass(function, low: float = 0.0, high: float = 1.0) -> float:  # type: ignore[no-untyped-def]
        return integrate.quad(lambda true: function(true) * density(true), low, high, epsabs=1e-10)[0]

    passing = mass(tail)
    consistency = mass(lambda true: tail(true) ** 2 + (1 - tail(true)) ** 2)
    by_chance = passing**2 + (1 - passing) ** 2
    assert found.consistency == pytest.approx(consistency, abs=1e-6)
    assert found.kappa == pytest.approx((consistency - by_chance) / (1 - by_chance), abs=1e-6)
    assert found.false_pass == pytest.approx(mass(tail, 0, 0.7), abs=1e-6)
    assert found.false_fail == pytest.approx(mass(lambda true: 1 - tail(true), 0.7, 1), abs=1e-6)
    assert found.accuracy == pytest.approx(1 - mass(tail, 0, 0.7) - mass(lambda true: 1 - tail(true), 0.7), abs=1e-6)


def test_a_paper_taken_twice_decides_as_alike_as_was_foretold() -> None:
    """Simulated: 40 items, 20,000 takers, two sittings each; foretold from the first sitting alone, with the items'
    own alpha. Tolerance 0.02."""
    chance = np.random.default_rng(2)
    ability = chance.normal(0.8, 1, 20_000)
    difficulties = chance.normal(0, 0.8, 40)
    p = 1 / (1 + np.exp(difficulties - ability[:, None]))
    first, second = (chance.random(p.shape) < p), (chance.random(p.shape) < p)
    totals = first.sum(axis=1)
    alpha = 40 / 39 * (1 - first.var(axis=0, ddof=1).sum() / totals.var(ddof=1))
    found = decision_consistency([float(one) for one in totals / 40], 40, float(alpha), 0.6)
    alike = np.mean((totals >= 24) == (second.sum(axis=1) >= 24))
    assert found.consistency == pytest.approx(alike, abs=0.02)
    assert found.accuracy == pytest.approx(np.mean((totals >= 24) == (p.mean(axis=1) >= 0.6)), abs=0.02)


def test_a_more_reliable_paper_decides_more_alike() -> None:
    _, scores = beta_binomial(3, 200, 40, 6, 3)
    shares = [float(one) for one in scores / 40]
    found = [decision_consistency(shares, 40, reliability, 0.7) for reliability in (0.5, 0.7, 0.9)]
    kappas = [one.kappa or 0 for one in found]
    assert kappas == sorted(kappas)
    for one in found:
        assert (one.accuracy or 0) + (one.false_pass or 0) + (one.false_fail or 0) == pytest.approx(1)


def test_what_cannot_be_said_is_said_in_words() -> None:
    assert decision_consistency([0.5, 0.7], 10, 0.8, 0.7).reason == (
        "2 takers are too few; 30 are needed to say how decisions hold"
    )
    shares = [0.4, 0.9] * 20
    assert "not between 0 and 1" in (decision_consistency(shares, 10, -0.1, 0.7).reason or "")
    assert "not between 0 and 1" in (decision_consistency(shares, 10, None, 0.7).reason or "")
    assert "hardly differ" in (decision_consistency([0.8] * 40, 10, 0.7, 0.7).reason or "")
    assert "hardly differ" in (decision_consistency([0.0, 1.0] * 20, 10, 0.7, 0.7).reason or "")
    for bad in (([1.2], 10, 0.7), ([0.5], 0, 0.7), ([0.5], 10, 0.0)):
        with pytest.raises(ValueError, match="expected one item or more"):
            decision_consistency(bad[0], bad[1], 0.5, bad[2])


def test_kr21_is_what_its_formula_says() -> None:
    """By hand: scores 2, 4, 6, 8 of 10, mean 5, variance 20/3: 10/9 · (1 − 5·5 / (10 · 20/3)) = 0.694."""
    assert kr21([0.2, 0.4, 0.6, 0.8], 10) == pytest.approx(10 / 9 * (1 - 25 / (200 / 3)))
    assert kr21([0.5], 10) is None
    assert kr21([0.5, 0.5], 10) is None
