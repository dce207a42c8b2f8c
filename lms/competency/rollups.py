"""The kept counts: read as counts, moved by a difference. Knows nothing of how the difference came about.

There are two pairs of tables with the same columns, of everybody and of one profession each, so that
a map of everybody reads no more rows than it shows cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from lms.competency.facts import UnitCounts
from lms.competency.models import ProfessionRollup, ProfessionStaff, Rollup, SizeEdition, UnitStaff
from lms.competency.reckoning import Tally, unit_counts
from lms.competency.snapshot import snapshot
from lms.db import add_up, db, public_id, upsert
from lms.people.queries import in_batches

CELL = (
    "at_target", "n0", "n1", "n2", "n3", "n4", "n5", "ends30", "ends60", "ends90", "ends365",
)  # fmt: skip
STAFF = (
    "staff", "targeted", "complete", "critical", "compliant", "super_users", "ends30", "ends60", "ends90", "ends365",
)  # fmt: skip
BATCH = 5000
TABLES: tuple[Any, ...] = (Rollup, UnitStaff, ProfessionRollup, ProfessionStaff)
_SIZES = (0, 1, 3)  # of the numbers of a unit's staff: staff, targeted, critical
_EDITION = select(SizeEdition.__table__.c.mark)


def stored_counts(unit_ids: Collection[int] | None = None, profession: str | None = None) -> dict[int, UnitCounts]:
    """The rollups as they are stored, of all units or of these, of everybody or of one profession."""
    cell: Any = Rollup if profession is None else ProfessionRollup
    head: Any = UnitStaff if profession is None else ProfessionStaff
    cell_rows = select(cell.unit_id, cell.competency_id, *(getattr(cell, name) for name in CELL))
    head_rows = select(head.unit_id, *(getattr(head, name) for name in STAFF))
    if profession is not None:
        cell_rows = cell_rows.where(cell.profession == profession)
        head_rows = head_rows.where(head.profession == profession)
    if unit_ids is not None:
        cell_rows = cell_rows.where(cell.unit_id.in_(unit_ids))
        head_rows = head_rows.where(head.unit_id.in_(unit_ids))
    return counts_of(db.session.execute(head_rows), db.session.execute(cell_rows))


def size_edition() -> str:
    """A mark that is another after every change of any size; empty before the first."""
    return db.session.connection().execute(_EDITION).scalar() or ""


def stored_sizes(asked: Collection[str]) -> Iterator[tuple[str, int, str, int]]:
    """Of every unit and profession how many people have a target, as (profession, unit, what, people).

    `what` is the code of one of the competencies asked for, or `targeted` or `critical` for people with any target
    or any critical one.
    """
    codes = {each.id: each.code for each in snapshot().everything if each.code in asked}
    cell, head = ProfessionRollup.__table__.c, ProfessionStaff.__table__.c
    people = cell.n0 + cell.n1 + cell.n2 + cell.n3 + cell.n4 + cell.n5
    connection = db.session.connection()
    for profession, unit_id, competency_id, found in connection.execute(
        select(cell.profession, cell.unit_id, cell.competency_id, people).where(
            people > 0, cell.competency_id.in_(list(codes))
        )
    ):
        yield profession, unit_id, codes[competency_id], found
    for profession, unit_id, targeted, critical in connection.execute(
        select(head.profession, head.unit_id, head.targeted, head.critical).where(head.targeted > 0)
    ):
        yield profession, unit_id, "targeted", targeted
        if critical:
            yield profession, unit_id, "critical", critical


def stored_staff() -> list[tuple[str, int, int]]:
    """How many people of each profession are on duty in every unit, as (profession, unit, people)."""
    head = ProfessionStaff.__table__.c
    columns = select(head.profession, head.unit_id, head.staff).where(head.staff > 0)
    return [(row[0], row[1], row[2]) for row in db.session.connection().execute(columns)]


def counts_of(heads: Any, cells: Any) -> dict[int, UnitCounts]:
    """Counts by unit from rows of (unit, *STAFF) and of (unit, competency, *CELL); nobody's are left out."""
    codes = {each.id: each.code for each in snapshot().everything}
    found: dict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for unit_id, competency_id, *numbers in cells:
        if any(numbers):
            found[unit_id][codes[competency_id]] = (sum(numbers[1:7]), *numbers)  # `numbers` may leave out the endings
    counts = {
        unit_id: unit_counts(numbers, found.pop(unit_id, {}))
        for unit_id, *numbers in heads
        if any(numbers) or unit_id in found
    }
    counts.update({unit_id: unit_counts([0] * len(STAFF), rest) for unit_id, rest in found.items()})
    return counts


def empty() -> None:
    """Take every kept count away."""
    for table in TABLES:
        db.session.execute(delete(table))
    _next_edition()


def _next_edition() -> None:
    upsert(SizeEdition.__table__, [{"id": 1, "mark": public_id()}], ["id"], ["mark"])  # type: ignore[arg-type]


def move(tallies: Mapping[str, Tally], competency_ids: Sequence[int]) -> None:
    """Add tallies to the kept counts: of everybody under an empty name, and of each profession under its own."""
    for profession, tally in tallies.items():
        key: dict[str, Any] = {"profession": profession} if profession else {}
        cells: Any = ProfessionRollup if profession else Rollup
        heads: Any = ProfessionStaff if profession else UnitStaff
        rows = [
            {"unit_id": unit_id, "competency_id": competency_ids[place], **key, **_named(CELL, change[1:])}
            for unit_id, mine in tally.cells.items()
            for place, change in mine.items()
            if any(change)
        ]  # fmt: skip
        staff = [
            {"unit_id": unit_id, **key, **_named(STAFF, change)}
            for unit_id, change in tally.staff.items()
            if any(change)
        ]
        for some in in_batches(rows, BATCH):
            add_up(cells.__table__, some, ["unit_id", *key, "competency_id"], CELL)
        for some in in_batches(staff, BATCH):
            add_up(heads.__table__, some, ["unit_id", *key], STAFF)
    if any(map(_resizes, tallies.values())):
        _next_edition()


def _resizes(tally: Tally) -> bool:
    """Whether a tally changes how many people there are to count, anywhere and of anything."""
    if any(change[place] for change in tally.staff.values() for place in _SIZES):
        return True
    return any(change[0] for mine in tally.cells.values() for change in mine.values())


def _named(names: Sequence[str], numbers: Sequence[int]) -> dict[str, int]:
    return dict(zip(names, numbers, strict=True))
