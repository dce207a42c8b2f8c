"""What would raise a level next, from the rule of sources and ceilings. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assessments import mastery
from assessments.retention import Retention, retention
from lms.competency.facts import CompetencyStanding

SOON = dt.timedelta(days=90)
TESTED = ("test", "case")
OBSERVED = ("observation", "simulation")


@dataclass(frozen=True)
class Rung:
    """A competency as its page shows it.

    `selfrated`, `tested`, `observed`, `panel` and `prior` are the levels that these kinds of
    evidence show now, None without any; they stand side by side and are never averaged. `selfrated`
    is what the person said, of which level 1 at most counts. `retention` is an estimate beside the
    level that moves nothing, None where nothing was ever shown.
    `next_level` is the level above the present one, 0 at the top. `by` says what reaches it:
    test, signed, log or panel. `ends_soon` and `ended` say that evidence is about to end or has.
    """

    standing: CompetencyStanding
    selfrated: int | None
    tested: int | None
    observed: int | None
    panel: int | None
    prior: int | None
    next_level: int
    by: str
    ends_soon: bool
    ended: dt.date | None
    retention: Retention | None = None

    @property
    def at_target(self) -> bool:
        """Whether something is required and reached."""
        return 0 < self.standing.target <= self.standing.level


def rung(standing: CompetencyStanding, on: dt.date) -> Rung:
    """Read a standing for its page on a day."""
    up = standing.level + 1 if standing.level < mastery.HIGHEST else 0
    return Rung(
        standing=standing,
        selfrated=_said(standing),
        tested=_best(standing, *TESTED),
        observed=_best(standing, *OBSERVED),
        panel=_best(standing, "panel"),
        prior=_best(standing, "prior"),
        next_level=up,
        by=_way(up),
        ends_soon=standing.valid_until is not None and standing.valid_until - on <= SOON,
        ended=_ended(standing, on),
        retention=_retained(standing, on),
    )


def _said(standing: CompetencyStanding) -> int | None:
    """What the person last said of themselves, before the ceiling."""
    return next((piece.stated for piece in standing.history if piece.source == "self" and piece.counts), None)


def _retained(standing: CompetencyStanding, on: dt.date) -> Retention | None:
    """The estimate from every day on which somebody else than the person saw it shown."""
    shown = (
        piece.achieved_on
        for piece in standing.history
        if piece.passed and piece.source != "self" and piece.withdrawn_at is None and piece.level > 0
    )
    return retention(shown, on)


def _best(standing: CompetencyStanding, *sources: str) -> int | None:
    return max((standing.sources[source] for source in sources if source in standing.sources), default=None)


def _way(level: int) -> str:
    """The least demanding kind of evidence whose ceiling reaches a level."""
    if not level:
        return ""
    if level <= mastery.ceiling("test"):
        return "test"
    if level <= mastery.ceiling("observation", signed_off=True):
        return "signed"
    if level <= mastery.ceiling("observation", signed_off=True, coaching_log=True):
        return "log"
    return "panel"


def _ended(standing: CompetencyStanding, on: dt.date) -> dt.date | None:
    """The last day of ended evidence that showed more than the present level, the latest such day."""
    days = [
        piece.valid_until
        for piece in standing.history
        if piece.valid_until
        and piece.valid_until < on
        and piece.passed
        and piece.withdrawn_at is None
        and piece.level > standing.level
    ]
    return max(days, default=None)
