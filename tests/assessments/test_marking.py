"""What a paper earns, confidence marks, and how percentages are shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from assessments.confidence import Band, calibration, certainty_mark
from assessments.marking import mark_paper, shown_percent
from assessments.model import AnswerError, Item, Score
from tests.assessments.sources import item, question

PASS = Fraction(80)
PANEL = "| −2 | -1 | 0 | +1 | 2 |\n|---|---|---|---|---|\n| 0 | 1 | 2 | 6 | 3 |"
RUBRIC = "| Criterion | Points |\n|---|---|\n| Clear | 4 |"


def single(name: str, points: str = "1") -> Item:
    return item(question("- [x] A\n- [ ] B", f"#{name} points={points}"))


def test_a_paper_earns_the_points_of_its_items_and_nothing_for_gaps() -> None:
    result = mark_paper([single("a", "3"), single("b"), single("c")], {"a": 0, "b": 1}, PASS)
    assert (result.earned, result.possible, result.percent, result.passed) == (3, 5, 60, False)
    assert {name: one.earned for name, one in result.items.items()} == {"a": 3, "b": 0, "c": 0}


def test_the_pass_mark_is_compared_with_the_exact_value() -> None:
    items = [single(f"i{number}") for number in range(3)]
    two_of_three = mark_paper(items, {"i0": 0, "i1": 0}, Fraction(200, 3))
    assert two_of_three.passed is True
    assert mark_paper(items, {"i0": 0, "i1": 0}, Fraction("66.67")).passed is False


def test_an_essay_leaves_result_and_pass_open_until_a_person_marks_it() -> None:
    essay = item(question(RUBRIC, "#e .essay"))
    waiting = mark_paper([single("a"), essay], {"a": 0, "e": "Text"}, PASS)
    assert (waiting.percent, waiting.passed) == (None, None)
    marks = {"e": Score(Fraction(3), Fraction(4), right=False)}
    done = mark_paper([single("a"), essay], {"a": 0, "e": "Text"}, PASS, marks)
    assert (done.percent, done.passed) == (80, True)
    assert mark_paper([single("a"), essay], {"a": 0}, PASS).percent == 20


def test_a_formative_item_never_counts() -> None:
    panel = item(question(PANEL, "#p .concordance"))
    result = mark_paper([single("a"), panel], {"a": 0, "p": -2}, PASS)
    assert (result.earned, result.possible, result.percent) == (1, 1, 100)
    assert result.items["p"].earned == 0


def test_a_paper_that_can_earn_nothing_is_not_passed() -> None:
    assert mark_paper([], {}, Fraction(0)).passed is False


def test_a_stored_answer_that_is_none_stops_the_marking() -> None:
    with pytest.raises(AnswerError):
        mark_paper([single("a")], {"a": 7}, PASS)


@pytest.mark.parametrize(
    ("percent", "shown"),
    [("200/3", "66.7"), ("100", "100.0"), ("0", "0.0"), ("1/3", "0.3"), ("12.25", "12.3"), ("79.94", "79.9")],
)
def test_a_percentage_is_shown_with_one_decimal(percent: str, shown: str) -> None:
    assert shown_percent(Fraction(percent)) == Decimal(shown)


def test_a_result_just_below_the_pass_mark_is_not_shown_as_the_pass_mark() -> None:
    assert shown_percent(Fraction("79.96")) == Decimal("80.0")
    assert shown_percent(Fraction("79.96"), PASS) == Decimal("79.9")
    assert shown_percent(Fraction("80.06"), PASS) == Decimal("80.1")


def test_certainty_is_rewarded_when_right_and_costs_when_wrong() -> None:
    assert [certainty_mark(True, one) for one in (1, 2, 3)] == [1, 2, 3]
    assert [certainty_mark(False, one) for one in (1, 2, 3)] == [0, -2, -6]
    for wrong in (0, 4, True):
        with pytest.raises(ValueError, match="expected a certainty of 1, 2 or 3"):
            certainty_mark(True, wrong)


def test_each_certainty_pays_best_between_its_thresholds() -> None:
    def expected(chance: Fraction, certainty: int) -> Fraction:
        return chance * certainty_mark(True, certainty) + (1 - chance) * certainty_mark(False, certainty)

    for chance, best in {"0.5": 1, "0.66": 1, "0.67": 2, "0.79": 2, "0.81": 3, "1": 3}.items():
        marks = {one: expected(Fraction(chance), one) for one in (1, 2, 3)}
        assert max(marks, key=lambda one: marks[one]) == best


def test_calibration_sums_up_certainty_and_counts_confident_errors() -> None:
    found = calibration([(True, 3), (False, 3), (True, 1), (False, 2)])
    assert found.bands == (Band(1, 1, 1), Band(2, 1, 0), Band(3, 2, 1))
    assert (found.mark, found.confident_errors) == (3 - 6 + 1 - 2, 1)
    assert [one.share for one in found.bands] == [1, 0, Fraction(1, 2)]
    assert calibration([]).bands[0].share is None
