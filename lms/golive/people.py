"""Reading everybody who counts for a plan, with what may meet its requirements; a few statements a thousand people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from lms.competency.points import points_for
from lms.credentials.holding import holdings
from lms.golive.standing import Counted
from lms.golive.text import PlanText
from lms.people.facts import PostSpan, UnitFacts
from lms.people.queries import units
from lms.people.scope import Scope
from lms.people.spans import leaves_of, posts_of, professions_on, staff_ids, unit_lines_on


def plan_units(text: PlanText) -> tuple[UnitFacts, ...]:
    """The plan's units that exist, in its order."""
    known = {each.code: each for each in units()}
    return tuple(known[code] for code in text.units if code in known)


def counted(text: PlanText, scope: Scope, known_by: dt.datetime | None = None) -> tuple[Counted, ...]:
    """Everybody with a post in the plan's units on its day, as far as known now, who is not known to be away then.

    A reader without everything sees the people of the units in scope, or where none of the plan's units
    is, the people they manage. `known_by` leaves out evidence that was recorded later than a moment, and lets
    what was withdrawn later still count.
    """
    tops = {each.id: each.code for each in plan_units(text)}
    seen = {key: code for key, code in tops.items() if scope.covers_unit(key)}
    only = None
    if not seen and scope.person_ids:
        seen, only = tops, scope.person_ids
    if not seen:
        return ()
    at = _places(seen, text.date)
    ids = [key for key in staff_ids(text.date, unit_ids=list(at)) if only is None or key in only]
    posts: dict[int, list[PostSpan]] = defaultdict(list)
    for post in posts_of(ids, until=text.date):
        if post.covers(text.date) and post.unit_id in at:
            posts[post.person_id].append(post)
    away = {leave.person_id for leave in leaves_of(ids, until=text.date) if leave.covers(text.date)}
    present = [key for key in ids if key not in away]
    professions = professions_on(present, text.date)
    certificates = holdings(present, text.courses)
    points = points_for(present, text.competencies, on=text.date, known_by=known_by)
    return tuple(
        Counted(
            key,
            professions[key],
            tuple(sorted({at[post.unit_id] for post in posts[key]})),
            frozenset(at[post.unit_id] for post in posts[key] if post.super_user),
            certificates.get(key, ()),
            points.get(key, {}),
        )
        for key in present
    )


def _places(tops: Mapping[int, str], on: dt.date) -> dict[int, str]:
    """The code of the plan's unit to which each unit of the hospital belongs, where it does."""
    found = {}
    for unit_id, line in unit_lines_on(on).items():
        # The nearest: a unit moved below another one of the plan since it was written still counts for itself.
        nearest = next((each for each in line if each in tops), None)
        if nearest is not None:
            found[unit_id] = tops[nearest]
    return found
