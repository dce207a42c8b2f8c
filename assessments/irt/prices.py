"""What asking an item costs, so that an adaptive test keeps it for the takers whom it tells most about.

Prices are multipliers of the constraint that no item is asked more often than a cap allows. They are learnt on
simulated takers: after each of them an item's price rises by a step if it was asked and falls by the step's share
of the cap, never below 0 (stochastic approximation after Robbins and Monro 1951). Barring worn items outright would
keep the cap too, but would take them from those who come next whoever they are.
"""

import numpy as np

from assessments.irt.grid import Array

STEP = 0.15
SETTLING = 50
# Aiming a little under the cap leaves barring, which holds it exactly, little to do.
AIM = 0.97
NODES = np.linspace(-4, 4, 65)


def learn(
    slopes: Array, difficulties: Array, areas: Array, shares: Array, cap: float, length: int, takers: int, seed: int
) -> Array:
    """Return a price for each item in units of information, averaged over the second half of the takers.

    Abilities are N(0, 1). `areas` numbers the content area of each item and `shares` gives their parts.
    """
    chance = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-slopes[:, None] * (NODES - difficulties[:, None])))
    prior = np.exp(-(NODES**2) / 2)
    prices = np.zeros(slopes.size)
    total = np.zeros(slopes.size)
    for taker, ability in enumerate(chance.normal(0, 1, takers)):
        right = chance.random(slopes.size) < 1 / (1 + np.exp(-slopes * (ability - difficulties)))
        asked = _sit(slopes, difficulties, areas, shares, prices, p, prior, right, length)
        prices = np.maximum(0, prices + STEP / np.sqrt(1 + taker / SETTLING) * (asked - cap * AIM))
        if taker >= takers // 2:
            total += prices
    result: Array = total / max(1, takers - takers // 2)
    return result


def _sit(
    slopes: Array, difficulties: Array, areas: Array, shares: Array, prices: Array, p: Array, prior: Array,
    right: Array, length: int,
) -> Array:  # fmt: skip
    """Let one simulated taker sit the test; returns which items were asked."""
    asked = np.zeros(slopes.size, dtype=bool)
    given = np.zeros(shares.size)
    weights = prior / prior.sum()
    for step in range(min(length, slopes.size)):
        logit = slopes * (weights @ NODES - difficulties)
        worth = slopes**2 / (2 + np.exp(logit) + np.exp(-logit)) - prices
        worth[asked] = -np.inf
        open_areas = np.unique(areas[~asked])
        area = open_areas[np.argmin((given - shares * (step + 1))[open_areas])]
        worth[areas != area] = -np.inf
        item = int(np.argmax(worth))
        asked[item] = True
        given[area] += 1
        weights = weights * (p[item] if right[item] else 1 - p[item])
        weights /= weights.sum()
    return asked
