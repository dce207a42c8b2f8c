"""Writes of the unit tree: units, their parents, and the closure that answers every subtree question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, tuple_, update

from lms.changes.services import mark_people
from lms.db import db, insert_ignore, lock_named, public_id, upsert
from lms.people.models import PastParent, Post, Unit, UnitEdition, UnitTree
from lms.people.queries import in_batches
from lms.people.tree import closure, cycles


class UnitFault(ValueError):
    """The units do not make a tree; the message says which and why."""


@dataclass(frozen=True)
class UnitEntry:
    """What the roster states of a unit. `parent` is a code, of this call or known; None for a root."""

    code: str
    name: str
    parent: str | None = None
    site: str = ""


def save_units(entries: Sequence[UnitEntry], *, today: dt.date) -> dict[str, int]:
    """Write units and hang them under their parents; returns the internal ids of all units by code.

    Units that are not named stay as they are. A moved unit's place up to yesterday is kept for
    figures of past days, and everybody with a post below it is marked. Raises UnitFault for a
    parent that does not exist or a circle; nothing is written then.
    """
    lock_named("units")
    known = {row.code: row for row in db.session.execute(select(Unit.id, Unit.code, Unit.parent_id))}
    codes = {row.id: code for code, row in known.items()}
    parents = {code: codes.get(row.parent_id) for code, row in known.items()}
    before = dict(parents)
    parents.update({entry.code: entry.parent for entry in entries})
    _refuse_faults(parents)
    fresh = [entry for entry in entries if entry.code not in known]
    if fresh:
        values = [{"code": entry.code, "name": entry.name, "site": entry.site} for entry in fresh]
        db.session.execute(insert(Unit), values)
    ids = _ids()
    rows = [
        {
            "id": ids[entry.code], "name": entry.name, "site": entry.site,
            "parent_id": ids[entry.parent] if entry.parent else None,
        }
        for entry in entries
    ]  # fmt: skip
    if rows:
        db.session.execute(update(Unit), rows)
        db.session.expire_all()
    moved = [code for code in before if before[code] != parents[code]]
    yesterday = today - dt.timedelta(days=1)
    past = [{"unit_id": ids[c], "ends": yesterday, "parent_id": ids.get(before[c] or "")} for c in moved]
    insert_ignore(PastParent.__table__, past, ["unit_id", "ends"])  # type: ignore[arg-type]
    upsert(UnitEdition.__table__, [{"id": 1, "mark": public_id()}], ["id"], ["mark"])  # type: ignore[arg-type]
    touched = _write_closure({ids[code]: ids[up] if up else None for code, up in parents.items()})
    mark_people(people_of_units(touched))
    return ids


def _ids() -> dict[str, int]:
    return {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))}


def _refuse_faults(parents: dict[str, str | None]) -> None:
    for code, parent in parents.items():
        if parent is not None and parent not in parents:
            raise UnitFault(f"The parent {parent!r} of unit {code!r} is not a unit.")
    for circle in cycles(parents):
        path = " → ".join([*circle, circle[0]])
        raise UnitFault(f"Units may not contain each other: {path}.")


def _write_closure(parents: dict[int, int | None]) -> set[int]:
    """Bring the closure to this parent map; returns the units whose ancestors changed."""
    held = {(a, u, d) for a, u, d in db.session.execute(select(UnitTree.ancestor_id, UnitTree.unit_id, UnitTree.depth))}
    wanted = closure(parents)
    gone, new = held - wanted, wanted - held
    for some in in_batches([(a, u) for a, u, _ in gone], 400):
        db.session.execute(delete(UnitTree).where(tuple_(UnitTree.ancestor_id, UnitTree.unit_id).in_(some)))
    if new:
        db.session.execute(insert(UnitTree), [{"ancestor_id": a, "unit_id": u, "depth": d} for a, u, d in new])
    return {unit for _, unit, _ in gone | new}


def people_of_units(unit_ids: Iterable[int]) -> set[int]:
    """Everybody who ever had a post in exactly these units."""
    found: set[int] = set()
    for some in in_batches(list(unit_ids)):
        found.update(db.session.scalars(select(Post.person_id).where(Post.unit_id.in_(some))))
    return found
