"""The truthful report: what came over as it was, what came over changed and how, and what did not, item by item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["imported", "changed", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one item. `type` is ours where the item has one, else the name that its file gives.

    `imported` has no reasons; `changed` and `refused` always have.
    """

    id: str
    title: str
    type: str
    status: Status
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """All outcomes in the order of the file, and `notes` on what holds for the file as a whole."""

    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    target: str = ""

    def count(self, status: Status) -> int:
        """How many items have a status; the three counts add up to all items."""
        return sum(one.status == status for one in self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON-able data."""
        return {
            "imported": self.count("imported"),
            "changed": self.count("changed"),
            "refused": self.count("refused"),
            "items": [
                {
                    "id": one.id,
                    "title": one.title,
                    "type": one.type,
                    "status": one.status,
                    "reasons": list(one.reasons),
                }
                for one in self.outcomes
            ],
            "from": self.source,
            "to": self.target,
            "notes": list(self.notes),
        }


@dataclass
class Tally:
    """Gathers reasons for one item on its way out."""

    reasons: list[str] = field(default_factory=list)

    def changed(self, reason: str) -> None:
        """Note a change, once."""
        if reason not in self.reasons:
            self.reasons.append(reason)


def outcome(item_id: str, title: str, kind: str, reasons: Iterable[str], refusal: str | None = None) -> Outcome:
    """Return the outcome that follows from what was noted."""
    found = tuple(dict.fromkeys(reasons))
    if refusal is not None:
        return Outcome(item_id, title, kind, "refused", (refusal,))
    return Outcome(item_id, title, kind, "changed" if found else "imported", found)


def joined(first: Record, second: Record) -> Record:
    """Return the report of a way in followed by a way out: items that went through both carry both reasons."""
    later: Mapping[str, Outcome] = {one.id: one for one in second.outcomes}
    outcomes = []
    for one in first.outcomes:
        then = later.get(one.id) if one.status != "refused" else None
        if then is None:
            outcomes.append(one)
        elif then.status == "refused":
            outcomes.append(Outcome(one.id, one.title, one.type, "refused", then.reasons))
        else:
            outcomes.append(outcome(one.id, one.title, one.type, [*one.reasons, *then.reasons]))
    notes = tuple(dict.fromkeys([*first.notes, *second.notes]))
    return Record(tuple(outcomes), notes, first.source, second.target)
