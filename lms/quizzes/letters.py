"""What takers are told by e-mail about their exams. Queues; never sends by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from lms.catalog import queries as catalog
from lms.messages.services import BadAddress, send
from lms.people.queries import person
from lms.quizzes.facts import AttemptFacts


def regraded(
    attempt: AttemptFacts, code: str, reason: str, before: Decimal, after: Decimal, *, now: dt.datetime
) -> None:
    """Tell a taker that the result was looked at again, and why."""
    course = catalog.current_version(code)
    title = course.title if course else code
    lines = (
        _("We looked again at your assessment in this course:"),
        title,
        _("Your result is now %(after)s%% instead of %(before)s%%.", after=after, before=before),
        _("The reason: %(reason)s", reason=reason),
        _("The first result stays in your record beside the new one. You need do nothing."),
    )
    key = f"regraded:{attempt.public_id}:{now.isoformat(timespec='seconds')}"
    _send(attempt.person_id, _("Your result was looked at again"), lines, key, now)


def marked(attempt: AttemptFacts, title: str, reasons: Sequence[str], *, now: dt.datetime) -> None:
    """Tell a taker that the texts are marked and the result is there, and why other questions were scored anew."""
    lines: tuple[str, ...] = (_("Your texts in this assessment are marked, and your result is there:"), title)
    if reasons:
        lines += (_("While it waited, we looked again at other questions of the assessment:"), *reasons)
    _send(attempt.person_id, _("Your result is ready"), lines, f"marked:{attempt.public_id}", now)


def _send(person_id: int, subject: str, lines: tuple[str, ...], key: str, now: dt.datetime) -> None:
    holder = person(person_id)
    if holder is None or not holder.email:
        return
    body = "\n\n".join((_("Hello %(name)s,", name=holder.name), *lines)) + "\n"
    try:
        send(holder.email, subject, body, key=key, now=now)
    except BadAddress:
        return  # an address that the roster mistyped is no reason to keep a result back
