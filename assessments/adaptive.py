"""An adaptive test, for placement and testing out: state in, next item out, nothing kept in between.

The next item has the most Fisher information at the present estimate of ability (Lord 1980) after its price, within
the content area that is furthest behind its share (Kingsbury and Zara 1989). Three controls keep items from being
worn out: prices, learnt on simulated takers, keep an item for those whom it tells most about; items already shown to
too many takers are barred for the next one, which holds every exposure under a cap (restricted maximum information,
Revuelta and Ponsoda 1998; `forms.overexposed` names them); and the seed chooses the first item among the few best,
the second among one fewer and so on (McBride and Martin 1983), so that two takers do not meet the same path.

Ability is the mean of its distribution given the answers (EAP, Bock and Mislevy 1982). The test ends on precision,
on a decision about the cut, or at its longest. A state is a plain dictionary that survives JSON and holds all that
the test needs, the items' figures included, so that a later calibration cannot change a test under way. Knows
nothing of people, of the clock or of what an item says.
"""

import heapq
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Literal, TypeAlias

from assessments.calibration import Calibration
from assessments.seeds import rank

FORMAT = 1
NODES = 81
REACH = 5.0

State: TypeAlias = dict[str, Any]
Rule = Literal["interval", "sprt"]
Decision = Literal["above", "below", "undecided"]


@dataclass(frozen=True)
class AdaptiveItem:
    """A calibrated item: slope a above 0 and difficulty b (logistic, D = 1), and the content area it belongs to."""

    id: str
    a: float
    b: float
    content: str = ""


@dataclass(frozen=True)
class AdaptiveSpec:
    """What is asked of a test.

    `cut` is the ability to be reached, None to measure only. With the rule `interval` a taker is above or below it
    once EAP ± z·SE leaves it out, `confidence` being the share of the interval; with `sprt` (Wald 1947, Reckase
    1983) once the odds of the abilities cut + δ and cut − δ (`indifference` δ) pass (1 − α)/α, α = 1 − confidence.
    The test ends after `least` items at the earliest and `most` at the latest; `precision` is the standard error at
    which it ends, None to go on. `shares` gives content areas their parts of the test (all items where empty);
    `barred` items are taken only where no other is left; `choices` is among how many of the best the seed chooses
    the first item, one fewer for each item after it.
    `prices` are what `exposure_prices` gives, none where empty.
    Abilities are expected to be N(mean, sd²): for items of a Rasch calibration sd is its `ability_sd`.
    """

    items: tuple[AdaptiveItem, ...]
    cut: float | None = None
    rule: Rule = "interval"
    confidence: float = 0.95
    indifference: float = 0.25
    precision: float | None = None
    least: int = 8
    most: int = 30
    shares: Mapping[str, float] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()
    prices: Mapping[str, float] = field(default_factory=dict)
    choices: int = 3
    mean: float = 0.0
    sd: float = 1.0


@dataclass(frozen=True)
class Verdict:
    """Where a test stands.

    `reason` is None while it goes on, else `decision`, `precision`, `longest` or `exhausted` (no item is left).
    `decision` compares with the cut, None without one: `above` and `below` are said with the confidence asked for
    and everything else is `undecided`, so that nobody is exempted on a guess.
    """

    ability: float
    se: float
    low: float
    high: float
    asked: int
    right: int
    finished: bool
    reason: str | None
    decision: Decision | None

    @property
    def exempt(self) -> bool:
        """Whether the test has ended and shown the taker to be above the cut."""
        return self.finished and self.decision == "above"


def calibrated_items(calibration: Calibration, content: Mapping[str, str] | None = None) -> tuple[AdaptiveItem, ...]:
    """Return the items of a calibration that an adaptive test can ask: those placed without a reservation.

    `content` names the content area of items. Use the calibration's `ability_sd` as the specification's `sd`.
    """
    areas = content or {}
    return tuple(
        AdaptiveItem(one.id, one.a, one.b, areas.get(one.id, ""))
        for one in calibration.items
        if one.a is not None and one.b is not None and one.a > 0 and one.reason is None
    )


def start(spec: AdaptiveSpec, seed: str) -> State:
    """Return the state of a test before its first item; raises ValueError on a specification that makes no sense."""
    faults = spec_faults(spec)
    if faults:
        raise ValueError("; ".join(faults))
    return {
        "format": FORMAT,
        "seed": seed,
        "items": [[one.id, one.a, one.b, one.content, spec.prices.get(one.id, 0.0)] for one in spec.items],
        "cut": spec.cut,
        "rule": spec.rule,
        "confidence": spec.confidence,
        "indifference": spec.indifference,
        "precision": spec.precision,
        "least": spec.least,
        "most": spec.most,
        "shares": dict(spec.shares),
        "barred": sorted(spec.barred),
        "choices": spec.choices,
        "mean": spec.mean,
        "sd": spec.sd,
        "answers": [],
    }


def next_item(state: State) -> str | None:
    """Return the id of the item to ask, the same until it is answered, or None once the test has ended."""
    ability, _ = _estimate(state)
    return None if verdict(state).finished else _choose(state, ability)


def answer(state: State, item_id: str, right: bool) -> State:
    """Return the state after an answer; the state given is left as it was.

    The same answer to an item already answered changes nothing. Raises ValueError where the item is not the one to
    ask now.
    """
    for given, was_right in state["answers"]:
        if given == item_id:
            if was_right != bool(right):
                raise ValueError(f"the item {item_id!r} was answered already")
            return state
    expected = next_item(state)
    if item_id != expected:
        wanted = "no item, the test has ended" if expected is None else repr(expected)
        raise ValueError(f"expected an answer to {wanted}, not to {item_id!r}")
    return {**state, "answers": [*state["answers"], [item_id, bool(right)]]}


def verdict(state: State) -> Verdict:
    """Say where the test stands; raises ValueError on a state of another format."""
    if state.get("format") != FORMAT:
        raise ValueError(f"expected a state of format {FORMAT}, not {state.get('format')!r}")
    ability, se = _estimate(state)
    answers = state["answers"]
    half = NormalDist().inv_cdf(0.5 + state["confidence"] / 2) * se
    decision = _decision(state, ability - half, ability + half)
    reason = None
    if len(answers) >= state["least"]:
        if decision in ("above", "below"):
            reason = "decision"
        elif state["precision"] is not None and se <= state["precision"]:
            reason = "precision"
    if reason is None and len(answers) >= state["most"]:
        reason = "longest"
    if reason is None and len(answers) >= _askable(state):
        reason = "exhausted"
    right = sum(one for _, one in answers)
    return Verdict(
        ability, se, ability - half, ability + half, len(answers), right, reason is not None, reason, decision
    )


def information(a: float, b: float, ability: float) -> float:
    """Return an item's Fisher information a²·P·(1 − P) at an ability."""
    odds = math.exp(-abs(a * (ability - b)))
    return a * a * odds / (1 + odds) ** 2


def spec_faults(spec: AdaptiveSpec) -> list[str]:
    """Say in words what is wrong with a specification; an empty list means nothing."""
    faults = []
    ids = [one.id for one in spec.items]
    if not ids:
        faults.append("expected at least one calibrated item")
    if len(set(ids)) < len(ids):
        faults.append("expected every item once")
    steep = [one.id for one in spec.items if not (0 < one.a < math.inf and math.isfinite(one.b))]
    if steep:
        faults.append(f"expected a slope above 0 and a finite difficulty of each item, not of {', '.join(steep)}")
    if not 1 <= spec.least <= spec.most:
        faults.append(f"expected 1 ≤ least ≤ most, not least {spec.least} and most {spec.most}")
    if not 0.5 <= spec.confidence < 1:
        faults.append(f"expected a confidence from 0.5 to below 1, not {spec.confidence}")
    if spec.rule not in ("interval", "sprt") or spec.indifference <= 0:
        faults.append("expected the rule interval or sprt, and an indifference above 0")
    if spec.choices < 1 or spec.sd <= 0 or (spec.precision is not None and spec.precision <= 0):
        faults.append("expected choices of 1 or more, and an sd and a precision above 0")
    areas = {one.content for one in spec.items}
    for area, share in spec.shares.items():
        if share <= 0:
            faults.append(f"expected a share above 0 for {area!r}, not {share}")
        if area not in areas:
            faults.append(f"no item belongs to {area!r}, which is to have a share of the test")
    return faults


def _decision(state: State, low: float, high: float) -> Decision | None:
    cut = state["cut"]
    if cut is None:
        return None
    if state["rule"] == "interval":
        return "above" if low >= cut else "below" if high < cut else "undecided"
    figures = {name: (a, b) for name, a, b, *_ in state["items"]}
    odds = 0.0
    for item_id, right in state["answers"]:
        a, b = figures[item_id]
        odds += _log_chance(a, b, cut + state["indifference"], right)
        odds -= _log_chance(a, b, cut - state["indifference"], right)
    bound = math.log(state["confidence"] / (1 - state["confidence"]))
    return "above" if odds >= bound else "below" if odds <= -bound else "undecided"


def _log_chance(a: float, b: float, ability: float, right: bool) -> float:
    logit = a * (ability - b) if right else -a * (ability - b)
    return -math.log1p(math.exp(-logit)) if logit > -700 else logit


@lru_cache(maxsize=8192)
def _curve(a: float, b: float, right: bool, mean: float, sd: float) -> tuple[float, ...]:
    return tuple(_log_chance(a, b, at, right) for at in _nodes(mean, sd))


@lru_cache(maxsize=64)
def _nodes(mean: float, sd: float) -> tuple[float, ...]:
    return tuple(mean + sd * REACH * (2 * at / (NODES - 1) - 1) for at in range(NODES))


def _estimate(state: State) -> tuple[float, float]:
    """Return the mean and the standard deviation of the ability given the answers."""
    given = dict(state["answers"])
    figures = {one[0]: (one[1], one[2]) for one in state["items"] if one[0] in given} if given else {}
    answered = tuple((*figures[item_id], right) for item_id, right in given.items())
    return _moments(answered, state["mean"], state["sd"])


@lru_cache(maxsize=1024)
def _moments(answered: tuple[tuple[float, float, bool], ...], mean: float, sd: float) -> tuple[float, float]:
    nodes, logs = _nodes(mean, sd), _logs(answered, mean, sd)
    top = max(logs)
    weights = [math.exp(one - top) for one in logs]
    total = sum(weights)
    ability = sum(map(operator.mul, nodes, weights)) / total
    variance = sum((at - ability) ** 2 * weight for at, weight in zip(nodes, weights, strict=True)) / total
    return ability, math.sqrt(variance)


@lru_cache(maxsize=1024)
def _logs(answered: tuple[tuple[float, float, bool], ...], mean: float, sd: float) -> tuple[float, ...]:
    """Return the logarithm of prior and likelihood at each node; the answers before the last are mostly known."""
    if not answered:
        return tuple(-(((at - mean) / sd) ** 2) / 2 for at in _nodes(mean, sd))
    return tuple(map(operator.add, _logs(answered[:-1], mean, sd), _curve(*answered[-1], mean, sd)))


def _askable(state: State) -> int:
    shares = state["shares"]
    return sum(not shares or content in shares for _, _, _, content, _ in state["items"])


def _choose(state: State, ability: float) -> str:
    """Return the next item: open ones of the area furthest behind, then the best by information, then by chance."""
    shares = state["shares"]
    asked = {item_id for item_id, _ in state["answers"]}
    barred = set(state["barred"])
    left = [one for one in state["items"] if one[0] not in asked and (not shares or one[3] in shares)]
    fresh = [one for one in left if one[0] not in barred] or left
    if shares:
        area = _furthest_behind(state, asked, {one[3] for one in fresh})
        fresh = [one for one in fresh if one[3] == area]
    worth = [(price - information(a, b, ability), item_id) for item_id, a, b, _, price in fresh]
    few = max(1, state["choices"] - len(asked))
    best = [item_id for _, item_id in heapq.nsmallest(few, worth)]
    step = f"adaptive {len(asked)}"
    chosen: str = min(best, key=lambda item_id: rank(state["seed"], step, item_id))
    return chosen


def _furthest_behind(state: State, asked: set[str], open_areas: set[str]) -> str:
    shares: Mapping[str, float] = state["shares"]
    whole = sum(shares.values())
    given = dict.fromkeys(shares, 0)
    for item_id, _, _, content, _ in state["items"]:
        if item_id in asked and content in given:
            given[content] += 1
    return min(
        open_areas,
        key=lambda area: (
            given[area] - shares[area] / whole * (len(asked) + 1),
            rank(state["seed"], "area", area),
        ),
    )


def exposure_prices(spec: AdaptiveSpec, cap: float, seed: int = 1, takers: int = 600) -> dict[str, float]:
    """Return the prices that bring the exposure of items in tests of `most` items near a share `cap` of takers.

    To be worked out once for a bank and kept: some seconds of simulated takers. It is barring by
    `forms.overexposed` that holds the cap exactly; prices let it cost less precision. Raises ValueError on a
    specification that makes no sense, or a cap so low that a test cannot be filled.
    """
    import numpy as np  # NumPy would slow the start of the web process.

    from assessments.irt.prices import learn  # loads NumPy as well

    faults = spec_faults(spec)
    if faults:
        raise ValueError("; ".join(faults))
    areas = sorted(spec.shares) or [""]
    items = [one for one in spec.items if not spec.shares or one.content in spec.shares]
    if not 0 < cap <= 1 or cap * len(items) < spec.most:
        raise ValueError(f"expected a cap that lets {len(items)} items fill tests of {spec.most}, not {cap}")
    shares = np.array([spec.shares.get(area, 1.0) for area in areas])
    prices = learn(
        np.array([one.a * spec.sd for one in items]),
        np.array([(one.b - spec.mean) / spec.sd for one in items]),
        np.array([areas.index(one.content) if spec.shares else 0 for one in items]),
        shares / shares.sum(), cap, spec.most, takers, seed,
    )  # fmt: skip
    # Information is per squared unit of ability: the simulation's unit is the standard deviation.
    return {one.id: float(price) / spec.sd**2 for one, price in zip(items, prices, strict=True)}


def expected_se(items: Sequence[AdaptiveItem], ability: float, sd: float = 1.0) -> float:
    """Return the standard error to expect from a form of these items at an ability of N(0, sd²): 1/√(ΣI + 1/sd²)."""
    return 1 / math.sqrt(sum(information(one.a, one.b, ability) for one in items) + 1 / sd**2)
