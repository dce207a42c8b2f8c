"""Entries put into their right order."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Ordering
from assessments.body import Parts, split_list
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.seeds import opaque, shuffled
from assessments.source import Line, Report
from assessments.types.choices import checked_position, shown
from assessments.types.kind import Kind, key_missing


class OrderingKind(Kind[Ordering]):
    """Numbered list in the right order; the raw answer is all ids in order, the canonical one their positions.

    The entries are always shuffled, as the author's order is the key.
    """

    name = "ordering"

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_list(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Ordering]:
        """Read the entries; fewer than two and two that are the same are faults."""
        if not parts.entries:
            key_missing(heading, report, "a numbered list in the right order")
        elif len(parts.entries) < 2:
            first = parts.entries[0]
            report.error(first.line, first.column, "there is one entry to put in order; expected two or more")
        seen: dict[str, int] = {}
        for one in parts.entries:
            words = " ".join(one.text.split())
            if words in seen:
                report.error(one.line, one.column, f"this entry is the same as the one on line {seen[words]}")
            seen.setdefault(words, one.line)
        return parts.stem, Ordering(tuple(one.text for one in parts.entries))

    def present(self, item: Item, answer: Ordering, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the entries with opaque ids in an order of chance."""
        order = shuffled(seed, item.id, [str(one) for one in range(len(answer.entries))])
        return {"options": [{"id": opaque(seed, item.id, one), "html": answer.entries[int(one)]} for one in order]}

    def read_answer(self, item: Item, answer: Ordering, seed: str, raw: Any) -> list[int] | None:
        """See Kind; all ids are needed, each once."""
        if raw is None:
            return None
        ids = {opaque(seed, item.id, str(one)): one for one in range(len(answer.entries))}
        fits = isinstance(raw, list) and len(raw) == len(ids) and all(isinstance(one, str) for one in raw)
        if not fits or set(raw) != set(ids):
            raise AnswerError(f"expected all {len(ids)} option ids in order, each once, not {shown(raw)}")
        return [ids[one] for one in raw]

    def raw_answer(self, item: Item, answer: Ordering, seed: str, canonical: Any) -> list[str]:
        """See Kind."""
        return [opaque(seed, item.id, str(one)) for one in _positions(answer, canonical)]

    def share(self, item: Item, answer: Ordering, canonical: Any) -> Fraction:
        """Entries in their right place / entries."""
        given = _positions(answer, canonical)
        hits = sum(one == place for place, one in enumerate(given))
        return Fraction(hits, len(answer.entries)) if answer.entries else Fraction(0)

    def review(self, item: Item, answer: Ordering, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the right order, and at which place (from 1) each entry was put."""
        given = [] if canonical is None else _positions(answer, canonical)
        places = {one: place for place, one in enumerate(given)}
        return {
            "entries": [
                {
                    "html": text,
                    "place": position + 1,
                    "chosen_place": places[position] + 1 if position in places else None,
                    "right": places.get(position) == position,
                }
                for position, text in enumerate(answer.entries)
            ]
        }


def _positions(answer: Ordering, canonical: Any) -> list[int]:
    if not isinstance(canonical, list) or len(canonical) != len(answer.entries):
        raise AnswerError(f"expected {len(answer.entries)} positions in order, not {shown(canonical)}")
    positions = [checked_position(one, len(answer.entries)) for one in canonical]
    if len(set(positions)) < len(positions):
        raise AnswerError("a position is given twice; expected each once")
    return positions
