"""What other rooms may know of measures and comparisons: frozen values, no rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

DIRECTIONS = ("up", "down", "none")
EXPECTED = ("better", "worse", "none")


@dataclass(frozen=True)
class MeasureFacts:
    """A measure. `per` multiplies a value (100: per cent); `of` says what the denominator counts."""

    id: int
    code: str
    title: str
    kind: str
    direction: str
    span: str
    per: int
    of: str
    owner: str
    source: str
    definition: str


@dataclass(frozen=True)
class ValueFacts:
    """A value as known from `known_at` on."""

    unit_id: int
    period: dt.date
    revision: int
    numerator: Decimal
    denominator: Decimal | None
    known_at: dt.datetime


@dataclass(frozen=True)
class ChangeFacts:
    """Something that changed beside the training; `unit_id` None is the whole hospital."""

    public_id: str
    unit_id: int | None
    happened_on: dt.date
    words: str


@dataclass(frozen=True)
class OutcomeFacts:
    """What a comparison showed on a day, kept with the digest of those figures."""

    as_of: dt.date
    outcome: str
    digest: str


@dataclass(frozen=True)
class ComparisonFacts:
    """A registered comparison with every outcome that was kept, the oldest first."""

    id: int
    public_id: str
    measure_id: int
    course_code: str
    units: tuple[str, ...]
    beside: tuple[str, ...]
    begins_on: dt.date
    lag: int
    expected: str
    reason: str
    registered_at: dt.datetime
    outcomes: tuple[OutcomeFacts, ...] = ()
