"""Which items a paper asks: rebuilt from its seed, filled whenever it can be, cases kept together."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.answers import Choices, Option
from assessments.model import Bank, Case, Item, from_json, to_json
from assessments.papers import Draw, draw_faults, draw_paper, fingerprint


def make(
    name: str, competency: str = "B1", level: int = 2, tags: tuple[str, ...] = (), case: str | None = None
) -> Item:
    key = Choices((Option("A", right=True), Option("B", right=False)))
    return Item(name, "single", name, "?", competency, level, Fraction(1), tags, True, True, None, case, key, "q.md", 1)


def bank(*items: Item) -> Bank:
    cases = dict.fromkeys(item.case_id for item in items if item.case_id)
    return Bank(items, tuple(Case(one, one, "Text") for one in cases))


TEN = bank(*(make(f"i{number}") for number in range(10)))


def test_without_draws_every_item_is_asked_in_the_authors_order() -> None:
    assert draw_paper(TEN, (), "seed") == tuple(f"i{number}" for number in range(10))


def test_a_paper_is_rebuilt_from_its_seed_and_another_seed_draws_another() -> None:
    draws = [Draw(4, competency="B1")]
    papers = {draw_paper(TEN, draws, str(seed)) for seed in range(20)}
    assert len(papers) == 20
    assert draw_paper(TEN, draws, "7") == draw_paper(TEN, draws, "7")


def test_every_item_has_the_same_chance() -> None:
    drawn = [item for seed in range(400) for item in draw_paper(TEN, [Draw(5)], str(seed))]
    assert all(150 < drawn.count(f"i{number}") < 250 for number in range(10))


def test_a_draw_asks_for_competency_level_and_tag_together() -> None:
    items = (make("a", "B1", 2, ("x",)), make("b", "B1", 3, ("x",)), make("c", "B4", 2, ("x",)), make("d", "B1", 2))
    assert draw_paper(bank(*items), [Draw(1, "B1", 2, "x")], "s") == ("a",)


def test_draws_that_overlap_are_matched_so_that_a_paper_is_found() -> None:
    items = (make("a", tags=("safety",)), make("b", tags=("safety",)), make("c"), make("d"))
    draws = [Draw(2, competency="B1"), Draw(2, tag="safety")]
    for seed in range(20):
        assert sorted(draw_paper(bank(*items), draws, str(seed))) == ["a", "b", "c", "d"]


def test_impossible_draws_are_told_in_words() -> None:
    assert draw_faults(TEN, [Draw(10), Draw(0)]) == ["draw 2 asks for 0 items; expected 1 or more"]
    assert draw_faults(TEN, [Draw(11, competency="B1", level=2)]) == [
        "draw 1 asks for 11 items of competency B1 and level 2, but the bank has 10"
    ]
    assert draw_faults(TEN, [Draw(6), Draw(5, competency="B1")]) == [
        "the draws overlap: together they ask for 11 different items, and the 10 items that match any of them do not "
        "suffice, since each is asked once"
    ]
    assert draw_faults(TEN, [Draw(10)]) == []
    with pytest.raises(ValueError, match="but the bank has 10"):
        draw_paper(TEN, [Draw(11)], "s")


def test_items_of_a_case_stay_together_in_the_authors_order() -> None:
    items = (make("a"), make("n1", case="night"), make("n2", case="night"), make("b"), make("n3", case="night"))
    for seed in range(20):
        paper = draw_paper(bank(*items), [Draw(5)], str(seed))
        start = paper.index("n1")
        assert paper[start : start + 3] == ("n1", "n2", "n3")
    assert draw_paper(bank(*items), (), "s") == ("a", "n1", "n2", "n3", "b")


def test_items_to_avoid_are_drawn_only_where_the_others_do_not_suffice() -> None:
    seen = frozenset({"i0", "i1", "i2", "i3"})
    for seed in range(20):
        assert seen.isdisjoint(draw_paper(TEN, [Draw(6)], str(seed), seen))
        assert len(seen & set(draw_paper(TEN, [Draw(8)], str(seed), seen))) == 2


some_items = st.lists(
    st.tuples(st.sampled_from(["B1", "B4"]), st.integers(1, 2), st.sets(st.sampled_from(["x", "y"]))), max_size=7
)
some_draws = st.lists(
    st.builds(
        Draw,
        count=st.integers(1, 3),
        competency=st.none() | st.sampled_from(["B1", "B4"]),
        level=st.none() | st.integers(1, 2),
        tag=st.none() | st.sampled_from(["x", "y"]),
    ),
    min_size=1,
    max_size=3,
)


def possible(items: tuple[Item, ...], draws: list[Draw]) -> bool:
    """Say by trying all sets of draws whether there is a paper, which is Hall's condition."""
    return all(
        sum(draw.count for draw in chosen) <= sum(any(draw.matches(item) for draw in chosen) for item in items)
        for size in range(1, len(draws) + 1)
        for chosen in combinations(draws, size)
    )


@settings(max_examples=200)
@given(some_items, some_draws, st.text(max_size=5))
def test_a_paper_is_drawn_whenever_there_is_one(
    kinds: list[tuple[str, int, set[str]]], draws: list[Draw], seed: str
) -> None:
    items = tuple(
        make(f"i{number}", competency, level, tuple(sorted(tags)))
        for number, (competency, level, tags) in enumerate(kinds)
    )
    whole = bank(*items)
    assert (draw_faults(whole, draws) == []) == possible(items, draws)
    if possible(items, draws):
        paper = draw_paper(whole, draws, seed)
        assert paper == draw_paper(whole, draws, seed)
        assert len(paper) == len(set(paper)) == sum(draw.count for draw in draws)
        assert possible(tuple(whole.item(one) for one in paper), draws)


@settings(max_examples=150)
@given(some_items, some_draws, st.text(max_size=5), st.data())
def test_nothing_is_repeated_while_the_bank_allows(
    kinds: list[tuple[str, int, set[str]]], draws: list[Draw], seed: str, data: st.DataObject
) -> None:
    """Every set of items is tried: no paper could hold fewer that were seen than the one drawn."""
    items = tuple(make(f"i{at}", one, level, tuple(sorted(tags))) for at, (one, level, tags) in enumerate(kinds))
    if not possible(items, draws):
        return
    seen = frozenset(data.draw(st.sets(st.sampled_from([item.id for item in items]))) if items else ())
    paper = draw_paper(bank(*items), draws, seed, seen)
    size = sum(draw.count for draw in draws)
    fewest = min(
        sum(item.id in seen for item in chosen) for chosen in combinations(items, size) if possible(chosen, draws)
    )
    assert sum(item in seen for item in paper) == fewest


def test_overlapping_draws_leave_the_fresh_item_to_the_draw_that_has_no_other() -> None:
    items = (make("a", tags=("x", "y")), make("b", tags=("x",)), make("c", tags=("y",)))
    for seed in range(20):
        assert "c" not in draw_paper(bank(*items), [Draw(1, tag="x"), Draw(1, tag="y")], str(seed), {"c"})


def test_items_seen_once_come_before_items_seen_twice() -> None:
    seen = dict.fromkeys((f"i{number}" for number in range(10)), 1) | {"i3": 2, "i7": 2}
    for seed in range(20):
        assert {"i3", "i7"}.isdisjoint(draw_paper(TEN, [Draw(8)], str(seed), seen))


def test_items_shown_to_too_many_are_drawn_last_of_those_not_seen() -> None:
    for seed in range(20):
        paper = draw_paper(TEN, [Draw(7)], str(seed), {"i0", "i1"}, {"i2", "i3"})
        assert len({"i2", "i3"} & set(paper)) == 1
        assert {"i0", "i1"}.isdisjoint(paper)


@given(st.text(max_size=8), st.integers(1, 10), st.sets(st.sampled_from([f"i{n}" for n in range(10)])))
def test_a_paper_is_rebuilt_bit_for_bit_from_version_and_seed(seed: str, count: int, seen: set[str]) -> None:
    again = from_json(json.loads(json.dumps(to_json(TEN))))
    one = fingerprint("version", TEN, draw_paper(TEN, [Draw(count)], seed, seen), seed)
    assert one == fingerprint("version", again, draw_paper(again, [Draw(count)], seed, seen), seed)
    assert one != fingerprint("other version", TEN, draw_paper(TEN, [Draw(count)], seed, seen), seed)
    assert one != fingerprint("version", TEN, draw_paper(TEN, [Draw(count)], seed + "x", seen), seed + "x")


def test_a_fingerprint_stays_what_it_was() -> None:
    """The digest of one paper, so that a change of what is shown or of how chance is drawn cannot go unseen."""
    paper = draw_paper(TEN, [Draw(4)], "seed")
    assert paper == ("i0", "i3", "i9", "i2")
    assert (
        fingerprint("version", TEN, paper, "seed") == "61cbb386a3caabe61e95d20969851870ad2a19be5c4a392d9d4896c28b11890f"
    )
