"""Warnings: style, length, reading, coverage, items. Each beside a near miss that draws none."""

from __future__ import annotations

import pytest

from courses.reading import read_course
from tests.courses.sample import course_files, edited

BODY = "Most alerts are overridden."


def warnings(files: dict[str, bytes]) -> list[tuple[str, int, str]]:
    course, faults = read_course(files, "", None)
    assert course is not None, faults
    return [(fault.path, fault.line, fault.message) for fault in faults]


def in_lesson(text: str) -> list[tuple[str, int, str]]:
    return warnings(edited("20-alerts.md", BODY, f"{BODY}\n\n{text}\n\n"))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("# Title again", 8, "begin with ##"),
        ("#### Deep", 8, "skip no level"),
        ("##No space", 8, "no space after #"),
        ("Text:\n- a\n- b", 9, "an empty line before it"),
        ("- a\n  - b", 9, "indented by four spaces"),
        ("[Click here](https://example.org)", 8, "say where it leads"),
        ("See https://example.org for more.", 8, "is not a link"),
        ("TODO: write this", 8, "is left in the text"),
        ("[^n]: Nobody refers to this.", 8, "nothing refers to the note"),
        ("<font>Hi</font>", 8, "removed <font>"),
    ],
)
def test_style_is_a_warning_at_its_line(text: str, line: int, says: str) -> None:
    assert [one for one in in_lesson(text) if one[:2] == ("20-alerts.md", line) and says in one[2]], in_lesson(text)


@pytest.mark.parametrize(
    "text",
    [
        "## A heading\n\n### One deeper",
        "Text:\n\n- a\n- b",
        "- a\n- b\n    - c",
        "1. a\n2. b",
        "[The guideline](https://example.org)",
        "<https://example.org>",
        "`# code` and `[here](x)` and `https://example.org` and `TODO`",
        "```text\n# code\nText:\n- a\n[here](x)\n```",
        "#hashtag",
        "A range of 3-4 is fine.\n2026 was a year.",
        "Fact.[^n]\n\n[^n]: A source.",
        "[The guideline][g]\n\n[g]: https://example.org",
        "| a | b |\n|---|---|\n| - | 1. x |",
    ],
)
def test_near_misses_of_style_draw_no_warning(text: str) -> None:
    assert in_lesson(text) == []


def test_a_note_or_link_that_is_not_there_is_an_error() -> None:
    for text, says in (
        ("Fact.[^nope]", "[^nope] is not there"),
        ("[The guideline][nope]", "[nope], which is not there"),
    ):
        course, faults = read_course(edited("20-alerts.md", BODY, f"{BODY} {text}"), "", None)
        assert course is None
        assert [fault.line for fault in faults if says in fault.message] == [6]


def test_a_fence_that_never_closes_is_a_warning() -> None:
    files = course_files()
    files["20-alerts.md"] += b"\n\n```sql\nselect 1\n"
    assert any("never closes" in message for _, _, message in warnings(files))


def test_reading_time_far_from_the_minutes_stated_is_a_warning() -> None:
    long = "The nurse reads the name on the band. " * 120
    assert any("but reading takes about 5" in message for _, _, message in in_lesson(long))
    short = edited("20-alerts.md", "minutes: 2", "minutes: 9")
    assert any("but reading takes only about 1" in message for _, _, message in warnings(short))
    assert warnings(edited("20-alerts.md", "minutes: 2", "minutes: 1")) == []


def test_a_lesson_too_long_for_a_break_is_a_warning() -> None:
    long = "The nurse reads the name on the band. " * 250
    assert any("words in one lesson" in message for _, _, message in in_lesson(long))
    files = edited("20-alerts.md", "minutes: 2", "minutes: 16")
    assert any("16 minutes in one lesson" in message for _, _, message in warnings(files))


def test_hard_prose_is_a_warning_and_plain_prose_is_none() -> None:
    hard = (
        "Institutional implementation of computerized interdisciplinary documentation necessitates comprehensive "
        "organizational reconfiguration, notwithstanding considerable heterogeneity in professional responsibilities. "
    ) * 8
    assert any("reading grade" in message for _, _, message in in_lesson(hard))
    plain = "The nurse reads the name on the band. " * 20
    assert not any("reading grade" in message for _, _, message in in_lesson(plain))


def test_the_minutes_of_a_course_are_compared_with_its_lessons() -> None:
    assert any(
        "lessons add up to 4" in message for _, _, message in warnings(edited("course.md", "minutes: 6", "minutes: 3"))
    )
    assert any(
        "and the assessment add up to 6" in message
        for _, _, message in warnings(edited("course.md", "minutes: 6", "minutes: 60"))
    )
    assert warnings(edited("course.md", "minutes: 6", "minutes: 5")) == []


def test_a_claimed_competency_that_nothing_asks_about_is_a_warning() -> None:
    files = edited("course.md", "{code: B4, level: 2}", "{code: B4, level: 2}, {code: C1, level: 1}")
    assert [message for _, _, message in warnings(files)] == ["no question asks about C1, which the course claims"]


def test_a_course_without_questions_or_assessment_is_a_warning() -> None:
    files = edited("10-right-patient.md", "> [!CHECK] two-identifiers", "")
    del files["questions.md"], files["exam.md"]
    assert any("has no questions" in message for _, _, message in warnings(files))
    files = course_files()
    del files["exam.md"]
    assert [message for _, _, message in warnings(files)] == [
        "the course has no exam.md: it is complete once all lessons are read"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("> Two identifiers that stay with the person.\n", "", 6, "no rationale"),
        ("  > Beds change faster than banners.\n", "", 6, "no feedback under 1 wrong option"),
        ("- [ ] Bed and ward", "- [ ] All of the above", 6, "tests reading"),
        ("Which two identifiers do you", "Which two identifiers do you not", 6, "asks in the negative"),
        ("before an order?", "before an order?[^1]", 8, "notes are not read in questions"),
    ],
)
def test_an_unfair_item_is_a_warning_at_its_heading(old: str, new: str, line: int, says: str) -> None:
    found = warnings(edited("questions.md", old, new))
    assert [one for one in found if one[:2] == ("questions.md", line) and says in one[2]], found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- [ ] Bed and ward", "- [ ] Bed and ward, all of the above board"),
        ("Which two identifiers do you", "Which two identifiers do you *not*"),
        ("Which two identifiers", "Names do not change. Which two identifiers"),
    ],
)
def test_near_misses_of_unfair_items_draw_no_warning(old: str, new: str) -> None:
    assert warnings(edited("questions.md", old, new)) == []


def test_a_check_placed_twice_in_one_lesson_is_a_warning() -> None:
    files = course_files()
    files["10-right-patient.md"] += b"\n\n> [!CHECK] two-identifiers\n"
    assert any("placed twice" in message for _, _, message in warnings(files))


def test_unsafe_markup_in_an_item_is_named_at_the_line_of_the_item() -> None:
    found = warnings(edited("questions.md", "- [ ] Bed and ward", "- [ ] Bed <u onclick=x>and</u> ward"))
    assert [(path, line) for path, line, message in found if "onclick" in message] == [("questions.md", 11)]


def test_media_that_no_text_shows_are_a_warning() -> None:
    files = {**course_files(), "media/spare.txt": b"spare", "media/banner.vtt": b"WEBVTT"}
    assert [(path, message) for path, _, message in warnings(files)] == [
        ("media/spare.txt", "no text shows it or links to it")
    ]


def with_singles(*options: str) -> dict[str, bytes]:
    """Return the sample with single-choice items added; options are parted by `/`, the key is marked by `!`."""
    source = ""
    for number, one in enumerate(options):
        source += f"\n## Item {number} {{#i{number}}}\n\nWhat happens at step {number}?\n\n"
        for option in one.split("/"):
            mark = "x" if option.startswith("!") else " "
            source += f"- [{mark}] {option.lstrip('!')}\n  > So it is.\n"
        source += "\n> Because.\n"
    files = course_files()
    return {**files, "questions.md": files["questions.md"] + source.encode()}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["!aaaaaa/bb/cc/dd", "aa/!bbbbbb/cc/dd", "aa/bb/!cccccc/dd", "aa/bb/cc/!dddddd"] * 3, "the longest in"),
        (["!a/bb/cc/dd", "aa/!b/cc/dd", "aa/bb/!c/dd", "aa/bb/cc/!d"] * 3, "the shortest in"),
        (["aa/!bb/cc/dd"] * 13, "stand unevenly, first to last"),
    ],
)
def test_keys_that_length_or_position_gives_away_are_a_warning(options: list[str], says: str) -> None:
    assert [one for one in warnings(with_singles(*options)) if says in one[2]]


def test_keys_spread_over_length_and_position_draw_no_warning() -> None:
    even = ["!a/bb/ccc/ddd", "a/!bb/ccc/ddd", "a/bb/!ccc/ddd", "a/bb/cc/!ddd"] * 3
    assert warnings(with_singles(*even)) == []
    assert warnings(with_singles(*["aa/!bbbbb/cc/dd"] * 8)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "start", "says"),
    [
        ("20-alerts.md", "minutes: ", "minutes: 9", "minutes:", "but reading takes"),
        ("course.md", "minutes: ", "minutes: 9", "minutes:", "but the lessons"),
    ],
)
def test_advice_about_a_field_points_at_its_line(path: str, old: str, new: str, start: str, says: str) -> None:
    files = edited(path, old, new)
    line = next(number for number, text in enumerate(files[path].decode().splitlines(), 1) if text.startswith(start))
    assert line > 1
    assert [one for one in warnings(files) if one[:2] == (path, line) and says in one[2]], warnings(files)


def test_a_competency_that_nothing_asks_about_is_shown_where_it_is_claimed() -> None:
    claims = "competencies: [{code: B1, level: 2}, {code: B4, level: 2}]"
    spread = "competencies:\n  - {code: B1, level: 2}\n  - {code: B4, level: 2}\n  - {code: C9, level: 1}"
    files = edited("course.md", claims, spread)
    line = next(n for n, text in enumerate(files["course.md"].decode().splitlines(), 1) if "C9" in text)
    assert ("course.md", line, "no question asks about C9, which the course claims") in warnings(files)
