"""What the bank tells its pages of a course's figures. Plain values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.classical import ENOUGH_TAKERS
from lms.bank.reckoning import LOOK
from lms.catalog.facts import VersionFacts


@dataclass(frozen=True)
class AnalysisFacts:
    """What holds for the items of a course together, as of its last analysis."""

    course_id: int
    version_id: int
    as_of: dt.datetime
    attempts: int
    takers: int
    papers: int
    alpha: float | None
    sem: float | None
    model: str | None
    warnings: tuple[str, ...]
    digest: str
    ability_sd: float | None = None  # spread of the takers on the scale; 1 with two parameters

    @property
    def enough(self) -> bool:
        """Whether enough people stand behind it."""
        return self.takers >= ENOUGH_TAKERS


@dataclass(frozen=True)
class Figures:
    """The figures of an item; `document` as `reckoning` makes it, None where only a list is shown."""

    takers: int
    shown: int
    difficulty: float | None
    discrimination: float | None
    flags: tuple[str, ...]
    document: Mapping[str, Any] | None = None

    @property
    def enough(self) -> bool:
        """Whether enough people met the item for its figures to mean anything."""
        return self.takers >= ENOUGH_TAKERS

    @property
    def look(self) -> tuple[str, ...]:
        """The flags that ask for a look."""
        return tuple(flag for flag in self.flags if flag in LOOK)


@dataclass(frozen=True)
class State:
    """A course with an exam, how many attempts were handed in, and its last analysis, if any."""

    version: VersionFacts
    attempts: int
    analysis: AnalysisFacts | None

    @property
    def behind(self) -> bool:
        """Whether there are answers or a text that the figures do not know."""
        if self.analysis is None:
            return self.attempts > 0
        return (self.analysis.attempts, self.analysis.version_id) != (self.attempts, self.version.id)
