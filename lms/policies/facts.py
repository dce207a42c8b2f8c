"""What policies tell other rooms: plain values about texts and attestations, and the rule of when one holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lms.credentials.services import add_months

RENEW_DAYS = 30  # before an attestation ends, it may be given again


@dataclass(frozen=True)
class PolicyFacts:
    """A text of a policy in a line, without the text itself. `change` is first, material or correction."""

    id: int
    policy_id: int
    code: str
    digest: str
    edition: str
    change: str
    asked_from: dt.date
    title: str
    summary: str
    language: str
    owner: str
    audience: tuple[str, ...]
    effective: dt.date
    review_by: dt.date | None
    reattest_months: int | None
    statement: str
    words: int
    published_at: dt.datetime
    withdrawn_at: dt.datetime | None

    @property
    def minutes(self) -> int:
        """Reading time at 200 words a minute, at least 1."""
        return max(1, round(self.words / 200))

    def ends(self, attested_on: dt.date) -> dt.date | None:
        """The last day on which an attestation of this edition holds; None without an end."""
        return add_months(attested_on, self.reattest_months) if self.reattest_months else None


@dataclass(frozen=True)
class PolicyPage:
    """A policy to be read: its facts with the rendered text and what changed."""

    facts: PolicyFacts
    html: str
    changes_html: str


@dataclass(frozen=True)
class AttestationFacts:
    """An attestation of an edition by one person."""

    policy_id: int
    edition: str
    digest: str
    statement: str
    attested_on: dt.date
    attested_at: dt.datetime


@dataclass(frozen=True)
class Mine:
    """A policy in force with the reader's latest attestation of its present edition, None without one.

    `earlier` says that an earlier edition was attested, so that what changed is worth reading first.
    """

    policy: PolicyFacts
    attested: AttestationFacts | None
    earlier: bool

    def holds(self, on: dt.date) -> bool:
        """Whether the attestation holds on a day."""
        if self.attested is None:
            return False
        ends = self.policy.ends(self.attested.attested_on)
        return ends is None or on <= ends

    def waits(self, on: dt.date) -> bool:
        """Whether the policy is to be attested on a day: not yet, no longer, or soon no longer."""
        if on < self.policy.asked_from - dt.timedelta(days=RENEW_DAYS):
            return False
        if self.attested is None:
            return True
        ends = self.policy.ends(self.attested.attested_on)
        return ends is not None and on > ends - dt.timedelta(days=RENEW_DAYS)
