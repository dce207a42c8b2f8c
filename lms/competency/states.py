"""Standings of many people on a day, reckoned from the ledger with one statement for each kind of fact."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from lms.competency.ledger import points_of
from lms.competency.reckoning import State, reckon
from lms.competency.snapshot import snapshot
from lms.people.facts import LeaveSpan, PostSpan
from lms.people.spans import leaves_of, posts_of, professions_on, unit_lines_on


def states_of(
    people: Collection[int],
    on: dt.date,
    *,
    lines: Mapping[int, tuple[int, ...]] | None = None,
    ahead: bool = False,
    known_by: dt.datetime | None = None,
    needs_on: dt.date | None = None,
) -> dict[int, State]:
    """The standing of these people on a day; hand in a thousand or so at a time.

    `lines` is the unit tree of the day where the caller has it already. With `ahead` the answer
    also knows the next day on which time alone changes it. `known_by` leaves out evidence that
    was recorded later; `needs_on` holds everybody to the targets of another day.
    """
    lines = unit_lines_on(on) if lines is None else lines
    posts: dict[int, list[PostSpan]] = defaultdict(list)
    for post in posts_of(people, until=on):
        posts[post.person_id].append(post)
    leaves: dict[int, list[LeaveSpan]] = defaultdict(list)
    for leave in leaves_of(people, until=on):
        leaves[leave.person_id].append(leave)
    points = points_of(people, on=on, ahead=ahead, known_by=known_by)
    frame = snapshot()
    return {
        person_id: reckon(
            profession,
            posts.get(person_id, []),
            leaves.get(person_id, []),
            points.get(person_id, {}),
            frame,
            lines,
            on,
            needs_on=needs_on,
        )
        for person_id, profession in professions_on(people, on).items()
    }
