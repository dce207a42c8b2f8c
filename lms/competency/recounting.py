"""Recounting straight from the ledger, for any day: what rollups are proved against, and past figures.

Posts, leave, professions, targets and the unit tree are read as they stood on the day. Evidence
counts from the day on which it was achieved, also where it was recorded later; `known_by` asks
for the figure as it could be known at a moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from lms.competency.counting import count
from lms.competency.facts import PersonStanding, UnitCounts
from lms.competency.snapshot import snapshot
from lms.competency.states import states_of
from lms.people.queries import in_batches
from lms.people.spans import staff_ids, unit_lines_on

BATCH = 1000


def recount(
    as_of: dt.date,
    *,
    unit_ids: Collection[int] | None = None,
    profession: str | None = None,
    known_by: dt.datetime | None = None,
    ahead: bool = True,
    shown: Collection[int] | None = None,
    codes: Collection[str] | None = None,
    levels: bool = True,
) -> dict[int, UnitCounts]:
    """Counts of units' subtrees on a day, of all units or of these, of all professions or of one.

    Units in which nobody counts are left out. Without `ahead` it is not counted who will fall below target.
    With `shown` units that are not among these are only sized, with `codes` only targets in these competencies
    count, without `levels` cells only size (see `counting.count`).
    """
    found = count(as_of, unit_ids=unit_ids, known_by=known_by, ahead=ahead, shown=shown, codes=codes, levels=levels)
    return found.get(profession or "", {})


def people_on(
    as_of: dt.date,
    *,
    unit_ids: Collection[int] | None = None,
    profession: str | None = None,
    known_by: dt.datetime | None = None,
    person_ids: Collection[int] | None = None,
    needs_on: dt.date | None = None,
) -> Iterator[PersonStanding]:
    """Everybody who counts on a day in the subtree of any of these units, or of these people, by internal id.

    With `needs_on` they are held to the targets of that other day, in the posts and units of the first.
    """
    lines = unit_lines_on(as_of)
    tops = None if unit_ids is None else frozenset(unit_ids)
    staff = staff_ids(as_of, unit_ids=_below(lines, tops)) if person_ids is None else tuple(sorted(person_ids))
    order = snapshot().order
    for some in in_batches(staff, BATCH):
        for person_id, state in states_of(some, as_of, lines=lines, known_by=known_by, needs_on=needs_on).items():
            inside = state.units and (tops is None or not tops.isdisjoint(state.units))
            if inside and profession in (None, state.profession):
                yield PersonStanding(
                    person_id, state.profession, state.units, state.levels, state.targets, order, state.compliant,
                    state.cover, state.endings, state.former,
                )  # fmt: skip


def _below(lines: Mapping[int, tuple[int, ...]], tops: frozenset[int] | None) -> list[int] | None:
    if tops is None:
        return None
    return [unit_id for unit_id, line in lines.items() if not tops.isdisjoint(line)]
