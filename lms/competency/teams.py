"""What a group of people lack and what ends soon, from the folded standings. Fold before asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from lms.competency.endings import endings
from lms.competency.facts import PersonStanding
from lms.competency.models import Standing
from lms.competency.snapshot import snapshot
from lms.db import db
from lms.people.queries import in_batches


@dataclass(frozen=True)
class Shortfall:
    """One person's position: competencies below target, those that will end, and how many are required."""

    missing: tuple[str, ...]
    ending: tuple[str, ...]
    required: int


def shortfalls(person_ids: Collection[int], *, today: dt.date, within: int = 60) -> dict[int, Shortfall]:
    """The shortfalls of these people; `within` is the span in days in which evidence is said to end."""
    order = snapshot().order
    people = []
    for some in in_batches(person_ids):
        statement = select(
            Standing.person_id, Standing.profession, Standing.units, Standing.levels, Standing.targets
        ).where(Standing.person_id.in_(some))
        for person_id, profession, units, levels, targets in db.session.execute(statement):
            people.append(PersonStanding(person_id, profession, tuple(units), levels, targets, order))
    soon = endings(people, (within,), on=today, folded=True) if people else {}
    return {
        person.person_id: Shortfall(
            missing=tuple(code for code in order if person.level(code) < person.target(code)),
            ending=tuple(soon.get(person.person_id, {})),
            required=sum(1 for code in order if person.target(code)),
        )
        for person in people
    }
