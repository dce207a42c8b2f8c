"""Confidence-based marking: how sure a learner was, and whether being sure was earned.

Certainty marks after Gardner-Medwin (1995): 1, 2 or 3 for a right answer, 0, −2 or −6 for a wrong one, so that
saying how sure one is pays best. Formative: it feeds calibration and refreshers, never the pass mark.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

CERTAINTIES = (1, 2, 3)
MARK_RIGHT = {1: 1, 2: 2, 3: 3}
MARK_WRONG = {1: 0, 2: -2, 3: -6}
# With these marks the expected mark is highest for 2 from a chance of 0.67 of being right, and for 3 from 0.80.
THRESHOLDS = {2: Fraction(2, 3), 3: Fraction(4, 5)}
# The chances of being right for which each certainty is the best choice: below the first threshold, between, above.
EARNED = {
    1: (Fraction(0), THRESHOLDS[2]),
    2: (THRESHOLDS[2], THRESHOLDS[3]),
    3: (THRESHOLDS[3], Fraction(1)),
}
# What a certainty states when it is scored as a forecast: the middle of the chances for which it is the best choice,
# those of the lowest counted from one half, the least that saying anything at all claims.
STATED = {1: Fraction(7, 12), 2: Fraction(11, 15), 3: Fraction(9, 10)}
# Fewer answers than these with one certainty say little about it.
ENOUGH_ANSWERS = 10


def certainty_mark(right: bool, certainty: int) -> int:
    """Return the mark of an answer given with certainty 1, 2 or 3; raises ValueError on another certainty."""
    if isinstance(certainty, bool) or certainty not in CERTAINTIES:
        raise ValueError(f"expected a certainty of 1, 2 or 3, not {certainty!r}")
    return MARK_RIGHT[certainty] if right else MARK_WRONG[certainty]


def least_share(part: int, whole: int) -> float:
    """The lower end of the 95 % interval of a share, by which shares of small and large groups can be ranked.

    Wilson's interval with the correction for continuity (Newcombe 1998, Statistics in Medicine 17:857-872, method 4);
    without it one of five would stand before nine of 136. 0 without anybody.
    """
    if not part or not whole:
        return 0.0
    z = 1.959963984540054
    share = part / whole
    root = math.sqrt(z * z - 2 - 1 / whole + 4 * share * (whole * (1 - share) + 1))
    return max(0.0, (2 * part + z * z - 1 - z * root) / (2 * (whole + z * z)))


@dataclass(frozen=True)
class Band:
    """The answers given with one certainty: how many, and how many of them were right."""

    certainty: int
    answers: int
    right: int

    @property
    def share(self) -> Fraction | None:
        """The share that was right, or None without answers."""
        return Fraction(self.right, self.answers) if self.answers else None

    @property
    def expected(self) -> tuple[Fraction, Fraction]:
        """The shares right, from and to, for which this certainty earns most."""
        return EARNED[self.certainty]

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share (Wilson 1927), or None without answers."""
        if not self.answers:
            return None
        z = 1.959963984540054
        middle = (self.right + z * z / 2) / (self.answers + z * z)
        half = (
            z / (self.answers + z * z) * math.sqrt(self.right * (self.answers - self.right) / self.answers + z * z / 4)
        )
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def judged(self) -> str | None:
        """`over` where even the interval stays below what the certainty needs, `under` where it stays above what
        would deserve a higher one, `fitting` else; None with too few answers."""
        interval = self.interval
        if interval is None or self.answers < ENOUGH_ANSWERS:
            return None
        low, high = self.expected
        return "over" if interval[1] < low else "under" if interval[0] > high else "fitting"


@dataclass(frozen=True)
class Calibration:
    """How certainty and being right went together.

    `mark` is the sum of certainty marks, `confident_errors` how many answers were certain (3) and wrong. `brier` is
    the mean squared distance of the chance that a certainty states from what came (Brier 1950): 0 is best, 0.25 is a
    coin's. `bias` is the mean chance stated less the share right: above 0 is over-confidence, below 0 diffidence.
    `best_mark` is what the same answers would have earned with the certainty that each band's share deserved.
    """

    bands: tuple[Band, ...]
    mark: int
    confident_errors: int
    answers: int = 0
    brier: Fraction | None = None
    bias: Fraction | None = None
    best_mark: int = 0


def calibration(pairs: Iterable[tuple[bool, int]]) -> Calibration:
    """Sum up pairs of (right, certainty); raises ValueError on a certainty other than 1, 2 or 3."""
    count = dict.fromkeys(CERTAINTIES, 0)
    hits = dict.fromkeys(CERTAINTIES, 0)
    mark = 0
    for right, certainty in pairs:
        mark += certainty_mark(right, certainty)
        count[certainty] += 1
        hits[certainty] += bool(right)
    answers = sum(count.values())
    correct = sum(hits.values())
    brier = bias = None
    if answers:
        squares = sum(
            hits[one] * (1 - STATED[one]) ** 2 + (count[one] - hits[one]) * STATED[one] ** 2 for one in CERTAINTIES
        )
        brier = Fraction(squares) / answers
        bias = (sum((count[one] * STATED[one] for one in CERTAINTIES), Fraction(0)) - correct) / answers
    return Calibration(
        bands=tuple(Band(one, count[one], hits[one]) for one in CERTAINTIES),
        mark=mark,
        confident_errors=count[3] - hits[3],
        answers=answers,
        brier=brier,
        bias=bias,
        best_mark=sum(_best(count[one], hits[one]) for one in CERTAINTIES),
    )


def best_certainty(chance: Fraction) -> int:
    """Return the certainty with the highest expected mark at a chance of being right, the lower one of equals."""
    return max(CERTAINTIES, key=lambda one: (chance * MARK_RIGHT[one] + (1 - chance) * MARK_WRONG[one], -one))


def _best(answers: int, right: int) -> int:
    return max(right * MARK_RIGHT[one] + (answers - right) * MARK_WRONG[one] for one in CERTAINTIES)
