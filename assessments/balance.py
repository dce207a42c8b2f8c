"""Whether the options of a bank give its keys away by their length or their position, beyond what chance explains.

Works on items as written, before rendering. A learner who always picks the longest option, or always the second, must
do no better than one who guesses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.answers import Choices
from assessments.model import Item

_MARKUP = re.compile(r"[*_`]+|\]\([^)]*\)|\[")
# Upper 5 % and 1 % points of the chi-square distribution by degrees of freedom, 1 to 9 (any table of it).
CHI_SQUARE = {
    0.05: (3.841, 5.991, 7.815, 9.488, 11.070, 12.592, 14.067, 15.507, 16.919),
    0.01: (6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090, 21.666),
}


@dataclass(frozen=True)
class KeyBalance:
    """The keys of the single-choice items of a bank.

    `longest` and `shortest` count the keys that are strictly so; `chances` holds for each item the chance of one
    option among its options. `positions` counts keys by position from 0, `expected` what chance would put there.
    """

    chances: tuple[Fraction, ...]
    longest: int
    shortest: int
    positions: tuple[int, ...]
    expected: tuple[Fraction, ...]

    @property
    def items(self) -> int:
        """How many items were looked at."""
        return len(self.chances)

    def longest_by_chance(self) -> float:
        """Return the probability of so many longest keys, or more, were keys placed without regard to length."""
        return at_least(self.longest, self.chances)

    def shortest_by_chance(self) -> float:
        """Return the probability of so many shortest keys, or more."""
        return at_least(self.shortest, self.chances)

    def uneven(self, level: float = 0.05) -> bool:
        """Whether positions differ from an even spread beyond the `level` point of chi-square (Pearson's statistic).

        Few items have small expected counts and make the statistic coarse; ask from about twenty items on.
        """
        freedom = len(self.expected) - 1
        return freedom > 0 and self.spread() > CHI_SQUARE[level][freedom - 1]

    def spread(self) -> float:
        """Return Pearson's statistic of the positions: the sum of (observed − expected)² ÷ expected."""
        pairs = zip(self.positions, self.expected, strict=True)
        return float(sum(((seen - due) ** 2 / due for seen, due in pairs), Fraction(0)))


def key_balance(items: Sequence[Item]) -> KeyBalance:
    """Measure the single-choice items among `items`; lengths are characters without markup."""
    chances: list[Fraction] = []
    longest = shortest = 0
    positions = [0] * (len(CHI_SQUARE[0.05]) + 1)
    expected = [Fraction(0)] * len(positions)
    for item in items:
        if item.type != "single" or not isinstance(item.answer, Choices):
            continue
        lengths = [len(_MARKUP.sub("", option.text).strip()) for option in item.answer.options]
        key = next((at for at, option in enumerate(item.answer.options) if option.right), None)
        if key is None or not 1 < len(lengths) <= len(positions):
            continue
        others = lengths[:key] + lengths[key + 1 :]
        longest += lengths[key] > max(others)
        shortest += lengths[key] < min(others)
        chance = Fraction(1, len(lengths))
        chances.append(chance)
        positions[key] += 1
        for at in range(len(lengths)):
            expected[at] += chance
    used = sum(due > 0 for due in expected)
    return KeyBalance(tuple(chances), longest, shortest, tuple(positions[:used]), tuple(expected[:used]))


def at_least(count: int, chances: Sequence[Fraction]) -> float:
    """Return the probability of `count` or more successes in independent trials with the given chances.

    The distribution is built up trial by trial (Poisson binomial; the binomial where all chances are equal).
    """
    distribution = [1.0]
    for chance in map(float, chances):
        longer = [*(weight * (1 - chance) for weight in distribution), 0.0]
        for successes, weight in enumerate(distribution, 1):
            longer[successes] += weight * chance
        distribution = longer
    return min(1.0, sum(distribution[max(0, count) :]))
