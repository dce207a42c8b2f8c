"""A person's standing on a day, and the counts that follow from it. Pure: no database, no clock.

The fold and the recount both reckon with these functions; how they come by people differs.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from assessments import mastery
from lms.competency.facts import CellCounts, UnitCounts
from lms.competency.snapshot import Snapshot
from lms.people.facts import LeaveSpan, PostSpan

_DAY = dt.timedelta(days=1)
_CELL = 8  # of, at target, then people by level 0 to 5


class State(NamedTuple):
    """A person's standing: digits by competency place, units in which they count, next day of change."""

    levels: str
    targets: str
    units: tuple[int, ...]
    profession: str
    changes_on: dt.date | None


def reckon(
    profession: str,
    posts: Sequence[PostSpan],
    leaves: Sequence[LeaveSpan],
    points: Mapping[int, Sequence[mastery.EvidencePoint]],
    frame: Snapshot,
    lines: Mapping[int, tuple[int, ...]],
    on: dt.date,
) -> State:
    """The standing on a day. `lines` gives each unit with its ancestors; `points` are by competency place."""
    held = [post for post in posts if post.covers(on)]
    away = any(leave.covers(on) for leave in leaves)
    units = () if away else tuple(sorted({above for post in held for above in lines[post.unit_id]}))
    subjects = {profession} if held else set()
    subjects |= {"super-user" for post in held if post.super_user}
    subjects |= {"informaticist" for post in held if post.informaticist}
    digits = ["0"] * len(frame.everything)
    changes = [post.starts for post in posts] + [leave.starts for leave in leaves]
    changes += [post.ends + _DAY for post in posts if post.ends] + [leave.ends + _DAY for leave in leaves if leave.ends]
    for place, mine in points.items():
        standing = mastery.standing(mine, on)
        digits[place] = str(standing.level)
        if standing.next_change:
            changes.append(standing.next_change)
        changes += [point.achieved for point in mine if point.achieved > on]
    if (shift := frame.next_change(on)) is not None:
        changes.append(shift)
    changes_on = min((day for day in changes if day > on), default=None)
    return State("".join(digits), frame.targets(subjects, on), units, profession, changes_on)


class Tally:
    """Counts by unit and competency place, added and taken away person by person."""

    def __init__(self) -> None:
        self.cells: dict[int, dict[int, list[int]]] = defaultdict(dict)
        self.staff: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, levels: str, targets: str, units: Iterable[int], sign: int = 1) -> None:
        """Count a person in these units, or with sign −1 take them away again."""
        required = [
            (place, int(target), int(levels[place]) if place < len(levels) else 0)
            for place, target in enumerate(targets)
            if target != "0"
        ]
        complete = sign if required and all(level >= target for _, target, level in required) else 0
        for unit_id in units:
            staff = self.staff[unit_id]
            staff[0] += sign
            if required:
                staff[1] += sign
                staff[2] += complete
            cells = self.cells[unit_id]
            for place, target, level in required:
                cell = cells.get(place)
                if cell is None:
                    cell = cells[place] = [0] * _CELL
                cell[0] += sign
                cell[2 + level] += sign
                if level >= target:
                    cell[1] += sign

    def counts(self, codes: Sequence[str]) -> dict[int, UnitCounts]:
        """The counts by unit; `codes` names the competency at each place. Cells of nobody are left out."""
        return {
            unit_id: UnitCounts(
                staff, targeted, complete,
                {
                    codes[place]: CellCounts(cell[0], cell[1], tuple(cell[2:]))
                    for place, cell in sorted(self.cells[unit_id].items())
                    if any(cell)
                },
            )
            for unit_id, (staff, targeted, complete) in sorted(self.staff.items())
            if staff
        }  # fmt: skip
