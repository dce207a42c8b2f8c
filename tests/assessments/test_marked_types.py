"""Matching, ordering, cloze, concordance and essay: reading, scoring and what they show."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from assessments.answers import Cloze, Matching, Ordering
from assessments.model import AnswerError, Item
from assessments.registry import present, raw_answer, read_answer, review, score
from assessments.types.essay import award
from tests.assessments.sources import errors, item, question, warnings

PAIRS = """
| Term | Meaning |
|:-----|---------|
| CPOE | orders \\| entry |
| HIE  | exchange `a|b` |
| EHR  | exchange `a|b` |
|      | billing |
"""


def matching() -> Item:
    return item(question(PAIRS, "#q .matching points=3"))


def ids(shown: list[dict[str, Any]]) -> dict[str, str]:
    return {one["html"]: one["id"] for one in shown}


def test_a_matching_table_gives_prompts_choices_and_distractors() -> None:
    answer = matching().answer
    assert isinstance(answer, Matching)
    assert [one.text for one in answer.prompts] == ["CPOE", "HIE", "EHR"]
    assert answer.choices == ("orders | entry", "exchange `a|b`", "billing")
    assert (answer.left_title, answer.right_title) == ("Term", "Meaning")


def test_matching_pays_right_pairs_over_prompts_unless_partial_is_no() -> None:
    found = matching()
    model = present(found, "s")
    left, right = ids(model["left"]), ids(model["right"])
    raw = [
        [left["CPOE"], right["orders | entry"]],
        [left["HIE"], right["exchange `a|b`"]],
        [left["EHR"], right["billing"]],
    ]
    canonical = read_answer(found, "s", raw)
    assert score(found, canonical).earned == 2
    assert sorted(raw_answer(found, "s", canonical)) == sorted(raw)
    strict = item(question(PAIRS, "#q .matching partial=no"))
    assert score(strict, canonical).earned == 0
    assert score(strict, [[0, 0], [1, 1], [2, 1]]).right


def test_the_choices_of_matching_are_shuffled_even_where_options_are_not() -> None:
    rows = "".join(f"| p{number} | c{number} |\n" for number in range(8))
    found = item(question(f"| A | B |\n|---|---|\n{rows}", "#q .matching shuffle=no"))
    orders = {tuple(one["html"] for one in present(found, str(seed))["right"]) for seed in range(5)}
    assert len(orders) == 5


@pytest.mark.parametrize(
    "raw",
    [
        "x", [["a", "b"]], [["a"]], ["ab"], [[1, 2]], {"a": "b"},
    ],
)  # fmt: skip
def test_a_matching_answer_is_pairs_of_known_ids(raw: object) -> None:
    with pytest.raises(AnswerError, match="expected"):
        read_answer(matching(), "s", raw)


def test_a_prompt_is_matched_once() -> None:
    model = present(matching(), "s")
    pair = [model["left"][0]["id"], model["right"][0]["id"]]
    with pytest.raises(AnswerError, match="given twice"):
        read_answer(matching(), "s", [pair, pair])


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("| A | B |\n|---|---|\n| a | b |\n| c | |", "8:7 the right cell is empty; expected the answer to the prompt"),
        ("| A | B |\n|---|---|\n| a | b | c |\n| d | e |\n| f | g |", "7:3 this row has 3 columns; expected two"),
        ("| A | B |\n|---|---|\n| a | b |\n| a | c |\n| d | e |", "8:3 the prompt 'a' is given twice"),
        ("| A | B |\n|---|---|\n| a | b |\n| c | d |\n| | b |", "9:5 the distractor 'b' is already among the choices"),
        ("| A | B |\n|---|---|\n| a | b |", "5:1 the table has 1 prompts; expected two or more"),
        ("No table.", "1:1 this question has no answer; expected a table of two columns, prompts and their answers"),
    ],
)
def test_faults_of_a_matching_table_are_named(table: str, expected: str) -> None:
    assert expected in errors(question(table, "#q .matching"))


def test_the_answer_is_the_last_table_and_earlier_ones_stay_in_the_stem() -> None:
    found = item(question(f"| x | y |\n|---|---|\n| 1 | 2 |\n\nMatch:\n\n{PAIRS.strip()}\n\n> Why.", "#q .matching"))
    assert "| 1 | 2 |" in found.stem
    assert isinstance(found.answer, Matching)
    assert len(found.answer.prompts) == 3
    assert found.rationale == "Why."


def test_a_table_without_its_class_is_no_answer() -> None:
    assert errors(question(PAIRS))[0].startswith("1:1 this question has no answer")


ENTRIES = """
1. Assess
2. Notify
   the charge nurse
3) Switch
4. Reconcile
"""


def test_an_ordering_list_is_the_right_order() -> None:
    answer = item(question(ENTRIES, "#q .ordering")).answer
    assert answer == Ordering(("Assess", "Notify\nthe charge nurse", "Switch", "Reconcile"))


def test_ordering_pays_entries_in_their_place() -> None:
    found = item(question(ENTRIES, "#q .ordering"))
    shown = ids(present(found, "s")["options"])
    texts = ["Assess", "Notify\nthe charge nurse", "Reconcile", "Switch"]
    canonical = read_answer(found, "s", [shown[one] for one in texts])
    assert canonical == [0, 1, 3, 2]
    assert score(found, canonical).earned == Fraction(1, 2)
    assert raw_answer(found, "s", canonical) == [shown[one] for one in texts]


def test_ordering_needs_every_id_once() -> None:
    found = item(question(ENTRIES, "#q .ordering"))
    every = [one["id"] for one in present(found, "s")["options"]]
    for raw in (every[:-1], [*every, every[0]], [every[0]] * 4, "x", [1, 2, 3, 4]):
        with pytest.raises(AnswerError, match="expected all 4 option ids"):
            read_answer(found, "s", raw)


def test_faults_of_an_ordering_list_are_named() -> None:
    assert errors(question("1. a\n2. a", "#q .ordering")) == ["6:4 this entry is the same as the one on line 5"]
    assert errors(question("1. a", "#q .ordering")) == ["5:4 there is one entry to put in order; expected two or more"]
    assert "expected a numbered list" in errors(question("- a\n- b", "#q .ordering"))[0]


def test_gaps_stand_outside_of_code_and_math_and_can_be_escaped() -> None:
    found = item(
        question(
            "The {{five|5}} rights, `{{code}}`, ``a ` {{b}}``, $x_{{1}}$, $${{y}}$$, \\{{plain}} and {{dose}}.\n\n"
            "```\n{{fence}}\n```\n\nUS$5 {{money}} US$6",
            "#q .cloze",
        )
    )
    assert isinstance(found.answer, Cloze)
    assert [one.answers for one in found.answer.gaps] == [("five", "5"), ("dose",), ("money",)]
    for kept in ("`{{code}}`", "``a ` {{b}}``", "$x_{{1}}$", "$${{y}}$$", "\\{{plain}}", "{{fence}}"):
        assert kept in found.stem


def test_a_quotation_with_gaps_at_the_end_is_text_and_one_without_is_the_rationale() -> None:
    gaps = item(question("Fill in:\n\n> The {{five}} rights.", "#q .cloze"))
    assert (gaps.rationale, gaps.stem) == (None, "What now?\n\nFill in:\n\n> The \ue0001\ue001 rights.")
    assert item(question("The {{five}} rights.\n\n> Because.", "#q .cloze")).rationale == "Because."


def test_braces_in_other_types_are_plain_text() -> None:
    assert item("## Q {#q}\n\nWrite {{name}}.\n\n= a\n").stem == "Write {{name}}."


def test_cloze_shows_numbered_gaps_and_pays_right_gaps() -> None:
    found = item(question("Give {{two|2}} of {{three}}.", "#q .cloze"))
    model = present(found, "s")
    assert model["stem_parts"] == ["What now?\n\nGive ", " of ", "."]
    assert model["gaps"] == [{"number": 1}, {"number": 2}]
    assert '<span class="gap" data-gap="1">[1]</span>' in model["stem_html"]
    assert "two" not in str(model)
    canonical = read_answer(found, "s", [" TWO ", ""])
    assert score(found, canonical).earned == Fraction(1, 2)
    assert raw_answer(found, "s", canonical) == ["TWO", ""]
    assert read_answer(found, "s", {"gaps": ["2", "three"]}) == ["2", "three"]
    assert read_answer(found, "s", ["", None]) is None
    shown = review(found, "s", canonical)["gaps"]
    assert [(one["key_text"], one["given"], one["right"]) for one in shown] == [
        ("two", "TWO", True), ("three", None, False),
    ]  # fmt: skip


@pytest.mark.parametrize("raw", ["two", ["two"], ["a", "b", "c"], [1, 2], {"gap": []}])
def test_a_cloze_answer_is_a_string_a_gap(raw: object) -> None:
    with pytest.raises(AnswerError, match="expected"):
        read_answer(item(question("{{a}} {{b}}", "#q .cloze")), "s", raw)


def test_faults_of_gaps_point_at_them() -> None:
    assert errors(question("One {{}} and {{a|}}\nand {{open", "#q .cloze")) == [
        "5:5 an answer of this gap is empty; expected {{answer|other answer}}",
        "5:14 an answer of this gap is empty; expected {{answer|other answer}}",
        "6:5 this gap is never closed; expected }} on the same line, or \\{{ for plain braces",
    ]
    assert "expected a gap such as" in errors(question("No gap.", "#q .cloze"))[0]


PANEL = "| −2 | -1 | 0 | +1 | 2 |\n|---|---|---|---|---|\n| 0 | 1 | 2 | 6 | 3 |"


def test_concordance_credit_is_votes_over_modal_votes() -> None:
    found = item(question(PANEL, "#q .concordance"))
    earned = {value: score(found, read_answer(found, "s", value)).earned for value in (-2, -1, 0, 1, 2)}
    assert earned == {-2: 0, -1: Fraction(1, 6), 0: Fraction(1, 3), 1: 1, 2: Fraction(1, 2)}
    assert "votes" not in str(present(found, "s"))


@pytest.mark.parametrize("raw", [3, -3, "1", True, 0.5, [1]])
def test_a_concordance_answer_is_a_degree(raw: object) -> None:
    with pytest.raises(AnswerError, match="expected a whole number from -2 to 2"):
        read_answer(item(question(PANEL, "#q .concordance")), "s", raw)


def test_a_small_panel_is_warned_of_and_ten_votes_are_enough() -> None:
    nine = PANEL.replace("| 6 |", "| 3 |")
    assert any("the panel gave 9 votes" in one for one in warnings(question(nine, "#q .concordance")))
    ten = PANEL.replace("| 6 |", "| 4 |")
    assert not any("panel" in one for one in warnings(question(ten, "#q .concordance")))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (PANEL.replace("+1", "+3"), "5:3 expected the header | −2 | −1 | 0 | +1 | +2 |"),
        (PANEL + "\n| 1 | 1 | 1 | 1 | 1 |", "5:3 there are 2 rows of votes; expected one"),
        (PANEL.replace("| 6 |", "| many |"), "7:3 expected five counts of votes, 0 where nobody chose a degree"),
        (
            "| −2 | -1 | 0 | +1 | 2 |\n|---|---|---|---|---|\n| 0 | 0 | 0 | 0 | 0 |",
            "7:3 nobody voted; expected the panel's votes",
        ),
    ],
)
def test_faults_of_a_panel_are_named(table: str, expected: str) -> None:
    assert expected in errors(question(table, "#q .concordance"))


RUBRIC = "| Criterion | Points | Poor | Good |\n|---|---|---|---|\n| Clear | 2 | x | y |\n| Safe | 3 | x | y |"


def test_the_points_of_a_rubric_are_those_of_the_essay() -> None:
    assert item(question(RUBRIC, "#q .essay")).points == 5
    assert item(question(RUBRIC, "#q .essay points=5")).points == 5
    assert errors(question(RUBRIC, "#q .essay points=4")) == [
        "1:26 the rubric's points sum to 5, the question's are 4; expected the same"
    ]


def test_an_essay_waits_for_a_person_unless_it_is_empty() -> None:
    found = item(question(RUBRIC, "#q .essay"))
    assert score(found, "My text").status == "awaiting_marking"
    assert score(found, None).status == "scored"
    assert score(found, None).earned == 0
    assert "Clear" not in str(present(found, "s"))


def test_a_person_awards_points_for_each_criterion() -> None:
    found = item(question(RUBRIC, "#q .essay"))
    assert award(found, [Fraction(2), Fraction(1)]).earned == 3
    assert award(found, [Fraction(2), Fraction(3)]).right
    for points in ([Fraction(2)], [Fraction(3), Fraction(1)], [Fraction(-1), Fraction(1)]):
        with pytest.raises(ValueError, match="expected"):
            award(found, points)


def test_faults_of_a_rubric_are_named() -> None:
    assert errors(question(RUBRIC.replace("| 3 |", "| three |"), "#q .essay")) == [
        "8:10 the points 'three' are no number above 0"
    ]
    assert errors(question(RUBRIC + "\n| More | 1 |", "#q .essay")) == ["9:3 this row has 2 columns; expected 4"]
