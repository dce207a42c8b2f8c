"""A bank on its way out: what a format's writer is given, and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from assessments.exchange.faults import Refusal
from assessments.exchange.markup.writing import Render
from assessments.exchange.record import Outcome, Tally, outcome
from assessments.model import Bank, Item

Piece: TypeAlias = Any


@dataclass(frozen=True)
class Outgoing:
    """What is to be written: items and cases, media by path under `media/`, and what makes HTML of Markdown."""

    bank: Bank
    media: Mapping[str, bytes]
    render: Render


@dataclass
class Written:
    """A file in its new format; `suffix` is how its name should end. `media` are files that go beside it."""

    data: bytes
    suffix: str
    outcomes: list[Outcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)


def each_item(
    items: Sequence[Item], write: Callable[[Item, Tally], Piece], notes: Mapping[str, Sequence[str]] | None = None
) -> tuple[list[Piece], list[Outcome]]:
    """Write items one by one; returns what was written and what became of each. `notes` gives reasons known before."""
    pieces: list[Piece] = []
    outcomes: list[Outcome] = []
    for item in items:
        tally = Tally(list((notes or {}).get(item.id, ())))
        try:
            pieces.append(write(item, tally))
            outcomes.append(outcome(item.id, item.title, item.type, tally.reasons))
        except Refusal as refusal:
            outcomes.append(outcome(item.id, item.title, item.type, (), str(refusal)))
    return pieces, outcomes
