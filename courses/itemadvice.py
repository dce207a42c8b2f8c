"""Advice on items: rationale, feedback, and options that give the answer away or that nobody can answer fairly."""

import re
from collections.abc import Sequence

from assessments.answers import Choices
from assessments.balance import key_balance
from assessments.model import Fault, Item

_CATCH_ALL = re.compile(r"(?:all|none|both|neither) of (?:the )?(?:above|these|them)\b", re.IGNORECASE)
_BARE_NEGATIVE = re.compile(r"(?<![*_\w])(?:not|never|except)(?![*_\w])[^.?!]*\?", re.IGNORECASE)
# These explain themselves step by step, by their rubric or by their panel.
_SELF_EXPLAINING = frozenset({"branching", "concordance", "essay"})
# Fewer items say little about a habit of their author, and a warning is for what chance hardly explains.
_ENOUGH_ITEMS = 12
_HARDLY_CHANCE = 0.01


def bank_warnings(items: Sequence[Item]) -> list[Fault]:
    """Return advice on all items of a course together: what length and position of the options give away."""
    found = key_balance(items)
    if found.items < _ENOUGH_ITEMS:
        return []
    messages = []
    of = f"{found.items} single-choice items"
    if found.longest_by_chance() < _HARDLY_CHANCE:
        messages.append(f"the right option is the longest in {found.longest} of {of}: make wrong options as full")
    if found.shortest_by_chance() < _HARDLY_CHANCE:
        messages.append(f"the right option is the shortest in {found.shortest} of {of}: make wrong options as brief")
    if found.uneven(_HARDLY_CHANCE):
        counts = ", ".join(map(str, found.positions))
        messages.append(f"the right options of {of} stand unevenly, first to last {counts}: spread them")
    return [Fault(items[0].path, 1, 1, "warning", message) for message in messages]


def item_warnings(item: Item) -> list[Fault]:
    """Return advice on one item as written (Markdown, not yet rendered)."""
    messages: list[str] = []
    if not (item.rationale or "").strip() and item.type not in _SELF_EXPLAINING:
        messages.append("has no rationale: say under the answers, after “> ”, why the key is right")
    if isinstance(item.answer, Choices):
        messages += _choice_advice(item, item.answer)
    return [Fault(item.path, item.line, 1, "warning", f"item “{item.id}” {message}") for message in messages]


def _choice_advice(item: Item, answer: Choices) -> list[str]:
    messages = []
    silent = sum(not option.right and not (option.feedback or "").strip() for option in answer.options)
    if silent and item.type in ("single", "multiple"):
        options = "option" if silent == 1 else "options"
        messages.append(f"has no feedback under {silent} wrong {options}: say after “> ” what is wrong with each")
    for option in answer.options:
        if _CATCH_ALL.match(option.text.strip()):
            messages.append(f"offers “{option.text.strip()[:40]}”, which tests reading more than knowledge")
    if item.type == "single" and _BARE_NEGATIVE.search(item.stem):
        messages.append("asks in the negative: ask what is true, or set the word in *italics*")
    return messages
