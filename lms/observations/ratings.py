"""What people say of themselves: a rating a competency, kept as evidence that shows level 1 at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import gettext as _

from lms.audit.services import record
from lms.competency.facts import CompetencyStanding
from lms.competency.services import record_evidence
from lms.observations.refusals import Refused
from lms.people.queries import person

LOWEST, HIGHEST = 1, 5


def latest(standing: CompetencyStanding) -> int | None:
    """What the person last said of a competency, before the ceiling; None where they never did."""
    mine = (piece for piece in standing.history if piece.source == "self" and piece.withdrawn_at is None)
    return next((piece.stated for piece in mine), None)


def rate(
    person_id: int,
    ratings: Mapping[str, int],
    standings: Mapping[str, CompetencyStanding],
    *,
    key: str,
    actor: int,
    today: dt.date,
    now: dt.datetime,
) -> int:
    """Keep the ratings that differ from the last ones; returns how many. The same form again changes nothing."""
    for code, level in ratings.items():
        if code not in standings:
            raise Refused("competency", _("%(code)r is not a competency of the framework in force.", code=code), code)
        if not LOWEST <= level <= HIGHEST:
            raise Refused("level", _("A rating is a level from 1 to 5."), code)
    kept = []
    for code, level in ratings.items():
        if latest(standings[code]) == level:
            continue
        mine = f"self:{person_id}:{code}:{key}"[:160]
        if record_evidence(person_id, code, "self", level, today, key=mine, actor=actor, now=now):
            kept.append(code)
    holder = person(person_id)
    if kept and holder is not None:
        record("self.rate", "person", holder.public_id, actor=actor, now=now, competencies=", ".join(kept))
    return len(kept)
