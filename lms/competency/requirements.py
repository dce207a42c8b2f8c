"""What a person with certain posts needs on a day, and why. Pure: no database, no clock.

Each post is asked for itself: its profession and roles, in its unit. The highest of all counts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lms.competency.facts import TargetReason
from lms.competency.local import Zone
from lms.competency.snapshot import Snapshot
from lms.people.facts import PostSpan

Lines = Mapping[int, tuple[int, ...]]  # a unit with its ancestors, the root last
KEPT = 4096


def required(frame: Snapshot, profession: str, held: Sequence[PostSpan], lines: Lines, on: dt.date) -> str:
    """The level needed in each competency, one digit a place; `held` are the posts of the day."""
    if not frame.local.zones(on):
        subjects = {profession} if held else set()
        return frame.targets(subjects.union(*(_subjects(profession, post) for post in held)), on)
    digits = "0" * len(frame.everything)
    for post in held:
        path = frame.local.path(lines[post.unit_id], on)
        digits = "".join(map(max, digits, needed(frame, _subjects(profession, post), path, on)))
    return digits


def hospital_wide(frame: Snapshot, subjects: Iterable[str], on: dt.date) -> str:
    """The level that these subjects need anywhere in the hospital, without what a single unit decided."""
    return needed(frame, frozenset(subjects), frame.local.path((), on), on)


def next_change(frame: Snapshot, held: Sequence[PostSpan], lines: Lines, on: dt.date) -> dt.date | None:
    """The next day after `on` from which some target of these posts may be another."""
    days = [frame.next_change(on)]
    if held and frame.local.spans:
        zones: set[Zone] = {None}.union(*(lines[post.unit_id] for post in held))
        days.append(frame.local.next_change(zones, on))
    return min((day for day in days if day is not None), default=None)


def because(
    frame: Snapshot, profession: str, held: Sequence[PostSpan], lines: Lines, on: dt.date
) -> dict[int, tuple[TargetReason, ...]]:
    """By place where something is needed: the roles that need the most, and the unit whose decision makes it so."""
    found: dict[int, dict[TargetReason, int]] = defaultdict(dict)
    for post in held:
        path = frame.local.path(lines[post.unit_id], on)
        for subject in sorted(_subjects(profession, post)):
            levels = _of(frame, subject, on)
            said = frame.local.meet(levels, subject, path, on)
            for place, level in enumerate(levels):
                if level:
                    reason = TargetReason(subject, said.get(place))
                    found[place][reason] = max(level, found[place].get(reason, 0))
    return {
        place: tuple(reason for reason, level in mine.items() if level == max(mine.values()))
        for place, mine in found.items()
    }


def _subjects(profession: str, post: PostSpan) -> frozenset[str]:
    roles = (("super-user", post.super_user), ("informaticist", post.informaticist))
    return frozenset({profession, *(role for role, held in roles if held)})


def _of(frame: Snapshot, subject: str, on: dt.date) -> list[int]:
    return [int(digit) for digit in frame.targets({subject}, on)]


def needed(frame: Snapshot, subjects: frozenset[str], path: tuple[Zone, ...], on: dt.date) -> str:
    """The highest level that these subjects need where the decisions of `path` hold, one digit a place."""
    if not path:
        return frame.targets(subjects, on)
    kept = frame.local.digits
    key = (subjects, path, on)
    if key not in kept:
        if len(kept) > KEPT:
            kept.clear()
        best = [0] * len(frame.everything)
        for subject in subjects:
            levels = _of(frame, subject, on)
            frame.local.meet(levels, subject, path, on)
            best = list(map(max, best, levels))
        kept[key] = "".join(map(str, best))
    return kept[key]
