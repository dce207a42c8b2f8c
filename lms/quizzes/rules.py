"""When an exam may be started: the rules of formats.md, section 4, on plain values. Knows no rows and no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lms.catalog.facts import ExamFacts
from lms.credentials.services import add_months
from lms.credentials.summaries import RENEWS_BEFORE_END
from lms.quizzes.facts import AttemptFacts

Kind = Literal["lessons-open", "prerequisites", "attempts-used", "wait", "closed", "passed"]


@dataclass(frozen=True)
class Standing:
    """Whether an attempt may begin. `kind` None: yes.

    `used` counts attempts since the last pass, `left` is None without a limit, `opens_at` is known
    for `wait`, `opens_on` for `passed` where the certificate expires, `missing` holds the codes of
    prerequisites that are not completed.
    """

    kind: Kind | None
    used: int
    left: int | None
    opens_at: dt.datetime | None = None
    opens_on: dt.date | None = None
    missing: tuple[str, ...] = ()


def reopens(passed_on: dt.date, valid_months: int | None) -> dt.date | None:
    """The day on which a passed exam opens for renewal; None where the certificate never expires."""
    return add_months(passed_on, valid_months) - RENEWS_BEFORE_END if valid_months else None


def standing(
    exam: ExamFacts | None,
    attempts: Sequence[AttemptFacts],
    *,
    lessons_done: bool,
    missing: Sequence[str],
    reopens_on: dt.date | None,
    now: dt.datetime,
    today: dt.date,
) -> Standing:
    """Whether the next attempt may begin at `now`, which is the hospital's `today`.

    `attempts` are all of the enrolment in order of their numbers, without an open one; those that were
    reset count for nothing; `missing`
    the prerequisites that are not completed; `reopens_on` the day on which the last pass lets the
    exam open again, None for never or where there is no pass.
    """
    last_pass = max((attempt.number for attempt in attempts if attempt.passed), default=0)
    since = [attempt for attempt in attempts if attempt.number > last_pass and attempt.reset_at is None]
    used = len(since)
    if exam is None:
        return Standing("closed", used, 0)
    left = max(0, exam.attempts - used) if exam.attempts else None
    if last_pass and (reopens_on is None or today < reopens_on):
        return Standing("passed", used, left, opens_on=reopens_on)
    if missing:
        return Standing("prerequisites", used, left, missing=tuple(missing))
    if exam.open != "always" and not lessons_done:
        return Standing("lessons-open", used, left)
    if left == 0:
        return Standing("attempts-used", used, 0)
    if since and exam.wait_hours:
        opens_at = since[-1].ended() + dt.timedelta(hours=exam.wait_hours)
        if now < opens_at:
            return Standing("wait", used, left, opens_at)
    return Standing(None, used, left)
