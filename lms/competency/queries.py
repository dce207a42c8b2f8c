"""Reads of competence: the framework in force, effective targets, counts, and a person's profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, select

from lms.competency.counting import count
from lms.competency.facts import (
    NOBODY,
    CellCounts,
    CompetencyFacts,
    CompetencyStanding,
    DomainFacts,
    EvidenceFacts,
    FrameworkFacts,
    PersonStanding,
    UnitCounts,
)
from lms.competency.models import Standing
from lms.competency.profile import profile
from lms.competency.recounting import people_on, recount
from lms.competency.requirements import hospital_wide
from lms.competency.rollups import size_edition, stored_counts, stored_sizes, stored_staff
from lms.competency.snapshot import snapshot
from lms.db import db
from lms.people.facts import PROFESSIONS
from lms.people.queries import in_batches
from lms.people.spans import people_below

__all__ = [
    "NOBODY",
    "CellCounts",
    "CompetencyFacts",
    "CompetencyStanding",
    "DomainFacts",
    "EvidenceFacts",
    "FrameworkFacts",
    "PersonStanding",
    "UnitCounts",
    "competencies",
    "counts",
    "counts_by_profession",
    "framework",
    "on_duty",
    "people_on",
    "profile",
    "recount",
    "size_edition",
    "standings",
    "stored_sizes",
    "target_levels",
]


def framework() -> FrameworkFacts | None:
    """The framework in force, None before the first import."""
    return snapshot().framework


def competencies() -> tuple[CompetencyFacts, ...]:
    """The competencies of the framework in force, in its order; one small statement."""
    return snapshot().current


def competency(code: str) -> CompetencyFacts | None:
    """The competency with this code, retired ones too."""
    return snapshot().by_code(code)


def target_levels(profession: str, super_user: bool, informaticist: bool, on: dt.date) -> dict[str, int]:
    """The level that somebody of this profession and these roles needs on a day, by code, where above 0.

    What a single unit needs besides is left out; what was decided for the whole hospital counts.
    """
    subjects = {profession}
    if super_user:
        subjects.add("super-user")
    if informaticist:
        subjects.add("informaticist")
    frame = snapshot()
    digits = hospital_wide(frame, subjects, on)
    return {each.code: int(digits[place]) for place, each in enumerate(frame.everything) if digits[place] != "0"}


def counts(
    as_of: dt.date,
    *,
    today: dt.date,
    unit_ids: Collection[int] | None = None,
    profession: str | None = None,
    ahead: bool = True,
    shown: Collection[int] | None = None,
) -> dict[int, UnitCounts]:
    """Counts of units' subtrees on a day, of all units or of these, in the cheapest true way.

    Today's come from the rollups, those of any other day from the ledger, counted by the database.
    Fold before asking. Units in which nobody counts are left out. Without `ahead` another day's counts
    do not say who will fall below target, and units beyond `shown` are then only sized; both is cheaper.
    """
    if as_of != today:
        return recount(as_of, unit_ids=unit_ids, profession=profession, ahead=ahead, shown=shown)
    return stored_counts(unit_ids, profession)


def on_duty(as_of: dt.date, *, today: dt.date) -> dict[int, dict[str, int]]:
    """By unit and profession everybody on duty on a day; today's as folded."""
    found: dict[int, dict[str, int]] = {}
    if as_of == today:
        for profession, unit_id, people in stored_staff():
            found.setdefault(unit_id, {})[profession] = people
        return found
    for profession, units in counts_by_profession(as_of, ahead=False, shown=(), levels=False).items():
        for unit_id, held in units.items():
            if held.staff:
                found.setdefault(unit_id, {})[profession] = held.staff
    return found


def counts_by_profession(
    as_of: dt.date,
    *,
    ahead: bool = True,
    shown: Collection[int] | None = None,
    codes: Collection[str] | None = None,
    levels: bool = True,
) -> dict[str, dict[int, UnitCounts]]:
    """Counts of every unit from the ledger, for each profession by itself; see `counting.count`."""
    found = count(as_of, ahead=ahead, shown=shown, codes=codes, levels=levels)
    return {profession: found.get(profession, {}) for profession in PROFESSIONS}


def standings(
    *,
    unit_ids: Collection[int] | None = None,
    profession: str | None = None,
    person_ids: Collection[int] | None = None,
) -> tuple[PersonStanding, ...]:
    """Everybody who counts today in the subtree of any of these units, or of these people, as folded.

    Fold before asking. For pages of names; figures come from `counts`.
    """
    statement = select(
        Standing.person_id, Standing.profession, Standing.units, Standing.levels, Standing.targets,
        Standing.compliant, Standing.cover, Standing.endings,
    ).order_by(Standing.person_id)  # fmt: skip
    if profession is not None:
        statement = statement.where(Standing.profession == profession)
    tops = None if unit_ids is None else frozenset(unit_ids)
    chosen: Iterable[Select[Any]] = [statement]
    if person_ids is not None:
        chosen = (statement.where(Standing.person_id.in_(some)) for some in in_batches(sorted(person_ids)))
    elif tops is not None:
        chosen = [statement.where(Standing.person_id.in_(people_below(tops)))]
    order = snapshot().order
    return tuple(
        PersonStanding(person_id, held, tuple(mine), levels, targets, order, compliant, tuple(cover), endings)
        for one in chosen
        for person_id, held, mine, levels, targets, compliant, cover, endings in db.session.execute(one)
        if mine and (tops is None or not tops.isdisjoint(mine))
    )
