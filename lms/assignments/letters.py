"""The words of reminders. Queues e-mail; never sends by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.assignments.facts import Book, TrainingCounts
from lms.assignments.obligations import Obligation
from lms.assignments.reminders import Due
from lms.messages.services import BadAddress, send
from lms.people.facts import PersonFacts
from lms.web.shell import day

MOST_PEOPLE = 60


def to_person(
    holder: PersonFacts, due: Sequence[Due], book: Book, *, base_url: str, key: str, now: dt.datetime
) -> bool:
    """Tell a person what is due, all of it in one e-mail. Returns whether it was queued."""
    late = sum(1 for each in due if each.step == "overdue")
    if late:
        subject = ngettext("One thing is overdue", "%(num)d things are overdue", late)
    else:
        subject = ngettext("One thing is due soon", "%(num)d things are due soon", len(due))
    lines = [_line(each.obligation, book) for each in due]
    closing = (
        _("If you were on leave or have another reason, tell your manager: days can be moved."),
        _("All that is assigned to you: %(url)s", url=f"{base_url}/assigned"),
    )
    return _send(holder, subject, ("\n".join(lines), *closing), key, now)


def to_manager(
    manager: PersonFacts,
    people: Sequence[tuple[PersonFacts, Sequence[Obligation]]],
    book: Book,
    *,
    base_url: str,
    key: str,
    now: dt.datetime,
) -> bool:
    """Tell a manager who of theirs is late, once a week. Returns whether it was queued."""
    subject = ngettext(
        "One of your people is late with training", "%(num)d of your people are late with training", len(people)
    )
    lines = []
    for person, late in people[:MOST_PEOPLE]:
        lines.append(f"{person.name}:")
        lines += [f"  {_line(each, book)}" for each in late]
    if len(people) > MOST_PEOPLE:
        lines.append(_("and %(n)s more", n=len(people) - MOST_PEOPLE))
    opening = _("These things are overdue for more than a week. People on leave are not listed.")
    return _send(manager, subject, (opening, "\n".join(lines), f"{base_url}/team"), key, now)


def to_reader(
    reader: PersonFacts, counts: TrainingCounts, on: dt.date, *, base_url: str, key: str, now: dt.datetime
) -> bool:
    """Tell the CMIO the month's figures, without a name. Returns whether it was queued."""
    lines = (
        _("Mandatory training on %(day)s, in the whole hospital:", day=day(on)),
        "\n".join(
            (
                _("People with something mandatory: %(n)s", n=counts.people),
                _("Obligations of people at work and not exempt: %(n)s", n=counts.of),
                _("Done: %(n)s", n=counts.done),
                _("In time: %(n)s", n=counts.on_time),
                _("In days of grace: %(n)s", n=counts.grace),
                _("Overdue: %(n)s, of %(people)s people", n=counts.overdue, people=counts.people_overdue),
                _(
                    "Not counted: %(away)s of people on leave, %(exempt)s exempt",
                    away=counts.away,
                    exempt=counts.exempt,
                ),
            )
        ),
        f"{base_url}/assignments",
    )
    subject = ngettext("Training: one person overdue", "Training: %(num)d people overdue", counts.people_overdue)
    return _send(reader, subject, lines, key, now)


def _line(each: Obligation, book: Book) -> str:
    title = book.title(each.target)
    if each.due_on is None:
        return f"- {title}"
    if each.state == "overdue":
        return "- " + _("%(title)s: was due %(day)s", title=title, day=day(each.due_on))
    return "- " + _("%(title)s: due %(day)s", title=title, day=day(each.due_on))


def _send(holder: PersonFacts, subject: str, lines: Sequence[str], key: str, now: dt.datetime) -> bool:
    if not holder.email:
        return False
    body = "\n\n".join((_("Hello %(name)s,", name=holder.name), *lines)) + "\n"
    try:
        return send(holder.email, subject, body, key=key, now=now)
    except BadAddress:
        return False  # an address that the roster mistyped keeps nobody else from being told
