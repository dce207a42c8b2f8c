"""Uploaded files between their dry run and their import: kept on the server, for their uploader, for a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from lms.db import db, public_id
from lms.rostering.models import ImportFile

KEPT = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Upload:
    """Files as they were uploaded. `units` is empty for past training."""

    public_id: str
    name: str
    data: bytes
    units_name: str
    units: bytes


def keep(
    kind: str, account_id: int, *, name: str, data: bytes, units_name: str = "", units: bytes = b"", now: dt.datetime
) -> str:
    """Keep uploaded files and forget those that are older than a day; returns the public id."""
    db.session.execute(delete(ImportFile).where(ImportFile.uploaded_at < now - KEPT))
    row = {
        "public_id": public_id(), "account_id": account_id, "kind": kind, "name": name[:200], "data": data,
        "units_name": units_name[:200], "units": units, "uploaded_at": now,
    }  # fmt: skip
    db.session.execute(insert(ImportFile).values(**row))
    return str(row["public_id"])


def find(kind: str, key: str, account_id: int, *, now: dt.datetime) -> Upload | None:
    """The files of this account under this public id, unless they are a day old or another's."""
    columns = (ImportFile.public_id, ImportFile.name, ImportFile.data, ImportFile.units_name, ImportFile.units)
    statement = select(*columns).where(
        ImportFile.public_id == key, ImportFile.account_id == account_id, ImportFile.kind == kind,
        ImportFile.uploaded_at >= now - KEPT,
    )  # fmt: skip
    row = db.session.execute(statement).first()
    return Upload(row.public_id, row.name, row.data, row.units_name, row.units or b"") if row else None


def drop(key: str, account_id: int) -> None:
    """Forget files once they are imported or given up."""
    db.session.execute(delete(ImportFile).where(ImportFile.public_id == key, ImportFile.account_id == account_id))
