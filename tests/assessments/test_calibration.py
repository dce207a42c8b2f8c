"""Calibration against published estimates, a second way of reckoning, and takers whose truth is known."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from scipy import integrate, optimize

from assessments.calibration import MODELS, Ability, abilities, calibrate, item_from_proportion
from assessments.irt import em, grid, uncertainty
from tests.assessments.published import LSAT6, LSAT7, patterns, responses, simulate


def test_rasch_estimates_of_lsat6_are_those_published() -> None:
    """LSAT section 6, 1,000 takers (Bock and Lieberman 1970). Figures: Rizopoulos, Journal of Statistical Software
    17(5) 2006, and the R package ltm, `rasch(LSAT)`: a common slope of 0.7551 on N(0, 1) abilities, difficulties
    −3.6153, −1.3224, −0.3176, −1.7301, −2.7802, log-likelihood −2466.938. With every a = 1, σ is that slope and b
    the difficulty times it. Tolerance 0.001 (ltm integrates over 21 points)."""
    found = calibrate(responses(patterns(LSAT6)), "rasch")
    assert found.log_likelihood == pytest.approx(-2466.938, abs=0.001)
    assert found.ability_sd == pytest.approx(0.7551, abs=0.0005)
    published = [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802]
    assert [one.b for one in found.items] == pytest.approx([b * 0.7551 for b in published], abs=0.001)
    assert {(one.a, one.se_a) for one in found.items} == {(1.0, None)}
    assert found.warnings == ()


def test_two_parameter_estimates_of_lsat6_and_their_errors_are_those_published() -> None:
    """LSAT section 6. Figures: R package ltm, `summary(ltm(LSAT ~ z1))`: log-likelihood −2466.653, estimates and
    standard errors as below. Tolerance 0.005 for estimates and errors of the slopes and 0.5 % for those of the
    difficulties: ltm stops at a gradient of 0.024."""
    found = calibrate(responses(patterns(LSAT6)), "2pl")
    assert found.log_likelihood == pytest.approx(-2466.653, abs=0.001)
    assert [one.a for one in found.items] == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=0.001)
    assert [one.b for one in found.items] == pytest.approx([-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=0.005)
    assert [one.se_a for one in found.items] == pytest.approx([0.2581, 0.1867, 0.2326, 0.1852, 0.2100], abs=0.0005)
    assert [one.se_b for one in found.items] == pytest.approx([0.8669, 0.3073, 0.0997, 0.4341, 0.8700], rel=0.005)
    assert found.standard_errors == uncertainty.EXACT


def test_two_parameter_estimates_of_lsat7_are_those_published() -> None:
    """LSAT section 7, 1,000 takers (Bock and Lieberman 1970). Figures: R package mirt, `mirt(LSAT7, 1)` in its
    manual: log-likelihood −2658.805, slopes 0.988, 1.081, 1.706, 0.765, 0.736, intercepts 1.856, 0.808, 1.804,
    0.486, 1.855 (c = −a·b). Tolerance 0.003: mirt stops its EM at a change of 0.0001 a step."""
    found = calibrate(responses(patterns(LSAT7)), "2pl")
    assert found.log_likelihood == pytest.approx(-2658.805, abs=0.001)
    assert [one.a for one in found.items] == pytest.approx([0.988, 1.081, 1.706, 0.765, 0.736], abs=0.003)
    intercepts = [-(one.a or 0) * (one.b or 0) for one in found.items]
    assert intercepts == pytest.approx([1.856, 0.808, 1.804, 0.486, 1.855], abs=0.003)


def marginal(theta: np.ndarray, right: np.ndarray, reached: np.ndarray) -> float:
    """The negative log-likelihood by adaptive Gauss–Hermite of high order, written without the product's code."""
    count = right.shape[1]
    slopes, intercepts = theta[:count], theta[count:]
    points, weights = np.polynomial.hermite_e.hermegauss(81)
    p = 1 / (1 + np.exp(-(slopes[:, None] * points + intercepts[:, None])))
    total = 0.0
    for x, seen in zip(right, reached, strict=True):
        taken = np.where(x[:, None] == 1, p, 1 - p)
        total += math.log(np.prod(np.where(seen[:, None] == 1, taken, 1), axis=0) @ weights / math.sqrt(2 * math.pi))
    return -total


def test_estimates_and_errors_with_items_not_reached_equal_a_second_way_of_reckoning() -> None:
    """Independent implementation, no published figure: 300 simulated takers of four items, a fifth of the answers
    not reached; the likelihood by Gauss–Hermite is maximised by BFGS of SciPy and its second derivatives are taken
    by differences. Tolerance 0.001 for estimates, 0.5 % for standard errors."""
    _, right = simulate(3, 300, np.array([1.0, 1.4, 0.8, 1.2]), np.array([-0.5, 0.0, 0.5, 0.3]))
    reached = (np.random.default_rng(4).random(right.shape) < 0.8).astype(np.uint8)
    right &= reached
    found = calibrate(responses(right, reached), "2pl")
    best = optimize.minimize(marginal, np.r_[np.ones(4), np.zeros(4)], (right, reached), method="BFGS")
    assert [one.a for one in found.items] == pytest.approx(best.x[:4], abs=0.001)
    assert [one.b for one in found.items] == pytest.approx(-best.x[4:] / best.x[:4], abs=0.001)
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-5)
    information = np.empty((8, 8))
    step = 1e-3 * np.eye(8)
    for i, j in product(range(8), range(8)):
        ends = [marginal(best.x + s * step[i] + t * step[j], right, reached) for s, t in product((1, -1), (1, -1))]
        information[i, j] = (ends[0] - ends[1] - ends[2] + ends[3]) / 4e-6
    covariance = np.linalg.inv(information)
    assert [one.se_a for one in found.items] == pytest.approx(np.sqrt(np.diag(covariance)[:4]), rel=0.005)


@pytest.mark.parametrize("rasch", [True, False])
def test_both_ways_to_the_exact_information_agree(rasch: bool) -> None:
    data = grid.table(responses(patterns(LSAT7)).columns, 1000)
    fit = em.estimate(data, rasch)
    after, _ = grid.posterior(data, fit.slopes, fit.intercepts, fit.z, fit.log_weights)
    p = grid.chances(fit.slopes, fit.intercepts, fit.z)
    one = uncertainty._missing_by_ability(data, after, p, fit.z)
    other = uncertainty._missing_complete(data, after, p, fit.z)
    assert one == pytest.approx(other, abs=1e-9)
    within = uncertainty._missing_within(data, after, p, fit.z)
    assert within[:, 0, 1] == pytest.approx(np.diag(one[:5, 5:]), abs=1e-9)


def test_abilities_are_the_integral_and_the_root_that_define_them() -> None:
    """Independent implementation: SciPy's `quad` for the mean of the distribution and `brentq` for Warm's (1989)
    weighted score, LSAT section 7, every pattern. Tolerance 1e-6 for EAP and 1e-4 for WLE."""
    found = calibrate(responses(patterns(LSAT7)), "2pl")
    a = np.array([one.a for one in found.items])
    b = np.array([one.b for one in found.items])
    every = np.array(list(product((0, 1), repeat=5)))
    for x, mean, warm in zip(
        every, abilities(responses(every), found), abilities(responses(every), found, "wle"), strict=True
    ):

        def chance(theta: float) -> np.ndarray:
            return 1 / (1 + np.exp(-a * (theta - b)))

        def weight(theta: float, power: int, x: np.ndarray = x) -> float:
            p = chance(theta)
            return theta**power * float(np.prod(np.where(x == 1, p, 1 - p))) * math.exp(-(theta**2) / 2)

        def warm_score(theta: float, x: np.ndarray = x) -> float:
            p = chance(theta)
            return float(a @ (x - p) + (a**3 @ (p * (1 - p) * (1 - 2 * p))) / (2 * (a**2 @ (p * (1 - p)))))

        mass, first, second = (integrate.quad(weight, -8, 8, args=(power,))[0] for power in range(3))
        assert mean.estimate == pytest.approx(first / mass, abs=1e-6)
        assert mean.se == pytest.approx(math.sqrt(second / mass - (first / mass) ** 2), abs=1e-6)
        assert warm.estimate == pytest.approx(optimize.brentq(warm_score, -8, 8), abs=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_simulated_items_and_takers_are_recovered(model: str) -> None:
    """Eight simulations of 600 takers and 20 items; σ = 1.3 and a = 1 under Rasch. Errors must be what the standard
    errors say: their mean square in units of se lies within 0.6 to 1.5 (errors of one simulation go together, so
    that its own standard error is about 0.17), their mean within 0.05."""
    squares, misses, off, said = [], [], [], []
    for seed in range(8):
        chance = np.random.default_rng(100 + seed)
        slopes = np.ones(20) if model == "rasch" else np.exp(chance.normal(0, 0.3, 20))
        difficulties = chance.normal(0, 1, 20)
        truth, right = simulate(seed, 600, slopes, difficulties, 1.3 if model == "rasch" else 1.0)
        found = calibrate(responses(right), model)  # type: ignore[arg-type]
        assert found.converged
        for one, a, b in zip(found.items, slopes, difficulties, strict=True):
            misses.append((one.b or 0) - b)
            squares.append((misses[-1] / (one.se_b or 0)) ** 2)
            if model == "2pl":
                squares.append((((one.a or 0) - a) / (one.se_a or 0)) ** 2)
            assert 0.85 < (one.infit or 0) < 1.15
        for method in ("eap", "wle"):
            estimates = abilities(responses(right), found, method)  # type: ignore[arg-type]
            off += [(one.estimate or 0) - theta for one, theta in zip(estimates, truth, strict=True)]
            said += [one.se or 0 for one in estimates]
    assert 0.6 < np.mean(squares) < 1.5
    assert abs(np.mean(misses)) < 0.05
    assert abs(np.mean(off)) < 0.05
    assert np.sqrt(np.mean(np.square(off))) == pytest.approx(np.sqrt(np.mean(np.square(said))), rel=0.1)


def test_an_item_that_does_not_fit_shows_in_its_mean_squares() -> None:
    _, right = simulate(5, 1500, np.ones(25), np.linspace(-2, 2, 25))
    chance = np.random.default_rng(6)
    right[:, 12] = chance.random(1500) < 0.5
    found = calibrate(responses(right), "rasch")
    assert (found.items[12].infit or 0) > 1.1
    assert max(one.infit or 0 for at, one in enumerate(found.items) if at != 12) < 1.1
    flat = calibrate(responses(right), "2pl").items[12]
    assert (flat.b, flat.se_b) == (None, None) or abs(flat.a or 0) > 0.1


def test_items_that_all_or_none_got_right_are_left_out_with_a_reason() -> None:
    _, right = simulate(8, 150, np.ones(9), np.zeros(9))
    right[:, 0], right[:, 1] = 1, 0
    reached = np.ones_like(right)
    reached[:, 2] = 0
    found = calibrate(responses(right, reached), "2pl")
    reasons = [one.reason or "" for one in found.items[:3]]
    assert reasons[0].startswith("all 150 who reached it got it right")
    assert reasons[1].startswith("all 150 who reached it got it wrong")
    assert reasons[2] == "nobody reached it"
    assert all((one.a, one.b, one.se_b, one.infit) == (None, None, None, None) for one in found.items[:3])
    assert "reached by fewer than 200 takers" in found.warnings[0]
    assert "3 of 9 items could not be placed" in found.warnings[1]


def test_a_key_that_is_wrong_and_an_item_without_end_are_told() -> None:
    _, right = simulate(9, 800, np.ones(12), np.linspace(-1, 1, 12))
    right[:, 3] = 1 - right[:, 3]
    upside_down = calibrate(responses(right), "2pl").items[3]
    assert (upside_down.a or 0) < 0
    assert "check its key" in (upside_down.reason or "")


def test_a_table_without_two_usable_items_makes_no_scale() -> None:
    for rows in ([[1, 1], [1, 1]], [[1, 0], [1, 1]], np.empty((0, 2))):
        found = calibrate(responses(np.asarray(rows)), "rasch")
        assert not found.converged
        assert all(one.b is None and one.reason for one in found.items)
        assert "no scale" in found.warnings[0]
        with pytest.raises(ValueError, match="at least one calibrated item"):
            abilities(responses(np.asarray(rows)), found)
    with pytest.raises(ValueError, match="expected a model among rasch, 2pl"):
        calibrate(responses([[1, 0]]), "3pl")  # type: ignore[arg-type]


def test_a_taker_who_reached_nothing_has_no_ability() -> None:
    right = np.array(patterns(LSAT7))
    reached = np.ones_like(right)
    reached[0] = 0
    found = calibrate(responses(right, reached), "2pl")
    for method in ("eap", "wle"):
        estimates = abilities(responses(right, reached), found, method)  # type: ignore[arg-type]
        assert estimates[0] == Ability(None, None, 0)
        assert all(one.estimate is not None and (one.se or 0) > 0 for one in estimates[1:])


def test_responses_kept_sparse_give_the_same_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    _, right = simulate(13, 400, np.ones(40), np.linspace(-1.5, 1.5, 40))
    reached = (np.random.default_rng(14).random(right.shape) < 0.15).astype(np.uint8)
    table = responses(right, reached)
    assert not isinstance(grid.table(table.columns, 400).right, np.ndarray)
    thin = calibrate(table, "rasch")
    estimated = abilities(table, thin, "wle")
    monkeypatch.setattr(grid, "SPARSE", 0.0)
    dense = calibrate(table, "rasch")
    assert [one.b for one in thin.items] == pytest.approx([one.b for one in dense.items])
    assert [one.se_b for one in thin.items] == pytest.approx([one.se_b for one in dense.items])
    again = abilities(table, dense, "wle")
    assert [one.estimate for one in estimated] == pytest.approx([one.estimate for one in again], nan_ok=True)


def test_a_table_too_large_for_every_term_keeps_those_within_items(monkeypatch: pytest.MonkeyPatch) -> None:
    _, right = simulate(15, 600, np.ones(20), np.linspace(-1.5, 1.5, 20))
    reached = (np.random.default_rng(16).random(right.shape) < 0.9).astype(np.uint8)
    table = responses(right, reached)
    for model in ("rasch", "2pl"):
        exact = calibrate(table, model)  # type: ignore[arg-type]
        monkeypatch.setattr(uncertainty, "DEAREST", 0)
        within = calibrate(table, model)  # type: ignore[arg-type]
        monkeypatch.undo()
        assert within.standard_errors == uncertainty.WITHIN
        ratios = [(one.se_b or 0) / (two.se_b or 1) for one, two in zip(within.items, exact.items, strict=True)]
        assert min(ratios) > 0.75
        assert max(ratios) <= 1.0001


def test_an_uncalibrated_difficulty_is_a_rough_logit() -> None:
    assert item_from_proportion(0.5) == 0
    assert item_from_proportion(0.8) == pytest.approx(-math.log(4) * math.sqrt(1 + 1 / 2.89))
    _, right = simulate(17, 4000, np.ones(9), np.linspace(-2, 2, 9))
    rough = [item_from_proportion(float(p)) for p in right.mean(axis=0)]
    assert rough == pytest.approx(list(np.linspace(-2, 2, 9)), abs=0.2)
    with pytest.raises(ValueError, match="between 0 and 1"):
        item_from_proportion(1)
