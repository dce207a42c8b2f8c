"""Headings, attribute lists, front matter and cases, each rule beside a near miss."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from assessments.model import Bank, from_json, to_json
from assessments.reading import join_banks, read_bank
from tests.assessments.sources import errors, item, question, read, warnings

YES = "- [x] Yes\n- [ ] No"


def test_every_attribute_of_a_heading_is_read() -> None:
    found = item(question(YES, '#q .multiple competency=B1 level=2 points=2.5 tags="a b,c" shuffle=no partial=no'))
    assert (found.id, found.type, found.title) == ("q", "multiple", "A question")
    assert (found.competency, found.level, found.points) == ("B1", 2, Fraction(5, 2))
    assert (found.tags, found.shuffle, found.partial) == (("a", "b", "c"), False, False)


def test_an_item_says_where_it_stands() -> None:
    found = item("\n\n" + question(YES))
    assert (found.path, found.line) == ("questions.md", 1)
    bank, _ = read_bank("---\nlevel: 2\n---\n\n" + question(YES), "a/b.md", first_line=1)
    assert (bank.items[0].path, bank.items[0].line) == ("a/b.md", 5)
    bank, _ = read_bank(question(YES), "x.md", first_line=41)
    assert bank.items[0].line == 41


def test_the_last_braces_of_a_heading_are_its_attribute_list() -> None:
    found = item(f"## What {{does}} {{this}} mean {{#q}}\n\nWhat?\n\n{YES}\n")
    assert (found.id, found.title) == ("q", "What {does} {this} mean")


def test_braces_alone_are_read_as_attributes_and_the_id_is_missed() -> None:
    found = errors(f"## What {{does}} this mean\n\nWhat?\n\n{YES}\n")
    assert found == [
        "1:1 this question has no id; expected {#some-id} at the end of its heading",
        "1:10 cannot read 'does' here; expected #id, .type or name=value",
    ]


def test_an_item_without_an_id_is_a_fault() -> None:
    assert errors(f"## Title\n\nWhat?\n\n{YES}\n") == [
        "1:1 this question has no id; expected {#some-id} at the end of its heading"
    ]


@pytest.mark.parametrize("good", ["a", "9", "a-b", "alert-override-2", "a--"])
def test_ids_are_small_letters_digits_and_hyphens(good: str) -> None:
    assert item(question(YES, f"#{good}")).id == good


@pytest.mark.parametrize("bad", ["A", "a_b", "-a", "a.b", "ä", "a/b", ""])
def test_other_ids_are_faults(bad: str) -> None:
    assert any("expected small letters" in one for one in errors(question(YES, f"#{bad}")))


def test_an_id_used_twice_is_a_fault_at_its_second_place() -> None:
    found = errors(question(YES, "#same") + "\n" + question(YES, "#same"))
    assert found == ["8:16 the id 'same' is already used on line 1; expected its own"]


def test_a_case_and_an_item_may_not_share_an_id() -> None:
    found = errors("# Case: Night {#same}\n\nText.\n\n" + question(YES, "#same"))
    assert found == ["5:16 the id 'same' is already used on line 1; expected its own"]


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("level=0", "a whole number from 1 to 5"),
        ("level=two", "a whole number from 1 to 5"),
        ("level=2.0", "a whole number from 1 to 5"),
        ("points=0", "a number above 0"),
        ("points=-1", "a number above 0"),
        ("points=1/2", "a number above 0"),
        ("points=1,5", "a number above 0"),
        ("points=٣", "a number above 0"),
        ("shuffle=maybe", "yes or no"),
        ("partial=", "yes or no"),
        ("case=2", "yes or no"),
        ("tags=", "words parted by commas or spaces"),
        ('competency=""', "a competency code"),
    ],
)
def test_an_unknown_value_of_an_attribute_is_a_fault(attribute: str, expected: str) -> None:
    found = errors(question(YES, f"#q {attribute}"))
    assert len(found) == 1
    assert found[0].startswith("1:19 ")
    assert expected in found[0]


def test_unknown_attributes_and_types_are_faults_that_name_what_is_known() -> None:
    assert errors(question(YES, "#q colour=red")) == [
        "1:19 unknown attribute 'colour'; "
        "expected one of competency, level, points, tags, objective, shuffle, partial, case"
    ]
    assert errors(question(YES, "#q .singel"))[0].startswith("1:19 unknown type .singel; expected one of .single,")


def test_two_ids_two_types_and_an_attribute_given_twice_are_faults() -> None:
    assert errors(question(YES, "#q #r .single .text level=1 level=2")) == [
        "1:19 a second id #r; expected one",
        "1:30 a second type .text; expected one",
        "1:44 level is given twice",
    ]


def test_front_matter_gives_defaults_that_a_heading_overrides() -> None:
    bank, faults = read(
        "---\ncompetency: B4\nlevel: 2\npoints: 2\ntags: [a, b]\nshuffle: no\ntitle: Bank\n---\n"
        + question(YES + "\n\n> Why.")
        + "\n"
        + question(YES + "\n\n> Why.", "#r competency=B1 level=3 shuffle=yes tags=c")
    )
    assert faults == []
    first, second = bank.items
    assert (first.competency, first.level, first.points, first.tags) == ("B4", 2, 2, ("a", "b"))
    assert first.shuffle is False
    assert (second.competency, second.level, second.points, second.tags) == ("B1", 3, 2, ("c",))
    assert second.shuffle is True


def test_faults_in_front_matter_point_at_their_lines() -> None:
    source = "---\nlevel: [1]\npoints: none\nkolor: red\n---\n" + question(YES + "\n\n> Why.")
    assert errors(source) == [
        "2:8 level cannot be read; expected a whole number from 1 to 5",
        "3:9 points cannot be read; expected a number above 0 such as 2 or 0.5",
    ]
    assert warnings(source)[0].startswith("4:1 'kolor' is not a default for questions")


def test_headings_in_code_and_comments_do_not_part_items() -> None:
    bank, faults = read("""
        ## Q {#q}

        ```markdown
        ## Not an item {#no}
        # Case: none {#none}
        ```

        <!--
        ## Put aside {#aside}
        -->

        - [x] Yes
        - [ ] No

        > Why.
        """)
    assert faults == []
    assert [one.id for one in bank.items] == ["q"]
    assert "## Not an item" in bank.items[0].stem


def test_a_comment_may_stand_anywhere_and_is_left_out() -> None:
    source = (
        "<!-- For the editor -->\n\n## Q {#q}\n\n<!-- aside\n= 5\n--> What?\n\n- [x] Yes\n<!-- why? -->\n- [ ] No\n\n"
        f"<!-- x -->\n\n> Why.\n\n<!-- end -->\n{question(YES, '#r')}"
    )
    bank, faults = read(source)
    assert [one for one in faults if one.severity == "error"] == []
    assert [one.id for one in bank.items] == ["q", "r"]
    assert bank.items[0].stem == "What?"
    assert bank.items[0].rationale == "Why."


def test_a_comment_inside_a_line_or_in_code_is_text() -> None:
    found = item(f"## Q {{#q}}\n\nPress <!-- here.\n\n```\n<!-- kept -->\n```\n\n{YES}\n")
    assert found.stem == "Press <!-- here.\n\n```\n<!-- kept -->\n```"


def test_a_fence_with_more_backticks_holds_one_with_fewer() -> None:
    bank, _ = read("## Q {#q}\n\n````\n```\n## No {#no}\n````\n\n- [x] Yes\n- [ ] No\n")
    assert [one.id for one in bank.items] == ["q"]


def test_backticks_that_close_on_their_line_open_no_fence() -> None:
    bank, _ = read(f"## Q {{#q}}\n\n```code``` is inline.\n\n{YES}\n\n{question(YES, '#r')}")
    assert [one.id for one in bank.items] == ["q", "r"]


def test_a_fence_or_comment_never_closed_is_a_fault_and_swallows_nothing() -> None:
    source = f"## Q {{#q}}\n\n```sql\nselect 1\n\n{YES}\n\n<!-- aside\n\n{question(YES, '#r')}"
    bank, _ = read(source)
    assert [one.id for one in bank.items] == ["q", "r"]
    assert errors(source)[0] == "3:1 this code fence is never closed; expected a line of ```"
    assert "9:1 this comment is never closed; expected -->" in errors(source)


def test_headings_below_level_two_belong_to_the_stem() -> None:
    found = item(f"## Q {{#q}}\n\n### Findings\n\nWhat?\n\n{YES}\n")
    assert found.stem == "### Findings\n\nWhat?"


def test_a_heading_without_a_space_is_a_fault_and_still_a_heading() -> None:
    source = question(YES + "\n\n> Why.") + f"\n##Next {{#next}}\n\n{YES}"
    assert errors(source) == ["10:3 expected a space between # and the words of a heading"]
    assert [one.id for one in read(source)[0].items] == ["q", "next"]


def test_a_hash_before_a_number_is_no_heading() -> None:
    assert item(f"## Q {{#q}}\n\n#1 on the list, or not?\n\n{YES}\n").stem == "#1 on the list, or not?"


def test_an_item_without_text_asks_its_title() -> None:
    assert item(f"## What does CPOE stand for? {{#q}}\n\n{YES}\n").stem == "What does CPOE stand for?"


def test_an_item_without_title_and_text_is_a_fault() -> None:
    assert errors(f"## {{#q}}\n\n{YES}\n") == ["1:1 this question has neither title nor text; expected what is asked"]


def test_text_outside_of_items_is_warned_of() -> None:
    assert warnings("Hello.\n\n" + question(YES + "\n\n> Why."))[0].startswith("1:1 this text stands outside")


def case_bank() -> Bank:
    bank, faults = read("""
        # Case: A night shift {#night}

        A man of 70.

        ## One {#one}

        - [x] Yes
        - [ ] No

        > Why.

        ## Two {#two}

        - [x] Yes
        - [ ] No

        > Why.

        # More questions

        ## Three {#three}

        - [x] Yes
        - [ ] No

        > Why.
        """)
    assert faults == []
    return bank


def test_a_case_holds_the_items_below_it_until_the_next_level_one_heading() -> None:
    bank = case_bank()
    assert [(one.id, one.case_id) for one in bank.items] == [("one", "night"), ("two", "night"), ("three", None)]
    case = bank.case("night")
    assert (case.title, case.stem, case.line) == ("A night shift", "A man of 70.", 1)


def test_a_level_one_heading_that_only_resembles_a_case_opens_none() -> None:
    assert errors("# Case study {#night}\n\n" + question(YES)) == [
        "1:3 a level-1 heading with an id opens a case; expected `# Case: title {#case-id}`, or ## for a question"
    ]
    bank, faults = read("# Case study\n\n" + question(YES + "\n\n> Why."))
    assert bank.items[0].case_id is None
    assert faults == []


def test_a_case_needs_an_id_a_text_and_an_item() -> None:
    assert errors("# Case: Night\n\nText.\n\n" + question(YES)) == [
        "1:1 this case has no id; expected {#some-id} at the end of its heading"
    ]
    assert errors("# Case: Night {#night}\n\n" + question(YES)) == [
        "1:1 this case has no text; expected the vignette under its heading"
    ]
    assert warnings("# Case: Night {#night}\n\nText.\n")[0].startswith("1:1 no question follows the case 'night'")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    source = "---\nlevel: 2\n---\n\n" + question(YES + "\n\n> Why.")
    assert read_bank("\ufeff" + source.replace("\n", "\r\n"), "q.md") == read_bank(source, "q.md")


def test_the_files_of_a_bank_are_joined_and_an_id_in_two_of_them_is_a_fault() -> None:
    one, _ = read_bank(question(YES, "#a") + "\n" + question(YES, "#b"), "questions/10.md")
    two, _ = read_bank(question(YES, "#c") + "\n" + question(YES, "#a"), "questions/20.md")
    bank, faults = join_banks([one, two])
    assert [item.id for item in bank.items] == ["a", "b", "c"]
    assert [str(fault) for fault in faults] == [
        "questions/20.md:8:1: error: the id 'a' is already used at questions/10.md:1; expected one of its own"
    ]


def within(source: str, objectives: int | None) -> list[str]:
    return [f"{one.line}:{one.column} {one.message}" for one in read_bank(source, "q.md", objectives=objectives)[1]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("objective=2", (2,)), ('objective="2,5"', (2, 5)), ('objective="5 2, 2"', (2, 5)), ("", ())],
)
def test_an_item_names_the_objectives_that_it_tests_by_their_positions(written: str, expected: tuple[int, ...]) -> None:
    assert item(question(f"{YES}\n\n> Because.", f"#q {written}")).objectives == expected


@pytest.mark.parametrize("written", ["0", "-1", "two", "1.5", "100", '""', "1;2", '"1 x"', "٢"])
def test_what_is_no_position_of_an_objective_is_a_fault(written: str) -> None:
    found = errors(question(f"{YES}\n\n> Because.", f"#q objective={written}"))
    assert len(found) == 1
    assert "expected positions of objectives in course.md from 1 to 99" in found[0]


def test_a_position_beyond_the_objectives_is_a_fault_where_it_is_written() -> None:
    source = question(f"{YES}\n\n> Because.", '#q level=2 objective="2,5"')
    place = source.index("objective") + 1
    assert within(source, 4) == [
        f"1:{place} objective 5 does not exist: the course has 4 objectives; expected a position from 1 to 4"
    ]
    assert within(source, 5) == []
    assert within(source, None) == []
    assert "course.md lists no objectives" in within(source, 0)[0]


def test_a_file_gives_its_items_a_default_objective_which_an_item_replaces() -> None:
    for default in ("objective: 3", "objective: [1, 3]"):
        body = question(f"{YES}\n\n> A.", "#a") + "\n" + question(f"{YES}\n\n> B.", "#b objective=2")
        bank, faults = read_bank(f"---\n{default}\n---\n\n{body}", "q.md", objectives=3)
        assert faults == []
        assert [one.objectives[-1] for one in bank.items] == [3, 2]
    assert within("---\nlevel: 2\nobjective: 4\n---\n\n" + question(f"{YES}\n\n> A."), 3) == [
        "3:12 objective 4 does not exist: the course has 3 objectives; expected a position from 1 to 3"
    ]


def test_a_bank_without_objectives_is_stored_as_it_was_before_they_existed() -> None:
    plain, _ = read_bank(question(f"{YES}\n\n> A."), "q.md")
    named, _ = read_bank(question(f"{YES}\n\n> A.", "#q objective=2"), "q.md")
    assert "objectives" not in to_json(plain)["items"][0]
    assert to_json(named)["items"][0]["objectives"] == [2]
    for bank in (plain, named):
        assert from_json(json.loads(json.dumps(to_json(bank)))) == bank
