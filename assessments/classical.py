"""Classical item statistics: difficulty, discrimination, reliability and the standard error of measurement.

All of them come from sample covariances (n − 1) of pairs of items over the takers who reached both, so that items
not reached are left out rather than counted as wrong. Where everyone reached everything these are the textbook
figures: alpha is then KR-20 and the discrimination the point-biserial correlation of an item with the sum of all
others. Where takers reached such different items that some pair was hardly met together, there is no alpha, and the
discrimination is the correlation with the share right of a taker's other items. A figure that cannot be worked out,
such as the correlation of an item that all got right, is None.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.responses import Column, Responses

# Below this many takers the figures say little; whoever shows them says so.
ENOUGH_TAKERS = 30


@dataclass(frozen=True)
class ItemStatistics:
    """`difficulty` is the proportion right of those who reached the item, `reached` how many they are.

    `discrimination` is the corrected point-biserial, `alpha_without` the alpha of the other items.
    """

    id: str
    reached: int
    difficulty: float | None
    discrimination: float | None
    alpha_without: float | None = None


@dataclass(frozen=True)
class Statistics:
    """`alpha` is Cronbach's (Cronbach 1951; KR-20 of Kuder and Richardson 1937 where all was reached).

    `sem` = √(variance of the total · (1 − alpha)), in items right.
    """

    takers: int
    alpha: float | None
    sem: float | None
    items: tuple[ItemStatistics, ...]

    @property
    def few(self) -> str | None:
        """What to say where takers are too few, else None."""
        return too_few(self.takers)


def too_few(takers: int, enough: int = ENOUGH_TAKERS) -> str | None:
    """Return a sentence where there are too few takers for figures to mean much, else None."""
    if takers >= enough:
        return None
    who = "1 taker is" if takers == 1 else f"{takers} takers are"
    return f"{who} few; below {enough} these figures say little"


def analyse(responses: Responses) -> Statistics:
    """Return the statistics of a table of responses."""
    columns = responses.columns
    covariances = _covariances(columns)
    alpha = sem = None
    apart: list[tuple[float | None, float | None]]
    if covariances is None:
        apart = [(one, None) for one in _with_other_shares(responses)]
    else:
        sums = [math.fsum(row) for row in covariances]
        total = math.fsum(sums)
        own = math.fsum(row[at] for at, row in enumerate(covariances))
        alpha = _alpha(len(columns), own, total)
        sem = None if alpha is None else math.sqrt(total * max(0.0, 1 - alpha))
        apart = []
        for at, row in enumerate(covariances):
            with_rest = sums[at] - row[at]
            rest = total - 2 * with_rest - row[at]
            apart.append((_correlation(with_rest, row[at], rest), _alpha(len(columns) - 1, own - row[at], rest)))
    items = []
    for column, (discrimination, without) in zip(columns, apart, strict=True):
        reached = column.reached.bit_count()
        difficulty = column.right.bit_count() / reached if reached else None
        items.append(ItemStatistics(column.id, reached, difficulty, discrimination, without))
    return Statistics(responses.takers, alpha, sem, tuple(items))


_NOTHING = 1e-12


def _alpha(items: int, own: float, total: float) -> float | None:
    return items / (items - 1) * (1 - own / total) if items > 1 and total > _NOTHING else None


def _correlation(covariance: float, one: float, other: float) -> float | None:
    if one <= _NOTHING or other <= _NOTHING:
        return None
    return max(-1.0, min(1.0, covariance / math.sqrt(one * other)))


def _with_other_shares(responses: Responses) -> list[float | None]:
    """Return the correlation of each item with the share right of the other items that its takers reached."""
    tries, hits = [0] * responses.takers, [0] * responses.takers
    for column in responses.columns:
        for taker in _takers(column.reached):
            tries[taker] += 1
        for taker in _takers(column.right):
            hits[taker] += 1
    found: list[float | None] = []
    for column in responses.columns:
        pairs = []
        for taker in _takers(column.reached):
            right = column.right >> taker & 1
            if tries[taker] > 1:
                pairs.append((float(right), (hits[taker] - right) / (tries[taker] - 1)))
        if len(pairs) < 2:
            found.append(None)
            continue
        one = math.fsum(x for x, _ in pairs) / len(pairs)
        other = math.fsum(y for _, y in pairs) / len(pairs)
        found.append(
            _correlation(
                math.fsum((x - one) * (y - other) for x, y in pairs),
                math.fsum((x - one) ** 2 for x, _ in pairs),
                math.fsum((y - other) ** 2 for _, y in pairs),
            )
        )
    return found


def _takers(bits: int) -> list[int]:
    """Return the positions of the bits that are set."""
    return [at for at, one in enumerate(reversed(format(bits, "b"))) if one == "1"]


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
