"""Reading certificates. Never writes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from certificates.facts import from_json
from certificates.serials import normalise
from lms.credentials.facts import CredentialFacts
from lms.credentials.models import Credential
from lms.db import db


def _statement() -> Select[*tuple[Any, ...]]:
    successor, predecessor = aliased(Credential), aliased(Credential)
    return (
        select(Credential, successor.serial, predecessor.serial)
        .outerjoin(successor, successor.id == Credential.superseded_by)
        .outerjoin(predecessor, predecessor.superseded_by == Credential.id)
    )


def _facts(row: Any) -> CredentialFacts:
    credential, successor, predecessor = row
    return CredentialFacts(
        id=credential.id,
        serial=credential.serial,
        person_id=credential.person_id,
        course_code=credential.course_code,
        version_digest=credential.version_digest,
        facts=from_json(credential.facts),
        signed=credential.signed,
        issued_at=credential.issued_at,
        valid_until=credential.valid_until,
        superseded_by=successor,
        supersedes=predecessor,
        revoked_at=credential.revoked_at,
        reason=credential.reason,
    )


def by_serial(text: str) -> CredentialFacts | None:
    """The certificate with this number, read as people type it; None where it is malformed or unknown."""
    serial = normalise(text)
    if serial is None:
        return None
    row = db.session.execute(_statement().where(Credential.serial == serial)).first()
    return _facts(row) if row else None


def by_key(key: str) -> CredentialFacts | None:
    """The certificate that was issued for this reason."""
    row = db.session.execute(_statement().where(Credential.key == key)).first()
    return _facts(row) if row else None


def of_person(person_id: int) -> tuple[CredentialFacts, ...]:
    """A person's certificates, the newest first."""
    rows = db.session.execute(
        _statement()
        .where(Credential.person_id == person_id)
        .order_by(Credential.issued_at.desc(), Credential.id.desc())
    )
    return tuple(_facts(row) for row in rows)
