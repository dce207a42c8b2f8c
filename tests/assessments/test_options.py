"""How the reader decides about task lists, each rule beside a near miss."""

from __future__ import annotations

import pytest

from assessments.answers import Choices, Option
from tests.assessments.sources import errors, item, question, read, warnings


def options(body: str, attributes: str = "#q") -> tuple[Option, ...]:
    answer = item(question(body, attributes)).answer
    assert isinstance(answer, Choices)
    return answer.options


@pytest.mark.parametrize("bullet", ["-", "*", "+"])
@pytest.mark.parametrize("mark", ["x", "X"])
def test_an_option_begins_with_any_bullet_and_a_box(bullet: str, mark: str) -> None:
    found = options(f"{bullet} [ ] No\n{bullet} [{mark}] Yes")
    assert [(one.text, one.right) for one in found] == [("No", False), ("Yes", True)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- [x]Yes", "6:6 a space is missing after the box; expected `[x] text`"),
        ("- [ ]Yes", "6:6 a space is missing after the box; expected `[x] text`"),
        ("-[x] Yes", "6:2 a space is missing before the box; expected `- [ ] text`"),
        ("- [] Yes", "6:3 the box [] is not one; expected [ ] or [x]"),
        ("- [  ] Yes", "6:3 the box [  ] is not one; expected [ ] or [x]"),
        ("- [x ] Yes", "6:3 the box [x ] is not one; expected [ ] or [x]"),
        ("- [x]", "6:1 this option is empty; expected text after the box"),
        ("- [x]   ", "6:1 this option is empty; expected text after the box"),
    ],
)
def test_a_box_written_badly_is_named_where_it_stands(line: str, expected: str) -> None:
    assert expected in errors(question(f"- [x] No\n{line}"))


@pytest.mark.parametrize(
    "line", ["- [x](https://example.org/)", "- [x][note]", "- [1] one", "- plain", "*[EHR]: record"]
)
def test_a_link_a_footnote_or_a_plain_bullet_in_the_stem_is_no_option(line: str) -> None:
    found = item(f"## Q {{#q}}\n\nRead:\n\n{line}\n\n- [x] Yes\n- [ ] No\n")
    assert line in found.stem
    assert isinstance(found.answer, Choices)
    assert len(found.answer.options) == 2


def test_a_line_indented_by_two_continues_the_option() -> None:
    found = options("- [x] Review the reasons\n  and retire the rule\n- [ ] Wait")
    assert found[0].text == "Review the reasons\nand retire the rule"


def test_a_line_indented_by_one_does_not_continue_the_option() -> None:
    assert any(one.startswith("6:2 this line is neither an option") for one in errors(question("- [x] A\n b\n- [ ] C")))


def test_a_line_at_column_one_after_an_option_is_a_fault_and_named_once() -> None:
    found = errors(question("- [x] Review\nand retire\nthe rule\n- [ ] Wait"))
    assert [one.split()[0] for one in found] == ["6:1"]


def test_an_option_may_hold_paragraphs_and_code() -> None:
    found = options("- [x] Run\n\n  ```sql\n  ## {#no}\n  - [x] no option\n  ```\n- [ ] Wait")
    assert found[0].text == "Run\n\n```sql\n## {#no}\n- [x] no option\n```"
    assert len(found) == 2


@pytest.mark.parametrize("indent", [2, 3, 4])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_quotation_indented_two_to_four_is_feedback_with_or_without_a_blank_line(indent: int, gap: str) -> None:
    found = options(f"- [x] Yes\n{gap}{' ' * indent}> Because.\n{' ' * indent}> Truly.\n- [ ] No")
    assert found[0].feedback == "Because.\nTruly."
    assert found[1].feedback is None


@pytest.mark.parametrize("indent", [1, 5])
def test_a_quotation_indented_otherwise_is_a_fault(indent: int) -> None:
    found = errors(question(f"- [x] Yes\n{' ' * indent}> Because.\n- [ ] No"))
    assert found == [
        f"6:{indent + 1} this > is indented by {indent}; expected two to four spaces for the option's feedback, "
        "or none for the rationale"
    ]


def test_text_under_the_feedback_is_a_fault() -> None:
    assert errors(question("- [x] Yes\n  > Because\n  of that.\n- [ ] No")) == [
        "7:3 this line stands after the option's feedback; expected > before it, or the feedback last"
    ]


def test_a_quotation_at_column_one_after_the_answers_is_the_rationale() -> None:
    found = item(question("- [x] Yes\n- [ ] No\n\n> First.\n>\n> Second.\n\n> Third."))
    assert found.rationale == "First.\n\nSecond.\n\nThird."


def test_a_quotation_before_the_answers_belongs_to_the_stem() -> None:
    found = item("## Q {#q}\n\n> [!NOTE]\n> Read this.\n\nWhat now?\n\n- [x] Yes\n- [ ] No\n")
    assert found.stem == "> [!NOTE]\n> Read this.\n\nWhat now?"
    assert found.rationale is None


def test_a_line_after_the_rationale_is_a_fault() -> None:
    assert errors(question("- [x] Yes\n- [ ] No\n\n> Because\nof that.\nAnd that.")) == [
        "9:1 this line stands after the answer; expected only the rationale there, each line with > at column 1"
    ]


def test_one_right_option_makes_single_and_several_make_multiple() -> None:
    assert item(question("- [x] A\n- [ ] B")).type == "single"
    assert item(question("- [x] A\n- [x] B\n- [ ] C")).type == "multiple"


@pytest.mark.parametrize(("one", "other"), [("True", "False"), ("false", "TRUE")])
def test_the_words_true_and_false_alone_make_truefalse(one: str, other: str) -> None:
    assert item(question(f"- [x] {one}\n- [ ] {other}")).type == "truefalse"


@pytest.mark.parametrize("body", ["- [x] True.\n- [ ] False.", "- [x] Wahr\n- [ ] Falsch", "- [x] True\n- [ ] Unsure"])
def test_other_words_do_not_make_truefalse(body: str) -> None:
    assert item(question(body)).type == "single"


def test_another_language_gives_the_class_for_truefalse() -> None:
    assert item(question("- [ ] Wahr\n- [x] Falsch", "#q .truefalse")).type == "truefalse"


def test_a_class_overrides_what_the_shape_tells() -> None:
    found = item(question("- [x] A\n- [ ] B", "#q .multiple"))
    assert found.type == "multiple"
    assert warnings(question("- [x] A\n- [ ] B\n\n> Why.", "#q .multiple")) == [
        "5:1 only one option of this .multiple question is right"
    ]


def test_a_single_question_with_several_right_options_is_a_fault() -> None:
    assert errors(question("- [x] A\n- [x] B\n- [ ] C", "#q .single")) == [
        "6:1 a second right option in a .single question; expected one [x], or the class .multiple"
    ]


def test_truefalse_has_two_options_and_one_right() -> None:
    assert errors(question("- [x] True\n- [x] False")) == [
        "6:1 a second right option in a .truefalse question; expected one [x], or the class .multiple"
    ]
    assert errors(question("- [x] T\n- [ ] F\n- [ ] U", "#q .truefalse")) == [
        "7:1 a third option in a .truefalse question; expected two"
    ]


def test_a_question_without_a_right_option_is_a_fault() -> None:
    assert errors(question("- [ ] A\n- [ ] B")) == ["5:1 no option is right; expected [x] before the right one"]


def test_a_question_with_one_option_is_a_fault() -> None:
    assert errors(question("- [x] A")) == ["5:1 there is one option; expected at least two"]


def test_the_same_option_twice_is_a_fault() -> None:
    assert errors(question("- [x] A b\n- [ ] A  b")) == ["6:1 this option is the same as the one on line 5"]


def test_an_indented_box_is_text_of_the_option_above_and_warned_of() -> None:
    assert warnings(question("- [x] A\n  - [ ] B\n- [ ] C\n\n> Why.")) == [
        "6:3 this indented box is read as text of the option above; begin the line with - to make it an option"
    ]


def test_options_that_are_all_indented_are_pointed_out() -> None:
    found = errors(question("Pick:\n\n  - [x] A\n  - [ ] B"))
    assert "7:3 an option begins at the start of its line; remove the space" in found


def test_options_in_code_are_not_options() -> None:
    found = item("## Q {#q}\n\n```\n- [x] not\n```\n\n- [x] A\n- [ ] B\n")
    assert isinstance(found.answer, Choices)
    assert [one.text for one in found.answer.options] == ["A", "B"]
    assert found.stem == "```\n- [x] not\n```"


def test_a_question_that_explains_nothing_is_warned_of() -> None:
    assert warnings(question("- [x] A\n- [ ] B")) == [
        "1:1 this question explains nothing; expected feedback under options or a rationale"
    ]
    assert warnings(question("- [x] A\n  > Yes.\n- [ ] B")) == []


def test_a_class_of_words_leaves_options_in_the_stem() -> None:
    found = item(question("- [x] A\n- [ ] B\n\n= yes", "#q .text"))
    assert found.type == "text"
    assert found.stem == "What now?\n\n- [x] A\n- [ ] B"


def test_tabs_indent_as_four_spaces() -> None:
    found = options("- [x] Yes\n\t> Because.\n- [ ] No")
    assert found[0].feedback == "Because."


def test_all_faults_of_a_file_are_named_at_once() -> None:
    _, faults = read("""
        ## One

        - [ ] A
        - [x]B

        ## Two {#Two .singel}

        - [ ] A
        - [ ] B

        ## Three {#three level=9 colour=red}

        No answer.
        """)
    assert [(one.line, one.column) for one in faults if one.severity == "error"] == [
        (1, 1), (4, 6), (6, 9), (6, 14), (8, 1), (11, 1), (11, 18), (11, 26),
    ]  # fmt: skip
