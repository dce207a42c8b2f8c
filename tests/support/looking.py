"""Where people were seen, as the access log keeps it."""

from __future__ import annotations

from sqlalchemy import select

from lms.audit.models import RecordView, RecordViewPlace
from lms.db import db


def seen_at() -> set[tuple[str, str, str, str]]:
    """Every kind of look with its place: what, the code of the page, what it was about, and the unit."""
    view, place = RecordView, RecordViewPlace
    found = select(view.what, place.place, place.about, place.unit).join(view, view.id == place.view_id)
    return {(row.what, row.place, row.about, row.unit) for row in db.session.execute(found)}
