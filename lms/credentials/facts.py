"""A certificate as the rest of the house sees it: frozen facts with a status on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certificates.facts import CertificateFacts

STATUSES = ("valid", "expired", "superseded", "revoked")


@dataclass(frozen=True)
class Correction:
    """What a correction may state anew of the holder; everything else stays as it was."""

    name: str
    profession: str
    unit: str


@dataclass(frozen=True)
class CredentialFacts:
    """A certificate. `facts` are as they were at issue; only the status moves with time and decisions."""

    id: int
    serial: str
    person_id: int
    course_code: str
    version_digest: str
    facts: CertificateFacts
    signed: Mapping[str, Any]
    issued_at: dt.datetime
    valid_until: dt.date | None
    superseded_by: str | None  # the serial of the certificate that took its place
    supersedes: str | None  # the serial of the certificate whose place it took
    revoked_at: dt.datetime | None
    reason: str | None  # of the revocation or of the correction; for the holder and staff, not for strangers

    def status(self, on: dt.date) -> str:
        """valid, expired, superseded or revoked on a day; the last day of validity is valid."""
        if self.revoked_at is not None:
            return "revoked"
        if self.superseded_by is not None:
            return "superseded"
        if self.valid_until is not None and self.valid_until < on:
            return "expired"
        return "valid"
