"""Standard errors from the observed information, and how well each item fits.

The observed information is the complete-data information less what not knowing the abilities takes away (Louis
1982). Where every term can be had it is exact over all items together; where takers reached different items of a
very long list, only the terms within an item are taken, which leaves standard errors a little too small.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from assessments.irt.em import Fit
from assessments.irt.grid import Array, Table, chances, counts, posterior

# The most multiplications that the exact terms may take one ability at a time.
DEAREST = 2e10

EXACT = "observed information"
WITHIN = "observed information within each item"


@dataclass(frozen=True)
class Errors:
    """Covariances of (intercept, slope) an item, J × 2 × 2, and the variance of a shared slope."""

    blocks: Array
    shared: float | None
    method: str


def errors(data: Table, fit: Fit, rasch: bool) -> Errors:
    """Return the sampling covariances of the estimates; NaN where the information cannot be inverted."""
    after, _ = posterior(data, fit.slopes, fit.intercepts, fit.z, fit.log_weights)
    p = chances(fit.slopes, fit.intercepts, fit.z)
    items = fit.slopes.size
    spread = counts(data, after) * p * (1 - p)
    known = np.empty((items, 2, 2))
    known[:, 0, 0] = spread.sum(axis=1)
    known[:, 0, 1] = known[:, 1, 0] = spread @ fit.z
    known[:, 1, 1] = spread @ fit.z**2
    if data.weights.size * items**2 * fit.z.size <= DEAREST:
        missing = _missing_by_ability(data, after, p, fit.z)
    elif data.complete:
        missing = _missing_complete(data, after, p, fit.z)
    else:
        return _within(known - _missing_within(data, after, p, fit.z), rasch)
    information = -missing
    at = np.arange(items)
    for one in (0, 1):
        for other in (0, 1):
            information[one * items + at, other * items + at] += known[:, one, other]
    return _invert(information, items, rasch)


def _invert(information: Array, items: int, rasch: bool) -> Errors:
    blocks = np.full((items, 2, 2), np.nan)
    if rasch:
        shared = np.empty((items + 1, items + 1))
        shared[:items, :items] = information[:items, :items]
        shared[:items, items] = shared[items, :items] = information[:items, items:].sum(axis=1)
        shared[items, items] = information[items:, items:].sum()
        information = shared
    inverse = _inverse(information)
    if inverse is None:
        return Errors(blocks, None, EXACT)
    at = np.arange(items)
    if rasch:
        blocks[:, 0, 0] = inverse[at, at]
        blocks[:, 0, 1] = blocks[:, 1, 0] = inverse[at, items]
        blocks[:, 1, 1] = inverse[items, items]
        return Errors(blocks, float(inverse[items, items]), EXACT)
    blocks[:, 0, 0], blocks[:, 1, 1] = inverse[at, at], inverse[items + at, items + at]
    blocks[:, 0, 1] = blocks[:, 1, 0] = inverse[at, items + at]
    return Errors(blocks, None, EXACT)


def _inverse(information: Array) -> Array | None:
    """Invert a symmetric matrix, of which only the upper half of the result holds; None where it cannot be done.

    At a maximum of the likelihood it is positive definite and a Cholesky factor does with half the work. Where an
    item's slope was stopped at its bound it need not be, and the figures of the other items still stand.
    """
    if not np.isfinite(information).all():
        return None
    factor, failed = linalg.lapack.dpotrf(information)
    if not failed:
        result, failed = linalg.lapack.dpotri(factor)
        if not failed:
            upper: Array = result
            return upper
    try:
        whole: Array = linalg.inv(information)
    except linalg.LinAlgError:
        return None
    return whole


def _within(information: Array, rasch: bool) -> Errors:
    cc, ca, aa = information[:, 0, 0], information[:, 0, 1], information[:, 1, 1]
    blocks = np.full_like(information, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        if rasch:
            blocks[:, 0, 0] = 1 / cc
            return Errors(blocks, float(1 / aa.sum()), WITHIN)
        whole = cc * aa - ca * ca
        blocks[:, 0, 0], blocks[:, 1, 1] = aa / whole, cc / whole
        blocks[:, 0, 1] = blocks[:, 1, 0] = -ca / whole
    return Errors(blocks, None, WITHIN)


def _missing_by_ability(data: Table, after: Array, p: Array, z: Array) -> Array:
    """Sum over takers the covariance of the scores (x − P)(1, θ), one ability at a time; 2J × 2J."""
    right, reached = _dense(data.right), _dense(data.reached)
    items = p.shape[0]
    total = np.zeros((2 * items, 2 * items))
    for at, ability in enumerate(z):
        miss = right - reached * p[:, at]
        gram = miss.T @ (miss * (data.weights * after[:, at])[:, None])
        total[:items, :items] += gram
        total[:items, items:] += gram * ability
        total[items:, items:] += gram * ability**2
    mean = np.concatenate(
        [right - reached * (after @ p.T), right * (after @ z)[:, None] - reached * (after @ (p * z).T)], axis=1
    )
    total[items:, :items] = total[:items, items:].T
    result: Array = total - mean.T @ (mean * data.weights[:, None])
    return result


def _missing_complete(data: Table, after: Array, p: Array, z: Array) -> Array:
    """The same where every item was reached, without a product over takers for each pair of items.

    The expected parts of the scores are sums over the abilities alone, so that their covariances follow from one
    Q × Q matrix over takers; only the slopes' own answers need a product of N × J with itself.
    """
    items = p.shape[0]
    right = _dense(data.right)
    means = after @ z
    variances = np.maximum(after @ z**2 - means**2, 0)
    weighted = after * data.weights[:, None]
    core = np.diag(weighted.sum(axis=0)) - after.T @ weighted
    hits = right.T @ weighted
    hits_by_mean = right.T @ (weighted * means[:, None])
    with_ability = p * z
    total = np.empty((2 * items, 2 * items))
    total[:items, :items] = p @ core @ p.T
    # Σ x·Cov(θ, θᵐP) over takers, items × items: the answer of the first, the chance of the second.
    crossed = hits @ with_ability.T - hits_by_mean @ p.T
    total[:items, items:] = p @ core @ with_ability.T - crossed.T
    total[items:, :items] = total[:items, items:].T
    crossed = hits @ (with_ability * z).T - hits_by_mean @ with_ability.T
    scaled = right * np.sqrt(data.weights * variances)[:, None]
    total[items:, items:] = with_ability @ core @ with_ability.T + scaled.T @ scaled - crossed - crossed.T
    return total


def _missing_within(data: Table, after: Array, p: Array, z: Array) -> Array:
    """The terms within each item alone, J × 2 × 2, from expected counts of right and wrong at each ability."""
    right, reached = _dense(data.right), _dense(data.reached)
    weighted = after * data.weights[:, None]
    hits, tries = right.T @ weighted, reached.T @ weighted
    squares = hits * (1 - p) ** 2 + (tries - hits) * p**2
    first = right - reached * (after @ p.T)
    second = right * (after @ z)[:, None] - reached * (after @ (p * z).T)
    result = np.empty((p.shape[0], 2, 2))
    result[:, 0, 0] = squares.sum(axis=1) - (first**2 * data.weights[:, None]).sum(axis=0)
    result[:, 0, 1] = result[:, 1, 0] = squares @ z - (first * second * data.weights[:, None]).sum(axis=0)
    result[:, 1, 1] = squares @ z**2 - (second**2 * data.weights[:, None]).sum(axis=0)
    return result


def _dense(matrix: Array) -> Array:
    result: Array = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return result


def mean_squares(data: Table, fit: Fit) -> tuple[Array, Array]:
    """Return infit and outfit mean squares of the items (Wright and Masters 1982), 1 where the model holds.

    The squared residuals are averaged over each taker's distribution of ability instead of taken at one estimate,
    so that their expectation is 1 under the model however short the test.
    """
    after, _ = posterior(data, fit.slopes, fit.intercepts, fit.z, fit.log_weights)
    p = np.clip(chances(fit.slopes, fit.intercepts, fit.z), 1e-9, 1 - 1e-9)
    weighted = after * data.weights[:, None]
    hits, tries = np.asarray(data.right.T @ weighted), counts(data, after)
    squares = hits * (1 - p) ** 2 + (tries - hits) * p**2
    infit = squares.sum(axis=1) / (tries * p * (1 - p)).sum(axis=1)
    reached = np.asarray(data.reached.T @ data.weights)
    outfit = (squares / (p * (1 - p))).sum(axis=1) / reached
    return infit, outfit
