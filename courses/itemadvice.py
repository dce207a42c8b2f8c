"""Advice on items: rationale, feedback, and options that give the answer away or that nobody can answer fairly."""

import re

from assessments.answers import Choices
from assessments.model import Fault, Item

_CATCH_ALL = re.compile(r"(?:all|none|both|neither) of (?:the )?(?:above|these|them)\b", re.IGNORECASE)
_BARE_NEGATIVE = re.compile(r"(?<![*_\w])(?:not|never|except)(?![*_\w])[^.?!]*\?", re.IGNORECASE)
# These explain themselves step by step, by their rubric or by their panel.
_SELF_EXPLAINING = frozenset({"branching", "concordance", "essay"})


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
