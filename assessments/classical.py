"""Classical item statistics: difficulty, discrimination, reliability and the standard error of measurement.

All of them come from sample covariances (n − 1) of pairs of items over the takers who reached both, so that items
not reached are left out rather than counted as wrong. Where everyone reached everything these are the textbook
figures: alpha is then KR-20 and the discrimination the point-biserial correlation of an item with the sum of all
others. A figure that cannot be worked out, such as the correlation of an item that all got right, is None.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.responses import Column, Responses

# Below this many takers the figures say little; whoever shows them says so.
ENOUGH_TAKERS = 30


@dataclass(frozen=True)
class ItemStatistics:
    """`difficulty` is the proportion right of those who reached the item, `reached` how many they are."""

    id: str
    reached: int
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class Statistics:
    """`alpha` is Cronbach's (Cronbach 1951), `sem` = √(variance of the total · (1 − alpha)) in items right."""

    takers: int
    alpha: float | None
    sem: float | None
    items: tuple[ItemStatistics, ...]


def analyse(responses: Responses) -> Statistics:
    """Return the statistics of a table of responses."""
    columns = responses.columns
    covariances = _covariances(columns)
    sums = None if covariances is None else [math.fsum(row) for row in covariances]
    total = None if sums is None else math.fsum(sums)
    alpha = sem = None
    if covariances is not None and total is not None and total > _NOTHING and len(columns) > 1:
        own = math.fsum(row[at] for at, row in enumerate(covariances))
        alpha = len(columns) / (len(columns) - 1) * (1 - own / total)
        sem = math.sqrt(total * max(0.0, 1 - alpha))
    items = []
    for at, column in enumerate(columns):
        reached = column.reached.bit_count()
        discrimination = None
        if covariances is not None and sums is not None and total is not None:
            own = covariances[at][at]
            with_rest = sums[at] - own
            discrimination = _correlation(with_rest, own, total - 2 * with_rest - own)
        difficulty = column.right.bit_count() / reached if reached else None
        items.append(ItemStatistics(column.id, reached, difficulty, discrimination))
    return Statistics(responses.takers, alpha, sem, tuple(items))


_NOTHING = 1e-12


def _correlation(covariance: float, one: float, other: float) -> float | None:
    if one <= _NOTHING or other <= _NOTHING:
        return None
    return max(-1.0, min(1.0, covariance / math.sqrt(one * other)))


def _covariances(columns: Sequence[Column]) -> list[list[float]] | None:
    """Return the matrix of covariances, or None where two items have fewer than two takers in common."""
    matrix = [[0.0] * len(columns) for _ in columns]
    for at, one in enumerate(columns):
        for to in range(at, len(columns)):
            other = columns[to]
            both = (one.reached & other.reached).bit_count()
            if both < 2:
                return None
            right_one = (one.right & other.reached).bit_count()
            right_other = (other.right & one.reached).bit_count()
            together = (one.right & other.right).bit_count()
            value = (together - right_one * right_other / both) / (both - 1)
            matrix[at][to] = matrix[to][at] = value
    return matrix
