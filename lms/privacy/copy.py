"""A copy of everything that is kept about a person, for that person: tables as JSON, certificates as PDF."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms.audit.services import record
from lms.credentials.desk import Desk
from lms.credentials.paper import pdf
from lms.credentials.queries import of_person
from lms.db import db
from lms.privacy.reach import rows_of, subject, tables
from lms.privacy.rules import RULES

README = """Everything that this platform keeps about you, as of {now}.

data.json holds the rows of each table by its name; times are in UTC. Passwords and secret links are stored only as
hashes and are left out. certificates/ holds your certificates. How long each is kept stands in the privacy page.
"""


def copy_of(person_id: int, *, actor: int | None, now: dt.datetime, desk: Desk) -> bytes:
    """The zip with everything. Raises LookupError for an unknown person."""
    who = subject(person_id)
    data = {}
    for name, rule in RULES.items():
        if rule.copy:
            columns = [column for column in tables()[name].c if column.name not in rule.secret]
            rows = db.session.execute(select(*columns).where(rows_of(name, who)))
            names = [column.name for column in columns]
            data[name] = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("README.txt", README.format(now=now.isoformat(timespec="minutes")))
        book.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        for credential in of_person(person_id):
            book.writestr(f"certificates/{credential.serial}.pdf", pdf(credential, desk, now))
    record("privacy.export", "person", who.public_id, actor=actor, now=now)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if not isinstance(value, bytes) else f"{len(value)} bytes"
