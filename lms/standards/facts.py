"""What studies of a pass mark tell their pages. Plain values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.standards import ENOUGH_BORDERLINE, ENOUGH_JUDGES, Round, Standard
from lms.catalog.facts import VersionFacts
from lms.people.facts import PersonFacts

LEAST_SHOWN = 5  # people in a group whose figures are shown


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
    method: str = "angoff"  # or borderline

    @property
    def borderline(self) -> bool:
        """Whether the panel judges people instead of rating questions."""
        return self.method == "borderline"

    @property
    def open_round(self) -> int | None:
        """The round in which the panel rates now, None after the last."""
        return self.closed + 1 if self.closed < self.rounds else None

    @property
    def act(self) -> str:
        """The last part of the address at which a member does the work."""
        return "judge" if self.borderline else "rate"

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


@dataclass(frozen=True)
class Taker:
    """Somebody who took the exam, as a member may judge them: never with a score. `said` is the member's judgement."""

    person: PersonFacts
    units: tuple[str, ...]
    said: str | None


@dataclass(frozen=True)
class Desk:
    """A page of the takers whom a member may judge.

    `matching` counts those that the search finds, `may` all whom the member may judge, `said` those judged. Where
    `search_first` holds, there are too many to list, and those judged already stand there until a name is typed.
    """

    takers: tuple[Taker, ...]
    matching: int
    may: int
    said: int
    page: int
    pages: int
    search_first: bool


@dataclass(frozen=True)
class Tally:
    """How far the judging is. People on whom members differ are in no group; `by_member` is by account."""

    takers: int  # who took the exam and may be judged by somebody
    judged: int
    borderline: int
    differ: int
    by_member: Mapping[int, int]

    @property
    def lacking(self) -> int:
        """How many people on the border are still missing."""
        return max(0, ENOUGH_BORDERLINE - self.borderline)


@dataclass(frozen=True)
class Group:
    """The takers of whom the same was said; `median` of their scores in per cent, None with too few to show."""

    judgement: str
    size: int
    median: Fraction | None

    @property
    def few(self) -> bool:
        """Whether there are too few to say how many."""
        return 0 < self.size < LEAST_SHOWN


@dataclass(frozen=True)
class Border:
    """What the judging came to."""

    standard: Standard
    groups: tuple[Group, ...]
    judged: int
    judges: int
    differ: int
