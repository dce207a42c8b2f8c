"""Whether a second, equivalent paper would decide the same about a taker: consistency and accuracy at the cut.

From one sitting, after Livingston and Lewis (Journal of Educational Measurement 32, 1995, 179–197): the paper is
replaced by one of so many independent right-or-wrong items that its scores are as reliable, true scores follow a
beta distribution with the mean and the variance that the reliability leaves (two parameters, where they use four),
and scores given a true score are binomial. With KR-21 as the reliability the effective length is the number of
items, and this is Huynh's beta-binomial method (Journal of Educational Measurement 13, 1976, 253–264).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments.classical import ENOUGH_TAKERS

LONGEST = 2000


@dataclass(frozen=True)
class DecisionConsistency:
    """Shares of takers from 0 to 1; all None with a `reason` in words where they cannot be had.

    `consistency` would be decided alike by two papers, `kappa` is how much of that is more than chance, `accuracy`
    is decided as the true score deserves, `false_pass` and `false_fail` are not. `effective_items` is the length of
    the paper by which the real one is replaced.
    """

    takers: int
    consistency: float | None
    kappa: float | None
    accuracy: float | None
    false_pass: float | None
    false_fail: float | None
    effective_items: int | None
    reason: str | None


def decision_consistency(
    shares: Sequence[float], items: int, reliability: float | None, cut: float, enough: int = ENOUGH_TAKERS
) -> DecisionConsistency:
    """Return how far decisions at `cut` can be relied on.

    `shares` are the takers' scores and `cut` the pass mark as shares of what could be earned, 0 to 1; `items` is
    how many items the paper has, `reliability` its alpha or KR-20. Raises ValueError on a share or cut outside 0 to
    1 and on fewer than one item.
    """
    if items < 1 or not 0 < cut <= 1 or any(not 0 <= one <= 1 for one in shares):
        raise ValueError("expected one item or more, a cut above 0 and at most 1, and scores from 0 to 1")
    takers = len(shares)
    if takers < enough:
        return _none(takers, f"{takers} takers are too few; {enough} are needed to say how decisions hold")
    if reliability is None or not 0 < reliability < 1:
        return _none(takers, "the reliability is not between 0 and 1, so that nothing can be said about a second paper")
    mean = math.fsum(shares) / takers
    variance = math.fsum((one - mean) ** 2 for one in shares) / (takers - 1)
    if variance <= 0 or variance >= mean * (1 - mean):
        return _none(takers, "the scores hardly differ, or differ more than items right or wrong can make them")
    length = (mean * (1 - mean) - reliability * variance) / (variance * (1 - reliability))
    whole = max(1, min(LONGEST, round(length)))
    size = mean * (1 - mean) / (reliability * variance) - 1
    return _decide(takers, mean * size, (1 - mean) * size, whole, cut)


def _decide(takers: int, alpha: float, beta: float, length: int, cut: float) -> DecisionConsistency:
    from scipy.special import betainc, betaln, gammaln  # SciPy would slow the start of the web process.

    # A cut that falls on a whole number of items is not pushed above it by the rounding of a product.
    least = math.ceil(cut * length - 1e-9)
    choose = [gammaln(length + 1) - gammaln(x + 1) - gammaln(length - x + 1) for x in range(length + 1)]
    start = betaln(alpha, beta)
    passing = deserved = both = 0.0
    pairs = _passing_pairs(choose, least, length)
    for total, ways in pairs:
        both += math.exp(ways + float(betaln(alpha + total, beta + 2 * length - total)) - start)
    for x in range(least, length + 1):
        chance = math.exp(choose[x] + float(betaln(alpha + x, beta + length - x)) - start)
        passing += chance
        deserved += chance * (1 - float(betainc(alpha + x, beta + length - x, cut)))
    able = 1 - float(betainc(alpha, beta, cut))
    consistency = 1 - 2 * (passing - both)
    by_chance = passing**2 + (1 - passing) ** 2
    false_pass, false_fail = passing - deserved, able - deserved
    kappa = (consistency - by_chance) / (1 - by_chance) if by_chance < 1 else None
    return DecisionConsistency(
        takers, consistency, kappa, 1 - false_pass - false_fail, false_pass, false_fail, length, None
    )


def _passing_pairs(choose: Sequence[Any], least: int, length: int) -> list[tuple[int, float]]:
    """Return for each sum of two passing scores the logarithm of the ways to reach it."""
    from scipy.special import logsumexp  # SciPy would slow the start of the web process.

    logs = [float(one) for one in choose]
    return [
        (
            total,
            float(
                logsumexp(
                    [
                        logs[x] + logs[total - x]
                        for x in range(max(least, total - length), min(length, total - least) + 1)
                    ]
                )
            ),
        )
        for total in range(2 * least, 2 * length + 1)
    ]


def _none(takers: int, reason: str) -> DecisionConsistency:
    return DecisionConsistency(takers, None, None, None, None, None, None, reason)


def kr21(shares: Sequence[float], items: int) -> float | None:
    """Return the reliability of items taken as equally hard (Kuder and Richardson 1937, formula 21).

    `shares` are scores as shares of the items right; None for fewer than two items or takers, or equal scores.
    """
    takers = len(shares)
    if takers < 2 or items < 2:
        return None
    mean = math.fsum(shares) / takers
    variance = math.fsum((one - mean) ** 2 for one in shares) / (takers - 1)
    if variance <= 0:
        return None
    return items / (items - 1) * (1 - mean * (1 - mean) / (items * variance))
