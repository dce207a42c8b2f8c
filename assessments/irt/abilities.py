"""Abilities from responses to calibrated items, for many takers at once.

Two estimates: the mean of the distribution given the responses (EAP, Bock and Mislevy 1982), which needs a
distribution of abilities, and the weighted likelihood estimate (WLE, Warm 1989), which needs none and stays finite
when all is right or all is wrong.
"""

import numpy as np

from assessments.irt.grid import Array, Table, nodes, posterior

FARTHEST = 8.0
REFINEMENTS = 12
ROWS = 1000


def eap(data: Table, slopes: Array, intercepts: Array) -> tuple[Array, Array]:
    """Return means and standard deviations of N(0, 1) abilities given the responses, one for each row."""
    z, log_weights = nodes(data.longest)
    after, _ = posterior(data, slopes, intercepts, z, log_weights)
    mean = after @ z
    return mean, np.sqrt(np.maximum(after @ z**2 - mean**2, 0))


def wle(data: Table, slopes: Array, intercepts: Array) -> tuple[Array, Array]:
    """Return the estimates and 1/√information; NaN for a row that reached nothing."""
    estimates = np.full(data.weights.size, np.nan)
    spread = np.full(data.weights.size, np.nan)
    for start in range(0, data.weights.size, ROWS):
        part = slice(start, start + ROWS)
        right, reached = data.right[part], data.reached[part]
        right = right if isinstance(right, np.ndarray) else right.toarray()
        reached = reached if isinstance(reached, np.ndarray) else reached.toarray()
        rows = reached.sum(axis=1) > 0
        found, error = _solve(right[rows], reached[rows], slopes, intercepts)
        estimates[part][rows] = found
        spread[part][rows] = error
    return estimates, spread


def _solve(right: Array, reached: Array, slopes: Array, intercepts: Array) -> tuple[Array, Array]:
    """Find where the weighted score is zero: bracket it on a grid, then halve and interpolate (Illinois)."""
    credit = right @ slopes
    grid = np.linspace(-FARTHEST, FARTHEST, 65)
    logits = slopes[:, None] * grid + intercepts[:, None]
    p = 1 / (1 + np.exp(-logits))
    spread = p * (1 - p)
    bend = reached @ (slopes[:, None] ** 3 * spread * (1 - 2 * p))
    scores = credit[:, None] - reached @ (slopes[:, None] * p)
    scores += bend / (2 * np.maximum(reached @ (slopes[:, None] ** 2 * spread), 1e-12))
    above = np.argmax(scores < 0, axis=1)
    above = np.where((scores < 0).any(axis=1), np.maximum(above, 1), grid.size - 1)
    low, high = grid[above - 1], grid[above]
    at = np.arange(above.size)
    at_low, at_high = scores[at, above - 1], scores[at, above]
    middle = (low + high) / 2
    for _ in range(REFINEMENTS):
        slack = at_low - at_high
        middle = np.where(
            np.abs(slack) > 1e-12, low + (high - low) * np.clip(at_low / np.where(slack == 0, 1, slack), 0, 1), middle
        )
        score, _ = _score(credit, reached, slopes, intercepts, middle)
        below = score > 0
        at_high = np.where(below, at_high / 2, score)
        at_low = np.where(below, score, at_low / 2)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return middle, 1 / np.sqrt(_score(credit, reached, slopes, intercepts, middle)[1])


def _score(credit: Array, reached: Array, slopes: Array, intercepts: Array, at: Array) -> tuple[Array, Array]:
    """Return Warm's weighted score and the test information of each row at its own ability."""
    p = 1 / (1 + np.exp(-np.clip(at[:, None] * slopes + intercepts, -40, 40)))
    spread = reached * p * (1 - p)
    information = np.maximum(spread @ slopes**2, 1e-12)
    bend = (spread * (1 - 2 * p)) @ slopes**3
    return credit - (reached * p) @ slopes + bend / (2 * information), information
