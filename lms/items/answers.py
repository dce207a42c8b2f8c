"""What a form holds becomes the raw answer of formats.md, section 4. Knows forms and items, no scoring and no web.

The field names are those of `items/_widgets.html`: `answer`, `left-ID`, `place-ID`, `gap-N`, `step-ID`, and the
buttons `go`.
Nothing is judged here: what cannot be an answer is passed on, and `assessments` says what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from flask_babel import gettext as _

from assessments import registry
from assessments.model import AnswerError, Bank, Item
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
    return [one for one in form.getlist("answer") if one] or None


def _number(item: Item, seed: str, form: Form) -> int | float | None:
    return parse_number(form.get("answer") or "")


def _words(item: Item, seed: str, form: Form) -> str | None:
    text = (form.get("answer") or "").replace("\r\n", "\n")
    return text if text.strip() else None


def _pairs(item: Item, seed: str, form: Form) -> list[list[str]] | None:
    shown = registry.present(item, seed)
    given = [[left["id"], form.get(f"left-{left['id']}") or ""] for left in shown["left"]]
    return [pair for pair in given if pair[1]] or None


def _order(item: Item, seed: str, form: Form) -> list[str] | None:
    """The ids in order; a press on `up:ID` or `down:ID` moves one entry and fills all places."""
    shown = [option["id"] for option in registry.present(item, seed)["options"]]
    places = {one: form.get(f"place-{one}") or "" for one in shown}
    move, _colon, moved = (form.get("go") or "").partition(":")
    if move in ("up", "down") and moved in places:
        order = sorted(shown, key=lambda one: (not places[one].isdecimal(), _place(places[one]), shown.index(one)))
        at = order.index(moved)
        to = max(0, at - 1) if move == "up" else min(len(order) - 1, at + 1)
        order.insert(to, order.pop(at))
        return order
    if not any(places.values()):
        return None
    expected = {str(place) for place in range(1, len(shown) + 1)}
    if set(places.values()) != expected:
        raise AnswerError(_("expected a place from 1 to %(what)s for every entry, each place once", what=len(shown)))
    return sorted(shown, key=lambda one: int(places[one]))


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _gaps(item: Item, seed: str, form: Form) -> list[str] | None:
    shown = registry.present(item, seed)
    words = [form.get(f"gap-{gap['number']}") or "" for gap in shown["gaps"]]
    return words if any(word.strip() for word in words) else None


def _degree(item: Item, seed: str, form: Form) -> int | str | None:
    text = (form.get("answer") or "").strip()
    return int(text) if text in ("-2", "-1", "0", "1", "2") else text or None


def _path(item: Item, seed: str, form: Form) -> list[str] | None:
    """The options chosen from the first step on; what was chosen off this path is left out."""
    steps = {step["id"]: step for step in registry.present(item, seed)["steps"]}
    at: str | None = next(iter(steps))
    path: list[str] = []
    while at is not None and (chosen := form.get(f"step-{at}")):
        path.append(chosen)
        at = next((option["next"] for option in steps[at]["options"] if option["id"] == chosen), None)
    return path or None


_READERS: dict[str, Callable[[Item, str, Form], Any]] = {
    "single": _one,
    "truefalse": _one,
    "multiple": _several,
    "numeric": _number,
    "text": _words,
    "essay": _words,
    "matching": _pairs,
    "ordering": _order,
    "cloze": _gaps,
    "concordance": _degree,
    "branching": _path,
}
