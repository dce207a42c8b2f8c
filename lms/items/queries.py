"""Reading the item bank of a published version; it never changes, so it is kept in the process."""

from __future__ import annotations

from sqlalchemy import select

from assessments.model import Bank, from_json
from lms.catalog.cache import VersionCache
from lms.db import db
from lms.items.models import BankDocument

_banks: VersionCache[int, Bank] = VersionCache(200)

EMPTY = Bank(items=(), cases=())


def bank(version_id: int) -> Bank:
    """The rendered bank of a version; an empty one where there is none. No statement where it is kept already."""

    def load() -> Bank | None:
        document = db.session.execute(select(BankDocument.bank).where(BankDocument.version_id == version_id)).scalar()
        return from_json(document) if document is not None else None

    return _banks.get(version_id, version_id, load) or EMPTY
