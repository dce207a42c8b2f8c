"""Papers of equal difficulty: forms for several sittings, one person's paper, and items shown to too many."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.forms import balanced_paper, expected_difficulty, overexposed, parallel_forms
from assessments.model import Bank
from assessments.papers import Draw, draw_paper
from tests.assessments.test_papers import bank, make, possible, some_draws, some_items

CHANCE = random.Random(1)
BANK: Bank = bank(*(make(f"i{n}", "B1" if n < 60 else "B4", 2 if n % 2 else 3) for n in range(100)))
HARD = {item.id: CHANCE.betavariate(6, 3) for item in BANK.items}
DRAWS = [Draw(6, "B1"), Draw(4, "B4"), Draw(2, level=2)]


def test_papers_of_one_blueprint_are_equally_hard() -> None:
    aim = expected_difficulty(BANK, DRAWS, HARD)
    plain, balanced = [], []
    for seed in range(40):
        items = draw_paper(BANK, DRAWS, str(seed))
        plain.append(abs(sum(HARD[one] for one in items) / 12 - aim))
        form = balanced_paper(BANK, DRAWS, str(seed), HARD)
        assert form.difficulty == pytest.approx(sum(HARD[one] for one in form.items) / 12)
        balanced.append(abs(form.difficulty - aim))
        assert possible(tuple(BANK.item(one) for one in form.items), DRAWS)
    assert max(balanced) <= 0.01
    assert max(plain) > 0.05


def test_balancing_shows_no_item_to_everyone() -> None:
    shown = Counter(one for seed in range(400) for one in balanced_paper(BANK, DRAWS, f"s{seed}", HARD).items)
    assert max(shown.values()) < 400 * 0.3
    assert len(shown) == 100


def test_a_paper_is_rebuilt_from_its_seed_and_aims_where_it_is_told() -> None:
    assert balanced_paper(BANK, DRAWS, "s", HARD) == balanced_paper(BANK, DRAWS, "s", HARD)
    assert balanced_paper(BANK, DRAWS, "s", HARD, target=0.8).difficulty == pytest.approx(0.8, abs=0.01)
    logits = {name: 4 * (0.5 - p) for name, p in HARD.items()}
    assert balanced_paper(BANK, DRAWS, "s", logits, target=0.0, tolerance=0.05).difficulty == pytest.approx(0, abs=0.05)


def test_balancing_brings_back_nothing_that_was_seen() -> None:
    seen = frozenset(draw_paper(BANK, DRAWS, "first"))
    over = frozenset(draw_paper(BANK, DRAWS, "second", seen))
    for seed in range(20):
        form = balanced_paper(BANK, DRAWS, str(seed), HARD, avoid=seen, overused=over)
        assert (seen | over).isdisjoint(form.items)


def test_parallel_forms_share_nothing_and_are_equally_hard() -> None:
    forms = parallel_forms(BANK, DRAWS, 5, "2026", HARD)
    everything = [one for form in forms for one in form.items]
    assert len(everything) == len(set(everything)) == 60
    means = [form.difficulty for form in forms]
    assert max(means) - min(means) <= 0.02
    assert forms == parallel_forms(BANK, DRAWS, 5, "2026", HARD)
    assert all(possible(tuple(BANK.item(one) for one in form.items), DRAWS) for form in forms)


def test_forms_that_need_every_item_of_a_bank_are_evened_by_exchange() -> None:
    whole = bank(*(make(f"i{n}") for n in range(20)))
    hard = {f"i{n}": n / 20 for n in range(20)}
    one, other = parallel_forms(whole, [Draw(10)], 2, "x", hard)
    assert not set(one.items) & set(other.items)
    assert one.difficulty == pytest.approx(other.difficulty, abs=0.011)


def test_forms_share_as_little_as_a_small_bank_allows() -> None:
    small = bank(*(make(f"i{n}") for n in range(15)))
    forms = parallel_forms(small, [Draw(10)], 3, "x", {"i0": 0.5})
    shown = Counter(one for form in forms for one in form.items)
    assert set(shown.values()) == {2}


def test_points_weigh_the_difficulty() -> None:
    heavy = replace(make("a"), points=Fraction(3))
    form = balanced_paper(bank(heavy, make("b")), [Draw(2)], "s", {"a": 0.4, "b": 0.8})
    assert form.difficulty == pytest.approx((3 * 0.4 + 0.8) / 4)


@settings(max_examples=100)
@given(some_items, some_draws, st.text(max_size=4), st.data())
def test_swaps_keep_to_the_blueprint_and_repeat_no_more_than_a_plain_paper(
    kinds: list[tuple[str, int, set[str]]], draws: list[Draw], seed: str, data: st.DataObject
) -> None:
    items = tuple(make(f"i{at}", one, level, tuple(sorted(tags))) for at, (one, level, tags) in enumerate(kinds))
    if not items or not possible(items, draws):
        return
    hard = {item.id: data.draw(st.floats(0, 1)) for item in items}
    seen = data.draw(st.sets(st.sampled_from([item.id for item in items])))
    form = balanced_paper(bank(*items), draws, seed, hard, avoid=seen)
    assert len(set(form.items)) == len(form.items) == sum(draw.count for draw in draws)
    assert possible(tuple(item for item in items if item.id in form.items), draws)
    plain = draw_paper(bank(*items), draws, seed, seen)
    assert len(seen & set(form.items)) == len(seen & set(plain))


def test_bad_calls_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="difficulty of at least one item"):
        balanced_paper(BANK, DRAWS, "s", {})
    with pytest.raises(ValueError, match="but the bank has 60"):
        balanced_paper(BANK, [Draw(61, "B1")], "s", HARD)
    with pytest.raises(ValueError, match="one form or more"):
        parallel_forms(BANK, (), 2, "s", HARD)
    with pytest.raises(ValueError, match="one form or more"):
        parallel_forms(BANK, DRAWS, 0, "s", HARD)
    assert balanced_paper(BANK, (), "s", HARD).items == tuple(item.id for item in BANK.items)


def test_items_shown_beyond_the_cap_are_named() -> None:
    """By hand: after 9 papers, one more makes 10; a cap of 0.3 allows 3, so that 2 shown may rise to 3 and 3 not."""
    assert overexposed({"a": 2, "b": 3, "c": 0}, 9, 0.3) == {"b"}
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        overexposed({}, 1, 0)


def test_exposure_stays_under_its_cap_over_many_papers() -> None:
    counts: Counter[str] = Counter()
    for number in range(300):
        over = overexposed(counts, number, 0.2)
        counts.update(balanced_paper(BANK, [Draw(10)], str(number), HARD, overused=over).items)
    assert max(counts.values()) <= 0.2 * 300
