"""QTI as other systems write it: rules that set no score, standard rules of the third version, doubled words."""

from __future__ import annotations

from assessments.answers import Alternative, Choices, Cloze, Gap, Text
from assessments.archive import pack
from assessments.exchange.conversion import Import, read_items
from tests.assessments.exchange.samples import only, reasons

MATCH = "<match><variable identifier='R'/><correct identifier='R'/></match>"
ONCE = "<responseDeclaration identifier='R' cardinality='single' baseType='identifier'>"
RIGHT = f"{ONCE}<correctResponse><value>A</value></correctResponse></responseDeclaration>"
SCORE = "<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/>"
NOT_SAID = "its file does not say how it is scored; the right answer earns the mark"


def read(inner: str) -> Import:
    return read_items(f"<assessmentItem identifier='q' title='Q'>{inner}</assessmentItem>".encode())


def choice(*options: str, prompt: str = "", more: str = "shuffle='false' maxChoices='1'") -> str:
    made = "".join(f"<simpleChoice identifier='{one[0]}'>{one}</simpleChoice>" for one in options)
    return f"<choiceInteraction responseIdentifier='R' {more}>{prompt}{made}</choiceInteraction>"


def rule(test: str, name: str, value: str, base: str = "float") -> str:
    then = f"<setOutcomeValue identifier='{name}'><baseValue baseType='{base}'>{value}</baseValue></setOutcomeValue>"
    return f"<responseCondition><responseIf>{test}{then}</responseIf></responseCondition>"


def test_rules_that_never_set_a_score_leave_it_to_the_declared_answer_and_that_is_said() -> None:
    asked = f"<itemBody>{choice('Aye', 'Bye')}</itemBody>"
    empty = f"<responseCondition><responseIf>{MATCH}</responseIf></responseCondition>"
    for rules in (empty, rule(MATCH, "OTHER", "1")):
        found = read(f"{RIGHT}{SCORE}{asked}<responseProcessing>{rules}</responseProcessing>")
        answer = only(found).answer
        assert isinstance(answer, Choices)
        assert [one.right for one in answer.options] == [True, False]
        assert reasons(found) == [NOT_SAID]


def test_a_text_may_list_several_right_answers_in_its_mapping_or_its_declaration() -> None:
    asked = "<itemBody><p>Who?</p><textEntryInteraction responseIdentifier='R'/></itemBody>"
    right = "<correctResponse><value>Ward</value><value>The ward</value></correctResponse>"
    entries = "".join(
        f"<mapEntry mapKey='{one}' mappedValue='5' caseSensitive='false'/>" for one in ("Ward", "The ward")
    )
    head = "<responseDeclaration identifier='R' cardinality='single' baseType='string'>"
    mapped = read(f"{head}{right}<mapping>{entries}</mapping></responseDeclaration>{SCORE}{asked}")
    assert only(mapped).points == 5
    assert only(mapped).answer == Text((Alternative("Ward"), Alternative("The ward")), False)
    declared = read(f"{head}{right}</responseDeclaration>{SCORE}{asked}")
    assert only(declared).answer == Text((Alternative("Ward"), Alternative("The ward")), True)
    assert reasons(mapped) == reasons(declared) == [NOT_SAID]


def test_the_standard_rules_with_feedback_of_the_third_version_are_run() -> None:
    most = "<outcomeDeclaration identifier='MAXSCORE' cardinality='single' baseType='float'>"
    most += "<defaultValue><value>4</value></defaultValue></outcomeDeclaration>"
    basic = "<outcomeDeclaration identifier='FEEDBACKBASIC' cardinality='single' baseType='identifier'/>"
    said = "<modalFeedback outcomeIdentifier='FEEDBACKBASIC' identifier='incorrect' showHide='show'>No.</modalFeedback>"
    asked = f"<itemBody>{choice('Aye', 'Bye')}</itemBody>"
    rules = "<responseProcessing template='https://a.example/rptemplates/CC2_match_basic.xml'/>"
    found = read(f"{RIGHT}{SCORE}{most}{basic}{asked}{rules}{said}")
    answer = only(found).answer
    assert isinstance(answer, Choices)
    assert (only(found).points, [one.feedback for one in answer.options]) == (4, [None, "No."])
    assert reasons(found) == []


def test_what_is_asked_twice_is_shown_once() -> None:
    asked = f"<itemBody><div>Who?</div>{choice('Aye', 'Bye', prompt='<prompt>Who?</prompt>')}</itemBody>"
    assert only(read(f"{RIGHT}{SCORE}{asked}")).stem == "Who?"
    asked = asked.replace("<prompt>Who", "<prompt>And who")
    assert only(read(f"{RIGHT}{SCORE}{asked}")).stem == "Who?\n\nAnd who?"


def test_a_pick_that_only_the_rules_name_is_found_among_many_options_and_a_second_one_is_named() -> None:
    names = "ABCDEFGHJK"
    several = "<responseDeclaration identifier='R' cardinality='multiple' baseType='identifier'/>"
    options = choice(*names, more="shuffle='true' maxChoices='0'")
    asked = f"<itemBody>{options}</itemBody>"

    def named(pick: str) -> str:
        values = "".join(f"<baseValue baseType='identifier'>{one}</baseValue>" for one in pick)
        return rule(f"<match><variable identifier='R'/><multiple>{values}</multiple></match>", "SCORE", "1")

    found = read(f"{several}{SCORE}{asked}<responseProcessing>{named('ABCD')}{named('EFG')}</responseProcessing>")
    answer = only(found).answer
    assert isinstance(answer, Choices)
    assert [one.text for one in answer.options if one.right] == ["E", "F", "G"]
    assert "another pick earned all as well and no longer does: A, B, C, D" in reasons(found)


def test_gaps_that_took_each_others_answers_get_one_each_and_that_is_said() -> None:
    heads = "".join(
        f"<responseDeclaration identifier='{one}' cardinality='single' baseType='string'/>" for one in ("R", "S")
    )
    asked = "<itemBody><p>Both: {} and {}</p></itemBody>".format(
        *(f"<textEntryInteraction responseIdentifier='{one}'/>" for one in ("R", "S"))
    )

    def either(word: str) -> str:
        tests = "".join(
            f"<match><variable identifier='{one}'/><baseValue baseType='string'>{word}</baseValue></match>"
            for one in ("R", "S")
        )
        add = "<sum><variable identifier='SCORE'/><baseValue baseType='float'>1</baseValue></sum>"
        then = f"<setOutcomeValue identifier='SCORE'>{add}</setOutcomeValue>"
        return f"<responseCondition><responseIf><or>{tests}</or>{then}</responseIf></responseCondition>"

    found = read(f"{heads}{SCORE}{asked}<responseProcessing>{either('dose')}{either('route')}</responseProcessing>")
    assert only(found).points == 2
    assert only(found).answer == Cloze((Gap(("dose",)), Gap(("route",))), True)
    assert reasons(found) == ["gaps 1 and 2 took each other's answers as well; here each has its own"]


def test_helps_tooltips_and_fixed_entries_are_named() -> None:
    tip = "<p>The <span data-role='tooltip-target'>dose</span><span data-role='tooltip-content'>How much</span></p>"
    helps = "<catalogInfo><catalog id='c'/></catalogInfo>"
    found = read(f"{RIGHT}{SCORE}<itemBody>{tip}{choice('Aye', 'Bye')}</itemBody>{helps}")
    assert only(found).stem == "The dose"
    assert "the words of a tooltip are left out: “How much”" in reasons(found)
    assert "its catalogue of helps (a glossary, spoken words, translations) is left out" in reasons(found)
    entries = (
        "<simpleChoice identifier='A' fixed='true'>first</simpleChoice><simpleChoice identifier='B'>last</simpleChoice>"
    )
    row = "<responseDeclaration identifier='R' cardinality='ordered' baseType='identifier'>"
    row += "<correctResponse><value>A</value><value>B</value></correctResponse></responseDeclaration>"
    body = f"<orderInteraction responseIdentifier='R' shuffle='true'>{entries}</orderInteraction>"
    ordered = read(f"{row}{SCORE}<itemBody>{body}</itemBody>")
    assert "the entries that kept their place are shuffled with the others: first" in reasons(ordered)


def test_the_words_within_a_picture_object_stand_for_a_picture_that_is_missing() -> None:
    postcard = "<div><object type='image/png' data='card.png'><p>Dear team,</p><p>the pump is back.</p></object></div>"
    found = read(f"{RIGHT}{SCORE}<itemBody>{postcard}{choice('Aye', 'Bye')}</itemBody>")
    assert only(found).stem == "(Dear team, the pump is back.)"
    assert "a picture could not be taken along: 'card.png'" in reasons(found)


def test_parts_of_an_item_that_no_reader_knows_are_named() -> None:
    calculator = "<calculator><calculatorType>scientific</calculatorType></calculator>"
    tools = f"<companionMaterialsInfo>{calculator}</companionMaterialsInfo>"
    found = read(f"{RIGHT}{SCORE}<itemBody>{choice('Aye', 'Bye')}</itemBody>{tools}")
    assert "its part “companionMaterialsInfo” is left out: “scientific”" in reasons(found)


def test_items_beside_the_manifest_and_metadata_beside_keywords_are_named() -> None:
    body = f"<itemBody>{choice('Aye', 'Bye')}</itemBody>"
    one = f"<assessmentItem identifier='q' title='Q'>{RIGHT}{SCORE}{body}</assessmentItem>"
    lom = "<metadata><lom><general><title>Pump</title><keyword>pumps</keyword></general></lom></metadata>"
    resource = f"<resource type='imsqti_item_xmlv2p1' href='a.xml'>{lom}</resource>"
    manifest = f"<manifest><resources>{resource}</resources></manifest>".encode()
    found = read_items(pack({"imsmanifest.xml": manifest, "a.xml": one.encode(), "b.xml": one.encode()}))
    assert only(found).tags == ("pumps",)
    assert found.record.notes == (
        "of the metadata of items their keywords are taken",
        "items that the manifest does not name are left out: b.xml",
    )
