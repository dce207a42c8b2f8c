"""Mandatory training by unit on any day: the counts that reports and the desk state. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from lms.assignments.facts import PersonObligations, Tally, TrainingCounts
from lms.assignments.gathering import of_everybody


def compliance(unit_ids: Collection[int] | None, as_of: dt.date, *, today: dt.date) -> dict[int, TrainingCounts]:
    """Counts of the subtrees of these units, or of all, on a day: rebuilt from dated rows for a day that is past.

    A person with two posts in a unit counts once in it. Units in which nobody has a mandatory obligation are left out.
    """
    _, people = of_everybody(as_of, today=today)
    return count(people, unit_ids)


def count(
    people: Iterable[PersonObligations], unit_ids: Collection[int] | None = None, source: str | None = None
) -> dict[int, TrainingCounts]:
    """The same from obligations that are there already. With `source` one rule's, mandatory or not. Pure."""
    wanted = None if unit_ids is None else frozenset(unit_ids)
    tallies: dict[int, Tally] = defaultdict(Tally)
    for person in people:
        mine = [
            each.state
            for each in person.obligations
            if (each.source == source if source is not None else each.mandatory)
        ]
        if not mine:
            continue
        for unit_id in person.units if wanted is None else person.units & wanted:
            for state in mine:
                tallies[unit_id].add(person.person_id, state)
    return {unit_id: tally.counts() for unit_id, tally in tallies.items()}
