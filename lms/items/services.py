"""Writing the item bank of a version, once, when it is published."""

from __future__ import annotations

from sqlalchemy import insert

from assessments.model import Bank, to_json
from lms.db import db
from lms.items.models import BankDocument, BankItem


def put_bank(version_id: int, bank: Bank) -> None:
    """Store the rendered bank of a new version, and a row for each of its items."""
    db.session.execute(insert(BankDocument).values(version_id=version_id, bank=to_json(bank)))
    rows = [
        {
            "version_id": version_id,
            "item": item.id,
            "position": position,
            "kind": item.type,
            "title": item.title[:300],
            "competency": item.competency,
            "level": item.level,
        }
        for position, item in enumerate(bank.items, 1)
    ]
    if rows:
        db.session.execute(insert(BankItem), rows)
