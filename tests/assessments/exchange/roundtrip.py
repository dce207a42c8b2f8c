"""Out in another format and in again: what the report calls unchanged must come back the same."""

from __future__ import annotations

from dataclasses import replace

from assessments.answers import Choices, Cloze, Numeric, Ordering, Range, Text
from assessments.exchange.conversion import read_items, write_items
from assessments.model import Bank, Item
from tests.assessments.exchange.generated import placeless


def meaning(item: Item) -> Item:
    """An item without what has no effect on its type and without the spelling of a range."""
    if isinstance(item.answer, Numeric):
        ranges = tuple(Range(one.low, one.high, "") for one in item.answer.ranges)
        item = replace(item, answer=Numeric(ranges, item.answer.unit))
    if isinstance(item.answer, Text | Cloze) and not any(one.swapcase() != one for one in typed(item.answer)):
        item = replace(item, answer=replace(item.answer, case_sensitive=False))
    if item.type not in ("single", "multiple"):
        item = replace(item, shuffle=True)
    if item.type not in ("multiple", "matching", "ordering", "cloze") or indivisible(item):
        item = replace(item, partial=True)
    return item


def indivisible(item: Item) -> bool:
    """Whether no answer can be partly right: one gap, two entries, one right option."""
    if isinstance(item.answer, Cloze):
        return len(item.answer.gaps) == 1
    if isinstance(item.answer, Ordering):
        return len(item.answer.entries) == 2
    return isinstance(item.answer, Choices) and sum(one.right for one in item.answer.options) == 1


def typed(answer: Text | Cloze) -> list[str]:
    """All accepted words of an answer."""
    if isinstance(answer, Text):
        return [one.text for one in answer.alternatives]
    return [word for gap in answer.gaps for word in gap.answers]


def check_round_trip(bank: Bank, target: str) -> int:
    """Fail where an item that went out as it was does not come back the same; returns how many did."""
    made = write_items(bank, target)
    assert len(made.record.outcomes) == len(bank.items)
    for one in made.record.outcomes:
        assert (one.status == "imported") == (not one.reasons)
    whole = {one.id for one in made.record.outcomes if one.status == "imported"}
    if all(one.status == "refused" for one in made.record.outcomes):
        return 0
    again = read_items(made.data)
    assert again.record.source == target
    back = {item.id: meaning(item) for item in placeless(again.bank).items}
    said = {one.id: one for one in again.record.outcomes}
    for item in placeless(bank).items:
        if item.id in whole:
            assert said[item.id].status == "imported", said[item.id]
            assert back[item.id] == meaning(item)
    return len(whole)
