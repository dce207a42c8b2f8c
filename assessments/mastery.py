"""What dated evidence says about a person's level in one competency.

For each source only the latest evidence that still holds counts, up to the ceiling of that source; the level is
the highest of these. So a test never lowers an observation, a later observation replaces an earlier one even
downwards, and an old best does not live for ever. A failed test sets no level and replaces nothing. Sources stand
side by side and are never averaged. Knows nothing of people, courses or what today is.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

SOURCES = ("test", "case", "simulation", "observation", "panel", "prior", "self")
HIGHEST = 5
MONTHS_CRITICAL = 12
MONTHS_OTHERWISE = 24
COACHING_ENTRIES = 3


@dataclass(frozen=True)
class EvidencePoint:
    """One piece of evidence.

    `level` is what it claims, before the ceiling of its source. `valid_until` is the last day on which it holds,
    None for ever. `recorded` breaks a tie of two pieces achieved on the same day. `signed_off` means by someone
    entitled to; `coaching_log` that the person's log of coaching others came with it.
    """

    source: str
    level: int
    achieved: date
    valid_until: date | None
    recorded: datetime | None = None
    signed_off: bool = False
    coaching_log: bool = False
    passed: bool = True


@dataclass(frozen=True)
class Standing:
    """The level on a day, and what each source says by itself.

    `valid_until` is the last day through which the level is at least this without new evidence, None where it
    is 0 or never falls. `next_change` is the first later day on which level or sources change by themselves.
    """

    level: int
    by_source: dict[str, int]
    valid_until: date | None
    next_change: date | None


def ceiling(source: str, signed_off: bool = False, coaching_log: bool = False) -> int:
    """Return the highest level that evidence of a source can show; raises ValueError on an unknown source.

    Without a sign-off an observation shows nothing, and a simulation or prior learning no more than a test. With
    one, prior learning shows what an observation does. A coaching log counts only together with a sign-off.
    """
    if source in ("test", "case"):
        return 2
    if source == "panel":
        return HIGHEST
    if source == "self":
        return 1
    if source in ("simulation", "prior", "observation"):
        if signed_off:
            return 4 if coaching_log else 3
        return 0 if source == "observation" else 2
    raise ValueError(f"expected a source among {', '.join(SOURCES)}, not {source!r}")


def coaching_log_holds(days: Iterable[date], on: date, critical: bool, needed: int = COACHING_ENTRIES) -> bool:
    """Say whether a log of coaching others is enough for level 4 with a sign-off.

    `days` are those of the entries that the coached colleagues confirmed. An entry ages as evidence does, so that
    `needed` of them must still hold on the day; entries after it are not yet known.
    """
    return sum(1 for day in days if day <= on <= valid_until(day, critical)) >= needed


def counted_level(point: EvidencePoint) -> int:
    """Return the level of one piece of evidence under its ceiling; 0 for a failed test."""
    highest = ceiling(point.source, point.signed_off, point.coaching_log)
    return max(0, min(point.level, highest)) if point.passed else 0


def valid_until(achieved: date, critical: bool) -> date:
    """Return the last day on which evidence holds by default: 12 months for a critical competency, else 24.

    29 February becomes 28 February of a common year.
    """
    return months_later(achieved, MONTHS_CRITICAL if critical else MONTHS_OTHERWISE)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def standing(points: Iterable[EvidencePoint], on: date) -> Standing:
    """Return what the evidence says on a day; evidence achieved after it is not yet known then."""
    known = [point for point in points if point.achieved <= on and _shows_something(point)]
    if len(known) <= 1:  # most competencies of most people rest on one piece, and hospitals have a million people
        return _alone(known[0], on) if known else Standing(0, {}, None, None)
    now = _by_source(known, on)
    level = max(now.values(), default=0)
    next_change: date | None = None
    lasts_until: date | None = None
    for day in _turning_days(known, on):
        then = _by_source(known, day)
        if then != now and next_change is None:
            next_change = day
        if max(then.values(), default=0) < level:
            lasts_until = day - timedelta(days=1)
            break
    return Standing(level, now, lasts_until, next_change)


def _alone(point: EvidencePoint, on: date) -> Standing:
    """Return what a single piece of evidence says."""
    end = point.valid_until
    if end is not None and end < on:
        return Standing(0, {}, None, None)
    level = counted_level(point)
    lasts = end if end is not None and end < date.max else None
    return Standing(level, {point.source: level}, lasts if level else None, lasts and lasts + timedelta(days=1))


def level_on(points: Iterable[EvidencePoint], day: date) -> int:
    """Return the level that this evidence alone supports on a day: what `standing` says, and nothing more."""
    known = [point for point in points if point.achieved <= day and _shows_something(point)]
    return max(_by_source(known, day).values(), default=0)


def _shows_something(point: EvidencePoint) -> bool:
    """Say whether evidence sets a level at all: a failed test and an unsigned observation neither set nor replace."""
    return point.passed and ceiling(point.source, point.signed_off, point.coaching_log) > 0


def _turning_days(points: Sequence[EvidencePoint], on: date) -> list[date]:
    """Return the later days on which evidence ends."""
    ends = {point.valid_until for point in points if point.valid_until is not None}
    return sorted(end + timedelta(days=1) for end in ends if end >= on and end < date.max)


def _by_source(points: Sequence[EvidencePoint], on: date) -> dict[str, int]:
    latest: dict[str, EvidencePoint] = {}
    for point in points:
        if point.valid_until is not None and point.valid_until < on:
            continue
        held = latest.get(point.source)
        if held is None or _age(point) > _age(held):
            latest[point.source] = point
    return {source: counted_level(latest[source]) for source in SOURCES if source in latest}


def _age(point: EvidencePoint) -> tuple[date, float, int]:
    """Return a key that is greater for later evidence; a time without a zone is read as UTC."""
    moment = point.recorded
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    recorded = moment.timestamp() if moment is not None else float("-inf")
    return point.achieved, recorded, counted_level(point)
