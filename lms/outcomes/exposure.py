"""Which share of the staff of some units had completed a course by the end of each period. Pure.

Each person counts in one unit alone: that of the current post that began first. A unit with fewer people of its own
than may be shown is left out of every figure. So all published figures are sums of the same parts, none of them a
small group, and no two of them can be subtracted to find one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.people.facts import LeaveSpan, PostSpan


@dataclass(frozen=True)
class Exposure:
    """`done` of `of` people had completed the course on `day`; both None where too few people could be shown."""

    day: dt.date
    done: int | None
    of: int | None


def exposures(
    posts: Iterable[PostSpan],
    leaves: Iterable[LeaveSpan],
    completed: Mapping[int, dt.date],
    unit_ids: Collection[int],
    days: Sequence[dt.date],
    smallest: int = 5,
) -> tuple[Exposure, ...]:
    """The exposure of the people in `unit_ids` on each of `days`. `posts` are all posts of everybody concerned."""
    held: dict[int, list[PostSpan]] = defaultdict(list)
    for post in posts:
        held[post.person_id].append(post)
    away: dict[int, list[LeaveSpan]] = defaultdict(list)
    for leave in leaves:
        away[leave.person_id].append(leave)
    return tuple(_on(day, held, away, completed, frozenset(unit_ids), smallest) for day in days)


def _on(
    day: dt.date,
    held: Mapping[int, Sequence[PostSpan]],
    away: Mapping[int, Sequence[LeaveSpan]],
    completed: Mapping[int, dt.date],
    unit_ids: frozenset[int],
    smallest: int,
) -> Exposure:
    people: dict[int, int] = defaultdict(int)
    done: dict[int, int] = defaultdict(int)
    for person_id, posts in held.items():
        unit = _unit(posts, day)
        if unit not in unit_ids or unit is None or any(leave.covers(day) for leave in away.get(person_id, ())):
            continue
        people[unit] += 1
        when = completed.get(person_id)
        done[unit] += when is not None and when <= day
    shown = [unit for unit, of in people.items() if of >= smallest]
    if not shown and people:
        return Exposure(day, None, None)
    return Exposure(day, sum(done[unit] for unit in shown), sum(people[unit] for unit in shown))


def _unit(posts: Sequence[PostSpan], day: dt.date) -> int | None:
    current = [post for post in posts if post.covers(day)]
    return min(current, key=lambda post: (post.starts, post.unit_id)).unit_id if current else None
