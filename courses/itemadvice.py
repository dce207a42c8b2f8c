"""Advice on items: rationale, feedback, and options that give the answer away or that nobody can answer fairly."""

import re

from assessments.model import Fault, Item

_CATCH_ALL = re.compile(r"(?:all|none|both|neither) of (?:the )?(?:above|these|them)\b", re.IGNORECASE)
_BARE_NEGATIVE = re.compile(r"(?<![*_\w])(?:not|never|except)(?![*_\w])[^.?!]*\?", re.IGNORECASE)


def item_warnings(item: Item) -> list[Fault]:
    """Return advice on one item as written (Markdown, not yet rendered)."""
    messages: list[str] = []
    if not (item.rationale or "").strip():
        messages.append("has no rationale: say under the answers, after “> ”, why the key is right")
    options = getattr(item.answer, "options", ()) or ()
    silent = [
        option for option in options if not _right(option) and not (getattr(option, "feedback", "") or "").strip()
    ]
    if item.type in ("single", "multiple") and silent:
        count = len(silent)
        messages.append(
            f"has no feedback under {count} wrong option{'s' if count > 1 else ''}: say after “> ” what is wrong with each"
        )
    for option in options:
        text = str(getattr(option, "text", ""))
        if _CATCH_ALL.match(text.strip()):
            messages.append(f"offers “{text.strip()[:40]}”, which tests reading more than knowledge")
    if item.type in ("single", "truefalse") and _BARE_NEGATIVE.search(item.stem):
        messages.append("asks in the negative: ask what is true, or set the word in *italics*")
    return [Fault(item.path, item.line, 1, "warning", f"item “{item.id}” {message}") for message in messages]


def _right(option: object) -> bool:
    return bool(getattr(option, "right", getattr(option, "correct", False)))
