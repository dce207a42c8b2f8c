"""Facts of policies made without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from lms.policies.facts import AttestationFacts, PolicyFacts

MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_POLICY = PolicyFacts(
    1, 1, "USE-1", "d", "1", "first", dt.date(2026, 1, 1), "Use", "", "en", "Office", ("nurse",), dt.date(2026, 1, 1),
    None, 12, "I will.", 400, MOMENT, None,
)  # fmt: skip


def facts(**changes: Any) -> PolicyFacts:
    """A policy."""
    return replace(_POLICY, **changes)


def attestation(on: dt.date) -> AttestationFacts:
    """An attestation of it."""
    return AttestationFacts(1, "1", "d", "I will.", on, MOMENT)
