"""Folding: marked people are reckoned afresh, and the rollups move by the difference.

Writers only append marks. One folder at a time (a named lock) reads them, takes each person's old
standing out of the counts, puts the new one in, and deletes exactly the marks that it read; a
write that is committed meanwhile leaves its own mark for the next fold. People whose standing
changes by time alone are folded on the day that their `changes_on` names.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from lms.changes import services as changes
from lms.competency.facts import CellCounts, UnitCounts
from lms.competency.ledger import people_with_evidence
from lms.competency.models import Competency, Rollup, Standing, UnitStaff
from lms.competency.reckoning import State, Tally
from lms.competency.recounting import recount
from lms.competency.snapshot import snapshot
from lms.competency.states import states_of
from lms.db import db, lock_named, upsert
from lms.people.queries import in_batches, units
from lms.people.spans import staff_ids, unit_lines_on

BATCH = 1000
_COUNTS = ("of", "at_target", "n0", "n1", "n2", "n3", "n4", "n5")
_STAFF = ("staff", "targeted", "complete")


@dataclass(frozen=True)
class Difference:
    """A figure where the rollup and the recount disagree."""

    unit: str
    what: str
    rollup: object
    recount: object

    def __str__(self) -> str:
        return f"{self.unit} {self.what}: rollup {self.rollup}, recount {self.recount}"


def fold(*, today: dt.date, limit: int | None = None) -> int:
    """Bring standings and rollups to `today`; returns how many people were folded.

    With `limit` at most so many people, the rest stays marked for the next call.
    """
    if not outstanding(today):
        return 0
    lock_named("fold")
    people = _due(today, limit)
    _fold_people(people, today)
    return len(people)


def outstanding(today: dt.date) -> bool:
    """Whether anything waits to be folded; a cheap question without the lock."""
    if changes.any_marks():
        return True
    return (
        db.session.execute(select(Standing.person_id).where(Standing.changes_on <= today).limit(1)).first() is not None
    )


def rebuild(*, today: dt.date) -> int:
    """Throw the rollups and standings away and work them out from the ledger; returns the people reckoned."""
    lock_named("fold")
    changes.clear(changes.marked_people())
    for model in (Rollup, UnitStaff, Standing):
        db.session.execute(delete(model))
    db.session.expire_all()
    people = sorted({*staff_ids(), *people_with_evidence()})
    _fold_people(people, today)
    return len(people)


def check(*, today: dt.date) -> list[Difference]:
    """Prove that the rollups equal a recount of the ledger; changes nothing.

    What is outstanding is folded first, as every report does, and that too is undone.
    """
    savepoint = db.session.begin_nested()
    try:
        fold(today=today)
        kept, counted = stored_counts(), recount(today)
        names = {unit.id: unit.code for unit in units()}
        return [
            difference
            for unit_id in sorted({*kept, *counted})
            for difference in _differences(names[unit_id], kept.get(unit_id), counted.get(unit_id))
        ]
    finally:
        savepoint.rollback()


def stored_counts(unit_ids: Collection[int] | None = None) -> dict[int, UnitCounts]:
    """The rollups as they are stored, of all units or of these."""
    staff_rows = select(UnitStaff.unit_id, UnitStaff.staff, UnitStaff.targeted, UnitStaff.complete)
    cell_rows = select(Rollup.unit_id, Competency.code, *(getattr(Rollup, name) for name in _COUNTS)).join(
        Competency, Competency.id == Rollup.competency_id
    )
    if unit_ids is not None:
        staff_rows = staff_rows.where(UnitStaff.unit_id.in_(unit_ids))
        cell_rows = cell_rows.where(Rollup.unit_id.in_(unit_ids))
    cells: dict[int, dict[str, CellCounts]] = defaultdict(dict)
    for unit_id, code, of, at_target, *levels in db.session.execute(cell_rows):
        if of or at_target or any(levels):
            cells[unit_id][code] = CellCounts(of, at_target, tuple(levels))
    found = {
        unit_id: UnitCounts(staff, targeted, complete, cells.pop(unit_id, {}))
        for unit_id, staff, targeted, complete in db.session.execute(staff_rows)
        if staff or targeted or complete or unit_id in cells
    }
    found.update({unit_id: UnitCounts(0, 0, 0, rest) for unit_id, rest in cells.items()})
    return found


def _differences(unit: str, kept: UnitCounts | None, counted: UnitCounts | None) -> list[Difference]:
    none = UnitCounts(0, 0, 0, {})
    kept, counted = kept or none, counted or none
    pairs: list[tuple[str, object, object]] = [(name, getattr(kept, name), getattr(counted, name)) for name in _STAFF]
    pairs += [(code, kept.cell(code), counted.cell(code)) for code in sorted({*kept.cells, *counted.cells})]
    return [Difference(unit, what, one, other) for what, one, other in pairs if one != other]


def _due(today: dt.date, limit: int | None) -> list[int]:
    """People to be folded now; their marks are taken away, which the transaction's end makes final."""
    marks = changes.marked_people()
    by_time = db.session.scalars(select(Standing.person_id).where(Standing.changes_on <= today))
    people = sorted({*marks, *by_time})[:limit]
    changes.clear({person_id: marks[person_id] for person_id in people if person_id in marks})
    return people


def _fold_people(people: Sequence[int], today: dt.date) -> None:
    tally = Tally()
    lines = unit_lines_on(today)
    frame = snapshot()
    for some in in_batches(people, BATCH):
        _take_out(tally, some)
        states = states_of(some, today, lines=lines, ahead=True)
        for state in states.values():
            tally.add(state.levels, state.targets, state.units)
        _keep(states)
    _move_rollups(tally, [each.id for each in frame.everything])


def _take_out(tally: Tally, people: Sequence[int]) -> None:
    held = select(Standing.levels, Standing.targets, Standing.units).where(Standing.person_id.in_(people))
    for levels, targets, counted in db.session.execute(held):
        tally.add(levels, targets, counted, -1)


def _keep(states: dict[int, State]) -> None:
    rows = [
        {
            "person_id": person_id, "levels": state.levels, "targets": state.targets, "units": list(state.units),
            "profession": state.profession, "changes_on": state.changes_on,
        }
        for person_id, state in states.items()
    ]  # fmt: skip
    db.session.execute(delete(Standing).where(Standing.person_id.in_(states)))
    if rows:
        db.session.execute(insert(Standing), rows)


def _move_rollups(tally: Tally, competency_ids: Sequence[int]) -> None:
    """Add the tally to the stored counts; the lock makes reading and writing them one act."""
    unit_ids = list(tally.staff)
    kept: dict[tuple[int, int], list[int]] = {}
    columns = [getattr(Rollup, name) for name in _COUNTS]
    for unit_id, competency_id, *counts in db.session.execute(
        select(Rollup.unit_id, Rollup.competency_id, *columns).where(Rollup.unit_id.in_(unit_ids))
    ):
        kept[unit_id, competency_id] = counts
    rows = []
    for unit_id, cells in tally.cells.items():
        for place, change in cells.items():
            if any(change):
                key = (unit_id, competency_ids[place])
                total = [one + other for one, other in zip(kept.get(key, [0] * 8), change, strict=True)]
                rows.append({"unit_id": key[0], "competency_id": key[1], **dict(zip(_COUNTS, total, strict=True))})
    for some in in_batches(rows):
        upsert(Rollup.__table__, some, ["unit_id", "competency_id"], _COUNTS)  # type: ignore[arg-type]
    _move_staff(tally, unit_ids)


def _move_staff(tally: Tally, unit_ids: Sequence[int]) -> None:
    columns = [getattr(UnitStaff, name) for name in _STAFF]
    held = {
        unit_id: counts
        for unit_id, *counts in db.session.execute(
            select(UnitStaff.unit_id, *columns).where(UnitStaff.unit_id.in_(unit_ids))
        )
    }
    rows = [
        {"unit_id": unit_id} | {
            name: old + new for name, old, new in zip(_STAFF, held.get(unit_id, [0, 0, 0]), change, strict=True)
        }
        for unit_id, change in tally.staff.items()
        if any(change)
    ]  # fmt: skip
    for some in in_batches(rows):
        upsert(UnitStaff.__table__, some, ["unit_id"], _STAFF)  # type: ignore[arg-type]
