"""What a test-out tells its pages. Plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from assessments.adaptive import Verdict, verdict
from lms.catalog.facts import VersionFacts
from lms.placement.rules import NEEDED, Pool


@dataclass(frozen=True)
class TestFacts:
    """A test. `decision` is None while it runs."""

    __test__ = False

    id: int
    public_id: str
    person_id: int
    version_id: int
    state: dict[str, Any]
    started_at: dt.datetime
    ended_at: dt.datetime | None
    decision: str | None

    @property
    def verdict(self) -> Verdict:
        """Where the test stands."""
        return verdict(self.state)


@dataclass(frozen=True)
class Offer:
    """Whether a person can test out of a course now. `kind` is open, go, wait, few, no-exam or done.

    `pool` is looked at only where nothing else decides, that is with go and few.
    """

    version: VersionFacts
    kind: str
    pool: Pool
    tests: tuple[TestFacts, ...]  # of this person, the latest first
    opens_at: dt.datetime | None = None
    needed: int = NEEDED


@dataclass(frozen=True)
class Wanting:
    """A pool whose prices are to be learnt, with the spread of takers and the digests of its figures and of itself."""

    version: VersionFacts
    pool: Pool
    sd: float
    figures_digest: str
    digest: str
