"""GIFT in and out: a file as teachers write it, near misses, and round trips."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from assessments.answers import Alternative, Choices, Cloze, Gap, Matching, Numeric, Option, Text
from assessments.exchange.conversion import read_items, write_items
from assessments.model import Bank
from assessments.reading import read_bank
from tests.assessments.exchange.generated import banks
from tests.assessments.exchange.roundtrip import check_round_trip
from tests.assessments.exchange.samples import USUAL, only, outcomes, reasons, sample

GIFT = sample("course.gift")


def test_every_question_is_accounted_for() -> None:
    assert GIFT.record.source == "gift"
    assert {one.id: one.status for one in GIFT.record.outcomes} == {
        "alert-first": "imported", "parts-of-an-order": "changed", "read-back": "imported", "abbreviation": "changed",
        "rate-for-1200-units-h-of-100-units-ml": "imported", "years": "changed", "checks": "imported",
        "gap": "imported",
        "essay": "changed", "escapes": "imported", "note": "refused", "broken": "refused", "two-right": "refused",
    }  # fmt: skip


def test_options_feedback_rationale_category_id_and_tags_are_read() -> None:
    item = GIFT.bank.item("alert-first")
    assert item.answer == Choices(
        (
            Option("Review the reasons", True, "Right, they tell which rules to retire."),
            Option("Switch every alert off", False, "The useful ones go as well."),
            Option("Ask for a second signature", False),
        )
    )
    assert item.stem == r"Most interaction alerts are overridden. What comes \*first\*?"
    assert item.rationale == "Alerts that are always overridden train people to ignore the rest."
    assert item.tags == ("alerts", "safety")


def test_weights_that_are_not_our_rule_are_named() -> None:
    assert GIFT.bank.item("parts-of-an-order").stem == "Which belong to a **complete** order?"
    assert outcomes(GIFT)["parts-of-an-order"].reasons == ("the wrong option “Colour” cost 100 % and now costs 50 %",)


def test_the_first_feedback_of_true_or_false_is_for_the_wrong_answer() -> None:
    answer = GIFT.bank.item("read-back").answer
    assert answer == Choices((Option("True", True, "Yes."), Option("False", False, "It is: mishearing is common.")))


def test_words_numbers_pairs_and_gaps_are_read() -> None:
    bank = GIFT.bank
    assert bank.item("abbreviation").answer == Text(
        (Alternative("computerized provider order entry"), Alternative("computerised .* order entry", True))
    )
    rate = bank.item("rate-for-1200-units-h-of-100-units-ml").answer
    assert isinstance(rate, Numeric)
    assert (rate.ranges[0].low, rate.ranges[0].high, rate.unit) == (Fraction("11.9"), Fraction("12.1"), "mL/h")
    years = bank.item("years").answer
    assert isinstance(years, Numeric)
    assert [(one.low, one.high) for one in years.ranges] == [(1972, 1972)]
    checks = bank.item("checks").answer
    assert isinstance(checks, Matching)
    assert checks.choices == ("Wrong patient", "Wrong drug", "Wrong ward")
    assert bank.item("gap").answer == Cloze((Gap(("signed", "authenticated")),))
    assert bank.item("escapes").stem == r"Is 2 = 1 + 1 \{really}?"


def test_what_cannot_come_in_is_refused_with_the_reason() -> None:
    found = outcomes(GIFT)
    assert found["note"].reasons == ("it has no answers in { }: a description asks nothing",)
    assert "several pairs of braces" in found["broken"].reasons[0]
    assert "2 options earn the whole mark" in found["two-right"].reasons[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("::a::b {#twelve}", "is no plain number with a tolerance"),
        ("::a::b {#5..4}", "its range is empty"),
        ("::a::b {#1..x}", "is not of two numbers"),
        ("::a::b {maybe}", "of no known form"),
        ("::a::b {=c -> d =e}", "some of its answers are pairs"),
        ("::a::b {=c -> d}", "expected two or more"),
        ("::a::b }=c{", "braces do not match"),
        ("::a::b {~c ~d}", "no option is right"),
        ("::a::b {=%0%c}", "no answer is right"),
    ],
)
def test_near_misses_are_refused(source: str, expected: str) -> None:
    assert expected in reasons(read_items(source.encode()))[0]


def test_an_answer_within_a_sentence_that_is_no_gap_is_marked_there() -> None:
    found = read_items(b"::a::The {=cat ~dog} sat.")
    assert only(found).stem == "The … sat."
    assert reasons(found) == ["the answer stood within the sentence; an ellipsis marks its place now"]


def test_a_full_stop_after_a_number_is_no_unit() -> None:
    item = only(read_items(b"::a::It weighs {#5} kg."))
    assert isinstance(item.answer, Numeric)
    assert item.answer.unit == ""


def test_feedback_for_any_other_number_is_named_and_left_out() -> None:
    found = read_items(b"::a::From 1 to 5? {#3:2~#Far off}")
    answer = only(found).answer
    assert isinstance(answer, Numeric)
    assert [(one.low, one.high) for one in answer.ranges] == [(1, 5)]
    assert reasons(found) == ["the feedback to any other answer is left out: “Far off”"]


def test_a_picture_in_the_text_itself_becomes_a_file() -> None:
    found = read_items(b"::a::[html]<p>What? <img alt\\='A pump' src\\='data\\:image/gif;base64,R0lGODdh'></p>{T}")
    assert only(found).stem == "What? ![A pump](media/picture-9faccac8.gif)"
    assert found.media == {"media/picture-9faccac8.gif": b"GIF87a"}


def test_headings_of_markdown_that_stand_too_high_are_named() -> None:
    found = read_items(b"::a::[markdown]\\# First\\n\\nWhat?{T}")
    assert only(found).stem == "### First\n\nWhat?"
    assert reasons(found) == ["headings of the first two levels became headings of the third"]


def test_two_strokes_in_a_category_stand_for_one_in_its_name() -> None:
    found = read_items(b"$CATEGORY: $course$/top/Wards/Day//night\n\n::a::What?{T}")
    assert only(found).tags == ("day-night",)
    assert "“Day/night” is the tag day-night" in found.record.notes[0]


def test_windows_files_read_the_same() -> None:
    assert only(read_items("\ufeff::é::Größe?{=ja}\r\n".encode())).stem == "Größe?"
    ansi = read_items("::é::Größe?{=ja}\r\n".encode("cp1252"))
    assert only(ansi).stem == "Größe?"
    assert "Windows-1252" in ansi.record.notes[0]


@settings(max_examples=40, deadline=None)
@given(banks())
def test_what_goes_out_unchanged_comes_back_the_same(bank: Bank) -> None:
    check_round_trip(bank, "gift")


def test_what_gift_cannot_hold_is_named_on_the_way_out() -> None:
    made = write_items(USUAL, "gift")
    assert {one.id: (one.status, one.reasons) for one in made.record.outcomes} == {
        "a": ("imported", ()),
        "b": ("changed", ("GIFT has no points: its 2.5 are left out",)),
        "c": ("imported", ()),
        "d": ("imported", ()),
        "e": ("imported", ()),
        "f": ("refused", ("GIFT has no form for items of the type ordering",)),
        "g": ("refused", ("GIFT has no form for a text with 2 gaps: expected one",)),
        "h": ("imported", ()),
    }


def test_a_case_goes_before_its_questions_and_that_is_said() -> None:
    source = "# Case: Night {#night}\n\nA man of 70.\n\n## A {#a}\n\nWhat?\n\n= 1\n"
    made = write_items(read_bank(source, "q.md")[0], "gift")
    assert "A man of 70." in made.data.decode()
    assert made.record.outcomes[0].reasons == ("the text of its case stands before its own, as GIFT has no cases",)
