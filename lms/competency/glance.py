"""A person's levels at a glance, from the folded standing: one statement where nothing is outstanding.

The whole profile with its evidence is worked out from the ledger (`profile`); a home page shown on
every sign-in wants the levels alone. Where a mark says that the standing is stale, or there is none,
the ledger is asked after all, so that a pass shows at once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from lms.changes.queries import is_marked
from lms.competency.models import Standing
from lms.competency.profile import profile
from lms.competency.snapshot import snapshot
from lms.db import db

_standing = Standing.__table__.c
_FOLDED = select(
    _standing.levels,
    _standing.targets,
    _standing.changes_on,
    is_marked(bindparam("person")).label("stale"),
).where(_standing.person_id == bindparam("person"))


@dataclass(frozen=True)
class Glance:
    """A required competency with the level held against the target."""

    code: str
    title: str
    critical: bool
    level: int
    target: int


def glance(person_id: int, today: dt.date, profession: str | None = None) -> tuple[Glance, ...]:
    """The competencies that a person's role needs, in the framework's order; `profession` is today's, where known."""
    frame = snapshot()
    row = db.session.connection().execute(_FOLDED, {"person": person_id}).first()
    if row is None or row.stale or len(row.levels) != len(frame.everything) or _is_over(row.changes_on, today):
        return tuple(
            Glance(each.code, each.title, each.critical, each.level, each.target)
            for each in profile(person_id, today, frame, profession)
            if each.target
        )
    found = []
    for each in frame.current:
        place = frame.order[each.code]
        target = int(row.targets[place])
        if target:
            found.append(Glance(each.code, each.title, each.critical, int(row.levels[place]), target))
    return tuple(found)


def _is_over(changes_on: dt.date | None, today: dt.date) -> bool:
    """Whether time alone has changed the standing since it was folded."""
    return changes_on is not None and changes_on <= today
