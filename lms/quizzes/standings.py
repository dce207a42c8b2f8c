"""Whether a person may start an exam now: gathers what `rules` judges. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.credentials import queries as credentials
from lms.credentials.desk import current_desk
from lms.credentials.facts import CredentialFacts
from lms.credentials.summaries import RENEWS_BEFORE_END
from lms.learning import queries as learning
from lms.learning.facts import all_done
from lms.learning.services import UnknownCourse
from lms.quizzes import queries, rules
from lms.quizzes.facts import AttemptFacts


def standing(code: str, person_id: int, now: dt.datetime) -> tuple[rules.Standing, AttemptFacts | None]:
    """Whether the person may start the exam of a course, and the attempt that is open. Raises UnknownCourse."""
    place = learning.place(person_id, code)
    if place is None:
        raise UnknownCourse(code)
    version = catalog.version(place.version_id)
    assert version is not None, "a course's current version is never deleted"
    attempts = queries.attempts(place.enrolment.id) if place.enrolment else ()
    done = place.enrolment is not None and all_done(catalog.lessons(version.id), place.progress)
    return of_person(version, person_id, attempts, done, now), next((a for a in attempts if a.open), None)


def of_person(
    version: VersionFacts, person_id: int, attempts: Sequence[AttemptFacts], lessons_done: bool, now: dt.datetime
) -> rules.Standing:
    """The same where version, attempts and progress are known already."""
    completed = learning.completed_codes(person_id, version.prerequisites)
    passed = [attempt for attempt in attempts if attempt.passed]
    return rules.standing(
        version.exam,
        [attempt for attempt in attempts if not attempt.open],
        lessons_done=lessons_done,
        missing=[code for code in version.prerequisites if code not in completed],
        reopens_on=_reopens_on(passed[-1]) if passed else None,
        now=now,
        today=current_desk().day(now),
    )


def _reopens_on(attempt: AttemptFacts) -> dt.date | None:
    """The day on which a pass lets the exam open again; None for never.

    The certificate's own expiry counts. A revoked certificate proves nothing any more, so the exam
    is open from the day of the revocation. Before the certificate is issued the pass itself counts.
    """
    desk = current_desk()
    completion = learning.completion(f"attempt:{attempt.public_id}")
    credential = _latest(completion.serial) if completion and completion.serial else None
    if credential is not None and credential.revoked_at is not None:
        return desk.day(credential.revoked_at)
    if credential is not None:
        return credential.valid_until - RENEWS_BEFORE_END if credential.valid_until else None
    taken = catalog.version(attempt.version_id)
    return rules.reopens(desk.day(attempt.ended()), taken.valid_months if taken else None)


def _latest(serial: str) -> CredentialFacts | None:
    """The certificate with this number, or the last of the corrections that took its place."""
    found = credentials.by_serial(serial)
    while found is not None and found.superseded_by:
        found = credentials.by_serial(found.superseded_by)
    return found
