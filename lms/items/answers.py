"""What a form holds becomes the raw answer of formats.md, section 4. Knows forms and items, no scoring and no web.

The field names are those of `items/_widgets.html`: `answer`, `left-ID`, `place-ID`, `gap-N`, `step-ID`.
Nothing is judged here: what cannot be an answer is passed on, and `assessments` says what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from assessments.model import Bank, Item
from assessments.numbers import parse_number
from assessments.papers import drawable


class Form(Protocol):
    """A submitted form: the first value of a field, or all of them."""

    def get(self, name: str, /) -> str | None: ...

    def getlist(self, name: str, /) -> Sequence[str]: ...


class Fields:
    """A form made of plain values, for tests and commands."""

    def __init__(self, values: Mapping[str, str | Sequence[str]]) -> None:
        self._values = {name: [v] if isinstance(v, str) else list(v) for name, v in values.items()}

    def get(self, name: str, /) -> str | None:
        """The first value or None."""
        return next(iter(self._values.get(name, ())), None)

    def getlist(self, name: str, /) -> Sequence[str]:
        """Every value."""
        return self._values.get(name, [])


def askable(bank: Bank) -> int:
    """How many items of a bank may stand in a paper."""
    return sum(1 for item in bank.items if drawable(item))


def parse_form(item: Item, seed: str, form: Form) -> Any:
    """The raw answer in a form, None where it is not answered. Raises AnswerError for a number that is none.

    `seed` is the one that the item was presented with; it names the parts of matching, ordering
    and branching items.
    """
    return _READERS[item.type](item, seed, form)


def _one(item: Item, seed: str, form: Form) -> str | None:
    return form.get("answer") or None


def _several(item: Item, seed: str, form: Form) -> list[str] | None:
    return list(form.getlist("answer")) or None


def _number(item: Item, seed: str, form: Form) -> int | float | None:
    return parse_number(form.get("answer") or "")


def _words(item: Item, seed: str, form: Form) -> str | None:
    text = (form.get("answer") or "").replace("\r\n", "\n")
    return text if text.strip() else None


_READERS: dict[str, Callable[[Item, str, Form], Any]] = {
    "single": _one,
    "truefalse": _one,
    "multiple": _several,
    "numeric": _number,
    "text": _words,
    "essay": _words,
}
