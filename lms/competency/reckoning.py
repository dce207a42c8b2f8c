"""A person's standing on a day, and the counts that follow from it. Pure: no database, no clock.

The fold reckons person by person with these functions. What it keeps is proved against a count
that the database makes of the ledger by itself (`counting`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from assessments import mastery
from lms.competency.facts import NONE_END, SPANS, CellCounts, UnitCounts
from lms.competency.requirements import next_change, required
from lms.competency.snapshot import Snapshot
from lms.people.facts import LeaveSpan, PostSpan

_DAY = dt.timedelta(days=1)
_AHEAD = tuple(dt.timedelta(days=span) for span in SPANS)
CELL = 2 + 6 + len(SPANS)  # of, at target, people by level 0 to 5, people who fall below target by span
STAFF = 6 + len(SPANS)  # staff, targeted, complete, critical, compliant, super-users, people who fall by span

Points = Mapping[int, Sequence[mastery.EvidencePoint]]  # by competency place


class State(NamedTuple):
    """A person's standing: digits by competency place, units in which they count, next day of change.

    `compliant` is None without a critical target. `cover` are the units of super-user posts, on leave or not.
    `former` are the targets of the day itself where it was held to those of another.
    """

    levels: str
    targets: str
    units: tuple[int, ...]
    profession: str
    changes_on: dt.date | None
    compliant: bool | None = None
    cover: tuple[int, ...] = ()
    endings: str = ""
    former: str = ""


def reckon(
    profession: str,
    posts: Sequence[PostSpan],
    leaves: Sequence[LeaveSpan],
    points: Points,
    frame: Snapshot,
    lines: Mapping[int, tuple[int, ...]],
    on: dt.date,
    *,
    needs_on: dt.date | None = None,
) -> State:
    """The standing on a day. `lines` gives each unit with its ancestors; `points` are by competency place.

    With `needs_on` it is held to the targets of that other day, and `former` keeps those of the day itself.
    """
    held = [post for post in posts if post.covers(on)]
    away = any(leave.covers(on) for leave in leaves)
    units = () if away else tuple(sorted({above for post in held for above in lines[post.unit_id]}))
    targets = required(frame, profession, held, lines, needs_on or on)
    former = required(frame, profession, held, lines, on) if needs_on else ""
    digits = ["0"] * len(frame.everything)
    edges = _edges(posts, leaves)
    changes = list(edges)
    falling: dict[int, list[mastery.EvidencePoint]] = {}
    for place, mine in points.items():
        known = [point for point in mine if point.achieved <= on]
        standing = mastery.standing(known, on)
        digits[place] = str(standing.level)
        if standing.next_change:
            changes.append(standing.next_change)
        changes += [point.achieved for point in mine if point.achieved > on]
        if units and standing.valid_until is not None and 0 < int(targets[place]) <= standing.level:
            falling[place] = known
    if (shift := next_change(frame, held, lines, on)) is not None:
        changes.append(shift)
    endings = ""
    if falling:
        endings, moments = _endings(falling, targets, posts, leaves, on)
        changes += [day - span for day in (*edges, *moments) for span in _AHEAD]
    levels = "".join(digits)
    return State(
        levels, targets, units, profession, min((day for day in changes if day > on), default=None),
        _compliant(levels, targets, frame.critical),
        tuple(sorted({above for post in held if post.super_user for above in lines[post.unit_id]})), endings,
        former,
    )  # fmt: skip


def _edges(posts: Sequence[PostSpan], leaves: Sequence[LeaveSpan]) -> list[dt.date]:
    """The days from which posts and times away are others than the day before."""
    spans: list[PostSpan | LeaveSpan] = [*posts, *leaves]
    return [span.starts for span in spans] + [span.ends + _DAY for span in spans if span.ends]


def _compliant(levels: str, targets: str, critical: Sequence[int]) -> bool | None:
    needed = [place for place in critical if targets[place] != "0"]
    return all(levels[place] >= targets[place] for place in needed) if needed else None


def _endings(
    falling: Mapping[int, Sequence[mastery.EvidencePoint]],
    targets: str,
    posts: Sequence[PostSpan],
    leaves: Sequence[LeaveSpan],
    on: dt.date,
) -> tuple[str, list[dt.date]]:
    """By place the first of the spans after which the level is below target, and the days on which levels can fall.

    Only evidence achieved by the day counts, with the target of the day. Somebody who will be away
    or have left by then loses nothing.
    """
    days = [(number, on + span) for number, span in enumerate(_AHEAD, start=1)]
    present = [
        (number, day)
        for number, day in days
        if any(post.covers(day) for post in posts) and not any(leave.covers(day) for leave in leaves)
    ]
    digits = ["0"] * len(targets)
    moments: list[dt.date] = []
    for place, known in falling.items():
        target = int(targets[place])
        ends = [point.valid_until for point in known if point.valid_until is not None and point.valid_until >= on]
        moments += [end + _DAY for end in ends]
        first = min(ends)
        for number, day in present:
            # Nothing falls before the first of the evidence ends, which spares most of the reckoning.
            if day > first and mastery.level_on(known, day) < target:
                digits[place] = str(number)
                break
    return "".join(digits), moments


class Tally:
    """Counts by unit and competency place, added and taken away person by person.

    People who count in the same units are added to one row of numbers first, and only these rows to each
    of their units: colleagues of a ward share five units, and a million people a few thousand wards.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[int, ...], list[int]] = {}
        self._cells: dict[int, dict[int, list[int]]] = defaultdict(dict)
        self._staff: dict[int, list[int]] = defaultdict(lambda: [0] * STAFF)

    def add(
        self,
        levels: str,
        targets: str,
        units: Iterable[int],
        sign: int = 1,
        *,
        compliant: bool | None = None,
        cover: Iterable[int] = (),
        endings: str = "",
    ) -> None:
        """Count a person in these units, or with sign −1 take them away again."""
        for unit_id in cover:
            self._staff[unit_id][5] += sign
        key = tuple(units)
        if not key:
            return
        row = self._groups.get(key)
        if row is None or len(row) < STAFF + CELL * len(targets):
            row = self._groups[key] = (row or []) + [0] * (STAFF + CELL * len(targets) - len(row or []))
        required, complete, first = False, True, len(SPANS)
        for place, target in enumerate(targets):
            if target == "0":
                continue
            required = True
            level = levels[place] if place < len(levels) else "0"
            at = STAFF + CELL * place
            row[at] += sign
            row[at + 2 + int(level)] += sign
            if level < target:
                complete = False
                continue
            row[at + 1] += sign
            if place < len(endings) and endings[place] != "0":
                lost = int(endings[place]) - 1
                first = min(first, lost)
                for number in range(lost, len(SPANS)):
                    row[at + 8 + number] += sign
        row[0] += sign
        if required:
            row[1] += sign
            row[2] += sign * complete
        if compliant is not None:
            row[3] += sign
            row[4] += sign * compliant
        for number in range(first, len(SPANS)):
            row[6 + number] += sign

    @classmethod
    def sum(cls, tallies: Iterable[Tally]) -> Tally:
        """One tally that counts what all of these count."""
        whole = cls()
        for tally in tallies:
            for unit_id, staff in tally.staff.items():
                _onto(whole._staff[unit_id], staff)
            for unit_id, cells in tally.cells.items():
                held = whole._cells[unit_id]
                for place, cell in cells.items():
                    _onto(held.setdefault(place, [0] * CELL), cell)
        return whole

    @property
    def staff(self) -> Mapping[int, list[int]]:
        """STAFF numbers by unit."""
        self._spread()
        return self._staff

    @property
    def cells(self) -> Mapping[int, Mapping[int, list[int]]]:
        """CELL numbers by unit and competency place."""
        self._spread()
        return self._cells

    def _spread(self) -> None:
        """Add every row to each of its units."""
        for units, row in self._groups.items():
            parts = [(place, row[at : at + CELL]) for place, at in enumerate(range(STAFF, len(row), CELL))]
            kept = [(place, cell) for place, cell in parts if any(cell)]
            for unit_id in units:
                _onto(self._staff[unit_id], row[:STAFF])
                held = self._cells[unit_id]
                for place, cell in kept:
                    if place in held:
                        _onto(held[place], cell)
                    else:
                        held[place] = list(cell)
        self._groups.clear()

    def counts(self, codes: Sequence[str]) -> dict[int, UnitCounts]:
        """The counts by unit; `codes` names the competency at each place. Cells of nobody are left out."""
        cells = self.cells
        return {
            unit_id: unit_counts(
                staff, {codes[place]: cell for place, cell in sorted(cells.get(unit_id, {}).items()) if any(cell)}
            )
            for unit_id, staff in sorted(self.staff.items())
            if any(staff)
        }


def _onto(held: list[int], more: Sequence[int]) -> None:
    for number, count in enumerate(more):
        if count:
            held[number] += count


def unit_counts(staff: Sequence[int], cells: Mapping[str, Sequence[int]]) -> UnitCounts:
    """Counts from plain numbers: STAFF of them for the unit, CELL of them by code, or 8 that do not look ahead."""
    return UnitCounts(
        staff[0], staff[1], staff[2],
        {
            code: CellCounts(cell[0], cell[1], tuple(cell[2:8]), tuple(cell[8:]) or NONE_END)
            for code, cell in cells.items()
        },
        staff[3], staff[4], staff[5], tuple(staff[6:]),
    )  # fmt: skip
