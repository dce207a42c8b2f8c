"""What studies of a pass mark tell their pages. Plain values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.standards import ENOUGH_JUDGES, Round
from lms.catalog.facts import VersionFacts


@dataclass(frozen=True)
class Adopted:
    """A pass mark adopted; `cut` is what the panel found and `adopted` what is used, in per cent."""

    cut: Fraction
    adopted: Fraction
    se: float
    reason: str
    digest: str
    adopted_at: dt.datetime
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Judge:
    """A member of a panel: `label` numbers the ratings, `rated` counts them in the round that is open."""

    account_id: int
    label: int
    name: str
    rated: int


@dataclass(frozen=True)
class Study:
    """A panel's work on the exam of a text. `closed` counts the rounds that are over."""

    id: int
    public_id: str
    version: VersionFacts
    items: tuple[str, ...]
    rounds: int
    closed: int
    created_at: dt.datetime
    panel: frozenset[int]  # accounts
    adopted: Adopted | None

    @property
    def open_round(self) -> int | None:
        """The round in which the panel rates now, None after the last."""
        return self.closed + 1 if self.closed < self.rounds else None

    @property
    def act(self) -> str:
        """The last part of the address at which a member does the work."""
        return "rate"

    @property
    def few(self) -> bool:
        """Whether the panel is smaller than is usual."""
        return len(self.panel) < ENOUGH_JUDGES

    @property
    def exam_says(self) -> Fraction | None:
        """The pass mark of the text, in per cent."""
        return self.version.exam.pass_percent if self.version.exam else None


@dataclass(frozen=True)
class Progress:
    """A study as its educator sees it: who has rated how much, and the figures of the rounds that are over."""

    study: Study
    judges: tuple[Judge, ...]
    over: tuple[Round, ...]
    titles: Mapping[str, str]
    uneven_points: bool  # whether the questions earn different points, while the cut counts each alike

    @property
    def waiting(self) -> tuple[Judge, ...]:
        """The members who have not rated every question of the open round."""
        return tuple(each for each in self.judges if each.rated < len(self.study.items))


@dataclass(frozen=True)
class Seen:
    """What a member sees of a question beside the own earlier rating: the panel's mean and range, and takers."""

    own: int | None
    mean: float | None
    lowest: int | None
    highest: int | None
    takers_right: float | None  # per cent
