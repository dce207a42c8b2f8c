"""Right and wrong answers to each item, so that sample attempts hold real answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.answers import Branching, Choices, Cloze, Matching, Numeric, Ordering, Text
from assessments.model import AnswerError, Bank, Item
from assessments.registry import score


@dataclass(frozen=True)
class Tried:
    """A canonical answer, the points it earns and the share of the item's points that this is."""

    value: Any
    earned: Fraction
    share: float


@dataclass(frozen=True)
class Answers:
    """What sample people answer to an item; `right` is None where no right answer could be made up."""

    right: Tried | None
    wrong: tuple[Tried, ...]


BLANK = Tried(None, Fraction(0), 0.0)


def answers_of(bank: Bank) -> dict[str, Answers]:
    """Answers to every item of a bank by item id, each as the product itself would score it."""
    return {item.id: _answers(item) for item in bank.items}


def _answers(item: Item) -> Answers:
    right: Tried | None = None
    wrong: list[Tried] = []
    for value in _candidates(item):
        try:
            found = score(item, value)
        except AnswerError:
            continue
        share = float(found.earned / found.possible) if found.possible else 0.0
        tried = Tried(value, found.earned, share)
        if not found.right:
            wrong.append(tried)
        elif right is None:
            right = tried
    return Answers(right, tuple(wrong))


def _candidates(item: Item) -> list[Any]:
    """Canonical answers worth trying."""
    answer = item.answer
    if isinstance(answer, Choices):
        return _ticks(answer, several=item.type == "multiple")
    if isinstance(answer, Numeric):
        middle = (answer.ranges[0].low + answer.ranges[0].high) / 2
        near = (middle, middle * 10, middle / 10, middle * 2 + 1)
        return [int(value) if value.denominator == 1 else float(value) for value in near]
    if isinstance(answer, Text):
        return [*(each.text for each in answer.alternatives if not each.pattern), "not sure"]
    if isinstance(answer, Matching):
        pairs = [[place, prompt.choice] for place, prompt in enumerate(answer.prompts)]
        return [pairs, *_swapped([choice for _, choice in pairs], lambda order: [list(p) for p in enumerate(order)])]
    if isinstance(answer, Ordering):
        order = list(range(len(answer.entries)))
        return [order, *_swapped(order, list)]
    if isinstance(answer, Cloze):
        words = [gap.answers[0] for gap in answer.gaps]
        return [words, *([*words[:place], "not sure", *words[place + 1 :]] for place in range(len(words)))]
    if isinstance(answer, Branching):
        return [_path(answer, right=True), _path(answer, right=False)]
    return []


def _ticks(answer: Choices, *, several: bool) -> list[Any]:
    right = [place for place, option in enumerate(answer.options) if option.right]
    wrong = [place for place, option in enumerate(answer.options) if not option.right]
    if not several:
        return [*right, *wrong]
    return [right, *([r for r in right if r != left_out] for left_out in right), *(sorted([*right, w]) for w in wrong)]


def _swapped(order: list[int], shape: Any) -> list[Any]:
    """The same order with two neighbours exchanged, once for each pair."""
    return [
        shape([*order[:place], order[place + 1], order[place], *order[place + 2 :]]) for place in range(len(order) - 1)
    ]


def _path(answer: Branching, *, right: bool) -> list[int]:
    """The options along a path that takes the first right, or the first wrong, option of each step."""
    steps = {step.id: step for step in answer.steps}
    path: list[int] = []
    at: str | None = answer.steps[0].id
    while at is not None and len(path) < len(steps):
        branches = steps[at].branches
        place = next((number for number, branch in enumerate(branches) if branch.right == right), 0)
        path.append(place)
        at = branches[place].target
    return path
