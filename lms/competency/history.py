"""Standings of many people on many days in one pass over the ledger: what a trend is made of.

The same rule as the recount of a single day, of which a property test holds it to be the repetition;
only what is read is read once for all days.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from assessments import mastery
from lms.competency.facts import PersonStanding
from lms.competency.ledger import points_of
from lms.competency.requirements import required
from lms.competency.snapshot import Snapshot, snapshot
from lms.people.facts import LeaveSpan, PostSpan
from lms.people.queries import in_batches
from lms.people.spans import leaves_of, posts_of, professions_on_days, unit_lines_on_days

BATCH = 1000
Lines = Mapping[int, tuple[int, ...]]


def standings_on_days(
    days: Sequence[dt.date], *, person_ids: Collection[int]
) -> Iterator[tuple[int, tuple[PersonStanding | None, ...]]]:
    """Of each of these people who counts on any of these ascending days, the standing on each, else None."""
    frame = snapshot()
    lines = unit_lines_on_days(days)
    for some in in_batches(sorted(person_ids), BATCH):
        yield from _of_batch(some, days, lines, frame)


def _of_batch(
    people: Sequence[int], days: Sequence[dt.date], lines: Sequence[Lines], frame: Snapshot
) -> Iterator[tuple[int, tuple[PersonStanding | None, ...]]]:
    posts: dict[int, list[PostSpan]] = defaultdict(list)
    for post in posts_of(people, until=days[0]):
        posts[post.person_id].append(post)
    leaves: dict[int, list[LeaveSpan]] = defaultdict(list)
    for leave in leaves_of(people, until=days[0]):
        leaves[leave.person_id].append(leave)
    working = [person_id for person_id in people if posts[person_id]]
    points = points_of(working, on=days[0], ahead=True)
    professions = professions_on_days(working, days)
    for person_id in working:
        levels = _levels(points.get(person_id, {}), days, len(frame.everything))
        found: list[PersonStanding | None] = []
        for place, day in enumerate(days):
            held = [post for post in posts[person_id] if post.covers(day)]
            if not held or any(leave.covers(day) for leave in leaves[person_id]):
                found.append(None)
                continue
            profession = professions[person_id][place]
            units = tuple(sorted({above for post in held for above in lines[place][post.unit_id]}))
            targets = required(frame, profession, held, lines[place], day)
            found.append(PersonStanding(person_id, profession, units, levels[place], targets, frame.order))
        if any(found):
            yield person_id, tuple(found)


def _levels(points: Mapping[int, Sequence[mastery.EvidencePoint]], days: Sequence[dt.date], size: int) -> list[str]:
    """The digits of each day; a level is reckoned again only where other evidence holds than on the day before."""
    digits = [["0"] * size for _ in days]
    for place, mine in points.items():
        held: list[mastery.EvidencePoint] = []
        level = "0"
        for number, day in enumerate(days):
            now = [
                point
                for point in mine
                if point.achieved <= day and (point.valid_until is None or point.valid_until >= day)
            ]
            if now != held:
                held, level = now, str(mastery.standing(now, day).level if now else 0)
            digits[number][place] = level
    return ["".join(day) for day in digits]
