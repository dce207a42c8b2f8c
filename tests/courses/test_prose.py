"""Reading time and reading grade."""

from __future__ import annotations

from fractions import Fraction

import pytest

from courses.prose import reading_grade, reading_minutes, syllables


def test_reading_time_counts_words_pictures_and_checks() -> None:
    assert reading_minutes(400, 5, 4) == Fraction(2) + 1 + 3


@pytest.mark.parametrize(
    ("word", "count"),
    [("band", 1), ("name", 1), ("order", 2), ("table", 2), ("alert", 2), ("reconciliation", 5), ("the", 1)],
)
def test_syllables_are_estimated_from_vowels(word: str, count: int) -> None:
    assert abs(syllables(word) - count) <= (1 if count > 3 else 0)


def test_a_short_text_has_no_grade() -> None:
    assert reading_grade("The nurse reads the name.") is None


def test_the_grade_follows_its_formula() -> None:
    # Ten words of one syllable a sentence: 0.39 × 10 + 11.8 × 1 − 15.59.
    text = "The nurse reads the name on the band and waits. " * 20
    assert reading_grade(text) == pytest.approx(0.39 * 10 + 11.8 - 15.59)


def test_lists_and_headings_do_not_make_one_endless_sentence() -> None:
    lines = "Read the name on the band\n" * 40
    assert (reading_grade(lines) or 0) < 5
