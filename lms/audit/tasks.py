"""Noting a look from a page that otherwise only reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lms.audit.reading import log_view
from lms.db import db, writing
from lms.web.principal import Principal


def note_look(who: Principal, subject_ids: Iterable[int], what: str, now: dt.datetime) -> None:
    """Keep that this principal opens the records of these people, in a transaction of its own before the page is made.

    What cannot be noted is not shown: a fault here is the page's fault. Call it before anything is read for the page.
    """
    subjects = set(subject_ids) - {who.person_id}
    if not subjects:
        return
    db.session.rollback()
    with writing():
        log_view(who.account_id, who.roles, subjects, what, own=who.person_id, now=now)
        db.session.commit()
