"""Obligations counted by unit: the figures of the desk of training. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from lms.assignments.facts import PersonObligations, Tally, TrainingCounts
from lms.assignments.obligations import State


def count(
    people: Iterable[PersonObligations], unit_ids: Collection[int] | None = None, source: str | None = None
) -> dict[int, TrainingCounts]:
    """Mandatory obligations in the subtrees of these units, or of all; with `source` one rule's, mandatory or not.

    A person with two posts in a unit counts once in it. Units in which nobody has any are left out. Whoever is on
    leave today counts as away even with something that is done, as in every report of mandatory training.
    """
    wanted = None if unit_ids is None else frozenset(unit_ids)
    tallies: dict[int, Tally] = defaultdict(Tally)
    for person in people:
        mine: list[State] = [
            "away" if person.away and each.state != "exempt" else each.state
            for each in person.obligations
            if (each.source == source if source is not None else each.mandatory)
        ]
        if not mine:
            continue
        for unit_id in person.units if wanted is None else person.units & wanted:
            for state in mine:
                tallies[unit_id].add(person.person_id, state)
    return {unit_id: tally.counts() for unit_id, tally in tallies.items()}
