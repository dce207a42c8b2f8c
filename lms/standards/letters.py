"""The words of the e-mails to a panel. Queues; never sends by itself, and an unusable address stops nothing."""

from __future__ import annotations

import datetime as dt

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts import queries as accounts
from lms.messages.services import BadAddress, send
from lms.standards.facts import Study


def invite(study: Study, *, now: dt.datetime) -> int:
    """Tell every member of a panel that a study waits, once; returns how many e-mails are new."""
    subject = _("Your judgement is asked for: %(title)s", title=study.version.title)
    lines = (
        _("You are on a panel that sets the pass mark of the exam of “%(title)s”.", title=study.version.title),
        *_task(study),
        _address(f"/standards/{study.public_id}/{study.act}"),
    )
    return sum(_send(each, subject, lines, f"panel:begin:{study.public_id}:{each}", now) for each in study.panel)


def remind(study: Study, members: dict[int, int], *, now: dt.datetime) -> int:
    """Remind members by account with how much is left; one e-mail a person and day at most. Returns how many are new.

    The day is that of UTC: it only keeps a second press from writing twice.
    """
    subject = _("A reminder: your judgement on %(title)s", title=study.version.title)
    sent = 0
    for account_id, left in members.items():
        lines = (
            *_left(study, left),
            _address(f"/standards/{study.public_id}/{study.act}"),
        )
        key = f"panel:remind:{study.public_id}:{study.closed + 1}:{account_id}:{now:%Y%m%d}"
        sent += _send(account_id, subject, lines, key, now)
    return sent


def _left(study: Study, left: int) -> tuple[str, ...]:
    if study.borderline:
        return (
            _("You have judged nobody yet who took the exam of “%(title)s”.", title=study.version.title),
            _("Leave out whose work you do not know. Begin here:"),
        )
    return (
        ngettext(
            "One question of the exam of “%(title)s” still waits for your rating.",
            "%(num)d questions of the exam of “%(title)s” still wait for your rating.",
            left,
            title=study.version.title,
        ),
        _("Go on here; what you have saved is kept:"),
    )


def _task(study: Study) -> tuple[str, ...]:
    size = len(study.items)
    if study.borderline:
        return (
            _(
                "Say of people whose work you know and who took it whether they are clearly not competent in its "
                "matter, on the border, or clearly competent. You see no scores."
            ),
            _("No colleague sees what you say, and names are forgotten once the judging is closed. Begin here:"),
        )
    return (
        ngettext(
            "Say of one question how many of 100 people who are just competent would answer it right.",
            "Say of %(num)d questions how many of 100 people who are just competent would answer each right.",
            size,
        ),
        _("Nobody but you sees your ratings while a round is open, and none is ever shown with a name. Begin here:"),
    )


def _address(path: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def _send(account_id: int, subject: str, lines: tuple[str, ...], key: str, now: dt.datetime) -> bool:
    """Whether an e-mail was queued that was not there before; not to an account that is closed."""
    who = accounts.account(account_id)
    if who is None or who.deactivated_at is not None:
        return False
    name = accounts.names_of([account_id]).get(account_id)
    greeting = _("Hello %(name)s,", name=name) if name else _("Hello,")
    try:
        return send(who.email, subject, "\n\n".join((greeting, *lines)) + "\n", key=key, now=now)
    except BadAddress:
        return False
