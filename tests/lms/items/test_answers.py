"""A form's fields become the raw answer: what was chosen comes back, for every type of item."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import registry
from assessments.model import AnswerError, Item
from assessments.reading import read_bank
from lms.items.answers import Fields, askable, parse_form

SOURCE = """\
## One {#one}

Which?

- [x] a
- [ ] b
- [ ] c

## Several {#several .multiple}

Which ones?

- [x] a
- [x] b
- [ ] c
- [ ] d

## True {#true}

Is it?

- [x] True
- [ ] False

## Number {#number}

How many?

= 12 ± 1 mL/h

## Words {#words}

Which word?

= order

## Pairs {#pairs .matching}

Match.

| Sign | Meaning |
|---|---|
| red | stop |
| green | go |
| amber | wait |
|  | sleep |

## Order {#order .ordering}

In which order?

1. first
2. second
3. third
4. fourth

## Gaps {#gaps .cloze}

The {{quick|fast}} fox and the {{lazy}} dog.

## Degree {#degree .concordance}

How likely?

| −2 | −1 | 0 | +1 | +2 |
|---|---|---|---|---|
| 1 | 2 | 3 | 4 | 2 |

## Text {#essay .essay points=2}

Write.

| Criterion | Points |
|---|---|
| Clear | 2 |

# Case: a night {#night}

A quiet ward.

## First {#first .branching}

What do you do?

- [x] call → #second
  > They come.
- [ ] wait
  > It gets worse.

## Second {#second .branching}

And now?

- [x] report
  > It is known.
- [ ] go home
  > Nobody knows.
"""

BANK, FAULTS = read_bank(SOURCE, "questions.md")
SEED = "a seed"
SHOWN = st.sampled_from([item for item in BANK.items if item.id not in ("second",)])


def item(name: str) -> Item:
    return BANK.item(name)


def as_form(item: Item, seed: str, raw: object) -> Fields:
    """The fields that a browser sends for a raw answer."""
    if raw is None:
        return Fields({})
    if item.type == "multiple":
        return Fields({"answer": raw})
    if item.type == "matching":
        return Fields({f"left-{left}": right for left, right in raw})
    if item.type == "ordering":
        return Fields({f"place-{one}": str(place) for place, one in enumerate(raw, 1)})
    if item.type == "cloze":
        return Fields({f"gap-{number}": word for number, word in enumerate(raw, 1)})
    if item.type == "branching":
        fields, at = {}, registry.present(item, seed)["steps"][0]["id"]
        steps = {step["id"]: step for step in registry.present(item, seed)["steps"]}
        for one in raw:
            fields[f"step-{at}"] = one
            at = next(option["next"] for option in steps[at]["options"] if option["id"] == one)
        return Fields(fields)
    return Fields({"answer": str(raw)})


def some_answer(draw, item: Item, seed: str) -> object:
    model = registry.present(item, seed)
    ids = [option["id"] for option in model.get("options", [])]
    words = st.text("abc xyz", min_size=1, max_size=8).map(str.strip).filter(bool)
    if item.type in ("single", "truefalse"):
        return draw(st.sampled_from(ids))
    if item.type == "multiple":
        return draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    if item.type == "numeric":
        return draw(st.integers(-10_000, 10_000) | st.floats(-999, 999).map(lambda x: round(x, 3)))
    if item.type in ("text", "essay"):
        return draw(words)
    if item.type == "matching":
        rights = [right["id"] for right in model["right"]]
        return [[left["id"], draw(st.sampled_from(rights))] for left in model["left"]]
    if item.type == "ordering":
        return draw(st.permutations(ids))
    if item.type == "cloze":
        return [draw(words) for _ in model["gaps"]]
    if item.type == "concordance":
        return draw(st.integers(-2, 2))
    steps = {step["id"]: step for step in model["steps"]}
    at, path = model["steps"][0]["id"], []
    while at is not None:
        option = draw(st.sampled_from(steps[at]["options"]))
        path.append(option["id"])
        at = option["next"] if draw(st.booleans()) else None
    return path


def test_the_source_holds_every_type() -> None:
    assert not [fault for fault in FAULTS if fault.severity == "error"], FAULTS
    assert {each.type for each in BANK.items} == set(registry.KINDS)
    assert askable(BANK) == len(BANK.items) - 2


@given(data=st.data(), shown=SHOWN, seed=st.text(max_size=10))
def test_what_was_chosen_comes_back_from_the_form(data, shown: Item, seed: str) -> None:
    raw = some_answer(data.draw, shown, seed)
    read = parse_form(shown, seed, as_form(shown, seed, raw))
    wanted = registry.read_answer(shown, seed, raw)
    assert registry.read_answer(shown, seed, read) == wanted
    again = as_form(shown, seed, registry.raw_answer(shown, seed, wanted))
    assert registry.read_answer(shown, seed, parse_form(shown, seed, again)) == wanted


@given(shown=SHOWN, seed=st.text(max_size=10))
def test_an_empty_form_is_no_answer(shown: Item, seed: str) -> None:
    assert parse_form(shown, seed, Fields({})) is None
    assert parse_form(shown, seed, Fields({"answer": "", "gap-1": " ", "go": "next"})) is None


@given(
    shown=SHOWN,
    values=st.dictionaries(
        st.sampled_from(["answer", "gap-1", "gap-2", "left-x", "place-x", "step-x", "go"]), st.text(max_size=20)
    ),
)
def test_a_meddled_form_is_read_or_refused_with_words_but_never_fails(shown: Item, values) -> None:
    with suppress(AnswerError):
        value = registry.read_answer(shown, SEED, parse_form(shown, SEED, Fields(values)))
        assert registry.score(shown, value).possible == shown.points


@pytest.mark.parametrize(("typed", "read"), [("12", 12), ("12,5", 12.5), (" 12.50 ", 12.5), ("−3", -3)])
def test_a_number_is_typed_with_a_point_or_a_comma(typed: str, read: float) -> None:
    assert parse_form(item("number"), SEED, Fields({"answer": typed})) == read


@pytest.mark.parametrize(
    "places", [["1", "1", "2", "3"], ["1", "2", "3", ""], ["1", "2", "3", "9"], ["a", "b", "c", "d"]]
)
def test_an_order_with_a_place_missing_or_twice_is_refused(places: list[str]) -> None:
    ids = [option["id"] for option in registry.present(item("order"), SEED)["options"]]
    form = Fields({f"place-{one}": place for one, place in zip(ids, places, strict=True)})
    with pytest.raises(AnswerError, match="each place once"):
        parse_form(item("order"), SEED, form)


def test_an_entry_is_moved_up_and_down_without_a_script() -> None:
    ids = [option["id"] for option in registry.present(item("order"), SEED)["options"]]
    moved = parse_form(item("order"), SEED, Fields({"go": f"up:{ids[2]}"}))
    assert moved == [ids[0], ids[2], ids[1], ids[3]]
    form = {f"place-{one}": str(place) for place, one in enumerate(moved, 1)}
    assert parse_form(item("order"), SEED, Fields(form | {"go": f"down:{ids[2]}"})) == ids
    assert parse_form(item("order"), SEED, Fields({"go": f"up:{ids[0]}"})) == ids


def test_a_choice_off_the_path_is_left_out() -> None:
    model = registry.present(item("first"), SEED)
    first, second = model["steps"]
    wait = next(option for option in first["options"] if option["next"] is None)
    form = Fields({f"step-{first['id']}": wait["id"], f"step-{second['id']}": second["options"][0]["id"]})
    assert parse_form(item("first"), SEED, form) == [wait["id"]]
