"""Finding the line of a fault; code does not count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from courses.rendering.source import Source, blank_code


def test_words_are_found_at_their_line_and_column() -> None:
    assert Source("l.md", "a\nbc needle", 5).find("needle") == (6, 4)


def test_code_is_passed_over() -> None:
    text = "`needle`\n```\nneedle\n```\n  needle"
    assert Source("l.md", text).find("needle") == (5, 3)


def test_what_is_not_found_points_at_the_beginning() -> None:
    assert Source("l.md", "text", 7).find("needle") == (7, 1)


def test_a_longer_fence_is_closed_only_by_its_equal() -> None:
    text = "````\n```\nneedle\n```\n````\nneedle"
    assert Source("l.md", text).find("needle") == (6, 1)


@given(st.text(alphabet="`~a \n>-", max_size=80))
def test_blanking_code_moves_nothing(text: str) -> None:
    blanked = blank_code(text)
    assert len(blanked) == len(text)
    assert [index for index, sign in enumerate(text) if sign == "\n"] == [
        index for index, sign in enumerate(blanked) if sign == "\n"
    ]
