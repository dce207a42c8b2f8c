"""Confidence-based marking: how sure a learner was, and whether being sure was earned.

Formative: it feeds calibration and refreshers, never the pass mark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

CERTAINTIES = (1, 2, 3)
MARK_RIGHT = {1: 1, 2: 2, 3: 3}
MARK_WRONG = {1: 0, 2: -2, 3: -6}
# With these marks the expected mark is highest for 2 from a chance of 0.67 of being right, and for 3 from 0.80.
THRESHOLDS = {2: Fraction(2, 3), 3: Fraction(4, 5)}


def certainty_mark(right: bool, certainty: int) -> int:
    """Return the mark of an answer given with certainty 1, 2 or 3; raises ValueError on another certainty."""
    if isinstance(certainty, bool) or certainty not in CERTAINTIES:
        raise ValueError(f"expected a certainty of 1, 2 or 3, not {certainty!r}")
    return MARK_RIGHT[certainty] if right else MARK_WRONG[certainty]


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


@dataclass(frozen=True)
class Calibration:
    """How certainty and being right went together.

    `mark` is the sum of certainty marks, `confident_errors` how many answers were certain (3) and wrong.
    """

    bands: tuple[Band, ...]
    mark: int
    confident_errors: int


def calibration(pairs: Iterable[tuple[bool, int]]) -> Calibration:
    """Sum up pairs of (right, certainty); raises ValueError on a certainty other than 1, 2 or 3."""
    count = dict.fromkeys(CERTAINTIES, 0)
    hits = dict.fromkeys(CERTAINTIES, 0)
    mark = 0
    for right, certainty in pairs:
        mark += certainty_mark(right, certainty)
        count[certainty] += 1
        hits[certainty] += bool(right)
    return Calibration(
        bands=tuple(Band(one, count[one], hits[one]) for one in CERTAINTIES),
        mark=mark,
        confident_errors=count[3] - hits[3],
    )
