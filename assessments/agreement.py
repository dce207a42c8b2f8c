"""How far markers agree about the same pieces of work, such as essays marked blind by two people.

Grades are numbers on an ordered scale: points of a criterion, or of the whole. Knows nothing of who the markers are.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# Fewer pieces marked twice than these say little about how two people mark.
ENOUGH_PIECES = 20

Grade = int | float | Fraction


@dataclass(frozen=True)
class Agreement:
    """Two markers over the pieces that both marked.

    `exact` and `adjacent` are shares from 0 to 1: the same grade, and grades at most one step apart. `kappa` is
    Cohen's (1960) weighted by squares (Cohen 1968), None where all grades are one and the same. `difference` is the
    mean of first less second, so that above 0 the first marker is the more lenient. `few` says in words that the
    pieces are too few.
    """

    pieces: int
    exact: float | None
    adjacent: float | None
    kappa: float | None
    difference: float | None
    few: str | None


def marking_agreement(pairs: Sequence[tuple[Grade, Grade]], step: Grade = 1, enough: int = ENOUGH_PIECES) -> Agreement:
    """Compare two markers' grades of the same pieces; `step` is the distance of neighbouring grades.

    With squared weights kappa = 1 − Σ(x − y)² / n ÷ (Var x + Var y + (mean x − mean y)²), variances over n: the
    expected squared difference of two grades drawn apart. Raises ValueError unless the step is above 0.
    """
    if step <= 0:
        raise ValueError(f"expected a step above 0, not {step!r}")
    count = len(pairs)
    few = None if count >= enough else f"{count} pieces marked twice are few; below {enough} this says little"
    if not count:
        return Agreement(0, None, None, None, None, few)
    gaps = [Fraction(one) - Fraction(other) for one, other in pairs]
    means = [Fraction(sum((Fraction(pair[at]) for pair in pairs), Fraction(0)), count) for at in (0, 1)]
    spread = sum(
        (sum(((Fraction(pair[at]) - means[at]) ** 2 for pair in pairs), Fraction(0)) / count for at in (0, 1)),
        Fraction(0),
    )
    expected = spread + (means[0] - means[1]) ** 2
    observed = sum((gap * gap for gap in gaps), Fraction(0)) / count
    return Agreement(
        count,
        sum(gap == 0 for gap in gaps) / count,
        sum(abs(gap) <= Fraction(step) for gap in gaps) / count,
        float(1 - observed / expected) if expected else None,
        float(means[0] - means[1]),
        few,
    )


def krippendorff_alpha(pieces: Sequence[Sequence[Grade | None]]) -> float | None:
    """Return Krippendorff's alpha for ordered grades by any number of markers, None standing for not marked.

    `pieces` holds the grades of one piece each; those with fewer than two are left out. The difference of two grades
    is the squared number of grades given from the one to the other, both counted half (Krippendorff 2011,
    "Computing Krippendorff's Alpha-Reliability"). None where nothing can be compared or all grades are the same.
    """
    marked = [[one for one in piece if one is not None] for piece in pieces]
    marked = [piece for piece in marked if len(piece) > 1]
    totals = Counter(one for piece in marked for one in piece)
    grades = sorted(totals)
    given = sum(totals.values())
    if len(grades) < 2:
        return None
    below = {grade: sum(totals[one] for one in grades[:at]) + totals[grade] / 2 for at, grade in enumerate(grades)}

    def distance(one: Grade, other: Grade) -> float:
        return (below[one] - below[other]) ** 2

    observed = math.fsum(
        distance(one, other) / (len(piece) - 1) for piece in marked for one in piece for other in piece
    )
    expected = math.fsum(totals[one] * totals[other] * distance(one, other) for one in grades for other in grades) / (
        given - 1
    )
    return 1 - observed / expected
