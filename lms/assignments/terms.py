"""The words of a rule: whom it concerns, what it asks, and by when. Pure values.

A version of a rule never changes once it holds. A change closes it and opens the next, so that any past day can be
asked again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

TARGETS = ("course", "pathway", "policy", "competency")
KINDS = ("mandatory", "recommended")
CLINICIANS = frozenset({"physician", "nurse", "pharmacist"})


@dataclass(frozen=True)
class Target:
    """What is asked: the code of a course, pathway, policy or competency; `level` only for a competency."""

    kind: str
    code: str
    level: int | None = None


@dataclass(frozen=True)
class Audience:
    """Whom a rule concerns. None or empty means everybody; `unit_id` means the unit and all below it.

    `roles` are words of `people.facts.ROLES`, any of them suffices. `within_days` limits the rule to posts that began
    at most so many days before the rule did, or later; whoever it caught stays in it while the post lasts.
    """

    unit_id: int | None = None
    professions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    within_days: int | None = None


@dataclass(frozen=True)
class Terms:
    """By when, how often, how strictly. Days are calendar days; the clock stops while a person is on leave.

    `due_on` is a fixed day; whoever joins too late for it has `due_days` (or `LATE_DAYS`) from joining. Without it
    `due_days` count from the assignment. `recur_months` counts from the last completion; `follows_expiry` asks again
    when the certificate ends. Renewal opens `window_days` before. For `grace_days` after the due day nobody is overdue.
    """

    mandatory: bool = True
    due_on: dt.date | None = None
    due_days: int | None = None
    recur_months: int | None = None
    follows_expiry: bool = False
    window_days: int = 90
    grace_days: int = 0


@dataclass(frozen=True)
class Version:
    """A rule between two days, both included; one that ends before it starts was replaced on its first day.

    Versions with the same `clock_from` ask the same by the same day: who stays in the rule across them keeps the first
    day. `sequence` counts from 1.
    """

    sequence: int
    starts: dt.date
    ends: dt.date | None
    clock_from: dt.date
    target: Target
    audience: Audience
    terms: Terms
    because: str = ""

    def covers(self, on: dt.date) -> bool:
        """Whether this version holds on a day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)
