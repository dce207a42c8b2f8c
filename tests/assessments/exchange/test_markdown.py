"""Items go out as Markdown and come back the same."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.answers import Alternative, Choices, Option, Text
from assessments.exchange.conversion import read_items, write_items
from assessments.model import Bank
from assessments.reading import read_bank
from tests.assessments.exchange.generated import banks, items, paths, placeless

CONTENT = Path(__file__).resolve().parents[3] / "courses" / "content"


@settings(max_examples=60, deadline=None)
@given(banks() | paths())
def test_a_bank_of_any_types_written_and_read_again_is_the_same_bank(bank: Bank) -> None:
    made = write_items(bank, "markdown")
    assert [one.status for one in made.record.outcomes] == ["imported"] * len(bank.items), made.record.outcomes
    found, faults = read_bank(made.data.decode(), "q.md")
    assert [one for one in faults if one.severity == "error"] == []
    assert placeless(found) == placeless(bank)


PIECES = [*"ab #=>-[]x*_`~|{}$\\<&:1.)\n\t\"'→\ue000", "\n\n", "## ", "- [ ] ", "{#q}", "{{a}}", "= 1", "```"]
hostile = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(max_examples=60, deadline=None)
@given(items(), hostile, hostile, hostile, hostile)
def test_no_text_whatever_makes_an_item_read_as_another_one(
    item, stem: str, rationale: str, title: str, option: str
) -> None:
    changed = replace(item, stem=stem, rationale=rationale or None, title=title)
    if isinstance(item.answer, Choices):
        changed = replace(changed, answer=Choices((Option(option, True, rationale or None), *item.answer.options[1:])))
    bank = Bank((changed,), ())
    made = write_items(bank, "markdown")
    if made.record.outcomes[0].status == "refused":
        assert made.record.outcomes[0].reasons
        assert read_bank(made.data.decode(), "q.md")[0].items == ()
    else:
        assert placeless(read_bank(made.data.decode(), "q.md")[0]) == placeless(bank)


@pytest.mark.parametrize("path", sorted(CONTENT.glob("*/questions/*.md")), ids=lambda path: path.stem)
def test_the_curriculum_written_and_read_again_is_the_same(path: Path) -> None:
    bank, _ = read_bank(path.read_text(encoding="utf-8"), path.name)
    made = write_items(bank, "markdown")
    assert made.record.count("imported") == len(bank.items)
    assert placeless(read_bank(made.data.decode(), path.name)[0]) == placeless(bank)


def test_an_author_would_have_written_it_so() -> None:
    source = "## Rate {#rate competency=B1 tags=pumps}\n\nWhat rate?\n\n= 12 ± 0.1 mL/h\n\n> 1,200 / 100.\n"
    assert write_items(read_bank(source, "q.md")[0], "markdown").data.decode() == source


def test_an_item_with_errors_is_refused_with_what_the_reader_says_and_the_others_come_in() -> None:
    source = b"## A {#a}\n\n- [x] Yes\n- [ ] No\n\n## B {#b}\n\n- [ ] Yes\n- [ ] No\n\n## C\n\n= 1\n"
    found = read_items(source)
    assert [one.id for one in found.bank.items] == ["a"]
    assert [(one.status, one.reasons) for one in found.record.outcomes[1:]] == [
        ("refused", ("no option is right; expected [x] before the right one",)),
        ("refused", ("this question has no id; expected {#some-id} at the end of its heading",)),
    ]


def test_items_of_a_case_that_stand_apart_are_brought_together_and_that_is_said() -> None:
    source = "# Case: N {#n}\n\nText.\n\n## A {#a}\n\n= 1\n\n# Rest\n\n## B {#b}\n\n= 1\n\n## C {#c}\n\n= 1\n"
    bank, _ = read_bank(source, "q.md")
    parted = Bank((bank.items[0], bank.items[1], replace(bank.items[2], case_id="n")), bank.cases)
    made = write_items(parted, "markdown")
    assert [one.status for one in made.record.outcomes] == ["imported", "imported", "changed"]
    again, _ = read_bank(made.data.decode(), "q.md")
    assert [(one.id, one.case_id) for one in again.items] == [("a", "n"), ("c", "n"), ("b", None)]


def test_points_without_a_decimal_form_are_refused() -> None:
    bank, _ = read_bank("## A {#a}\n\n= 1\n", "q.md")
    odd = Bank((replace(bank.items[0], points=Fraction(1, 3)),), ())
    assert write_items(odd, "markdown").record.outcomes[0].status == "refused"


def test_an_answer_that_holds_a_bar_between_spaces_cannot_be_plain() -> None:
    bank, _ = read_bank("## A {#a .text}\n\n= x\n", "q.md")
    odd = Bank((replace(bank.items[0], answer=Text((Alternative("a | b"),))),), ())
    assert write_items(odd, "markdown").record.outcomes[0].status == "refused"


def test_a_zip_of_a_course_gives_its_questions_and_their_media() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("c/questions.md", "## A {#a}\n\n![A pump](media/pump.png)\n\n= 1\n")
        archive.writestr("c/media/pump.png", b"png")
    found = read_items(stream.getvalue())
    assert [one.id for one in found.bank.items] == ["a"]
    made = write_items(found.bank, "markdown", media=found.media)
    assert made.media == {"media/pump.png": b"png"}


def test_a_markdown_file_whose_items_lack_ids_is_known_by_its_name_and_says_so() -> None:
    found = read_items(b"## A\n\n= 1\n", name="questions.md")
    assert found.record.source == "markdown"
    assert "has no id" in found.record.outcomes[0].reasons[0]
