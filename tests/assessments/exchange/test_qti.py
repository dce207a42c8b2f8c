"""QTI packages and items in and out: as authoring tools write them, and round trips in both versions."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction

import pytest
from hypothesis import given, settings
from lxml import etree

from assessments.answers import Choices, Cloze, Essay, Gap, Matching, Numeric, Option, Ordering
from assessments.exchange.conversion import read_items, write_items
from assessments.model import Bank
from assessments.reading import read_bank
from tests.assessments.exchange.generated import banks
from tests.assessments.exchange.roundtrip import check_round_trip
from tests.assessments.exchange.samples import USUAL, only, outcomes, reasons, sample

PACKAGE = sample("package-2.1")
THIRD = sample("package-3.0")


def test_an_item_of_version_two_with_mapping_mathematics_and_layout_comes_in() -> None:
    found = sample("item-2.2.xml")
    item = only(found)
    assert found.record.source == "qti21"
    assert (item.type, item.points, item.partial, item.shuffle) == ("multiple", 2, True, True)
    assert item.stem == "An order for **heparin** is $\\frac{a}{2}$ done.\n\nWhat does it still need?"
    assert reasons(found) == ["the options that kept their place are shuffled with the others: A price"]


def test_a_package_is_read_in_the_order_of_its_test_and_every_resource_is_accounted_for() -> None:
    assert [(one.id, one.type, one.status) for one in PACKAGE.record.outcomes] == [
        ("que-1002", "numeric", "imported"), ("que-1001", "single", "changed"),
        ("que-1003", "hotspotInteraction", "refused"), ("que-1004", "essay", "changed"), ("missing", "file", "refused"),
    ]  # fmt: skip
    assert any("order of its items" in one for one in PACKAGE.record.notes)


def test_points_feedback_keywords_and_pictures_of_a_package_are_kept() -> None:
    item = PACKAGE.bank.item("que-1001")
    assert (item.points, item.shuffle, item.tags) == (10, False, ("order-entry",))
    assert item.answer == Choices(
        (
            Option("At once", True, "Mishearing is caught at once."),
            Option("At the end of the shift", False, "By then it has been given."),
        )
    )
    assert "![A pump](media/pump.png)" in item.stem
    assert PACKAGE.media["media/pump.png"].startswith(b"\x89PNG")


def test_a_number_within_a_tolerance_and_an_essay_come_in() -> None:
    rate = PACKAGE.bank.item("que-1002").answer
    assert isinstance(rate, Numeric)
    assert [(one.low, one.high, one.shown) for one in rate.ranges] == [(Fraction("11.9"), Fraction("12.1"), "12 ± 0.1")]
    assert rate.unit == "mL/h"
    essay = PACKAGE.bank.item("que-1004")
    assert isinstance(essay.answer, Essay)
    assert (essay.points, essay.answer.criteria[0].descriptors) == (5, ("Look for paper forms.",))


def test_version_three_comes_in_with_its_stimulus_as_case() -> None:
    assert THIRD.record.source == "qti30"
    assert {one.id: (one.type, one.status) for one in THIRD.record.outcomes} == {
        "choice": ("single", "imported"), "order": ("ordering", "imported"), "match": ("matching", "imported"),
        "inline": ("cloze", "changed"), "entry": ("text", "changed"), "odd": ("single", "changed"),
    }  # fmt: skip
    assert [(one.id, one.stem) for one in THIRD.bank.cases] == [("night", "A man of 70 comes in at 03:00.")]
    assert THIRD.bank.item("choice").case_id == "night"
    assert THIRD.bank.item("order").answer == Ordering(("Scan", "Read", "Give"))
    assert THIRD.bank.item("order").partial is False
    match = THIRD.bank.item("match").answer
    assert isinstance(match, Matching)
    assert match.choices == ("Wrong patient", "Wrong drug", "Wrong ward")
    assert THIRD.bank.item("inline").answer == Cloze((Gap(("wristband",)),))
    assert outcomes(THIRD)["entry"].reasons == ("the answer “orders” earned 50 % and is now not accepted",)
    assert "the operator customOperator, which is not read here" in outcomes(THIRD)["odd"].reasons[0]


def item_xml(declaration: str, body: str, processing: str = "") -> bytes:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="X">'
        f'{declaration}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody>{body}</itemBody>{processing}</assessmentItem>"
    ).encode()


def response(cardinality: str, base: str, inner: str) -> str:
    head = f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">'
    return f"{head}{inner}</responseDeclaration>"


def options(count: int, most: str = "0", names: str = "ABCDEFGH") -> str:
    inner = "".join(f'<simpleChoice identifier="{one}">option {one}</simpleChoice>' for one in names[:count])
    return f'<p>What?</p><choiceInteraction responseIdentifier="R" maxChoices="{most}">{inner}</choiceInteraction>'


def values(*names: str) -> str:
    return f"<correctResponse>{''.join(f'<value>{one}</value>' for one in names)}</correctResponse>"


def template(name: str) -> str:
    return f'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{name}"/>'


def mapping(lower: str = "", **entries: str) -> str:
    inner = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
    return f"<mapping defaultValue='0' {lower}>{inner}</mapping>"


def test_all_or_nothing_over_several_options_is_told_by_running_the_rules() -> None:
    declaration = response("multiple", "identifier", values("A", "B"))
    found = read_items(item_xml(declaration, options(4), template("match_correct")))
    item = only(found)
    assert (item.type, item.partial, reasons(found)) == ("multiple", False, [])


def test_a_mapping_that_is_not_our_rule_is_named_with_an_example() -> None:
    declaration = response("multiple", "identifier", values("A", "B") + mapping("lowerBound='0'", A="1", B="1", C="-2"))
    found = read_items(item_xml(declaration, options(3), template("map_response")))
    assert only(found).partial is True
    assert reasons(found) == [
        "parts of an answer were paid by another rule: picking “option A”, “option B”, “option C” earned 0 % "
        "and now earns 50 %"
    ]


def test_an_item_that_does_not_say_how_it_is_scored_goes_by_its_right_answer() -> None:
    found = read_items(item_xml(response("single", "identifier", values("B")), options(3, "1")))
    answer = only(found).answer
    assert isinstance(answer, Choices)
    assert [one.right for one in answer.options] == [False, True, False]
    assert reasons(found) == ["its file does not say how it is scored; the right answer earns the mark"]


ENTRY = "<p>x <textEntryInteraction responseIdentifier='R'/> y</p>"
A = response("single", "identifier", values("A"))
NEAR_MISSES = [
    (response("single", "identifier", ""), options(3, "1"), template("match_correct"), "no answer earns anything"),
    ("", options(3, "1"), template("match_correct"), "is not declared"),
    (A, options(3, "1") + options(2, "1"), "", "it asks 2 things at once"),
    (A, "<p>Only text.</p>", "", "it has no interaction"),
    (response("single", "float", values("12")), "<sliderInteraction responseIdentifier='R'/>", "", "with a slider"),
    (response("single", "float", values("much")), ENTRY, "", "no number"),
    (response("ordered", "identifier", values("A")), options(3).replace("choiceI", "orderI"), "", "all of them"),
    (response("single", "string", values("a|b")), ENTRY, "", "cannot be typed"),
]


@pytest.mark.parametrize(("declaration", "body", "processing", "expected"), NEAR_MISSES)
def test_near_misses_are_refused(declaration: str, body: str, processing: str, expected: str) -> None:
    found = read_items(item_xml(declaration, body, processing))
    assert found.bank.items == ()
    assert expected in reasons(found)[0]


def test_prefixes_byte_order_marks_and_missing_namespaces_change_nothing() -> None:
    plain = item_xml(response("single", "identifier", values("A")), options(2, "1"), template("match_correct"))
    bare = plain.replace(b' xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"', b"")
    marked = b"\xef\xbb\xbf" + plain.replace(b"><", b">\r\n<")
    assert only(read_items(bare)) == only(read_items(plain)) == only(read_items(marked))


def test_feedback_within_the_text_is_named_and_feedback_within_an_option_kept() -> None:
    said = "<feedbackInline outcomeIdentifier='F' identifier='A'>Yes.</feedbackInline>"
    inner = options(2, "1").replace("option A", f"option A{said}")
    body = f"{inner}<p><feedbackInline outcomeIdentifier='F' identifier='OK'>Good.</feedbackInline></p>"
    found = read_items(item_xml(A, body, template("match_correct")))
    answer = only(found).answer
    assert isinstance(answer, Choices)
    assert [one.feedback for one in answer.options] == ["Yes.", None]
    assert reasons(found) == ["feedback within its text is left out: “Good.”"]


def test_bounds_in_rules_of_its_own_become_a_range() -> None:
    bound = "<{0}><variable identifier='R'/><baseValue baseType='float'>{1}</baseValue></{0}>"
    rules = (
        f"<responseProcessing><responseCondition><responseIf><and>{bound.format('gte', 4)}{bound.format('lt', 6)}</and>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>2</baseValue></setOutcomeValue></responseIf>"
        "</responseCondition></responseProcessing>"
    )
    entry = "<p>How much?</p><p><textEntryInteraction responseIdentifier='R'/></p>"
    found = read_items(item_xml(response("single", "float", ""), entry, rules))
    item = only(found)
    assert isinstance(item.answer, Numeric)
    assert [(one.low, one.high) for one in item.answer.ranges] == [(4, 6)]
    assert item.points == 2
    assert reasons(found) == ["the ends of its range were not accepted and now are"]


@settings(max_examples=30, deadline=None)
@given(banks())
def test_what_goes_out_unchanged_comes_back_the_same_in_version_two(bank: Bank) -> None:
    check_round_trip(bank, "qti21")


@settings(max_examples=30, deadline=None)
@given(banks())
def test_what_goes_out_unchanged_comes_back_the_same_in_version_three(bank: Bank) -> None:
    check_round_trip(bank, "qti30")


@pytest.mark.parametrize("target", ["qti21", "qti30"])
def test_the_usual_types_do_go_out_unchanged(target: str) -> None:
    assert check_round_trip(USUAL, target) == 8


def test_a_package_holds_manifest_items_and_media_under_their_names() -> None:
    bank, _ = read_bank("## A {#a tags=x}\n\n![A pump](media/pump.png)\n\n- [x] Yes\n- [ ] No\n", "q.md")
    made = write_items(bank, "qti30", media={"media/pump.png": b"png"})
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "items/a.xml", "media/pump.png"]
        root = etree.fromstring(archive.read("items/a.xml"))
        assert root.tag == "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}qti-assessment-item"
        assert b"../media/pump.png" in archive.read("items/a.xml")
        assert b'href="items/a.xml"' in archive.read("imsmanifest.xml")
    again = read_items(made.data)
    assert (again.media, only(again).tags) == ({"media/pump.png": b"png"}, ("x",))


def test_one_item_alone_says_what_it_cannot_carry() -> None:
    bank, _ = read_bank("## A {#a tags=x}\n\nWhat?\n\n- [x] Yes\n- [ ] No\n", "q.md")
    made = write_items(bank, "qti21", single=True)
    assert made.suffix == ".xml"
    assert made.record.outcomes[0].reasons == ("one item alone carries no keywords: x",)
    assert only(read_items(made.data)).id == "a"


def test_types_that_qti_has_not_are_refused() -> None:
    source = "## A {#a .concordance}\n\nIf?\n\n| -2 | -1 | 0 | 1 | 2 |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |\n"
    made = write_items(read_bank(source, "q.md")[0], "qti21")
    assert made.record.outcomes[0].reasons == ("QTI has no interaction for items of the type concordance",)
