"""Reading saved views. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.board.models import SavedView
from lms.db import db


@dataclass(frozen=True)
class ViewFacts:
    """A saved view as pages and e-mails may know it."""

    public_id: str
    account_id: int
    name: str
    kind: str
    filters: Mapping[str, str]
    schedule: str
    due_on: dt.date | None


_COLUMNS = (
    SavedView.public_id, SavedView.account_id, SavedView.name, SavedView.kind, SavedView.filters, SavedView.schedule,
    SavedView.due_on,
)  # fmt: skip


def views_of(account_id: int) -> tuple[ViewFacts, ...]:
    """The views of an account by name."""
    statement = select(*_COLUMNS).where(SavedView.account_id == account_id)
    found = (ViewFacts(*row) for row in db.session.execute(statement))
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def view(public_id: str, account_id: int | None = None) -> ViewFacts | None:
    """A view by its public id; with an account only if it is that account's own."""
    statement = select(*_COLUMNS).where(SavedView.public_id == public_id)
    if account_id is not None:
        statement = statement.where(SavedView.account_id == account_id)
    row: Any = db.session.execute(statement).first()
    return ViewFacts(*row) if row else None


def due_views(on: dt.date) -> tuple[ViewFacts, ...]:
    """The views whose e-mail is due on a day."""
    statement = select(*_COLUMNS).where(SavedView.due_on.is_not(None), SavedView.due_on <= on)
    return tuple(ViewFacts(*row) for row in db.session.execute(statement.order_by(SavedView.id)))
