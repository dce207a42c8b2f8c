"""How many people will be ready on a day if the present pace goes on, with a range. Pure: no clock, no chance.

Two answers are worked out and the wider range of the two is told, because each knows something that the other
does not:

- Gamma–Poisson. People become ready at a rate that is not known but was seen: S people in N weeks. With Jeffreys'
  prior Gamma(1/2, 0) the rate has the posterior Gamma(S + 1/2, N), and the number of people in w further weeks is
  negative binomial with r = S + 1/2 and p = N / (N + w) (Gelman and others, Bayesian Data Analysis, 3rd edition,
  sections 2.6 to 2.8). It knows that few completions say little about the rate.
- Resampled weeks. Training comes in clumps (a class day, then nothing). The distribution of the sum of w weeks drawn
  with replacement from the N weeks seen (the bootstrap of Efron, 1979) is worked out exactly by convolution, so no
  random number is needed. It knows how uneven the weeks were.

Both grow with every completion added to any week, and so does the range made of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_WEEKS = 4
LEAST_COMPLETIONS = 3
TAIL = 0.1  # left out at each end: the range is meant to hold 8 times in 10


@dataclass(frozen=True)
class Forecast:
    """People ready on the day: the point, and a range that is meant to hold 8 times in 10.

    `enough` is False where too little was seen to say anything; the numbers then repeat what is ready now.
    `per_week` is the mean of the weeks seen.
    """

    ready: int
    low: int
    high: int
    of: int
    per_week: float
    enough: bool

    def verdict(self, needed: int) -> str:
        """reaches, may or misses the number of people needed; unknown without enough data."""
        if not self.enough:
            return "unknown"
        return "reaches" if self.low >= needed else "misses" if self.high < needed else "may"


def forecast(ready: int, of: int, weekly: Sequence[int], weeks_left: float) -> Forecast:
    """The forecast from how many people became ready in each past week.

    `ready` of `of` people are ready now, `weeks_left` may be a fraction; from the day on (0 or less) nothing more is
    added. Raises ValueError for counts that cannot be.
    """
    if not 0 <= ready <= of or any(count < 0 for count in weekly):
        raise ValueError(f"expected 0 <= ready <= of and counts of 0 or more, not {ready}, {of}, {list(weekly)}")
    seen, weeks, gap = sum(weekly), len(weekly), of - ready
    pace = seen / weeks if weeks else 0.0
    if weeks_left <= 0 or gap == 0:
        return Forecast(ready, ready, ready, of, pace, True)
    if weeks < LEAST_WEEKS or seen < LEAST_COMPLETIONS:
        return Forecast(ready, ready, ready, of, pace, False)
    point = min(gap, math.floor(pace * weeks_left + 0.5))
    bounds = (
        negative_binomial(seen + 0.5, weeks / (weeks + weeks_left), gap, (TAIL, 1 - TAIL)),
        (
            quantile(resampled(weekly, math.floor(weeks_left), gap), TAIL),
            quantile(resampled(weekly, math.ceil(weeks_left), gap), 1 - TAIL),
        ),
    )
    low = min(point, *(pair[0] for pair in bounds))
    high = max(point, *(pair[1] for pair in bounds))
    return Forecast(ready + point, ready + low, ready + high, of, pace, True)


def negative_binomial(r: float, p: float, most: int, at: tuple[float, float]) -> tuple[int, int]:
    """Two quantiles of the failures before the r-th success of chance p, none above `most`."""
    found: list[int] = []
    total, fixed = 0.0, math.lgamma(r)
    for count in range(most + 1):
        log = math.lgamma(count + r) - fixed - math.lgamma(count + 1) + r * math.log(p) + count * math.log1p(-p)
        total += math.exp(log)
        while len(found) < 2 and total >= at[len(found)]:
            found.append(count)
        if len(found) == 2:
            break
    low, high, *_ = [*found, most, most]
    return low, high


def resampled(weekly: Sequence[int], weeks: int, most: int) -> list[float]:
    """The chance of each sum from 0 to `most` (and more, lumped there) of weeks drawn with replacement."""
    chances = {min(count, most): 0.0 for count in weekly}
    for count, times in Counter(weekly).items():
        chances[min(count, most)] += times / len(weekly)
    sums = [1.0] + [0.0] * most
    for _ in range(weeks):
        following = [0.0] * (most + 1)
        for total, chance in enumerate(sums):
            if chance:
                for count, weight in chances.items():
                    following[min(total + count, most)] += chance * weight
        sums = following
    return sums


def quantile(chances: Sequence[float], at: float) -> int:
    """The least value up to which at least this much of the chance lies."""
    total = 0.0
    for value, chance in enumerate(chances):
        total += chance
        if total >= at - 1e-12:
            return value
    return len(chances) - 1
