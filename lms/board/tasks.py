"""Background work of the desk: the e-mails of saved views. They name nobody and hold a link that needs a sign-in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from lms.accounts.queries import AccountFacts, account, scope_of
from lms.board.papers import make, subject_of
from lms.board.saved import ViewFacts, due_views, view
from lms.board.services import postpone
from lms.competency.tasks import fold_now
from lms.jobs.registry import TaskRefused, every, task
from lms.jobs.services import enqueue
from lms.messages.services import BadAddress, send
from lms.reports.asking import READERS, question_of
from lms.reports.plans import ReportRefused
from lms.reports.value import Report
from lms.reports.words import long_day
from lms.web.clock import local
from lms.web.texts import said

MAIL = "reports.mail"


@every(900, "reports.views")
def due(*, now: dt.datetime) -> None:
    """Queue an e-mail for every view whose day has come, once a day."""
    today = local(now).date()
    for each in due_views(today):
        payload = {"view": each.public_id, "day": today.isoformat()}
        enqueue(MAIL, payload, now=now, key=f"view:{each.public_id}:{today}")
        postpone(each.public_id, today=today)


@task(MAIL, lease=600)
def mail(payload: dict[str, Any], *, now: dt.datetime) -> None:
    """Work out a view as its owner may see it now, and send the finding with a link."""
    found = view(payload["view"])
    owner = account(found.account_id) if found else None
    if found is None or owner is None or owner.deactivated_at is not None or not owner.roles.intersection(READERS):
        raise TaskRefused(_("The view is gone, or its owner may no longer read reports."))
    today = local(now).date()
    fold_now(today)
    scope = scope_of(owner.id, owner.person_id, owner.roles, today)
    try:
        question = question_of(found.filters, scope, today)
        report = make(found.kind, subject_of(found.kind, found.filters), question, now)
    except ReportRefused as fault:
        raise TaskRefused(fault.message) from None
    try:
        send(
            owner.email,
            found.name,
            _letter(found, report, owner),
            key=f"view:{found.public_id}:{payload['day']}",
            now=now,
        )
    except BadAddress:
        raise TaskRefused(_("The owner has no address that can be written to.")) from None


def _letter(found: ViewFacts, report: Report, owner: AccountFacts) -> str:
    """The finding, the date, the digest, and where to read the rest; the figures stay behind the sign-in."""
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    lines = (
        _("%(title)s, as of %(day)s:", title=said(report.title), day=said(long_day(report.as_of))),
        said(report.finding) + ".",
        _("Read it with its definitions, and download it as PDF or spreadsheet (you will be asked to sign in):"),
        f"{base}/workforce/views/{found.public_id}",
        _("Digest of these figures: %(digest)s", digest=report.digest),
        _("You asked for this e-mail under Reports, where you can end it."),
    )
    return "\n\n".join(lines) + "\n"
