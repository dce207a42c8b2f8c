"""The adaptive test: repeatable, honest about what it does not know, and half as long as a fixed form."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from assessments.adaptive import (
    AdaptiveItem,
    AdaptiveSpec,
    State,
    Verdict,
    answer,
    calibrated_items,
    expected_se,
    exposure_prices,
    information,
    next_item,
    spec_faults,
    start,
    verdict,
)  # fmt: skip
from assessments.calibration import calibrate
from assessments.forms import overexposed
from assessments.irt import abilities, grid
from tests.assessments.published import responses


def bank(size: int, seed: int = 1) -> tuple[AdaptiveItem, ...]:
    """Items with a lognormal(0, 0.3) and b N(0, 1), in three content areas."""
    chance = np.random.default_rng(seed)
    slopes, difficulties = np.exp(chance.normal(0, 0.3, size)), chance.normal(0, 1, size)
    return tuple(
        AdaptiveItem(f"i{n}", float(a), float(b), "abc"[n % 3])
        for n, (a, b) in enumerate(zip(slopes, difficulties, strict=True))
    )


def sit(spec: AdaptiveSpec, seed: str, ability: float) -> State:
    """Let a taker of known ability answer to the end; chance comes from the seed."""
    figures = {one.id: one for one in spec.items}
    chance = np.random.default_rng(abs(hash_of(seed)))
    state = start(spec, seed)
    while (item := next_item(state)) is not None:
        one = figures[item]
        state = answer(state, item, bool(chance.random() < 1 / (1 + math.exp(-one.a * (ability - one.b)))))
    return state


def hash_of(seed: str) -> int:
    return int.from_bytes(seed.encode(), "big") % 2**32


SPEC = AdaptiveSpec(bank(60), cut=0.0)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=6), st.lists(st.booleans(), min_size=30, max_size=30), st.sampled_from(["interval", "sprt"]))
def test_a_test_is_repeatable_asks_nothing_twice_and_survives_json(seed: str, rights: list[bool], rule: str) -> None:
    spec = replace(SPEC, rule=rule, shares={"a": 0.5, "b": 0.3, "c": 0.2})
    state, again = start(spec, seed), start(spec, seed)
    asked = []
    for right in rights:
        item = next_item(state)
        assert item == next_item(again)
        if item is None:
            break
        asked.append(item)
        before = json.dumps(state)
        state = answer(state, item, right)
        assert json.dumps(again) == before
        again = answer(json.loads(before), item, right)
        assert verdict(again) == verdict(state)
    found = verdict(state)
    assert len(set(asked)) == len(asked) == found.asked
    assert found.low < found.ability < found.high
    if found.finished:
        assert next_item(state) is None
        assert found.asked >= spec.least
    assert found.right == sum(rights[: len(asked)])


def test_the_estimate_is_the_mean_of_the_distribution() -> None:
    """Independent implementation: SciPy's `quad` over N(0.5, 1.2²). Tolerance 1e-6."""
    spec = replace(SPEC, mean=0.5, sd=1.2, cut=None, most=12)
    state = sit(spec, "x", 0.4)
    figures = {one.id: one for one in spec.items}

    def weight(theta: float, power: int) -> float:
        value = theta**power * math.exp(-(((theta - 0.5) / 1.2) ** 2) / 2)
        for item, right in state["answers"]:
            p = 1 / (1 + math.exp(-figures[item].a * (theta - figures[item].b)))
            value *= p if right else 1 - p
        return value

    mass, first, second = (integrate.quad(weight, -8, 9, args=(power,), epsabs=1e-14)[0] for power in range(3))
    found = verdict(state)
    assert found.ability == pytest.approx(first / mass, abs=1e-6)
    assert found.se == pytest.approx(math.sqrt(second / mass - (first / mass) ** 2), abs=1e-6)
    assert (found.decision, found.reason, found.exempt) == (None, "longest", False)


def test_takers_far_from_the_cut_are_decided_soon_and_rightly() -> None:
    for rule in ("interval", "sprt"):
        spec = replace(SPEC, items=bank(200), rule=rule, most=40)
        able, weak = verdict(sit(spec, "able", 2.2)), verdict(sit(spec, "weak", -2.2))
        assert (able.decision, able.reason, able.exempt) == ("above", "decision", True)
        assert (weak.decision, weak.reason, weak.exempt) == ("below", "decision", False)
        assert max(able.asked, weak.asked) < 25


@pytest.mark.parametrize("rule", ["interval", "sprt"])
def test_few_are_exempted_wrongly_and_the_doubtful_are_not_exempted(rule: str) -> None:
    """60 takers half a unit below the cut are exempted in three cases at most, most of 20 takers a unit above it are
    exempted, and most of 20 takers at the cut are undecided after 20 items."""
    spec = AdaptiveSpec(bank(200), cut=0.3, rule=rule, most=40)  # type: ignore[arg-type]
    wrong = sum(verdict(sit(spec, f"w{n}", -0.2)).exempt for n in range(60))
    fair = sum(verdict(sit(spec, f"f{n}", 1.3)).exempt for n in range(20))
    assert wrong <= 3
    assert fair >= 13
    undecided = [verdict(sit(replace(spec, most=20), f"u{n}", 0.3)) for n in range(20)]
    assert sum(one.decision == "undecided" and not one.exempt for one in undecided) >= 10


def test_a_test_ends_on_precision_at_its_longest_or_when_no_item_is_left() -> None:
    precise = verdict(sit(AdaptiveSpec(bank(200), precision=0.4, most=60), "p", 0.0))
    assert (precise.reason, precise.se <= 0.4, precise.asked < 20) == ("precision", True, True)
    assert verdict(sit(AdaptiveSpec(bank(200), precision=0.05, most=12), "p", 0.0)).reason == "longest"
    short = verdict(sit(AdaptiveSpec(bank(9), cut=0.0, confidence=0.999, most=30), "p", 0.0))
    assert (short.reason, short.asked, short.decision) == ("exhausted", 9, "undecided")


def test_content_areas_get_their_shares() -> None:
    spec = AdaptiveSpec(bank(90), shares={"a": 2, "b": 1, "c": 1}, least=20, most=20)
    areas = {one.id: one.content for one in spec.items}
    for seed in range(10):
        given_areas = Counter(areas[item] for item, _ in sit(spec, str(seed), 0.5)["answers"])
        assert given_areas == {"a": 10, "b": 5, "c": 5}
    only = sit(replace(spec, shares={"c": 1}), "x", 0.0)
    assert {areas[item] for item, _ in only["answers"]} == {"c"}


def test_barred_items_wait_until_no_other_is_left() -> None:
    items = bank(30)
    barred = frozenset(one.id for one in items[:15])
    for most, met in ((15, 0), (18, 3)):
        state = sit(AdaptiveSpec(items, barred=barred, least=most, most=most), "x", 0.0)
        assert len(barred & {item for item, _ in state["answers"]}) == met


def test_an_answer_repeated_changes_nothing_and_a_wrong_one_is_refused() -> None:
    state = start(SPEC, "s")
    item = next_item(state)
    assert item is not None
    after = answer(state, item, True)
    assert answer(after, item, True) == after
    with pytest.raises(ValueError, match="was answered already"):
        answer(after, item, False)
    other = next(one.id for one in SPEC.items if one.id not in (item, next_item(after)))
    with pytest.raises(ValueError, match="expected an answer to"):
        answer(after, other, True)
    done = sit(replace(SPEC, least=8, most=8), "s", 0.0)
    left = next(one.id for one in SPEC.items if one.id not in {item for item, _ in done["answers"]})
    with pytest.raises(ValueError, match="the test has ended"):
        answer(done, left, True)
    with pytest.raises(ValueError, match="format 1"):
        verdict({**state, "format": 2})


def test_a_specification_that_makes_no_sense_is_refused_in_words() -> None:
    good = AdaptiveItem("a", 1, 0)
    bad = AdaptiveSpec(
        (good, good, AdaptiveItem("c", -1, 0)), least=5, most=3, confidence=1, indifference=0, precision=0,
        shares={"x": 1, "": 0},
    )  # fmt: skip
    assert len(spec_faults(bad)) == 8
    assert spec_faults(AdaptiveSpec(())) == ["expected at least one calibrated item"]
    with pytest.raises(ValueError, match="slope above 0 and a finite difficulty of each item, not of c"):
        start(bad, "s")
    with pytest.raises(ValueError, match="slope above 0"):
        exposure_prices(bad, 0.3)
    with pytest.raises(ValueError, match="fill tests of 30"):
        exposure_prices(AdaptiveSpec(bank(60)), 0.3)


def test_information_is_greatest_at_the_difficulty_and_foretells_the_error() -> None:
    assert information(1.5, 0.7, 0.7) == pytest.approx(1.5**2 / 4)
    assert information(1.5, 0.7, 1.5) < information(1.5, 0.7, 0.7) > information(1.5, 0.7, -1)
    assert information(1, -800, 800) == pytest.approx(0)
    assert expected_se([AdaptiveItem("a", 2, 0)], 0.0) == pytest.approx(1 / math.sqrt(2))


def test_prices_spread_exposure_on_any_scale() -> None:
    """The same bank in other units (θ' = 2θ + 1) has the same prices for the same information."""
    spec = AdaptiveSpec(bank(80), most=10, shares={"a": 1, "b": 1})
    prices = exposure_prices(spec, 0.3, takers=150)
    assert set(prices) == {one.id for one in spec.items if one.content != "c"}
    assert prices == exposure_prices(spec, 0.3, takers=150)
    moved = replace(
        spec, items=tuple(replace(one, a=one.a / 2, b=2 * one.b + 1) for one in spec.items), mean=1.0, sd=2.0
    )
    assert exposure_prices(moved, 0.3, takers=150) == pytest.approx({k: v / 4 for k, v in prices.items()}, abs=1e-9)
    prices = exposure_prices(spec, 0.3)
    plain = replace(spec, least=10, choices=1)
    shown, unpriced = (
        Counter(
            item
            for n, ability in enumerate(np.random.default_rng(3).normal(0, 1, 100))
            for item, _ in sit(one, str(n), float(ability))["answers"]
        )
        for one in (replace(plain, prices=prices), plain)
    )
    beyond, beyond_unpriced = (sum(max(0, times - 30) for times in one.values()) for one in (shown, unpriced))
    assert beyond < beyond_unpriced / 2
    assert len(shown) > len(unpriced)


def simulated(takers: int, longest: int) -> tuple[np.ndarray, float, dict[int, list[float]]]:
    """Mean standard error after each adaptive item, the greatest exposure, and the errors of ten random fixed forms
    by length: bank of 300, abilities N(0, 1), seed 1; all answers are drawn once, whoever asks."""
    items = bank(300)
    slopes, difficulties = (np.array([getattr(one, name) for one in items]) for name in ("a", "b"))
    chance = np.random.default_rng(1)
    ability = chance.normal(0, 1, takers)
    p = 1 / (1 + np.exp(-slopes * (ability[:, None] - difficulties)))
    right = chance.random(p.shape) < p
    spec = AdaptiveSpec(items, least=longest, most=longest)
    spec = replace(spec, prices=exposure_prices(spec, 0.3))
    shown: Counter[str] = Counter()
    errors = np.zeros(longest)
    for taker in range(takers):
        state = start(replace(spec, barred=overexposed(shown, taker, 0.3)), str(taker))
        while (item := next_item(state)) is not None:
            state = answer(state, item, bool(right[taker, int(item[1:])]))
            errors[len(state["answers"]) - 1] += verdict(state).se
        shown.update(item for item, _ in state["answers"])
    fixed: dict[int, list[float]] = {}
    for length in range(10, 2 * longest + 1, 10):
        for _ in range(10):
            form = chance.choice(300, length, replace=False)
            data = grid.table(responses(right[:, form]).columns, takers)
            _, se = abilities.eap(data, slopes[form], -slopes[form] * difficulties[form])
            fixed.setdefault(length, []).append(float(se[data.row].mean()))
    return errors / takers, max(shown.values()) / takers, fixed


def test_the_adaptive_test_is_as_exact_as_a_random_form_of_twice_its_length() -> None:
    """A short version of the simulation below: 120 takers, 10 items against forms of 20. Exposure is held to 0.3."""
    errors, exposure, fixed = simulated(120, 10)
    assert exposure <= 0.3
    assert errors[9] <= np.mean(fixed[20])


@pytest.mark.slow
def test_the_adaptive_test_halves_a_random_form_at_every_length() -> None:
    """Simulation, no published figure: bank of 300, a ~ lognormal(0, 0.3), b ~ N(0, 1), 2,000 takers from N(0, 1),
    seed 1, exposure at most 0.3. The mean standard error after n items is at most that of random fixed forms of 2n
    items (mean of ten forms each); at 20 against 40 it is below the best of the ten."""
    errors, exposure, fixed = simulated(2000, 20)
    assert exposure <= 0.3
    for length in (10, 20, 30, 40):
        assert errors[length // 2 - 1] <= np.mean(fixed[length])
    assert errors[19] <= min(fixed[40])


def test_only_items_placed_without_reservation_are_asked() -> None:
    chance = np.random.default_rng(5)
    right = chance.random((400, 8)) < 1 / (1 + np.exp(np.linspace(-1, 1, 8) - chance.normal(0, 1.4, 400)[:, None]))
    right[:, 0], right[:, 1] = True, ~right[:, 1]
    found = calibrate(responses(right), "2pl")
    items = calibrated_items(found, {"i3": "B1"})
    assert {one.id for one in items} <= {f"i{n}" for n in range(3, 9)}
    assert [one.content for one in items if one.id == "i3"] == ["B1"]
    assert start(AdaptiveSpec(items, sd=found.ability_sd or 1), "s")["answers"] == []


def test_a_verdict_before_the_first_item_knows_only_what_was_expected() -> None:
    found = verdict(start(SPEC, "s"))
    assert found == Verdict(
        pytest.approx(0, abs=1e-9), pytest.approx(1, abs=1e-4), found.low, found.high, 0, 0, False, None, "undecided"
    )
