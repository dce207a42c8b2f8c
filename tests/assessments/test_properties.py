"""What holds for every item, whatever an author or a learner writes."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.frontmatter import front_matter
from assessments.model import AnswerError, Bank, Item, from_json, to_json
from assessments.numbers import parse_number
from assessments.patterns import PatternError, check_pattern, whole_match
from assessments.reading import read_bank
from assessments.registry import KINDS, present, raw_answer, read_answer, review, score

EVERY_TYPE = """
---
competency: B4
points: 1.5
tags: [a, b]
---

# Case: Night {#night}

A vignette.

## Path {#path .branching}

- [x] Go → #end
  > So it went.
- [ ] Stop

## End {#end .branching}

- [x] Yes
- [ ] No

# Others

## Single {#single shuffle=no}

- [x] A
- [ ] B
  more
- [ ] C

## Multiple {#multiple}

- [x] A
- [x] B
- [ ] C

## Statement {#statement}

- [x] True
- [ ] False

## Number {#number}

= 12 ± 5% mL/h
= 20..30 mL/h

## Words {#words case=yes}

= Order entry | ~[oO]rders?

## Pairs {#pairs .matching partial=no}

| A | B |
|---|---|
| a | 1 |
| b | 2 |
|   | 3 |

## Order {#order .ordering}

1. one
2. two
3. three

## Gaps {#gaps .cloze}

{{one|1}} and {{two}}

## Panel {#panel .concordance level=2}

| -2 | -1 | 0 | 1 | 2 |
|----|----|---|---|---|
| 1  | 2  | 3 | 4 | 5 |

## Essay {#essay .essay}

| Criterion | Points | Good |
|---|---|---|
| Clear | 2 | yes |

> Why.
"""
BANK, FAULTS = read_bank(EVERY_TYPE.lstrip(), "q.md")
items = st.sampled_from(BANK.items)
seeds = st.text(max_size=8)


def raw_for(item: Item, seed: str, data: st.DataObject) -> Any:
    """Draw a raw answer that is well formed for the item."""
    model = present(item, seed)
    options = [one["id"] for one in model.get("options", [])]
    if item.type in ("single", "truefalse"):
        return data.draw(st.sampled_from(options))
    if item.type == "multiple":
        return data.draw(st.lists(st.sampled_from(options), unique=True))
    if item.type == "ordering":
        return data.draw(st.permutations(options))
    if item.type == "numeric":
        return data.draw(st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False))
    if item.type == "concordance":
        return data.draw(st.integers(-2, 2))
    words = st.sampled_from(["one", "Two", " orders", "", "1"]) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
    )
    if item.type in ("text", "essay"):
        return data.draw(words)
    if item.type == "cloze":
        return data.draw(st.lists(words, min_size=len(model["gaps"]), max_size=len(model["gaps"])))
    if item.type == "matching":
        left = [one["id"] for one in model["left"]]
        right = [one["id"] for one in model["right"]]
        chosen = data.draw(st.lists(st.sampled_from(left), unique=True))
        return [[one, data.draw(st.sampled_from(right))] for one in chosen]
    path = []
    at = model["steps"][0]["id"]
    while at is not None and data.draw(st.booleans()):
        step = next(one for one in model["steps"] if one["id"] == at)
        option = data.draw(st.sampled_from(step["options"]))
        path.append(option["id"])
        at = option["next"]
    return path


def test_the_bank_of_these_tests_holds_every_type_without_an_error() -> None:
    assert [one for one in FAULTS if one.severity == "error"] == []
    assert {item.type for item in BANK.items} == set(KINDS)


def test_a_bank_comes_back_from_json_exactly() -> None:
    written = json.dumps(to_json(BANK))
    assert from_json(json.loads(written)) == BANK
    assert json.dumps(to_json(from_json(json.loads(written)))) == written


def test_a_published_bank_comes_back_from_json_exactly() -> None:
    published = BANK.with_text(lambda text: f"<p>{text}</p>", lambda text: f"<b>{text}</b>")
    assert from_json(json.loads(json.dumps(to_json(published)))) == published
    assert published.item("single").stem == "<p>Single</p>"
    assert present(published.item("single"), "s")["options"][1]["html"] == "<b>B\nmore</b>"
    assert published.case("night").stem == "<p>A vignette.</p>"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(format=2),
        lambda data: data["items"][0].update(type="riddle"),
        lambda data: data["items"][0].update(answer=None),
        lambda data: data["items"][0].pop("stem"),
        lambda data: data["items"][0].update(level=True),
        lambda data: data["items"][0].update(tags="a"),
        lambda data: data["cases"][0].update(extra=1),
        lambda data: data.pop("items"),
        lambda data: data.update(items=[1]),
    ],
)
def test_json_of_another_shape_is_refused(change: Any) -> None:
    data = json.loads(json.dumps(to_json(BANK)))
    change(data)
    with pytest.raises(ValueError, match=r"expected|has the fields"):
        from_json(data)


@settings(max_examples=400)
@given(items, seeds, st.data())
def test_any_answer_scores_within_range_and_comes_back_as_it_was(item: Item, seed: str, data: st.DataObject) -> None:
    raw = raw_for(item, seed, data)
    canonical = read_answer(item, seed, raw)
    stored = json.loads(json.dumps(canonical))
    assert stored == canonical
    result = score(item, stored)
    assert 0 <= result.earned <= result.possible == item.points
    assert result.right == (result.earned == result.possible)
    assert read_answer(item, seed, raw_answer(item, seed, stored)) == canonical
    assert isinstance(result.earned, Fraction)
    json.dumps(review(item, seed, stored))
    json.dumps(present(item, seed, stored))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400)
@given(items, json_values)
def test_anything_else_is_refused_in_words_or_read_as_an_answer(item: Item, raw: Any) -> None:
    try:
        canonical = read_answer(item, "seed", raw)
    except AnswerError as error:
        assert str(error)  # noqa: PT017
    else:
        assert 0 <= score(item, canonical).earned <= item.points


@given(items, json_values)
def test_what_is_stored_wrongly_is_refused_and_never_breaks_the_scoring(item: Item, canonical: Any) -> None:
    try:
        assert 0 <= score(item, canonical).earned <= item.points
    except AnswerError as error:
        assert str(error)  # noqa: PT017


@given(items, seeds, seeds)
def test_ids_are_unique_opaque_and_repeatable(item: Item, seed: str, other: str) -> None:
    model = present(item, seed)
    assert model == present(item, seed)
    shown = [one["id"] for name in ("options", "left", "right") for one in model.get(name, [])]
    assert len(shown) == len(set(shown))
    if seed != other:
        again = present(item, other)
        assert not set(shown) & {one["id"] for name in ("options", "left", "right") for one in again.get(name, [])}


lines = st.sampled_from(
    [
        *EVERY_TYPE.splitlines(), "```", "~~~", "<!--", "-->", "> quote", "  > more", "- [", "- [x]y", "= ", "=",
        "= 1 ±", "##", "# {#}", "## {.x", "{{", "}}", "$$", "|", "|-|", "\t", "---", "→ #end", "1.", "\\",
        "\x0b", "\ufeff",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(lines | st.text(max_size=30), max_size=25))
def test_any_text_is_read_and_every_fault_points_into_it(chosen: list[str]) -> None:
    text = "\n".join(chosen)
    bank, faults = read_bank(text, "q.md")
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for fault in faults:
        assert 1 <= fault.line <= len(rows) + 1
        assert fault.column >= 1
        assert fault.message
    assert isinstance(bank, Bank)
    assert from_json(json.loads(json.dumps(to_json(bank)))) == bank
    for item in bank.items:
        json.dumps(present(item, "seed"))
        json.dumps(review(item, "seed", None))


@given(st.text(max_size=40))
def test_any_front_matter_is_read_or_named_as_a_fault(text: str) -> None:
    fields, _, line, faults = front_matter(f"---\n{text}\n---\nBody", "x")
    assert line >= 2
    assert not (fields and faults)


@given(st.text(max_size=30))
def test_whatever_is_typed_as_a_number_is_read_or_refused(typed: str) -> None:
    try:
        value = parse_number(typed)
    except AnswerError as error:
        assert str(error)  # noqa: PT017
    else:
        assert value is None or json.loads(json.dumps(value)) == value


pattern_pieces = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            ".",
            "*",
            "+",
            "?",
            "(",
            ")",
            "[",
            "]",
            "|",
            "{2,}",
            "{1,50}",
            "(a*)*",
            "(a|a)+",
            "^",
            "$",
            "\\w",
            "\\1",
        ]
    ),
    max_size=12,
).map("".join)


@given(pattern_pieces, st.integers(0, 500))
def test_no_pattern_hangs(pattern: str, length: int) -> None:
    try:
        check_pattern(pattern)
    except PatternError:
        return
    started = time.process_time()
    whole_match(pattern, "a" * length + "!", case_sensitive=False)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|aa)+", "(.*a){20}", "(a?){50}a{50}", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_patterns_that_are_known_to_hang_others_answer_at_once(pattern: str) -> None:
    check_pattern(pattern)
    started = time.process_time()
    assert not whole_match(pattern, "a" * 499 + "!", case_sensitive=True)
    assert time.process_time() - started < 1
