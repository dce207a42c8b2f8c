"""The rules of item writing, held over every item that the product ships with."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from assessments.answers import Choices
from assessments.balance import key_balance
from assessments.model import Item
from tests.courses.shipped import NAMES, every_course, every_item, shipped, words

each_course = pytest.mark.parametrize("name", NAMES)
# One in twenty: the point beyond which chance is no longer believed.
BELIEVABLE = 0.05
CATCH_ALL = re.compile(r"\W*(?:all|none|both|neither|any) of (?:the )?(?:above|these|them|options)\W*\Z", re.IGNORECASE)
NEGATIVE = re.compile(r"(?<![*_\w])(?:not|never|except)(?![*_\w])[^.?!]*\?\s*\Z", re.IGNORECASE)
# How alike two questions may be: the share of three-word runs that they have in common.
ALIKE = 0.7


@each_course
def test_every_option_has_feedback_and_every_item_a_rationale(name: str) -> None:
    for item in shipped(name).course.bank.items:
        assert (item.rationale or "").strip() or item.type == "essay", item.id
        if isinstance(item.answer, Choices):
            assert [one.text for one in item.answer.options if not (one.feedback or "").strip()] == [], item.id


@each_course
def test_a_choice_is_among_three_to_six_different_options(name: str) -> None:
    for item in shipped(name).course.bank.items:
        if item.type in ("single", "multiple") and isinstance(item.answer, Choices):
            texts = [" ".join(words(one.text)) for one in item.answer.options]
            assert 3 <= len(texts) <= 6, item.id
            assert len(set(texts)) == len(texts), item.id
        if item.type == "multiple" and isinstance(item.answer, Choices):
            assert not all(one.right for one in item.answer.options), item.id


@each_course
def test_no_option_catches_all_others(name: str) -> None:
    for item in shipped(name).course.bank.items:
        if isinstance(item.answer, Choices):
            assert [one.text for one in item.answer.options if CATCH_ALL.match(one.text)] == [], item.id


@each_course
def test_no_question_turns_on_a_negative_that_is_easily_missed(name: str) -> None:
    choices = [item for item in shipped(name).course.bank.items if item.type in ("single", "multiple")]
    assert [item.id for item in choices if NEGATIVE.search(item.stem.strip())] == []


@each_course
def test_a_stem_asks_something(name: str) -> None:
    for item in shipped(name).course.bank.items:
        if item.type in ("single", "multiple", "numeric", "text"):
            assert "?" in item.stem or ":" in item.stem or item.stem.rstrip().endswith("."), item.id
        # What follows a step of a branching case has the step and its consequence for a stem.
        assert len(words(item.stem)) >= 4 or item.type == "branching", item.id
        assert item.level, item.id
        assert item.competency, item.id


@each_course
def test_length_does_not_tell_the_key(name: str) -> None:
    found = key_balance(shipped(name).course.bank.items)
    assert found.longest_by_chance() > BELIEVABLE, f"longest in {found.longest} of {found.items}"
    assert found.shortest_by_chance() > BELIEVABLE, f"shortest in {found.shortest} of {found.items}"


@each_course
def test_position_does_not_tell_the_key(name: str) -> None:
    found = key_balance(shipped(name).course.bank.items)
    assert not found.uneven(BELIEVABLE), found.positions


def test_over_the_whole_programme_neither_length_nor_position_tells_the_key() -> None:
    found = key_balance([item for _, item in every_item()])
    assert found.items >= 100
    assert found.longest_by_chance() > BELIEVABLE, f"longest in {found.longest} of {found.items}"
    assert found.shortest_by_chance() > BELIEVABLE, f"shortest in {found.shortest} of {found.items}"
    assert not found.uneven(BELIEVABLE), found.positions


def test_true_is_right_about_as_often_as_false() -> None:
    keys = Counter(
        at
        for _, item in every_item()
        if item.type == "truefalse" and isinstance(item.answer, Choices)
        for at, option in enumerate(item.answer.options)
        if option.right
    )
    total = keys.total()
    # Two standard deviations of a fair coin on either side.
    assert abs(keys[0] - total / 2) <= max(1.0, total**0.5), keys


def asked(code: str, item: Item) -> str:
    """Return what an item asks in plain words: its vignette belongs to the question."""
    bank = next(one for one in every_course() if one.course.code == code).course.bank
    return " ".join(words((bank.case(item.case_id).stem + " " if item.case_id else "") + item.stem))


def test_no_question_stands_twice() -> None:
    seen: dict[str, str] = {}
    for code, item in every_item():
        text = asked(code, item)
        assert text not in seen, f"{code} {item.id} asks what {seen[text]} asks"
        seen[text] = f"{code} {item.id}"


def options(item: Item) -> str:
    return " ".join(one.text for one in item.answer.options) if isinstance(item.answer, Choices) else ""


def test_no_two_questions_are_nearly_the_same() -> None:
    runs: dict[str, set[tuple[str, ...]]] = {}
    for code, item in every_item():
        text = words(f"{item.stem} {options(item)}")
        runs[f"{code} {item.id}"] = set(zip(text, text[1:], text[2:], strict=False))
    alike = [
        f"{one} and {other}"
        for (one, first), (other, second) in itertools.combinations(runs.items(), 2)
        if len(first & second) > ALIKE * max(1, min(len(first), len(second))) and min(len(first), len(second)) >= 5
    ]
    assert alike == []


def test_titles_are_unique_in_a_course() -> None:
    for one in every_course():
        titles = Counter(item.title.lower() for item in one.course.bank.items)
        assert [title for title, count in titles.items() if count > 1] == [], one.course.code
