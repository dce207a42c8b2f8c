"""What quizzes tell other rooms: attempts, answers, results. Plain values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal

GRACE = dt.timedelta(seconds=120)  # for a lost connection; the deadline that is shown never moves


def shown(percent: Fraction | None) -> Decimal | None:
    """A percentage as it is shown: one decimal, halves upward. The pass compares the exact value."""
    if percent is None:
        return None
    return (Decimal(percent.numerator) / Decimal(percent.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)


State = Literal["open", "submitted", "awaiting_marking"]


@dataclass(frozen=True)
class AttemptFacts:
    """One sitting. `paper` holds item ids in asking order, `percent` the score with one decimal, 0 to 100."""

    id: int
    public_id: str
    enrolment_id: int
    person_id: int
    version_id: int
    number: int
    seed: str
    paper: tuple[str, ...]
    started_at: dt.datetime
    deadline: dt.datetime | None
    submitted_at: dt.datetime | None
    state: State
    earned: Fraction | None
    possible: Fraction | None
    percent: Decimal | None
    passed: bool | None
    reset_at: dt.datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it has not been handed in; its time may be over all the same."""
        return self.state == "open"

    def over(self, now: dt.datetime) -> bool:
        """Whether no answer is taken any more because the time and the grace are over."""
        return self.deadline is not None and now > self.deadline + GRACE

    def ended(self) -> dt.datetime:
        """When it ended: handed in, or for an open one when its time ends or began."""
        return self.submitted_at or self.deadline or self.started_at


@dataclass(frozen=True)
class ResponseFacts:
    """The saved answer to one item. `value` is canonical and None where it is not answered."""

    item: str
    value: Any
    confidence: int | None
    flagged: bool
    saved_at: dt.datetime | None
    score: float | None
    right: bool | None
    unfinished: bool = False  # a path of decisions that was left half way

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.value is not None

    @property
    def complete(self) -> bool:
        """Whether there is a whole answer."""
        return self.answered and not self.unfinished


NOT_ANSWERED = ResponseFacts("", None, None, False, None, None, None)


@dataclass(frozen=True)
class ItemResult:
    """The score of one item of a handed-in attempt. `share` is None while a person has to mark it."""

    id: str
    points: Fraction
    share: float | None
    right: bool | None
    response: ResponseFacts

    @property
    def awaiting(self) -> bool:
        """Whether a person has to mark it."""
        return self.share is None


@dataclass(frozen=True)
class Result:
    """The result of a handed-in attempt; the same however often it is asked for."""

    attempt: AttemptFacts
    items: tuple[ItemResult, ...]
    serial: str | None

    @property
    def score(self) -> Decimal | None:
        """0 to 100 with one decimal; None while marking is awaited."""
        return self.attempt.percent

    @property
    def passed(self) -> bool | None:
        """None while marking is awaited."""
        return self.attempt.passed

    @property
    def responses(self) -> Mapping[str, ResponseFacts]:
        """The answers by item id."""
        return {item.id: item.response for item in self.items}
