"""Presenting, scoring and looking back on options; ids and orders that tell nothing."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from assessments.model import AnswerError, Item
from assessments.registry import INFERRED, KINDS, present, raw_answer, read_answer, review, score
from tests.assessments.sources import item, question

FIVE = "- [x] A\n  > Yes.\n- [x] B\n- [ ] C\n- [ ] D\n- [ ] E\n\n> Why."


def multiple(attributes: str = "#q points=4") -> Item:
    return item(question(FIVE, attributes))


def pick(found: Item, *texts: str, seed: str = "s") -> list[str]:
    ids = {one["html"]: one["id"] for one in present(found, seed)["options"]}
    return [ids[text] for text in texts]


@pytest.mark.parametrize(
    ("texts", "earned"),
    [
        (("A", "B"), 4),
        (("A",), 2),
        (("A", "C"), 0),
        (("A", "B", "C"), 2),
        (("C", "D"), 0),
        (("A", "B", "C", "D", "E"), 0),
        ((), 0),
    ],
)
def test_multiple_pays_right_picks_less_wrong_ones(texts: tuple[str, ...], earned: int) -> None:
    found = multiple()
    result = score(found, read_answer(found, "s", pick(found, *texts)))
    assert (result.earned, result.possible, result.right) == (earned, 4, earned == 4)


def test_multiple_pays_all_or_nothing_where_partial_is_no() -> None:
    found = multiple("#q points=4 partial=no")
    assert score(found, read_answer(found, "s", pick(found, "A"))).earned == 0
    assert score(found, read_answer(found, "s", pick(found, "B", "A"))).earned == 4


def test_points_may_be_fractions_and_stay_exact() -> None:
    found = item(question("- [x] A\n- [x] B\n- [x] C\n- [ ] D", "#q points=0.1"))
    assert score(found, [0]).earned == Fraction(1, 30)


def test_single_and_truefalse_take_one_id() -> None:
    for body in ("- [x] A\n- [ ] B", "- [x] True\n- [ ] False"):
        found = item(question(body))
        ids = [one["id"] for one in present(found, "s")["options"]]
        results = [score(found, read_answer(found, "s", one)).right for one in ids]
        assert sorted(results) == [False, True]
        for raw in (ids, 0, True, "0", "", {}, ids[0].upper() + "x"):
            with pytest.raises(AnswerError, match="expected the id of one of the 2 options"):
                read_answer(found, "s", raw)


def test_multiple_takes_a_list_of_different_ids() -> None:
    found = multiple()
    one = pick(found, "A")[0]
    for raw in (one, [one, one], [one, "x"], [0], {"a": one}, [[one]]):
        with pytest.raises(AnswerError, match="expected"):
            read_answer(found, "s", raw)


def test_ids_belong_to_their_seed_and_item() -> None:
    found = multiple()
    other = item(question(FIVE, "#other"))
    here = set(pick(found, "A", "B", "C", "D", "E"))
    assert here.isdisjoint(pick(found, "A", "B", "C", "D", "E", seed="t"))
    assert here.isdisjoint(pick(other, "A", "B", "C", "D", "E"))
    with pytest.raises(AnswerError):
        read_answer(found, "t", list(here))


def test_options_are_shuffled_by_the_seed_and_the_same_each_time() -> None:
    found = multiple()
    orders = {tuple(one["html"] for one in present(found, str(seed))["options"]) for seed in range(30)}
    assert len(orders) > 15
    assert present(found, "s") == present(found, "s")


def test_options_keep_their_order_where_shuffle_is_no_and_in_truefalse() -> None:
    found = multiple("#q shuffle=no")
    statement = item(question("- [ ] True\n- [x] False"))
    for seed in "abcdef":
        assert [one["html"] for one in present(found, seed)["options"]] == list("ABCDE")
        assert [one["html"] for one in present(statement, seed)["options"]] == ["True", "False"]


def test_what_is_presented_holds_no_key() -> None:
    shown = json.dumps(present(multiple(), "s"))
    for word in ("right", "feedback", "Yes.", "Why.", "true"):
        assert word not in shown
    numeric = json.dumps(present(item(question("= 12 ± 0.1 mL/h")), "s"))
    assert "12" not in numeric.replace(item(question("= 12")).stem, "")
    assert "secret" not in json.dumps(present(item(question("= secret | ~hid.*")), "s"))


def test_the_review_shows_key_choice_and_feedback_in_the_order_presented() -> None:
    found = multiple()
    canonical = read_answer(found, "s", pick(found, "A", "C"))
    shown = review(found, "s", canonical)
    assert [one["html"] for one in shown["options"]] == [one["html"] for one in present(found, "s")["options"]]
    marks = {one["html"]: (one["right"], one["chosen"], one["feedback_html"]) for one in shown["options"]}
    assert marks == {
        "A": (True, True, "Yes."), "B": (True, False, None), "C": (False, True, None),
        "D": (False, False, None), "E": (False, False, None),
    }  # fmt: skip
    assert (shown["rationale_html"], shown["earned"], shown["possible"], shown["right"]) == ("Why.", 0, 4, False)


def test_no_answer_is_cleared_and_earns_nothing() -> None:
    found = multiple()
    assert read_answer(found, "s", None) is None
    assert read_answer(found, "s", []) is None
    assert raw_answer(found, "s", None) is None
    assert score(found, None).earned == 0
    assert review(found, "s", None)["answered"] is False


@pytest.mark.parametrize("canonical", ["x", 9, -1, True, [9], [True], {}, [[0]]])
def test_what_is_stored_is_checked_again_before_it_is_scored(canonical: object) -> None:
    with pytest.raises(AnswerError, match="expected"):
        score(multiple(), canonical)


def test_the_registry_names_every_type_once() -> None:
    assert list(KINDS) == [
        "single", "multiple", "truefalse", "numeric", "text", "matching", "ordering", "cloze", "concordance",
        "essay", "branching",
    ]  # fmt: skip
    assert set(INFERRED) < set(KINDS)
    assert [name for name, kind in KINDS.items() if kind.formative] == ["concordance"]
