"""Folding: marked people are reckoned afresh, and the rollups move by the difference.

Writers only append marks. One folder at a time (a named lock) reads them, takes each person's old
standing out of the counts, puts the new one in, and deletes exactly the marks that it read; a
write that is committed meanwhile leaves its own mark for the next fold. People whose standing
changes by time alone are folded on the day that their `changes_on` names.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import delete, func, insert, select, union

from lms.changes import services as changes
from lms.changes.queries import marked
from lms.changes.services import Whom
from lms.competency.counting import count
from lms.competency.facts import NOBODY, UnitCounts
from lms.competency.ledger import people_after
from lms.competency.models import Standing
from lms.competency.reckoning import State, Tally
from lms.competency.rollups import empty, move, stored_counts
from lms.competency.snapshot import snapshot
from lms.competency.states import states_of
from lms.db import among, db, lock_named
from lms.people.facts import PROFESSIONS
from lms.people.queries import in_batches, units
from lms.people.spans import staff_after, unit_lines_on

BATCH = 1000
PORTION = 200_000  # people whose differences a rebuild gathers before it moves the counts
_HEADS = tuple(field.name for field in fields(UnitCounts) if field.name != "cells")

__all__ = ["Difference", "check", "fold", "outstanding", "rebuild", "stored_counts", "waiting"]


@dataclass(frozen=True)
class Difference:
    """A figure where the rollup and the recount disagree."""

    unit: str
    what: str
    rollup: object
    recount: object

    def __str__(self) -> str:
        return f"{self.unit} {self.what}: rollup {self.rollup}, recount {self.recount}"


def fold(*, today: dt.date, limit: int | None = None, whom: Whom | None = None, patient: bool = True) -> int:
    """Bring standings and rollups to `today`; returns how many people were folded.

    With `limit` at most so many people, the rest stays marked for the next call; with `whom`, a condition on
    internal ids, only these. Whoever is not `patient` folds nobody while another one folds.
    """
    if not outstanding(today) or not lock_named("fold", patient=patient):
        return 0
    people = _due(today, limit, whom)
    return _fold_people([people], today) if people else 0


def waiting(today: dt.date) -> int:
    """How many people are still counted as they stood before something about them changed, or time passed."""
    if not outstanding(today):
        return 0
    due = union(marked(), select(Standing.person_id).where(Standing.changes_on <= today)).subquery()
    return db.session.scalar(select(func.count()).select_from(due)) or 0


def outstanding(today: dt.date) -> bool:
    """Whether anything waits to be folded; a cheap question without the lock."""
    if changes.any_marks():
        return True
    # The least is read off the index; asked for any that is due, a planner may look through everybody for one.
    first = db.session.scalar(select(func.min(Standing.changes_on)))
    return first is not None and first <= today


def rebuild(*, today: dt.date) -> int:
    """Throw the rollups and standings away and work them out from the ledger; returns the people reckoned."""
    lock_named("fold")
    changes.clear_all()
    empty()
    db.session.execute(delete(Standing))
    db.session.expire_all()
    return _fold_people(_everybody(PORTION), today)


def check(*, today: dt.date) -> list[Difference]:
    """Prove that the rollups equal a recount of the ledger; changes nothing.

    What is outstanding is folded first, as every report does, and that too is undone. The recount is
    the database's own: it shares no line with the fold.
    """
    savepoint = db.session.begin_nested()
    try:
        fold(today=today)
        counted = count(today)
        names = {unit.id: unit.code for unit in units()}
        found: list[Difference] = []
        for profession in (None, *PROFESSIONS):
            kept, ledger = stored_counts(profession=profession), counted.get(profession or "", {})
            for unit_id in sorted({*kept, *ledger}):
                name = names[unit_id] if profession is None else f"{names[unit_id]} {profession}"
                found += _differences(name, kept.get(unit_id, NOBODY), ledger.get(unit_id, NOBODY))
        return found
    finally:
        savepoint.rollback()


def _differences(unit: str, kept: UnitCounts, counted: UnitCounts) -> list[Difference]:
    pairs: list[tuple[str, object, object]] = [(name, getattr(kept, name), getattr(counted, name)) for name in _HEADS]
    pairs += [(code, kept.cell(code), counted.cell(code)) for code in sorted({*kept.cells, *counted.cells})]
    return [Difference(unit, what, one, other) for what, one, other in pairs if one != other]


def _due(today: dt.date, limit: int | None, whom: Whom | None) -> list[int]:
    """People to be folded now; their marks are taken away, which the transaction's end makes final."""
    marks = changes.marked_people(limit, whom)
    # In the order of the index, for in any other a planner may go through everybody.
    by_time = select(Standing.person_id).where(Standing.changes_on <= today).order_by(Standing.changes_on).limit(limit)
    if whom is not None:
        by_time = by_time.where(whom(Standing.person_id))
    people = sorted({*marks, *db.session.scalars(by_time)})[:limit]
    changes.clear({person_id: marks[person_id] for person_id in people if person_id in marks})
    return people


def _everybody(size: int) -> Iterator[list[int]]:
    """Everybody who ever had a post or whom the ledger knows, in lists of `size`, by internal id."""
    last = 0
    while people := sorted({*staff_after(last, size), *people_after(last, size)})[:size]:
        yield people
        last = people[-1]


def _fold_people(portions: Iterable[Sequence[int]], today: dt.date) -> int:
    """Fold people portion by portion; the counts move once a portion. Returns how many."""
    lines = unit_lines_on(today)
    ids = [each.id for each in snapshot().everything]
    done = 0
    for people in portions:
        tallies: dict[str, Tally] = defaultdict(Tally)
        for some in in_batches(people, BATCH):
            _take_out(tallies, some)
            states = states_of(some, today, lines=lines, ahead=True)
            for state in states.values():
                _add(tallies, state, 1)
            _keep(states)
        move({"": Tally.sum(tallies.values()), **tallies}, ids)
        done += len(people)
    return done


def _add(tallies: Mapping[str, Tally], state: State, sign: int) -> None:
    tallies[state.profession].add(
        state.levels, state.targets, state.units, sign,
        compliant=state.compliant, cover=state.cover, endings=state.endings,
    )  # fmt: skip


def _take_out(tallies: Mapping[str, Tally], people: Sequence[int]) -> None:
    held = select(
        Standing.levels, Standing.targets, Standing.units, Standing.profession, Standing.changes_on,
        Standing.compliant, Standing.cover, Standing.endings,
    ).where(among(Standing.person_id, people))  # fmt: skip
    for row in db.session.execute(held):
        _add(tallies, State(*row), -1)


def _keep(states: dict[int, State]) -> None:
    rows = [
        {
            "person_id": person_id, "levels": state.levels, "targets": state.targets, "units": list(state.units),
            "profession": state.profession, "changes_on": state.changes_on, "compliant": state.compliant,
            "cover": list(state.cover), "endings": state.endings,
        }
        for person_id, state in states.items()
    ]  # fmt: skip
    db.session.execute(delete(Standing).where(among(Standing.person_id, states)))
    if rows:
        db.session.execute(insert(Standing), rows)
