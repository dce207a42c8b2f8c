"""What follows from a result: evidence for the course's competencies, then the rule of completion.

Handing in, marking by a person and regrading all end here, so that a pass means the same whichever way it came.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from lms.catalog.facts import VersionFacts
from lms.competency import queries as competency
from lms.competency.services import record_evidence
from lms.credentials.desk import Desk
from lms.learning.services import record_result
from lms.quizzes.facts import AttemptFacts


def hand_on(
    attempt: AttemptFacts,
    version: VersionFacts,
    passed: bool,
    percent: Decimal | None,
    *,
    key: str,
    actor: int | None,
    now: dt.datetime,
    desk: Desk,
    on: dt.date | None = None,
) -> None:
    """Record the evidence of a result and complete the course where that was the last thing missing.

    `key` names what the evidence rests on; the same key again changes nothing. The evidence is dated `on`, by
    default today: a result that is settled later still tells what was shown on the day of the exam.
    """
    known = {each.code for each in competency.competencies()}
    for code, level in version.competencies:
        if code in known:
            record_evidence(
                attempt.person_id, code, "test", level, on or desk.day(now),
                key=f"{key}:{code}", actor=actor, now=now, passed=passed,
            )  # fmt: skip
    record_result(
        attempt.enrolment_id, version, passed, percent, attempt_id=attempt.public_id, actor=actor, now=now, desk=desk
    )
