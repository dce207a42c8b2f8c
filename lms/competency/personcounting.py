"""Counting the ledger person by person, for days on which the hospital's own targets hold.

Such a target follows from the units of a person's posts, which the database's own count does not know. Only a
thousand people are held at a time; it takes the longer the more staff there are below the units asked for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from lms.competency.facts import UnitCounts
from lms.competency.reckoning import Tally
from lms.competency.snapshot import snapshot
from lms.competency.states import states_of
from lms.people.queries import in_batches
from lms.people.spans import staff_ids

BATCH = 1000


def count_people(
    on: dt.date,
    wanted: Collection[int],
    lines: Mapping[int, tuple[int, ...]],
    known_by: dt.datetime | None,
    ahead: bool,
) -> dict[str, dict[int, UnitCounts]]:
    """Counts of the subtrees of these units, by profession, and of everybody under an empty name."""
    units = frozenset(wanted)
    below = [unit_id for unit_id, line in lines.items() if not units.isdisjoint(line)]
    tallies: dict[str, Tally] = defaultdict(Tally)
    for some in in_batches(staff_ids(on, unit_ids=below), BATCH):
        for state in states_of(some, on, lines=lines, known_by=known_by).values():
            tallies[state.profession].add(
                state.levels, state.targets, [unit for unit in state.units if unit in units],
                compliant=state.compliant, cover=[unit for unit in state.cover if unit in units],
                endings=state.endings if ahead else "",
            )  # fmt: skip
    codes = [each.code for each in snapshot().everything]
    whole = {"": Tally.sum(tallies.values()), **tallies}
    return {profession: tally.counts(codes) for profession, tally in whole.items()}
