"""How the reader decides about answer lines, and what typed answers are right."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.answers import Alternative, Numeric, Text
from assessments.model import AnswerError, Item
from assessments.numbers import parse_number
from assessments.registry import read_answer, review, score
from tests.assessments.sources import errors, item, question, warnings


def numeric(line: str, attributes: str = "#q") -> Item:
    found = item(question(line, attributes))
    assert found.type == "numeric"
    return found


def bounds(found: Item) -> tuple[Fraction, Fraction, str]:
    assert isinstance(found.answer, Numeric)
    (one,) = found.answer.ranges
    return one.low, one.high, found.answer.unit


@pytest.mark.parametrize(
    ("line", "low", "high", "unit"),
    [
        ("= 12", "12", "12", ""),
        ("= 12.5 mL/h", "12.5", "12.5", "mL/h"),
        ("= 12 ± 0.1 mL/h", "11.9", "12.1", "mL/h"),
        ("= 12 +/- 0.1 mL/h", "11.9", "12.1", "mL/h"),
        ("= 12 +/− 0.1 mL/h", "11.9", "12.1", "mL/h"),
        ("= 12±0.1 mL/h", "11.9", "12.1", "mL/h"),
        ("= 200 ± 5% mL/h", "190", "210", "mL/h"),
        ("= −200 ± 5% mL/h", "-210", "-190", "mL/h"),
        ("= 94 ± 1 %", "93", "95", "%"),
        ("= 94 ± 1%", "93.06", "94.94", ""),
        ("= 94 %", "94", "94", "%"),
        ("= 94%", "94", "94", "%"),
        ("= 37.5 °C", "37.5", "37.5", "°C"),
        ("= 10..12 mL", "10", "12", "mL"),
        ("= 10 .. 12", "10", "12", ""),
        ("= −5..−1", "-5", "-1", ""),
        ("= -5..5 mmol/L", "-5", "5", "mmol/L"),
        ("= +3", "3", "3", ""),
        ("= .5", "0.5", "0.5", ""),
        ("= 1.5e3 units", "1500", "1500", "units"),
        ("= 30 mL per hour", "30", "30", "mL per hour"),
        ("= 120 ± 5 mm Hg", "115", "125", "mm Hg"),
        ("= 110..130 mm Hg", "110", "130", "mm Hg"),
    ],
)
def test_a_number_with_tolerance_and_unit_is_numeric(line: str, low: str, high: str, unit: str) -> None:
    assert bounds(numeric(line)) == (Fraction(low), Fraction(high), unit)


@pytest.mark.parametrize(
    "line",
    ["= 12 | twelve", "= 12 lead ECG", "= 5-HT3", "= 21 CFR Part 11", "= 1,200", "= 7.5.1", "= 12mL", "= -", "= ±5"],
)
def test_what_only_begins_like_a_number_is_text(line: str) -> None:
    assert item(question(line)).type == "text"


def test_words_that_begin_with_a_digit_are_warned_of_until_a_class_settles_them() -> None:
    assert warnings(question("= 12 lead ECG\n\n> Why.")) == [
        "5:3 this answer is read as words; give the class .text or .numeric to settle it"
    ]
    assert warnings(question("= 12 lead ECG\n\n> Why.", "#q .text")) == []
    assert bounds(numeric("= 120 mm Hg", "#q .numeric")) == (120, 120, "mm Hg")


@pytest.mark.parametrize(
    "line", ["= 12 ± x mL", "= 12 ±", "= 12..", "= 12 +/- mL", "= 1,5 ± 0.1", "= 12 mL ± 1", "= 12 mL +/- 1"]
)
def test_a_tolerance_or_range_that_cannot_be_read_is_a_fault(line: str) -> None:
    assert errors(question(line))[0].startswith("5:3 cannot read ")


def test_a_range_the_wrong_way_round_is_a_fault() -> None:
    assert errors(question("= 12..10 mL")) == ["5:3 the range is empty; expected its lower end first and no negative ±"]


def test_the_class_text_makes_words_of_a_number() -> None:
    assert item(question("= 12 ± 0.1 mL/h", "#q .text")).type == "text"


def test_the_class_numeric_refuses_words() -> None:
    assert errors(question("= twelve", "#q .numeric"))[0].startswith("5:3 cannot read 'twelve' as a number")


def test_several_numeric_lines_are_several_right_answers_of_one_unit() -> None:
    found = numeric("= 12 mL\n= 14..15 mL")
    assert [score(found, one).right for one in (12, 13, 14, 15)] == [True, False, True, True]
    assert errors(question("= 12 mL\n= 14 L")) == ["6:3 the unit 'L' differs from 'mL' above; expected one"]


def test_an_answer_line_follows_a_blank_line_or_another_answer_line() -> None:
    found = item(question("= one\n= two\n\n= three"))
    assert isinstance(found.answer, Text)
    assert [one.text for one in found.answer.alternatives] == ["one", "two", "three"]
    assert "4:1 an answer line follows a blank line; expected one above it" in errors("## Q {#q}\n\nWhat now?\n= one\n")


def test_an_equals_sign_without_a_space_is_no_answer_line() -> None:
    assert "5:2 a space is missing after =; expected `= answer`" in errors(question("=12"))


def test_equations_inside_text_and_code_stay_in_the_stem() -> None:
    found = item("## Q {#q}\n\nRate\n= volume / time\n\n```\n\n= 5\n```\n\n= 12\n")
    assert found.stem == "Rate\n= volume / time\n\n```\n\n= 5\n```"


def test_both_ends_of_a_tolerance_are_right_and_nothing_beyond() -> None:
    found = numeric("= 12 ± 0.1 mL/h")
    given = {11.9: True, 12.1: True, 12: True, 11.89: False, 12.1000001: False, -12: False}
    assert {one: score(found, read_answer(found, "s", one)).right for one in given} == given


def test_one_tenth_is_one_tenth() -> None:
    assert score(numeric("= 0.3"), 0.3).right
    assert not score(numeric("= 0.3"), 0.1 + 0.2).right


@pytest.mark.parametrize("raw", ["12", True, [12], {}, float("nan"), float("inf"), 10**400, "12 mL/h"])
def test_a_numeric_answer_is_a_finite_json_number(raw: object) -> None:
    with pytest.raises(AnswerError, match="expected"):
        read_answer(numeric("= 12"), "s", raw)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12.5", 12.5),
        ("12,5", 12.5),
        (" 12 ", 12),
        ("−3", -3),
        ("0,125", 0.125),
        ("1 200", 1200),
        ("1 200,5", 1200.5),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        ("", None),
        ("  ", None),
    ],
)
def test_learners_type_a_point_or_a_comma(typed: str, value: float | None) -> None:
    assert parse_number(typed) == value
    assert isinstance(parse_number(typed), type(value))


@pytest.mark.parametrize(
    "typed", ["12 mL/h", "twelve", "1.2.3", "12,5,1", "--1", "1e999", "1" * 40, "0x10", "٣", "nan"]
)
def test_what_is_no_number_is_refused_in_words(typed: str) -> None:
    with pytest.raises(AnswerError, match="expected"):
        parse_number(typed)


def test_a_comma_that_could_part_thousands_is_not_guessed_at() -> None:
    with pytest.raises(AnswerError, match=r"1,200 could be read in two ways; write 1200 or 1\.200"):
        parse_number("1,200")
    assert parse_number("1.200") == 1.2


def text(line: str, attributes: str = "#q") -> tuple[Alternative, ...]:
    answer = item(question(line, attributes)).answer
    assert isinstance(answer, Text)
    return answer.alternatives


def test_alternatives_part_at_a_bar_between_spaces() -> None:
    assert text("= order entry | CPOE") == (Alternative("order entry"), Alternative("CPOE"))
    assert text("= and|or") == (Alternative("and|or"),)
    assert text("= a |b") == (Alternative("a |b"),)


def test_a_tilde_governs_its_own_alternative() -> None:
    assert text("= plain.* | ~colou?r (a|b)") == (Alternative("plain.*"), Alternative("colou?r (a|b)", pattern=True))
    assert text("= about ~ 5") == (Alternative("about ~ 5"),)


@pytest.mark.parametrize("line", ["= a |  | b", "= a | ", "= ~", "= a | ~ ", "= | a", "= a |"])
def test_an_empty_alternative_is_a_fault(line: str) -> None:
    found = errors(question(line, "#q .text"))
    if line == "= a | ":
        assert found == ["5:3 an answer is empty; expected words on both sides of the bar"]
    assert any("an answer is empty" in one for one in found)


def test_case_and_outer_space_are_ignored_unless_asked_for() -> None:
    found = item(question("= Warfarin"))
    assert score(found, read_answer(found, "s", "  wARFARIN ")).right
    assert not score(found, "war farin").right
    strict = item(question("= Warfarin", "#q case=yes"))
    assert score(strict, "Warfarin").right
    assert not score(strict, "warfarin").right


def test_a_pattern_matches_the_whole_answer() -> None:
    found = item(question("= computerized provider order entry | ~computeri[sz]ed (provider|physician) order entry"))
    for given, right in {
        "Computerised Physician Order Entry": True,
        "computerized provider order entry": True,
        "my computerised physician order entry": False,
        "computerised physician order entry!": False,
        "computerised order entry": False,
    }.items():
        assert score(found, given).right is right


def test_a_pattern_obeys_case_when_asked_for() -> None:
    found = item(question("= Na | ~[A-Z]a", "#q case=yes"))
    assert score(found, "Ka").right
    assert not score(found, "ka").right


def test_accents_written_in_two_ways_are_the_same() -> None:
    assert score(item(question("= Sjögren")), "Sjo\u0308gren").right


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "(?!x)y", "(?<=a)b", "a(", "[z-a]", "*a", "(a{500}){500}"])
def test_a_pattern_outside_the_safe_dialect_is_a_clear_fault(pattern: str) -> None:
    found = errors(question(f"= plain | ~{pattern}"))
    assert len(found) == 1
    assert found[0].startswith("5:11 the pattern ")
    assert "the dialect has no look-around and no back-references" in found[0]


def test_only_patterns_and_no_plain_answer_is_warned_of() -> None:
    assert warnings(question("= ~a+\n\n> Why.")) == [
        "5:3 every answer is a pattern; add a plain one, which learners are shown as the key"
    ]


@pytest.mark.parametrize("raw", [12, True, ["a"], {"a": 1}, "a" * 501, "a\0b", "\ud800"])
def test_a_text_answer_is_a_short_string(raw: object) -> None:
    with pytest.raises(AnswerError, match="expected"):
        read_answer(item(question("= a")), "s", raw)


def test_space_alone_is_no_answer() -> None:
    assert read_answer(item(question("= a")), "s", "  \n") is None


def test_the_review_shows_a_plain_key_with_its_unit() -> None:
    assert review(numeric("= 12 ± 0.1 mL/h"), "s", 12)["key_text"] == "12 ± 0.1 mL/h"
    shown = review(item(question("= ~a+ | first | second")), "s", None)
    assert (shown["key_text"], shown["also_accepted"]) == ("first", ["second"])


def test_a_question_without_an_answer_is_a_fault() -> None:
    assert errors("## Q {#q}\n\nWhat?\n") == [
        "1:1 this question has no answer; expected a line `= answer | other answer` after a blank line"
    ]
