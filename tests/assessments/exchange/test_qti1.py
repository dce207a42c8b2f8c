"""QTI 1.2, as Canvas, Blackboard and older systems write it: files in their shapes, and near misses."""

from __future__ import annotations

import html
from fractions import Fraction

import pytest

from assessments.answers import Alternative, Choices, Cloze, Essay, Gap, Matching, Numeric, Option, Prompt, Text
from assessments.archive import pack
from assessments.exchange.conversion import ExchangeError, Import, read_items, write_items
from assessments.model import Bank
from assessments.types.cloze import CLOSE, OPEN
from tests.assessments.exchange.samples import only, reasons

QUIZ = "of a quiz its questions are taken; its title, description, order, limits and settings are not"


def material(text: str, kind: str = "text/html") -> str:
    return f"<material><mattext texttype='{kind}'>{html.escape(text)}</mattext></material>"


def choices(options: str, cardinality: str = "Single", more: str = "") -> str:
    labels = "".join(f"<response_label ident='{one[0]}'>{material(one)}</response_label>" for one in options.split())
    inner = f"<render_choice {more}>{labels}</render_choice>"
    return f"<response_lid ident='r' rcardinality='{cardinality}'>{inner}</response_lid>"


def typed(kind: str = "") -> str:
    field = f"<render_fib{kind}><response_label ident='a'/></render_fib>"
    return f"<response_str ident='r' rcardinality='Single'>{field}</response_str>"


def same(text: str, name: str = "r", more: str = "") -> str:
    return f"<varequal respident='{name}'{more}>{text}</varequal>"


def rule(test: str, score: str = "100", action: str = "Set", said: str = "", more: str = " continue='No'") -> str:
    act = f"<setvar varname='SCORE' action='{action}'>{score}</setvar>" if score else ""
    shown = f"<displayfeedback linkrefid='{said}'/>" if said else ""
    return f"<respcondition{more}><conditionvar>{test}</conditionvar>{act}{shown}</respcondition>"


def item(body: str, rules: str = "", feedback: str = "", **fields: str) -> bytes:
    named = "".join(
        f"<qtimetadatafield><fieldlabel>{key}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for key, value in fields.items()
    )
    head = f"<itemmetadata><qtimetadata>{named}</qtimetadata></itemmetadata>"
    asked = f"<presentation>{material('<p>What <b>first</b>?</p>')}{body}</presentation>"
    scored = f"<resprocessing><outcomes><decvar varname='SCORE' maxvalue='100'/></outcomes>{rules}</resprocessing>"
    one = f"<item ident='q1' title='Question'>{head}{asked}{scored if rules else ''}{feedback}</item>"
    xml = "xmlns='http://www.imsglobal.org/xsd/ims_qtiasiv1p2'"
    return (
        f"<questestinterop {xml}><assessment title='Z'><section>{one}</section></assessment></questestinterop>".encode()
    )


def feedback(**texts: str) -> str:
    return "".join(
        f"<itemfeedback ident='{key}'><flow_mat>{material(text)}</flow_mat></itemfeedback>"
        for key, text in texts.items()
    )


def test_a_single_question_comes_in_with_points_and_the_feedback_of_each_option() -> None:
    rules = rule("<other/>", "", said="all", more=" continue='Yes'")
    rules += rule(same("B"), "", said="on_b", more=" continue='Yes'") + rule(same("A"), said="right")
    found = read_items(
        item(choices("Ask Bed"), rules, feedback(all="So.", on_b="No bed.", right="Yes."), points_possible="2.0")
    )
    asked = only(found)
    assert (asked.type, asked.stem, asked.points, asked.shuffle) == ("single", "What **first**?", 2, False)
    assert asked.title == "What first?"
    assert asked.answer == Choices((Option("Ask", True, "Yes."), Option("Bed", False, "No bed.")))
    assert asked.rationale == "So."
    assert found.record.source == "qti12"
    assert (reasons(found), found.record.notes) == ([], (QUIZ,))


def test_options_that_earn_parts_are_named_and_true_and_false_are_known() -> None:
    parts = read_items(item(choices("Ask Bed"), rule(same("A"), "10") + rule(same("B"), "5")))
    assert reasons(parts) == ["the option “Bed” earned 50 % and now earns nothing"]
    assert only(parts).points == 10, "where the points are not said apart, the score of the rules counts"
    assert only(read_items(item(choices("True False"), rule(same("F"))))).type == "truefalse"


def test_several_picks_all_or_nothing_come_in_as_they_are() -> None:
    test = f"<and>{same('A')}{same('B')}<not>{same('C')}</not></and>"
    asked = only(read_items(item(choices("Ask Bed Cry", "Multiple", "shuffle='Yes'"), rule(test))))
    assert isinstance(asked.answer, Choices)
    assert [one.right for one in asked.answer.options] == [True, True, False]
    assert (asked.type, asked.partial, asked.shuffle) == ("multiple", False, True)


def test_several_picks_that_earn_by_another_rule_say_so() -> None:
    rules = rule(same("A"), "50", "Add", more=" continue='Yes'") + rule(same("B"), "50", "Add", more=" continue='Yes'")
    found = read_items(item(choices("Ask Bed Cry", "Multiple"), rules))
    assert any(one.startswith("parts of an answer were paid by another rule") for one in reasons(found))


def test_listed_answers_to_a_text_are_alternatives_and_capitals_count_only_where_it_says_so() -> None:
    found = read_items(item(typed(), rule(same("Ward") + same("the ward"))))
    assert only(found).answer == Text((Alternative("Ward"), Alternative("the ward")), False)
    exact = read_items(item(typed(), rule(same("Ward", more=" case='Yes'"))))
    assert only(exact).answer == Text((Alternative("Ward"),), True)


def test_numbers_come_in_with_their_tolerance_or_their_range() -> None:
    bounds = "<and><vargte respident='r'>11.9</vargte><varlte respident='r'>12.1</varlte></and>"
    numeric = {"question_type": "numerical_question"}
    close = only(
        read_items(item(typed(" fibtype='Decimal'"), rule(f"<or>{same('12')}{bounds}</or>"), **numeric))
    ).answer
    assert isinstance(close, Numeric)
    assert [one.shown for one in close.ranges] == ["12 ± 0.1"]
    plain = only(read_items(item(typed(), rule(bounds), **numeric))).answer
    assert isinstance(plain, Numeric)
    assert [(one.low, one.high) for one in plain.ranges] == [(Fraction("11.9"), Fraction("12.1"))]
    open_ends = bounds.replace("vargte", "vargt").replace("varlte", "varlt")
    assert "the ends of its range were not accepted and now are" in reasons(
        read_items(item(typed(), rule(open_ends), **numeric))
    )


def test_pairs_earn_their_share_though_no_rule_says_that_the_next_one_is_run_too() -> None:
    body = "".join(
        f"<response_lid ident='{name}'>{material(prompt)}<render_choice>"
        + "".join(
            f"<response_label ident='{one[0]}'>{material(one)}</response_label>" for one in ("Paper", "Queue", "Rack")
        )
        + "</render_choice></response_lid>"
        for name, prompt in (("x", "Order"), ("y", "Patient"))
    )
    rules = rule(same("P", "x"), "50", "Add", more="") + rule(same("Q", "y"), "50", "Add", more="")
    found = read_items(item(body, rules, question_type="matching_question"))
    assert only(found).answer == Matching(
        (Prompt("Order", 0), Prompt("Patient", 1)), ("Paper", "Queue", "Rack"), "Prompt", "Answer"
    )
    assert reasons(found) == []


def test_an_essay_has_no_right_answer() -> None:
    found = read_items(item(typed(), rule("<other/>", ""), question_type="essay_question", points_possible="5"))
    assert isinstance(only(found).answer, Essay)
    assert only(found).points == 5


def test_answers_that_are_only_called_correct_earn_the_mark_and_that_is_said() -> None:
    rules = rule(same("Ward"), "", said="correct", more="") + rule("<other/>", "0", said="incorrect", more="")
    found = read_items(item(typed(), rules))
    assert only(found).answer == Text((Alternative("Ward"),), False)
    assert reasons(found) == ["its rules give no score; the answers that they call correct earn the mark"]
    bounds = "<vargte respident='r'>3</vargte><varlte respident='r'>5</varlte>" + same("4")
    numbers = only(read_items(item(typed(" fibtype='Decimal'"), rule(bounds, "", said="correct", more="")))).answer
    assert isinstance(numbers, Numeric)
    assert [one.shown for one in numbers.ranges] == ["4 ± 1"]


@pytest.mark.parametrize(
    ("body", "rules", "fields", "expected"),
    [
        ("", "", {"question_type": "text_only_question"}, "it asks nothing, and no question follows it"),
        ("", "", {}, "it has no response"),
        (typed(), rule(same("1")), {"question_type": "calculated_question"}, "computed from a formula"),
        (typed(), "", {"question_type": "file_upload_question"}, "uploading a file"),
        (choices("Ask Bed"), "", {}, "no answer earns anything"),
        (choices("Ask Ask"), rule(same("A")), {}, "the identifier 'A' is given twice"),
        (choices("Ask"), rule(same("A")), {}, "it has 1 options"),
        (choices(" ".join(chr(0x4E00 + n) for n in range(101))), rule(same("A")), {}, "expected at most 100"),
        (choices("Ask Bed"), rule("<durgte>3</durgte>"), {}, "its scoring has the test durgte"),
        (choices("Ask Bed"), rule(same("A"), "1/2"), {}, "its scoring has the score '1/2'"),
        (choices("Ask Bed"), rule(same("A"), "2", "Divide"), {}, "its scoring has the act divide"),
        (typed(), rule("<varsubset respident='r'>a</varsubset>"), {}, "its text is compared by varsubset"),
        (typed(" fibtype='Decimal'"), rule(same("four")), {}, "its answer “four” is no number"),
        (choices("Ask Bed") + typed(), rule(same("A")), {"question_type": "x"}, "it asks 2 things at once"),
        ("<response_xy ident='r'><render_hotspot/></response_xy>", "", {}, "pointing at a picture"),
        ("<response_lid ident='r'><render_slider/></response_lid>", "", {}, "answered with a slider"),
    ],
)  # fmt: skip
def test_what_cannot_come_in_is_refused_with_the_reason(
    body: str, rules: str, fields: dict[str, str], expected: str
) -> None:
    found = read_items(item(body, rules, **fields))
    assert found.bank.items == ()
    assert expected in reasons(found)[0]


def test_feedback_without_a_place_is_named() -> None:
    rules = rule("<other/>", "", said="all", more=" continue='Yes'") + rule(same("Ward"), said="right")
    found = read_items(item(typed(), rules, feedback(all="So.", right="Well typed.")))
    assert only(found).rationale == "So."
    assert reasons(found) == ["feedback for some answers only is left out: “Well typed.”"]


def test_parts_of_an_item_that_no_reader_knows_are_named() -> None:
    quiz = item(choices("Ask Bed"), rule(same("A"))).decode()
    found = read_items(
        quiz.replace("<presentation>", f"<rubric>{material('<p>Mark with care.</p>')}</rubric><presentation>").encode()
    )
    assert reasons(found) == ["its part “rubric” is left out: “Mark with care.”"]


def places(**answers: str) -> str:
    """Gaps of Canvas: each names a place of the text, and lists its words."""
    made = ""
    for name, listed in answers.items():
        labels = "".join(
            f"<response_label ident='{one}'>{material(one, 'text/plain')}</response_label>" for one in listed.split()
        )
        choice = f"<render_choice>{labels}</render_choice>"
        made += f"<response_lid ident='response_{name}'>{material(name)}{choice}</response_lid>"
    return made


def gapped(kind: str) -> Import:
    rules = rule(same("name", "response_a"), "50", "Add", more="") + rule(
        same("birth", "response_b"), "50", "Add", more=""
    )
    quiz = item(places(a="name Name", b="birth room"), rules, question_type=kind)
    return read_items(quiz.replace(b"What ", b"Say [a] and [b] "))


def test_gaps_to_type_accept_every_answer_that_is_listed() -> None:
    found = gapped("fill_in_multiple_blanks_question")
    assert only(found).answer == Cloze((Gap(("name", "Name")), Gap(("birth", "room"))), False)
    assert only(found).stem == f"Say {OPEN}1{CLOSE} and {OPEN}2{CLOSE} **first**?"
    assert only(found).title == "Say … and … first?"
    assert reasons(found) == [
        "every answer that is listed for gap 1 is accepted, though the rules name one",
        "every answer that is listed for gap 2 is accepted, though the rules name one",
    ]


def test_gaps_to_pick_are_typed_and_the_words_left_out_are_named() -> None:
    for kind in ("multiple_dropdowns_question", ""):
        found = gapped(kind)
        assert only(found).answer == Cloze((Gap(("name",)), Gap(("birth",))), False)
        assert reasons(found) == [
            "gap 1 was picked from a list and is now typed; left out: Name",
            "gap 2 was picked from a list and is now typed; left out: room",
        ]


def test_the_text_of_a_lone_response_belongs_to_what_is_asked() -> None:
    one = choices("Ask Bed").replace("<render_choice", material("At night.") + "<render_choice", 1)
    assert only(read_items(item(one, rule(same("A"))))).stem == "What **first**?\n\nAt night."


def test_a_text_that_questions_name_becomes_their_case() -> None:
    asked = item(choices("Ask Bed"), rule(same("A")), parent_stimulus_item_ident="t1").decode()
    named = "<fieldlabel>question_type</fieldlabel><fieldentry>text_only_question</fieldentry>"
    head = f"<itemmetadata><qtimetadatafield>{named}</qtimetadatafield></itemmetadata>"
    text = f"<presentation>{material('<p>The screen is blank.</p>')}</presentation>"
    text = f"<item ident='t1' title='Night' instructions='Read on.'>{head}{text}</item>"
    found = read_items(asked.replace("<section>", f"<section>{text}").encode())
    (case,) = found.bank.cases
    assert (case.title, case.stem) == ("Night", "The screen is blank.")
    assert only(found).case_id == case.id
    assert reasons(found) == [
        "its instructions are left out: “Read on.”",
        "a text without a question became the case of the questions that name it",
    ]


def test_points_of_a_common_cartridge_and_draws_from_banks_are_seen() -> None:
    quiz = item(
        choices("Ask Bed"), rule(same("A"), "1"), cc_profile="cc.multiple_choice.v0p1", cc_weighting="3"
    ).decode()
    found = read_items(quiz.replace("<section>", "<section><bankentry_item item_ref='b1'/>").encode())
    assert only(found).points == 3
    assert (
        "questions that a quiz draws from question banks come in where the file holds those banks" in found.record.notes
    )


def test_a_document_type_that_only_names_a_file_is_no_hindrance_and_one_that_defines_is() -> None:
    quiz = item(choices("Ask Bed"), rule(same("A"))).decode()
    named = f"<?xml version='1.0'?><!-- x --><!DOCTYPE questestinterop SYSTEM 'ims_qtiasiv1p2.dtd'>{quiz}"
    assert len(read_items(named.encode()).bank.items) == 1
    defined = f"<!DOCTYPE questestinterop SYSTEM 'x.dtd' [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{quiz}"
    with pytest.raises(ExchangeError, match="document type"):
        read_items(defined.encode())


def test_wrong_picks_cost_no_more_than_the_least_that_the_score_may_be() -> None:
    def each(least: str) -> list[str]:
        rules = "".join(
            rule(same(one), worth, "Add", more="")
            for one, worth in (("A", "50"), ("B", "50"), ("C", "-50"), ("D", "-50"))
        )
        quiz = item(choices("Ask Bed Cry Dig", "Multiple"), rules).decode()
        return reasons(read_items(quiz.replace("maxvalue='100'", f"maxvalue='100'{least}").encode()))

    assert each(" minvalue='0'") == []
    assert each("")[0].startswith("parts of an answer were paid by another rule")


def canvas(*files: tuple[str, bytes]) -> Import:
    return read_items(pack({"imsmanifest.xml": b"<manifest/>", **dict(files)}))


def test_a_package_brings_its_pictures_from_where_the_system_keeps_them() -> None:
    shown = "<img alt='A pump' src='%24IMS-CC-FILEBASE%24/Uploaded%20Media/pump.gif?canvas_download=1'>"
    quiz = item(choices("Ask Bed"), rule(same("A"))).replace(b"What ", html.escape(shown).encode() + b" What ")
    found = canvas(("g1/g1.xml", quiz), ("web_resources/Uploaded Media/pump.gif", b"GIF87a"))
    assert only(found).stem.startswith("![A pump](media/pump.gif)")
    assert found.media == {"media/pump.gif": b"GIF87a"}


def test_a_quiz_that_stands_in_a_package_twice_comes_in_once_and_that_is_said() -> None:
    quiz = item(choices("Ask Bed"), rule(same("A")))
    found = canvas(("g1/assessment_qti.xml", quiz), ("non_cc_assessments/g1.xml.qti", quiz))
    assert len(found.record.outcomes) == 1
    assert "the package holds each quiz twice; the copy that says more was read" in found.record.notes


def test_a_broken_file_of_a_package_is_refused_and_the_others_go_on() -> None:
    found = canvas(("a.xml", b"<questestinterop><item"), ("b.xml", item(choices("Ask Bed"), rule(same("A")))))
    assert [one.status for one in found.record.outcomes] == ["refused", "imported"]
    assert "not well-formed" in reasons(found)[0]


def test_no_question_is_written_in_this_format() -> None:
    with pytest.raises(ExchangeError, match="expected qti21 or qti30"):
        write_items(Bank((), ()), "qti12")
