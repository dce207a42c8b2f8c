"""Setting a pass mark: a panel that judges items (modified Angoff), or takers judged borderline.

A panel states for each item how many of 100 takers who are just competent would get it right (Angoff 1971), sees
what it said and how takers did, talks, and judges again. The result is frozen with a digest over everything that
led to it, which a pass mark can cite. Judges are ids; who they are is somebody else's business.
"""

import hashlib
import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.records import encode

FORMAT = 1
# A cut by fewer judges than these rests on too few opinions; the literature asks for five to ten and more.
ENOUGH_JUDGES = 5
ENOUGH_BORDERLINE = 10
# A judge whose cut lies further than this many robust standard deviations from the median stands apart.
APART = 3.0
# The median of absolute deviations of a normal distribution times this is its standard deviation.
TO_DEVIATION = 1.4826
# Beyond this a judge's view of which items are hard runs against how takers fared.
AGAINST = 0.0


@dataclass(frozen=True)
class Rating:
    """One judge's statement in one round: of 100 just competent takers, `chance` get the item right (0 to 100)."""

    judge: str
    item: str
    round: int
    chance: Fraction


@dataclass(frozen=True)
class JudgeView:
    """A judge in a round.

    `cut` is the mean of the judge's chances, in per cent; `consistency` the correlation of the judge's chances with
    the proportions right of takers, None without enough of them; `with_panel` the correlation with the mean of the
    other judges. `outlier` says that the cut lies apart from the panel's, `against` that consistency is below 0.
    """

    judge: str
    cut: Fraction
    rated: int
    consistency: float | None
    with_panel: float | None
    outlier: bool
    against: bool


@dataclass(frozen=True)
class ItemView:
    """An item in a round: mean and standard deviation of the judges' chances, and how takers did (per cent)."""

    item: str
    mean: Fraction
    sd: float
    lowest: Fraction
    highest: Fraction
    takers_right: Fraction | None


@dataclass(frozen=True)
class Round:
    """A round of ratings, and what to show the panel before the next one.

    `cut` is the mean of the judges' cuts in per cent, `sd` their standard deviation, `se` = sd / √judges, the error
    to expect from having asked these judges and not others of their kind. `discuss` names the items on which the
    judges differ most, the widest first. `missing` counts items that some judge has not rated.
    """

    number: int
    judges: tuple[JudgeView, ...]
    items: tuple[ItemView, ...]
    cut: Fraction
    sd: float
    se: float
    discuss: tuple[str, ...]
    missing: int


@dataclass(frozen=True)
class Standard:
    """A frozen pass mark with its evidence.

    `cut` is what the method says and `adopted` what is used, both in per cent; they may differ only with `statement`
    saying why. `digest` (SHA-256) covers every other field and all ratings or takers. `doubts` are sentences.
    """

    method: str
    cut: Fraction
    adopted: Fraction
    se: float | None
    sd: float | None
    panel: int
    items: int
    rounds: int
    statement: str
    doubts: tuple[str, ...]
    digest: str


def rating_faults(ratings: Sequence[Rating], items: Sequence[str]) -> list[str]:
    """Say in words what is wrong with ratings; an empty list means nothing."""
    known = set(items)
    faults = []
    seen: set[tuple[str, str, int]] = set()
    for one in ratings:
        key = (one.judge, one.item, one.round)
        if one.item not in known:
            faults.append(f"{one.judge} rated {one.item!r}, which is not among the items")
        if not 0 <= one.chance <= 100:
            faults.append(f"{one.judge} gave {one.item!r} {float(one.chance):g}; expected 0 to 100")
        if one.round < 1:
            faults.append(f"{one.judge} rated {one.item!r} in round {one.round}; expected 1 or later")
        if key in seen:
            faults.append(f"{one.judge} rated {one.item!r} twice in round {one.round}")
        seen.add(key)
    return faults


def angoff_rounds(
    ratings: Sequence[Rating], items: Sequence[str], takers_right: Mapping[str, float] | None = None
) -> tuple[Round, ...]:
    """Return each round that has ratings, with the feedback for the next.

    `takers_right` gives proportions right from 0 to 1 by item, as far as known. Raises ValueError on faulty ratings.
    """
    faults = rating_faults(ratings, items)
    if faults:
        raise ValueError("; ".join(faults))
    numbers = sorted({one.round for one in ratings})
    return tuple(
        _round(number, [one for one in ratings if one.round == number], items, takers_right or {}) for number in numbers
    )


def angoff_standard(
    ratings: Sequence[Rating],
    items: Sequence[str],
    takers_right: Mapping[str, float] | None = None,
    adopted: Fraction | None = None,
    statement: str = "",
) -> Standard:
    """Freeze the cut of the last round.

    The panel may adopt another one, a compromise with what takers reached or what a hospital can bear, if it states
    why. Raises ValueError on faulty ratings, none, an item that a judge left out in the last round, a pass mark
    outside 0 to 100, or one that differs without a statement.
    """
    rounds = angoff_rounds(ratings, items, takers_right)
    if not rounds:
        raise ValueError("expected the ratings of at least one round")
    last = rounds[-1]
    if last.missing:
        raise ValueError(
            f"{last.missing} ratings of round {last.number} are missing; expected every item by each judge"
        )
    doubts = []
    if len(last.judges) < ENOUGH_JUDGES:
        doubts.append(f"{len(last.judges)} judges are few; {ENOUGH_JUDGES} or more are usual.")
    doubts += [f"The cut of {one.judge} lies apart from the panel's." for one in last.judges if one.outlier]
    doubts += [f"{one.judge} rated as hard what takers found easy." for one in last.judges if one.against]
    if len(rounds) < 2:
        doubts.append("There was one round only, so that no judge could think again.")
    evidence = [encode(one) for one in sorted(ratings, key=lambda one: (one.round, one.judge, one.item))]
    return _freeze(
        "angoff", last.cut, adopted, last.se, last.sd, len(last.judges), len(items), len(rounds), statement,
        doubts, {"ratings": evidence, "items": list(items), "takers_right": dict(takers_right or {})},
    )  # fmt: skip


def borderline_group(
    takers: Sequence[tuple[Fraction, str]], adopted: Fraction | None = None, statement: str = ""
) -> Standard:
    """Freeze the median score of takers judged borderline (Livingston and Zieky 1982).

    `takers` are pairs of score in per cent and the judgement of someone who knows their work: `below`, `borderline`
    or `above`. The standard error of the median is 1.2533 · sd / √n, that of a normal distribution. Raises
    ValueError on another judgement, a score outside 0 to 100, or nobody borderline.
    """
    for score, judgement in takers:
        if judgement not in ("below", "borderline", "above"):
            raise ValueError(f"expected below, borderline or above, not {judgement!r}")
        if not 0 <= score <= 100:
            raise ValueError(f"expected scores from 0 to 100, not {float(score):g}")
    group = sorted(score for score, judgement in takers if judgement == "borderline")
    if not group:
        raise ValueError("expected at least one taker judged borderline")
    cut = Fraction(statistics.median(group))
    sd = statistics.stdev([float(one) for one in group]) if len(group) > 1 else None
    doubts = []
    if len(group) < ENOUGH_BORDERLINE:
        doubts.append(f"{len(group)} takers judged borderline are few; {ENOUGH_BORDERLINE} or more are usual.")
    above = [score for score, judgement in takers if judgement == "above"]
    below = [score for score, judgement in takers if judgement == "below"]
    if above and statistics.median(above) <= cut:
        doubts.append("Takers judged above the border scored no better than those on it.")
    if below and statistics.median(below) >= cut:
        doubts.append("Takers judged below the border scored no worse than those on it.")
    evidence = {"takers": [[str(score), judgement] for score, judgement in sorted(takers)]}
    return _freeze(
        "borderline-group", cut, adopted, None if sd is None else 1.2533 * sd / math.sqrt(len(group)), sd,
        len(group), 0, 1, statement, doubts, evidence,
    )  # fmt: skip


def hofstee(shares: Sequence[float], cuts: tuple[float, float], failing: tuple[float, float]) -> float | None:
    """Return Hofstee's (1983) compromise in per cent, None where the takers' curve does not cross the panel's range.

    `shares` are takers' scores in per cent, `cuts` the lowest and highest bearable pass mark, `failing` the lowest
    and highest bearable share of takers who fail, in per cent. The compromise lies where the share failing at each
    pass mark meets the line from (lowest cut, highest failing) to (highest cut, lowest failing). Raises ValueError
    where a range is the wrong way round or outside 0 to 100.
    """
    for low, high in (cuts, failing):
        if not 0 <= low <= high <= 100:
            raise ValueError(f"expected a range within 0 to 100, not {low:g} to {high:g}")
    if not shares:
        return None
    ordered = sorted(shares)

    def excess(cut: float) -> float:
        failed = 100 * sum(one < cut for one in ordered) / len(ordered)
        width = cuts[1] - cuts[0]
        line = failing[1] - (failing[1] - failing[0]) * ((cut - cuts[0]) / width if width else 0.5)
        return failed - line

    steps = [cuts[0] + (cuts[1] - cuts[0]) * at / 1000 for at in range(1001)]
    if excess(steps[0]) > 0 or excess(steps[-1]) < 0:
        return None
    return next(one for one in steps if excess(one) >= 0)


def _round(number: int, ratings: Sequence[Rating], items: Sequence[str], takers_right: Mapping[str, float]) -> Round:
    by_judge: dict[str, dict[str, Fraction]] = {}
    for one in ratings:
        by_judge.setdefault(one.judge, {})[one.item] = Fraction(one.chance)
    cuts = {judge: sum(given.values(), Fraction(0)) / len(given) for judge, given in sorted(by_judge.items())}
    values = [float(one) for one in cuts.values()]
    middle = statistics.median(values)
    deviation = TO_DEVIATION * statistics.median(abs(one - middle) for one in values)
    judges = []
    for judge, cut in cuts.items():
        given = by_judge[judge]
        known = [item for item in given if item in takers_right]
        consistency = _correlation([float(given[one]) for one in known], [takers_right[one] for one in known])
        others = {
            item: [view[item] for name, view in by_judge.items() if name != judge and item in view] for item in given
        }
        shared = [item for item in given if others[item]]
        with_panel = _correlation(
            [float(given[one]) for one in shared], [float(sum(others[one]) / len(others[one])) for one in shared]
        )
        # Where most judges agree to the point, any difference would be apart; less than one point never is.
        apart = abs(float(cut) - middle) > max(APART * deviation, 1.0) and len(values) > 2
        against = consistency is not None and consistency < AGAINST
        judges.append(JudgeView(judge, cut, len(given), consistency, with_panel, apart, against))
    views = []
    for item in items:
        chances = [view[item] for view in by_judge.values() if item in view]
        if chances:
            mean = sum(chances, Fraction(0)) / len(chances)
            right = Fraction(repr(100 * takers_right[item])) if item in takers_right else None
            views.append(ItemView(item, mean, _sd(chances), min(chances), max(chances), right))
    widest = sorted((one for one in views if one.sd > 0), key=lambda one: (-one.sd, one.item))
    sd = _sd(list(cuts.values()))
    return Round(
        number, tuple(judges), tuple(views), sum(cuts.values(), Fraction(0)) / len(cuts), sd,
        sd / math.sqrt(len(cuts)), tuple(one.item for one in widest[: max(3, len(items) // 5)]),
        sum(item not in view for view in by_judge.values() for item in items),
    )  # fmt: skip


def _sd(values: Sequence[Fraction]) -> float:
    return statistics.stdev([float(one) for one in values]) if len(values) > 1 else 0.0


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    if len(one) < 3 or len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return statistics.correlation(one, other)


def _freeze(
    method: str, cut: Fraction, adopted: Fraction | None, se: float | None, sd: float | None, panel: int, items: int,
    rounds: int, statement: str, doubts: Sequence[str], evidence: Mapping[str, Any],
) -> Standard:  # fmt: skip
    used = cut if adopted is None else Fraction(adopted)
    if not 0 <= used <= 100:
        raise ValueError(f"expected a pass mark from 0 to 100, not {float(used):g}")
    if used != cut and not statement.strip():
        raise ValueError("expected a statement of why the pass mark adopted is not the one found")
    result = Standard(method, cut, used, se, sd, panel, items, rounds, statement.strip(), tuple(doubts), "")
    data = {"format": FORMAT, "standard": encode(result), "evidence": evidence}
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Standard(**{**vars(result), "digest": digest})
