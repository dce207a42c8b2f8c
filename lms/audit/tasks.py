"""Noting a look or an export from a page that otherwise only reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lms.audit.places import Place
from lms.audit.queries import repeated
from lms.audit.reading import QUARTER, log_view
from lms.audit.services import record
from lms.db import db, writing
from lms.web.principal import Principal


def note_look(who: Principal, subject_ids: Iterable[int], what: str, place: Place, now: dt.datetime) -> None:
    """Keep that this principal opens the records of these people, in a transaction of its own before the page is made.

    `place` says which page it is.

    What cannot be noted is not shown: a fault here is the page's fault. Call it before anything is read for the page.
    """
    subjects = set(subject_ids) - {who.person_id}
    if not subjects:
        return
    db.session.rollback()
    with writing():
        log_view(who.account_id, who.roles, subjects, what, place, own=who.person_id, now=now)
        db.session.commit()


def note_export(who: Principal, kind: str, subject: str, now: dt.datetime, **facts: str) -> None:
    """Keep in the audit trail that this principal took figures away as a file, in a transaction of its own.

    The same file again within a quarter of an hour is the same act. Call it once the file is made and nothing more is
    read for it.
    """
    detail = {name: value for name, value in facts.items() if value}
    db.session.rollback()
    with writing():
        since = now - dt.timedelta(seconds=QUARTER)
        if not repeated("report.export", kind, subject, actor_id=who.account_id, detail=detail, since=since):
            record("report.export", kind, subject, actor=who.account_id, now=now, **detail)
        db.session.commit()
