"""Resetting an attempt: taken out of the count with a reason, never deleted.

For the evening on which the fire alarm rang. What was answered and scored stays in the record; a failed test sets
no level anyway. A pass is not reset, for a certificate may rest on it.
"""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from lms.audit.services import record
from lms.credentials.desk import Desk
from lms.db import insert_ignore
from lms.quizzes import queries, services
from lms.quizzes.facts import AttemptFacts
from lms.quizzes.models import AttemptReset

LONGEST_REASON = 500


class ResetRefused(ValueError):
    """The attempt cannot be reset; the message says why."""


def reset(attempt_id: str, reason: str, *, actor: int, now: dt.datetime, desk: Desk | None = None) -> AttemptFacts:
    """Take an attempt out of the count; an open one is handed in as it stands first.

    Again is harmless. Raises ResetRefused, and services.UnknownAttempt for an id that is none.
    """
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        raise ResetRefused(
            _("Give the reason, in at most %(longest_reason)s characters.", longest_reason=LONGEST_REASON)
        )
    found = queries.any_attempt(attempt_id)
    if found is None:
        raise services.UnknownAttempt(attempt_id)
    if found.open:
        services.submit(attempt_id, person_id=found.person_id, actor=actor, now=now, desk=desk)
    found = queries.settled(queries.any_attempt(attempt_id, lock=True))
    if found.passed:
        raise ResetRefused(
            _("A pass is not reset. Where it should not stand, the certificate is revoked with a reason.")
        )
    if found.state == "awaiting_marking":
        raise ResetRefused(_("A text of this attempt waits to be marked. Mark it first; then the result is known."))
    row = {"attempt_id": found.id, "reset_at": now, "reset_by": actor, "reason": why}
    if insert_ignore(AttemptReset.__table__, [row], ["attempt_id"]):  # type: ignore[arg-type]
        record("attempt.reset", "attempt", attempt_id, actor=actor, now=now)
    return queries.settled(queries.any_attempt(attempt_id))
