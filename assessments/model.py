"""Items, cases and the bank that holds them, and what is said about a fault in their source.

Everything is frozen: published content never changes. Texts are Markdown after reading and HTML after
`Item.with_text`. The model knows no Markdown and no scoring rule.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from assessments.answers import SHAPES, Answer
from assessments.records import added, decode, encode

Severity = Literal["error", "warning"]
Status = Literal["scored", "awaiting_marking"]

FORMAT = 1


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a source file; `line` and `column` count from 1, in characters."""

    path: str
    line: int
    column: int
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.message}"


class AnswerError(ValueError):
    """A learner's answer that cannot be one; the message says what was expected."""


@dataclass(frozen=True)
class Score:
    """What an answer earned of what it could; `right` means all of it."""

    earned: Fraction
    possible: Fraction
    right: bool
    status: Status = "scored"


@dataclass(frozen=True)
class Item:
    """One question.

    `points` is what a full answer earns, `partial` whether a part of the answer earns a part of them, `case_id` the
    vignette it belongs to, `answer` the key in the shape of its type, `path` and `line` where its heading stands,
    `objectives` the positions, from 1, of the course's objectives that it tests.
    """

    id: str
    type: str
    title: str
    stem: str
    competency: str | None
    level: int | None
    points: Fraction
    tags: tuple[str, ...]
    shuffle: bool
    partial: bool
    rationale: str | None
    case_id: str | None
    answer: Answer
    path: str
    line: int
    objectives: tuple[int, ...] = added(())

    def with_text(self, block: Callable[[str], str], inline: Callable[[str], str]) -> "Item":
        """Return the published form: `block` renders passages, `inline` single phrases such as an option."""
        return replace(
            self,
            stem=block(self.stem),
            rationale=self.rationale and block(self.rationale),
            answer=self.answer.with_text(block, inline),
        )


@dataclass(frozen=True)
class Case:
    """A vignette that several items share."""

    id: str
    title: str
    stem: str
    path: str = ""
    line: int = 1

    def with_text(self, block: Callable[[str], str], inline: Callable[[str], str]) -> "Case":
        """Return the published form of the vignette."""
        return replace(self, stem=block(self.stem))


@dataclass(frozen=True)
class Bank:
    """All items of a course and the cases they belong to, in the author's order."""

    items: tuple[Item, ...]
    cases: tuple[Case, ...]
    _items: dict[str, Item] = field(init=False, repr=False, compare=False, hash=False)
    _cases: dict[str, Case] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_items", {one.id: one for one in self.items})
        object.__setattr__(self, "_cases", {one.id: one for one in self.cases})

    def item(self, item_id: str) -> Item:
        """Return the item of that id; raises KeyError where there is none."""
        return self._items[item_id]

    def case(self, case_id: str) -> Case:
        """Return the case of that id; raises KeyError where there is none."""
        return self._cases[case_id]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    def with_text(self, block: Callable[[str], str], inline: Callable[[str], str]) -> "Bank":
        """Return the published form of every item and case."""
        return Bank(
            tuple(one.with_text(block, inline) for one in self.items),
            tuple(one.with_text(block, inline) for one in self.cases),
        )


def to_json(bank: Bank) -> dict[str, Any]:
    """Return the bank as JSON-able data; `from_json` gives back an equal bank."""
    return {
        "format": FORMAT,
        "items": [encode(one) for one in bank.items],
        "cases": [encode(one) for one in bank.cases],
    }


def from_json(data: dict[str, Any]) -> Bank:
    """Rebuild a bank from what `to_json` wrote; raises ValueError on anything else."""
    if data.get("format") != FORMAT:
        raise ValueError(f"expected a bank of format {FORMAT}, not {data.get('format')!r}")
    if not isinstance(data.get("items"), list) or not isinstance(data.get("cases"), list):
        raise ValueError("expected a bank with a list of items and a list of cases")
    return Bank(tuple(_item(one) for one in data["items"]), tuple(decode(Case, one) for one in data["cases"]))


def _item(data: Any) -> Item:
    if not isinstance(data, dict):
        raise ValueError(f"expected an item as an object, not {data!r}")
    shape = SHAPES.get(data.get("type", ""))
    if shape is None:
        raise ValueError(f"expected an item of a type among {', '.join(SHAPES)}, not {data.get('type')!r}")
    bare = {key: value for key, value in data.items() if key != "answer"}
    plain = decode(_ItemRecord, bare)
    return Item(**vars(plain), answer=decode(shape, data.get("answer")))


@dataclass(frozen=True)
class _ItemRecord:
    """An item without its answer, whose shape depends on the type."""

    id: str
    type: str
    title: str
    stem: str
    competency: str | None
    level: int | None
    points: Fraction
    tags: tuple[str, ...]
    shuffle: bool
    partial: bool
    rationale: str | None
    case_id: str | None
    path: str
    line: int
    objectives: tuple[int, ...] = added(())
