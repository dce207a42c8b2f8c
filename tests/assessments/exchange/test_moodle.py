"""Moodle XML in and out: a file as Moodle 4 writes it, near misses, and round trips."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from assessments.answers import Alternative, Choices, Cloze, Essay, Gap, Matching, Numeric, Option, Ordering, Text
from assessments.exchange.conversion import read_items, write_items
from assessments.model import Bank
from assessments.reading import read_bank
from tests.assessments.exchange.generated import banks
from tests.assessments.exchange.roundtrip import check_round_trip
from tests.assessments.exchange.samples import USUAL, only, outcomes, reasons, sample

MOODLE = sample("moodle-4.xml")


def quiz(kind: str, inner: str, text: str = "<p>What?</p>") -> bytes:
    head = f"<name><text>Q</text></name><questiontext format='html'><text><![CDATA[{text}]]></text></questiontext>"
    return f"<quiz><question type='{kind}'>{head}{inner}</question></quiz>".encode()


def answer(text: str, fraction: str, extra: str = "") -> str:
    return f"<answer fraction='{fraction}'><text>{text}</text>{extra}</answer>"


def test_every_question_is_accounted_for_and_the_counts_add_up() -> None:
    assert MOODLE.record.source == "moodle-xml"
    statuses = {one.id: one.status for one in MOODLE.record.outcomes}
    assert statuses == {
        "night-shift": "changed", "alert-01": "changed", "parts-of-an-order": "changed", "verbal-orders": "imported",
        "abbreviation": "changed", "rate": "changed", "five-rights": "imported", "downtime-plan": "changed",
        "sentence-with-gaps": "changed", "pick-the-words": "changed", "order-of-steps": "imported",
        "weight-based-dose": "refused", "allergy-first": "changed", "where-is-the-banner": "refused",
    }  # fmt: skip
    data = MOODLE.record.as_json()
    assert data["imported"] + data["changed"] + data["refused"] == len(data["items"]) == 14
    assert set(data["items"][0]) == {"id", "title", "type", "status", "reasons"}


def test_html_and_pictures_become_markdown_and_media() -> None:
    item = MOODLE.bank.item("alert-01")
    first, second = item.stem.split("\n\n")
    assert first == "Most interaction alerts are overridden.\xa0What comes **first**?"
    assert second == "![Log of overridden alerts](media/alert-log.png)"
    assert MOODLE.media["media/alert-log.png"].startswith(b"\x89PNG")
    assert item.rationale == "Reasons tell which rules never change an order."
    assert isinstance(item.answer, Choices)
    assert item.answer.options[0] == Option("Switch every alert off", False, "The useful ones go as well.")
    assert item.tags == ("safe-ordering", "alert-fatigue", "safety")
    assert outcomes(MOODLE)["alert-01"].reasons == ("the tag “alert fatigue” became “alert-fatigue”",)


def test_shares_that_are_not_our_rule_are_named() -> None:
    item = MOODLE.bank.item("parts-of-an-order")
    assert (item.type, item.points, item.shuffle) == ("multiple", 2, False)
    assert outcomes(MOODLE)["parts-of-an-order"].reasons == (
        "the wrong option “Price” cost 50 % and now costs 33.33 %",
        "the feedback for the whole question is left out: “Well done, all of them.”",
        "1 hint for further tries left out",
    )


def test_wildcards_become_patterns_and_lesser_answers_are_named() -> None:
    answer = MOODLE.bank.item("abbreviation").answer
    assert answer == Text((Alternative(r"computeri\?ed .* order entry", True),))
    assert "the answer “order entry” earned 50 % and is now not accepted" in outcomes(MOODLE)["abbreviation"].reasons


def test_numbers_keep_tolerance_and_unit_and_formulas_their_mathematics() -> None:
    item = MOODLE.bank.item("rate")
    assert isinstance(item.answer, Numeric)
    assert (item.answer.ranges[0].low, item.answer.unit) == (Fraction("11.9"), "mL/h")
    assert r"$r = \frac{d}{c}$" in item.stem


def test_other_types_come_in_as_ours() -> None:
    bank = MOODLE.bank
    assert isinstance(bank.item("five-rights").answer, Matching)
    assert bank.item("five-rights").answer.choices == ("Wrong patient", "Wrong drug", "Wrong ward")
    assert bank.item("order-of-steps").answer == Ordering(("Scan", "Read", "Give"))
    essay = bank.item("downtime-plan")
    assert isinstance(essay.answer, Essay)
    assert (essay.points, essay.answer.criteria[0].descriptors) == (4, ("Look for paper forms and a runner.",))
    assert bank.item("sentence-with-gaps").answer == Cloze((Gap(("route",)), Gap(("frequency",)), Gap(("1",))))
    assert bank.item("pick-the-words").answer == Cloze((Gap(("wristband",)), Gap(("drug",))))


def test_a_description_becomes_the_case_of_what_follows_and_a_category_ends_it() -> None:
    assert [(one.id, one.title, one.stem) for one in MOODLE.bank.cases] == [
        ("night-shift", "Night shift", "A man of 70 comes in at 03:00.")
    ]
    assert MOODLE.bank.item("allergy-first").case_id == "night-shift"
    assert MOODLE.bank.item("verbal-orders").case_id is None


@pytest.mark.parametrize(
    ("kind", "inner", "expected"),
    [
        ("multichoice", answer("a", "100") + answer("b", "100"), "2 options earn the whole mark"),
        ("multichoice", answer("a", "0") + answer("b", "0"), "no option is right"),
        ("multichoice", answer("a", "100"), "there is one option; expected at least two"),
        ("multichoice", answer("a", "100") + answer("a", "0"), "this option is the same"),
        ("multichoice", answer("a", "much") + answer("b", "0"), "is no number"),
        ("truefalse", answer("yes", "100") + answer("no", "0"), "expected true and false"),
        ("numerical", answer("twelve", "100"), "is no plain number"),
        ("numerical", answer("*", "100"), "is no plain number"),
        ("essay", "<responseformat>noinline</responseformat>", "uploading a file"),
        ("matching", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>", "two or more"),
        ("gapselect", "", "it has no gap"),
        ("stack", "", "a question of the type stack: expected one of multichoice"),
        ("random", "", "drawn by chance"),
    ],
)
def test_what_cannot_come_in_is_refused_with_the_reason(kind: str, inner: str, expected: str) -> None:
    found = read_items(quiz(kind, inner))
    assert found.bank.items == ()
    assert found.record.outcomes[0].status == "refused"
    assert expected in found.record.outcomes[0].reasons[0]


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        ("{1:NUMERICAL:=5:0.5} {1:SA:=a}", "accepts numbers with a tolerance"),
        ("{1:SHORTANSWER:=a*}", "has a wildcard"),
        ("{1:MULTIRESPONSE:=a~=b}", "is of the type MULTIRESPONSE"),
        ("{1:SHORTANSWER:=a", "never closed"),
        ("{1:SHORTANSWER:a}", "no answer of gap 1 is right"),
        ("no gap", "it has no gap"),
    ],
)
def test_embedded_answers_that_cannot_be_typed_are_refused(gap: str, expected: str) -> None:
    assert expected in reasons(read_items(quiz("cloze", "", f"<p>{gap}</p>")))[0]


def test_embedded_answers_keep_escapes_case_and_alternatives() -> None:
    item = only(read_items(quiz("cloze", "", r"<p>Say {1:SAC:=a\}b~=c &amp; d~%100%e}.</p>")))
    assert item.answer == Cloze((Gap(("a}b", "c & d", "e")),), case_sensitive=True)


def test_weighted_single_options_are_flattened_and_said() -> None:
    found = read_items(quiz("multichoice", answer("a", "100") + answer("b", "50") + answer("c", "-25")))
    assert reasons(found) == [
        "the option “b” earned 50 % and now earns nothing", "the option “c” earned −25 % and now earns nothing",
    ]  # fmt: skip


def test_our_own_rule_of_partial_credit_comes_in_unchanged() -> None:
    inner = "<single>false</single>" + answer("a", "50") + answer("b", "50") + answer("c", "-50")
    assert read_items(quiz("multichoice", inner)).record.count("imported") == 1


def test_text_formats_are_told_apart() -> None:
    source = (
        b"<quiz><question type='shortanswer'><name><text>Q</text></name><questiontext format='plain_text'>"
        b"<text>a &lt;b&gt; *c*\n2. d</text></questiontext><answer fraction='100'><text>x</text></answer></question>"
        b"</quiz>"
    )
    assert only(read_items(source)).stem == r"a &lt;b> \*c\*<br>2. d"
    assert only(read_items(source.replace(b"plain_text", b"markdown"))).stem == "a <b> *c*\n2. d"


def test_a_quiz_without_questions_is_an_error_that_says_what_was_expected() -> None:
    with pytest.raises(ValueError, match="expected <question> elements"):
        read_items(b"<quiz></quiz>")


@settings(max_examples=40, deadline=None)
@given(banks())
def test_what_goes_out_unchanged_comes_back_the_same(bank: Bank) -> None:
    check_round_trip(bank, "moodle-xml")


def test_the_usual_types_do_go_out_unchanged() -> None:
    assert check_round_trip(USUAL, "moodle-xml") == 8


def test_types_that_moodle_has_not_are_refused_and_changes_are_named_on_the_way_out() -> None:
    source = (
        "## A {#a .concordance}\n\nIf?\n\n| -2 | -1 | 0 | 1 | 2 |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |\n\n"
        "## B {#b}\n\nName it.\n\n= ~colou?r\n\n## C {#c}\n\nName it.\n\n= ~[a-z]+\n"
    )
    made = write_items(read_bank(source, "q.md")[0], "moodle-xml")
    assert [(one.status, one.reasons) for one in made.record.outcomes] == [
        ("refused", ("Moodle has no question type for items of the type concordance",)),
        ("changed", ("the pattern 'colou?r' is spelled out as 2 plain answers",)),
        ("refused", ("its pattern '[a-z]+' stands for more words than can be listed",)),
    ]


def test_pictures_go_out_inside_the_file_and_come_back() -> None:
    bank, _ = read_bank("## A {#a}\n\n![A pump](media/ward/pump.png)\n\n- [x] Yes\n- [ ] No\n", "q.md")
    made = write_items(bank, "moodle-xml", media={"media/ward/pump.png": b"png"})
    assert made.record.count("imported") == 1
    again = read_items(made.data)
    assert again.media == {"media/pump.png": b"png"}
    assert only(again).stem == "![A pump](media/pump.png)"
    bare = write_items(bank, "moodle-xml")
    assert bare.record.outcomes[0].reasons == (
        "the picture media/ward/pump.png is missing and could not be taken along",
    )


def test_a_number_that_a_program_computed_is_rounded_where_its_tolerance_allows_it() -> None:
    found = read_items(quiz("numerical", answer("2.718281828459045", "100", "<tolerance>0.01</tolerance>")))
    numeric = only(found).answer
    assert isinstance(numeric, Numeric)
    assert numeric.ranges[0].shown == "2.718281828459 ± 0.01"
    assert reasons(found) == ["its number was rounded to 12 decimal places"]


def test_a_number_without_tolerance_is_never_rounded() -> None:
    found = read_items(quiz("numerical", answer("2.718281828459045", "100", "<tolerance>0</tolerance>")))
    assert reasons(found) == ["its number has no decimal form of 12 places"]


def test_the_picture_field_of_moodle_1_is_shown_above_the_question() -> None:
    old = "<image>pump.gif</image><image_base64>\nR0lGODdh\n</image_base64>"
    found = read_items(quiz("truefalse", old + answer("true", "100") + answer("false", "0")))
    assert only(found).stem == "![](media/pump.gif)\n\nWhat?"
    assert found.media == {"media/pump.gif": b"GIF87a"}
    assert reasons(found) == ["a picture has no alternative text; write one, as a course needs it"]


def test_a_picture_of_moodle_1_that_is_damaged_or_missing_is_named() -> None:
    old = "<image>backupdata/pump.gif</image><image_base64>!</image_base64>"
    found = read_items(quiz("truefalse", old + answer("true", "100") + answer("false", "0")))
    assert only(found).stem == "What?"
    assert reasons(found) == ["the picture above the question could not be taken along: 'backupdata/pump.gif'"]


def test_pictures_in_the_text_itself_become_files_one_each() -> None:
    first, second = (f"<img alt='{one}' src='data:image/gif;base64,{one}'>" for one in ("R0lGODdh", "R0lGODlh"))
    found = read_items(
        quiz("truefalse", answer("true", "100") + answer("false", "0"), f"<p>{first}{second}{first}</p>")
    )
    one, other = found.media
    assert (only(found).stem.count(f"]({one})"), only(found).stem.count(f"]({other})")) == (2, 1)
    assert list(found.media.values()) == [b"GIF87a", b"GIF89a"]
    assert reasons(found) == []


@pytest.mark.parametrize("address", ["data:text/html;base64,R0lGODdh", "data:image/gif;base64,!", "data:image/gif,"])
def test_what_is_no_picture_in_a_text_is_named_and_left_out(address: str) -> None:
    text = f"<p>What? <img alt='A pump' src='{address}'></p>"
    found = read_items(quiz("truefalse", answer("true", "100") + answer("false", "0"), text))
    assert only(found).stem == "What? (A pump)"
    assert reasons(found) == [f"a picture could not be taken along: {address!r}"]
    assert found.media == {}


def test_a_question_with_embedded_answers_is_worth_their_weights_together() -> None:
    found = read_items(quiz("cloze", "", "<p>{2:SA:=one} and {1:SA:=two}</p>"))
    assert only(found).points == 3
    assert reasons(found) == ["its gaps had different weights and now earn alike"]
    assert only(read_items(quiz("cloze", "<defaultgrade>1</defaultgrade>", "<p>{2:SA:=one}</p>"))).points == 1


def test_an_embedded_answer_that_cannot_be_read_is_never_shown_as_text() -> None:
    found = read_items(quiz("cloze", "", "<p>{1:SA:=one} and {1:MULTICHOICE}</p>"))
    assert reasons(found) == ["the embedded answer “{1:MULTICHOICE}” cannot be read: expected answers behind a colon"]
    plain = only(read_items(quiz("cloze", "", "<p>{1:SA:=one} of {a, b} or {2}</p>")))
    assert plain.stem.endswith("of {a, b} or {2}") or "{a, b}" in plain.stem.replace("\\", "")


def test_what_is_written_about_a_category_is_named_in_a_note() -> None:
    about = "<info format='html'><text>&lt;p&gt;For the night team&lt;/p&gt;</text></info>"
    category = f"<question type='category'><category><text>$course$/Night</text></category>{about}</question>"
    one = quiz("truefalse", answer("true", "100") + answer("false", "0")).decode().removeprefix("<quiz>")
    notes = read_items(f"<quiz>{category}{one}".encode()).record.notes
    assert "the description of the category “Night” is left out: “For the night team”" in notes


def test_alignment_is_named_and_blocks_within_a_cell_keep_their_words_apart() -> None:
    note = "<graderinfo format='html'><text>&lt;h3&gt;Look for&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;the dose&lt;/li&gt;"
    found = read_items(quiz("essay", f"{note}</text></graderinfo>", "<p style='text-align: center'>What?</p>"))
    essay = only(found).answer
    assert isinstance(essay, Essay)
    assert essay.criteria[0].descriptors == ("Look for the dose",)
    assert "the alignment of text was left out" in reasons(found)


def test_a_text_with_one_gap_for_a_number_becomes_a_numeric_question_with_its_tolerance() -> None:
    found = read_items(quiz("cloze", "", "<p>Give {2:NUMERICAL:=5:0.5#Right~%50%6:1~#Look again}.</p>"))
    dose = only(found)
    assert (dose.type, dose.stem, dose.points) == ("numeric", "Give", 2)
    assert isinstance(dose.answer, Numeric)
    assert [one.shown for one in dose.answer.ranges] == ["5 ± 0.5"]
    assert reasons(found) == [
        "the feedback to the answer “5” is left out: “Right”", "the answer “6” earned 50 % and is now not accepted",
        "the feedback to any other answer is left out: “Look again”",
    ]  # fmt: skip
    within = read_items(quiz("cloze", "", "<p>Give {1:NM:=5:0.5} mg.</p>"))
    assert only(within).stem == "Give … mg."
    assert reasons(within) == ["the answer stood within the sentence; an ellipsis marks its place now"]


def test_texts_of_every_format_of_moodle_keep_their_paragraphs_and_lines() -> None:
    written = quiz("truefalse", answer("true", "100") + answer("false", "0"), "One.\nTwo.\n\n# Three").decode()
    stems = {
        kind: only(read_items(written.replace("format='html'", f"format='{kind}'").encode())).stem
        for kind in ("html", "plain_text", "moodle_auto_format", "markdown")
    }
    assert stems == {
        "html": "One. Two. # Three", "plain_text": "One.<br>Two.\n\n\\# Three",
        "moodle_auto_format": "One.<br>Two.\n\n\\# Three", "markdown": "One.\nTwo.\n\n### Three",
    }  # fmt: skip


def test_a_field_that_no_reader_knows_is_named_with_what_it_says() -> None:
    more = (
        "<coursetags><coursetag>night</coursetag></coursetags><aftertext><text>Think again.</text></aftertext><empty/>"
    )
    found = read_items(quiz("truefalse", more + answer("true", "100") + answer("false", "0")))
    assert reasons(found) == [
        "its part “coursetags” is left out: “night”", "its part “aftertext” is left out: “Think again.”",
    ]  # fmt: skip
