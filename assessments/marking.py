"""What a paper earns, and whether that passes.

The percentage is exact; a page shows one decimal, the pass mark is compared with the exact value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from assessments.model import Item, Score
from assessments.registry import formative, score

_NO_MARKS: Mapping[str, Score] = {}


@dataclass(frozen=True)
class PaperScore:
    """The result of a paper.

    `items` holds a score for each item, formative ones too, which `earned` and `possible` leave out. `percent` and
    `passed` are None while an item waits for a person to mark it, and `percent` is 0 where nothing can be earned.
    """

    items: dict[str, Score]
    earned: Fraction
    possible: Fraction
    percent: Fraction | None
    passed: bool | None


def mark_paper(
    items: Sequence[Item],
    answers: Mapping[str, Any],
    pass_percent: Fraction,
    marks: Mapping[str, Score] = _NO_MARKS,
) -> PaperScore:
    """Score canonical answers by item id and compare them with the pass mark (per cent, from 0 to 100).

    What is unanswered earns 0. `marks` gives the scores that a person awarded, by item id. Raises AnswerError on
    an answer that cannot be one, before anything is decided.
    """
    scores = {item.id: marks.get(item.id) or score(item, answers.get(item.id)) for item in items}
    counted = [scores[item.id] for item in items if not formative(item)]
    earned = sum((one.earned for one in counted), Fraction(0))
    possible = sum((one.possible for one in counted), Fraction(0))
    if any(one.status == "awaiting_marking" for one in counted):
        return PaperScore(scores, earned, possible, None, None)
    percent = 100 * earned / possible if possible else Fraction(0)
    return PaperScore(scores, earned, possible, percent, bool(possible) and percent >= Fraction(pass_percent))


def shown_percent(percent: Fraction, pass_percent: Fraction | None = None) -> Decimal:
    """Return a percentage with one decimal, rounded half up.

    Where the exact value misses `pass_percent` but would round up to it, it is rounded down, so that a page never
    shows the pass mark beside a result that missed it.
    """
    exact = Decimal(percent.numerator) / Decimal(percent.denominator)
    shown = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if pass_percent is not None and percent < pass_percent <= Fraction(shown):
        return exact.quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return shown


AGREED = Fraction(1, 10)  # two markers who differ by this share of a text's points or less agree


def settled_points(
    marks: Sequence[Sequence[Fraction]], possible: Fraction, markers: int = 1
) -> tuple[Fraction, ...] | None:
    """Return the points by criterion that stand after one, two or three marks, or None while another mark is needed.

    One marker decides alone where `markers` is 1. Of two who agree the mean stands; where their totals differ by more
    than a tenth of `possible`, a third marker decides.
    """
    if not marks or (markers > 1 and len(marks) == 1):
        return None
    if len(marks) == 1:
        return tuple(marks[0])
    if len(marks) > 2:
        return tuple(marks[2])
    first, second = marks
    if abs(sum(first, Fraction(0)) - sum(second, Fraction(0))) <= AGREED * possible:
        return tuple((one + two) / 2 for one, two in zip(first, second, strict=True))
    return None
