"""Attempts that a person has not handed in. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.db import db
from lms.quizzes.models import Attempt, Response


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
    answered = (
        select(func.count())
        .select_from(Response)
        .where(Response.attempt_id == Attempt.id, Response.answer.is_not(None))
        .scalar_subquery()
    )
    statement = (
        select(Attempt.public_id, Attempt.version_id, Attempt.paper, answered, Attempt.deadline)
        .where(Attempt.person_id == person_id, Attempt.state == "open")
        .order_by(Attempt.started_at.desc())
    )
    return tuple(
        Unfinished(public_id, version_id, len(paper), count, deadline)
        for public_id, version_id, paper, count, deadline in db.session.execute(statement)
    )
