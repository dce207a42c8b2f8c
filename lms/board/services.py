"""Writes of the desk: saved views and when they are sent. Callers commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from assessments.mastery import months_later
from lms.audit.services import record
from lms.board.models import SavedView
from lms.board.papers import NAMES, SUBJECTS
from lms.db import db, insert_ignore, public_id

SCHEDULES = ("", "weekly", "monthly")
NAME_LENGTH = 120
MOST = 100  # views of one account
PARAMETERS = ("unit", "as_of", "compare_to", "profession", "competencies", "rows", *SUBJECTS.values())
LONGEST_VALUE = 120


class ViewRefused(ValueError):
    """The view cannot be kept; the message says what was expected."""


def save_view(account_id: int, name: str, kind: str, filters: Mapping[str, str], *, now: dt.datetime) -> str:
    """Keep a report with its filters under a name; the same name again takes the new filters. Returns its public id.

    Raises ViewRefused.
    """
    called = " ".join(name.replace("\x00", "").split())
    if not called or len(called) > NAME_LENGTH:
        raise ViewRefused(_("A name of 1 to %(name_length)s characters was expected.", name_length=NAME_LENGTH))
    if kind not in NAMES:
        raise ViewRefused(_("The reports are %(what)s.", what=", ".join(NAMES)))
    held = {key: filters[key] for key in PARAMETERS if filters.get(key)}
    if any(len(value) > LONGEST_VALUE or "\x00" in value for value in held.values()):
        raise ViewRefused(_("A filter is longer than any unit, competency or date."))
    count = db.session.scalar(select(func.count()).select_from(SavedView).where(SavedView.account_id == account_id))
    mine = (SavedView.account_id == account_id, SavedView.name == called)
    known = db.session.scalar(select(SavedView.public_id).where(*mine))
    if known is None and (count or 0) >= MOST:
        raise ViewRefused(_("%(most)s views are kept for each account; delete one first.", most=MOST))
    row = {
        "public_id": public_id(), "account_id": account_id, "name": called, "kind": kind, "filters": held,
        "schedule": "", "due_on": None, "saved_at": now,
    }  # fmt: skip
    said = db.session.execute(select(SavedView.kind, SavedView.filters).where(*mine)).first()
    insert_ignore(SavedView.__table__, [row], ["account_id", "name"])  # type: ignore[arg-type]
    db.session.execute(update(SavedView).where(*mine).values(kind=kind, filters=held, saved_at=now))
    view = str(db.session.scalar(select(SavedView.public_id).where(*mine)))
    if said is None or (said.kind, said.filters) != (kind, held):
        record("view.save", "view", view, actor=account_id, now=now, report=kind)
    return view


def delete_view(view: str, account_id: int, *, now: dt.datetime) -> bool:
    """Delete a view of this account; returns whether it was there."""
    gone = db.session.execute(delete(SavedView).where(SavedView.public_id == view, SavedView.account_id == account_id))
    there = bool(getattr(gone, "rowcount", 0))
    if there:
        record("view.delete", "view", view, actor=account_id, now=now)
    return there


def schedule_view(view: str, account_id: int, schedule: str, *, now: dt.datetime, today: dt.date) -> bool:
    """Send a view weekly on Mondays, monthly on the first, or not at all; returns whether it is this account's.

    Raises ViewRefused for another schedule.
    """
    if schedule not in SCHEDULES:
        raise ViewRefused(_("The e-mail comes weekly, monthly or not at all."))
    mine = (SavedView.public_id == view, SavedView.account_id == account_id)
    before = db.session.scalar(select(SavedView.schedule).where(*mine))
    if before is None:
        return False
    db.session.execute(update(SavedView).where(*mine).values(schedule=schedule, due_on=next_day(schedule, today)))
    if before != schedule:
        record("view.schedule", "view", view, actor=account_id, now=now, schedule=schedule or "never")
    return True


def postpone(view: str, *, today: dt.date) -> None:
    """Set the day of a view's next e-mail, after today's."""
    schedule = db.session.scalar(select(SavedView.schedule).where(SavedView.public_id == view)) or ""
    values = {"due_on": next_day(schedule, today)}
    db.session.execute(update(SavedView).where(SavedView.public_id == view).values(**values))


def next_day(schedule: str, today: dt.date) -> dt.date | None:
    """The next Monday or the first of the next month after a day; None without a schedule."""
    if schedule == "weekly":
        return today + dt.timedelta(days=7 - today.weekday())
    return months_later(today.replace(day=1), 1) if schedule == "monthly" else None
