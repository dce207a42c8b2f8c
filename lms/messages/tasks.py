"""Background work of e-mail: sending what is queued, forgetting what is old."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app

from lms.db import db
from lms.jobs.registry import TaskRefused, every, task
from lms.messages import queries, services, transport
from lms.web.clock import local

TRIES = 8


@task(services.SEND, tries=TRIES, lease=300)
def send(payload: dict[str, Any], *, now: dt.datetime) -> None:
    """Send one e-mail. Its text is wiped with success, and when the server will never take it."""
    letter = queries.waiting(int(payload["mail"]))
    if letter is None:
        return
    db.session.rollback()  # no transaction stands while the mail server is talked to
    settings = current_app.config["SETTINGS"]
    post = transport.Post(
        url=settings.mail_url,
        sender=settings.mail_from,
        sender_name=settings.product,
        folder=settings.instance,
        development=settings.env == "development",
    )
    try:
        transport.deliver(letter, post, local(now))
    except transport.MailRefused as fault:
        services.mark_failed(letter.id)
        db.session.commit()
        raise TaskRefused(str(fault)) from None
    services.mark_sent(letter.id, now)


@every(6 * 3600, "messages.tidy")
def tidy(*, now: dt.datetime) -> None:
    """Forget old e-mails."""
    services.tidy(now)
