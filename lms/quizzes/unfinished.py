"""Attempts that a person has not handed in. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from lms.db import db
from lms.quizzes.models import Attempt, Response

_ATTEMPT: Any = Attempt.__table__
_RESPONSE: Any = Response.__table__
_ANSWERED = (
    select(func.count())
    .select_from(_RESPONSE)
    .where(_RESPONSE.c.attempt_id == _ATTEMPT.c.id, _RESPONSE.c.answer.is_not(None))
    .scalar_subquery()
)
_OPEN = (
    select(_ATTEMPT.c.public_id, _ATTEMPT.c.version_id, _ATTEMPT.c.paper, _ANSWERED, _ATTEMPT.c.deadline)
    .where(_ATTEMPT.c.person_id == bindparam("person"), _ATTEMPT.c.state == "open")
    .order_by(_ATTEMPT.c.started_at.desc())
)


@dataclass(frozen=True)
class Unfinished:
    """An open attempt: how far it is and until when answers are taken."""

    public_id: str
    version_id: int
    questions: int
    answered: int
    deadline: dt.datetime | None


def unfinished(person_id: int) -> tuple[Unfinished, ...]:
    """The person's open attempts, the newest first; one statement."""
    rows = db.session.connection().execute(_OPEN, {"person": person_id})
    return tuple(
        Unfinished(public_id, version_id, len(paper), count, deadline)
        for public_id, version_id, paper, count, deadline in rows
    )
