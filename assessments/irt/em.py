"""Marginal maximum likelihood by expectation and maximisation (Bock and Aitkin 1981).

Abilities are integrated out over a normal distribution. Each step also lets that distribution move and stretch and
then folds its mean and spread back into the items (parameter-expanded EM: Liu, Rubin and Wu 1998), without which
long tests, whose takers are almost known, converge very slowly. Knows nothing of ids or of what is shown.
"""

from dataclasses import dataclass

import numpy as np

from assessments.irt.grid import Array, Table, chances, counts, nodes, posterior

STEPS = 3000
# A slope beyond this tells of an item that splits takers without error: the likelihood has no highest point.
STEEPEST = 8.0
FLATTEST_SPREAD = 0.01


@dataclass(frozen=True)
class Fit:
    """Slopes and intercepts on the scale where abilities are N(0, 1), and how the search ended.

    For the Rasch model all slopes are the standard deviation of abilities in logits.
    """

    slopes: Array
    intercepts: Array
    log_likelihood: float
    steps: int
    converged: bool
    z: Array
    log_weights: Array


def estimate(data: Table, rasch: bool, tolerance: float = 1e-6) -> Fit:
    """Estimate slopes and intercepts of items that some got right and some wrong.

    Stops when no slope or intercept moves by more than `tolerance` logits in a step.
    """
    z, log_weights = nodes(data.longest)
    right = np.asarray(data.right.T @ data.weights)
    reached = np.asarray(data.reached.T @ data.weights)
    intercepts = np.log(right / (reached - right)) * 1.15
    slopes = np.ones_like(intercepts)
    likelihood, steps, moved = -np.inf, 0, np.inf
    while steps < STEPS and moved >= tolerance:
        steps += 1
        after, likelihood = posterior(data, slopes, intercepts, z, log_weights)
        means = after @ z
        mean = float(data.weights @ means / data.weights.sum())
        spread = float(np.sqrt(max(data.weights @ (after @ (z * z)) / data.weights.sum() - mean**2, 1e-8)))
        with_ability = np.asarray(data.right.T @ (data.weights * means))
        expected = counts(data, after)
        if rasch:
            new_slopes, new_intercepts = _shared_slope(slopes, intercepts, right, expected, z)
        else:
            new_slopes, new_intercepts = _own_slopes(slopes, intercepts, right, with_ability, expected, z)
        # Fold the mean and the spread that abilities were found to have back into the items.
        new_intercepts = new_intercepts + new_slopes * mean
        new_slopes = np.clip(new_slopes * spread, -STEEPEST, STEEPEST)
        if rasch:
            new_slopes = np.maximum(new_slopes, FLATTEST_SPREAD)
        moved = max(np.abs(new_slopes - slopes).max(), np.abs(new_intercepts - intercepts).max())
        slopes, intercepts = new_slopes, new_intercepts
    return Fit(slopes, intercepts, likelihood, steps, bool(moved < tolerance), z, log_weights)


def _own_slopes(
    slopes: Array, intercepts: Array, right: Array, with_ability: Array, expected: Array, z: Array
) -> tuple[Array, Array]:
    """One Newton step for each item's slope and intercept; the likelihood given abilities is concave in both."""
    p = chances(slopes, intercepts, z)
    taken = expected * p
    spread = taken * (1 - p)
    miss_c = right - taken.sum(axis=1)
    miss_a = with_ability - taken @ z
    cc, ca, aa = spread.sum(axis=1), spread @ z, spread @ (z * z)
    fault = np.maximum(cc * aa - ca * ca, 1e-9)
    return (
        slopes + np.clip((cc * miss_a - ca * miss_c) / fault, -0.5, 0.5),
        intercepts + np.clip((aa * miss_c - ca * miss_a) / fault, -1.0, 1.0),
    )


def _shared_slope(slopes: Array, intercepts: Array, right: Array, expected: Array, z: Array) -> tuple[Array, Array]:
    """One Newton step for each intercept; the shared slope is the spread of abilities, folded in afterwards."""
    p = chances(slopes, intercepts, z)
    taken = expected * p
    cc = np.maximum((taken * (1 - p)).sum(axis=1), 1e-9)
    return slopes, intercepts + np.clip((right - taken.sum(axis=1)) / cc, -1.0, 1.0)
