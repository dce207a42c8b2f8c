"""Control charts of a measure: centre line, limits of each point, and signals by stated rules. Pure.

Knows no database, no clock and no picture. Four kinds of chart:

- `p`: a share of cases; limits from the binomial distribution, of each point for its own denominator.
- `u`: events on an area of opportunity; limits from the Poisson distribution, likewise for each point.
- `c`: events on an equal opportunity; limits from the Poisson distribution.
- `xmr`: single values; limits from the average moving range, 2.66 of it on each side (3 divided by d2 = 1.128).

Formulas: D. C. Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7. Signals are looked
for by four rules, within a phase and on consecutive points:

- `beyond`: one point outside its limits (Nelson's rule 1);
- `near`: two of three points beyond two thirds of the way to the same limit (Western Electric's rule 2);
- `run`: eight points or more on one side of the centre line (Western Electric's rule 4);
- `trend`: six points or more that rise or fall without a break (Nelson's rule 3).

A point on the centre line ends a run, two equal points end a trend.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt

KINDS = ("p", "u", "c", "xmr")
RULES = ("beyond", "near", "run", "trend")
RUN, TREND = 8, 6
FIRM = 12  # points from which limits are called firm; with fewer they are provisional
RANGE_FACTOR = 2.66
EXACT = 1e-9  # what floating point may add or lose when a value stands on a line


@dataclass(frozen=True)
class Observation:
    """A period, named by its first day. `denominator` is None for counts and single values."""

    period: dt.date
    numerator: float
    denominator: float | None = None


@dataclass(frozen=True)
class Point:
    """An observation on its chart. Value, centre and limits are in the chart's unit, that is multiplied by `per`.

    `z` is the distance from the centre line in standard deviations of this very point; `baseline` tells whether the
    limits were worked out from it; `direction` of a signal is 1 upward, -1 downward, 0 without one.
    """

    period: dt.date
    numerator: float
    denominator: float | None
    value: float
    centre: float
    lower: float
    upper: float
    z: float
    phase: int
    baseline: bool
    signals: tuple[str, ...] = ()
    direction: int = 0


@dataclass(frozen=True)
class Chart:
    """A whole chart. `left_out` are periods without any opportunity, which no chart can place."""

    kind: str
    per: float
    points: tuple[Point, ...]
    left_out: tuple[dt.date, ...]
    firm: bool

    def signals(self, since: dt.date | None = None) -> tuple[Point, ...]:
        """The points with a signal, from a period on."""
        return tuple(each for each in self.points if each.signals and (since is None or each.period >= since))


def chart(
    kind: str,
    observations: Sequence[Observation],
    *,
    per: float = 1,
    baseline_until: dt.date | None = None,
    breaks: Sequence[dt.date] = (),
) -> Chart:
    """The chart of observations in any order.

    `breaks` are first days of new phases, each with a centre line of its own. `baseline_until` freezes the first
    phase: its limits come from the periods up to and including that day and stand for all later ones.
    Raises ValueError for an unknown kind, two observations of one period, a number that is not one, a negative
    count, or a share above 1.
    """
    if kind not in KINDS:
        raise ValueError(f"The kind of chart is {kind!r}; expected one of {', '.join(KINDS)}.")
    ordered = sorted(observations, key=lambda each: each.period)
    if any(one.period == two.period for one, two in pairwise(ordered)):
        raise ValueError("Two observations of one period; expected one a period.")
    for each in ordered:
        _check(kind, each)
    needs = kind in ("p", "u")
    placed = [each for each in ordered if not needs or each.denominator]
    left_out = tuple(each.period for each in ordered if needs and not each.denominator)
    points: list[Point] = []
    firm = True
    for number, phase in enumerate(_phases(placed, breaks)):
        until = baseline_until if number == 0 else None
        base = [each for each in phase if until is None or each.period <= until] or phase
        firm = firm and len(base) >= FIRM
        centre = _centre(kind, base)
        spread = _spread(kind, base, centre)
        rows = [_place(kind, each, centre, spread, per, number, each in base) for each in phase]
        points += _judged(rows)
    return Chart(kind, per, tuple(points), left_out, firm and bool(points))


def _check(kind: str, each: Observation) -> None:
    numbers = (each.numerator, *(() if each.denominator is None else (each.denominator,)))
    if any(not -inf < number < inf for number in numbers):
        raise ValueError(f"{each.period} holds a value that is no number.")
    if kind == "xmr":
        return
    if each.numerator < 0 or (each.denominator or 0) < 0:
        raise ValueError(f"{each.period} holds a negative count.")
    if kind in ("p", "u") and each.denominator is None:
        raise ValueError(f"{each.period} has no denominator, which a {kind} chart needs.")
    if kind == "p" and each.denominator is not None and each.numerator > each.denominator:
        raise ValueError(f"{each.period} counts {each.numerator:g} of {each.denominator:g}; a share is 1 at most.")


def _phases(ordered: Sequence[Observation], breaks: Sequence[dt.date]) -> Iterator[list[Observation]]:
    starts = sorted(set(breaks))
    phases: list[list[Observation]] = [[] for _ in range(len(starts) + 1)]
    for each in ordered:
        phases[sum(1 for start in starts if each.period >= start)].append(each)
    yield from (phase for phase in phases if phase)


def _value(each: Observation) -> float:
    """A period's value before it is multiplied by `per`."""
    if each.denominator is None:
        return each.numerator
    return each.numerator / each.denominator if each.denominator else 0.0


def _centre(kind: str, base: Sequence[Observation]) -> float:
    if kind in ("p", "u"):
        return sum(each.numerator for each in base) / sum(each.denominator or 0 for each in base)
    return sum(map(_value, base)) / len(base)


def _spread(kind: str, base: Sequence[Observation], centre: float) -> float:
    """The variance of one case, one unit of opportunity or one period; of single values the standard deviation."""
    if kind == "p":
        return centre * (1 - centre)
    if kind in ("u", "c"):
        return centre
    ranges = [abs(_value(two) - _value(one)) for one, two in pairwise(base)]
    return RANGE_FACTOR / 3 * sum(ranges) / len(ranges) if ranges else 0.0


def _place(kind: str, each: Observation, centre: float, spread: float, per: float, phase: int, baseline: bool) -> Point:
    if kind == "xmr":
        sigma = spread
    else:
        sigma = sqrt(max(spread, 0) / (each.denominator if kind in ("p", "u") and each.denominator else 1))
    value = _value(each)
    distance = value - centre
    if abs(distance) <= EXACT * max(1.0, abs(centre)):
        z = 0.0
    else:
        z = distance / sigma if sigma > 0 else (inf if distance > 0 else -inf)
    lower, upper = centre - 3 * sigma, centre + 3 * sigma
    if kind != "xmr":
        lower = max(0.0, lower)
    if kind == "p":
        upper = min(1.0, upper)
    return Point(
        each.period, each.numerator, each.denominator, value * per, centre * per, lower * per, upper * per, z, phase,
        baseline,
    )  # fmt: skip


def _judged(rows: Sequence[Point]) -> Iterator[Point]:
    """The points of one phase with their signals."""
    found: list[dict[str, int]] = [{} for _ in rows]
    for place, each in enumerate(rows):
        if abs(each.z) > 3 * (1 + EXACT):
            found[place]["beyond"] = 1 if each.z > 0 else -1
    for first in range(len(rows) - 2):
        for side in (1, -1):
            near = [place for place in range(first, first + 3) if rows[place].z * side > 2 * (1 + EXACT)]
            for place in near if len(near) >= 2 else ():
                found[place]["near"] = side
    for side in (1, -1):
        for first, last in _stretches([each.z * side > 0 for each in rows], RUN):
            for place in range(first, last):
                found[place]["run"] = side
        rises = [(two.value - one.value) * side > EXACT * max(1.0, abs(one.value)) for one, two in pairwise(rows)]
        for first, last in _stretches(rises, TREND - 1):
            for place in range(first, last + 1):
                found[place]["trend"] = side
    for each, signals in zip(rows, found, strict=True):
        names = tuple(rule for rule in RULES if rule in signals)
        direction = signals[names[0]] if names else 0
        yield Point(**{**each.__dict__, "signals": names, "direction": direction})


def _stretches(holds: Sequence[bool], least: int) -> Iterator[tuple[int, int]]:
    """Where a condition holds `least` times or more without a break: first place and the place behind the last."""
    first = 0
    for place in range(len(holds) + 1):
        if place == len(holds) or not holds[place]:
            if place - first >= least:
                yield first, place
            first = place + 1


def verdict(drawn: Chart, since: dt.date, better: str) -> str:
    """What the signals from a period on say, given which way is `better`: `up`, `down` or `none`.

    `better`, `worse`, `mixed` where both are there, `change` for a measure without a better direction, `none` without a
    signal, `early` where there is no point yet.
    """
    if not any(each.period >= since for each in drawn.points):
        return "early"
    ways = {each.direction for each in drawn.signals(since)}
    if not ways:
        return "none"
    if better == "none":
        return "change"
    if len(ways) > 1:
        return "mixed"
    return "better" if (ways == {1}) == (better == "up") else "worse"
