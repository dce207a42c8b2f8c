"""Reads of competence: the framework in force, effective targets, counts, and a person's profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select

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
from lms.competency.folding import stored_counts
from lms.competency.models import Standing
from lms.competency.profile import profile
from lms.competency.reckoning import Tally
from lms.competency.recounting import people_on, recount
from lms.competency.snapshot import snapshot
from lms.db import db

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
    "framework",
    "people_on",
    "profile",
    "recount",
    "standings",
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
    """The level that somebody of this profession and these roles needs on a day, by code, where above 0."""
    subjects = {profession}
    if super_user:
        subjects.add("super-user")
    if informaticist:
        subjects.add("informaticist")
    frame = snapshot()
    digits = frame.targets(subjects, on)
    return {each.code: int(digits[place]) for place, each in enumerate(frame.everything) if digits[place] != "0"}


def counts(
    as_of: dt.date,
    *,
    today: dt.date,
    unit_ids: Collection[int] | None = None,
    profession: str | None = None,
) -> dict[int, UnitCounts]:
    """Counts of units' subtrees on a day, of all units or of these, in the cheapest true way.

    Today's come from the rollups, today's of one profession from the folded standings, those of
    any other day from the ledger. Fold before asking. Units in which nobody counts are left out.
    """
    if as_of != today:
        return recount(as_of, unit_ids=unit_ids, profession=profession)
    if profession is None:
        return stored_counts(unit_ids)
    wanted = None if unit_ids is None else frozenset(unit_ids)
    tally = Tally()
    for person in standings(unit_ids=wanted, profession=profession):
        tally.add(person.levels, person.targets, [u for u in person.units if wanted is None or u in wanted])
    return tally.counts([each.code for each in snapshot().everything])


def standings(*, unit_ids: Collection[int] | None = None, profession: str | None = None) -> tuple[PersonStanding, ...]:
    """Everybody who counts today in the subtree of any of these units, as folded. Fold before asking."""
    statement = select(
        Standing.person_id, Standing.profession, Standing.units, Standing.levels, Standing.targets
    ).order_by(Standing.person_id)
    if profession is not None:
        statement = statement.where(Standing.profession == profession)
    tops = None if unit_ids is None else frozenset(unit_ids)
    order = snapshot().order
    return tuple(
        PersonStanding(person_id, held, tuple(units), levels, targets, order)
        for person_id, held, units, levels, targets in db.session.execute(statement)
        if units and (tops is None or not tops.isdisjoint(units))
    )
