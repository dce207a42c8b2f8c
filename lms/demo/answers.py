"""A right and a wrong answer to each item, so that sample attempts hold real answers. Pure."""

from __future__ import annotations

from typing import Any

from assessments.answers import Choices, Numeric, Text
from assessments.model import Bank, Item
from assessments.registry import score


def candidates(item: Item) -> list[Any]:
    """Canonical answers worth trying, most likely right first."""
    answer = item.answer
    if isinstance(answer, Choices):
        right = [place for place, option in enumerate(answer.options) if option.right]
        wrong = [place for place, option in enumerate(answer.options) if not option.right]
        if item.type == "multiple":
            return [right, wrong[:1] or right[:1]]
        return [*right, *wrong]
    if isinstance(answer, Numeric):
        middle = (answer.ranges[0].low + answer.ranges[0].high) / 2
        return [float(middle), str(middle), float(middle) * 10 + 1]
    if isinstance(answer, Text):
        return [next((each.text for each in answer.alternatives if not each.pattern), ""), "not sure"]
    return []


def answers_of(bank: Bank) -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """For each item a right answer (None where none could be made up) and some wrong ones."""
    found: dict[str, tuple[Any, tuple[Any, ...]]] = {}
    for item in bank.items:
        right, wrong = None, []
        for each in candidates(item):
            try:
                good = score(item, each).right
            except (TypeError, ValueError, KeyError):
                continue
            if good and right is None:
                right = each
            elif not good:
                wrong.append(each)
        found[item.id] = (right, tuple(wrong))
    return found
