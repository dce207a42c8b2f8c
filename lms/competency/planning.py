"""What a change of targets would do, before it is made: who needs something else, and who falls below.

Reckoned from the ledger as it is known now, for the day from which the change holds. Who is away on that day is
left out, as in every report.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from assessments import mastery
from courses import framework as authored
from lms.competency.facts import CompetencyFacts
from lms.competency.ledger import points_of
from lms.competency.local import LocalTargets, Ruling, spans_of
from lms.competency.requirements import required
from lms.competency.snapshot import Snapshot, TargetSpan, rulings, snapshot
from lms.competency.targeting import Wish
from lms.people.facts import LeaveSpan, PostSpan
from lms.people.queries import in_batches
from lms.people.spans import leaves_of, posts_of, professions_on, staff_ids, unit_lines_on

BATCH = 1000
_EVER = dt.date(1970, 1, 1)
_LAST = 2**62


class UnitEffect(NamedTuple):
    """People with a post directly in a unit: those who need something else, and of them those who fall below."""

    unit_id: int
    affected: int
    falling: int


@dataclass(frozen=True)
class Effect:
    """What a change does on a day.

    `affected` need another level in something; `raised` and `lowered` count those who need more and less (both,
    where it differs by competency). `falling` are below a target that they do not miss without the change, as
    internal ids; `short` miss a target that differs both without it and with it; `relieved` miss one without it
    and, in what differs, none with it. `units` has the units of their posts, most falling first.
    """

    on: dt.date
    affected: int
    raised: int
    lowered: int
    falling: tuple[int, ...]
    short: int
    relieved: int
    units: tuple[UnitEffect, ...]


def preview(asked: Wish) -> Effect:
    """The effect of a decision on the day on which it begins."""
    frame = snapshot()
    place = frame.places[asked.competency_id]
    ruling = Ruling(place, asked.subject, asked.unit_id, asked.way, asked.level, asked.starts, _LAST)
    local = LocalTargets(spans_of([*rulings(frame.places), ruling]))
    return _effect(frame, replace(frame, local=local, _targets={}), asked.starts, asked.unit_id)


def preview_import(read: authored.Framework, on: dt.date) -> Effect:
    """The effect of putting a framework in force on a day; new competencies start without a level."""
    frame = snapshot()
    known = [each.code for each in frame.everything]
    places = {code: place for place, code in enumerate(known)}
    fresh = [each for each in read.competencies if each.code not in places]
    places.update({each.code: len(known) + number for number, each in enumerate(fresh)})
    added = tuple(
        CompetencyFacts(-1 - number, each.code, each.title, "", each.critical, number, None)
        for number, each in enumerate(fresh)
    )
    spans = tuple(
        TargetSpan(places[each.code], subject, level, _EVER, None)
        for each in read.competencies
        for subject, level in each.targets.items()
    )
    staying = tuple(span for span in frame.local.spans if known[span.place] in read.codes)
    after = Snapshot(frame.framework, (*frame.everything, *added), spans, LocalTargets(staying))
    return _effect(frame, after, on, None)


class _Person(NamedTuple):
    person_id: int
    units: frozenset[int]
    before: str
    after: str


def _effect(before: Snapshot, after: Snapshot, on: dt.date, unit_id: int | None) -> Effect:
    affected, falling = Counter[int](), Counter[int]()
    count = raised = lowered = short = relieved = 0
    fallen: list[int] = []
    for person, levels in _changed(before, after, on, unit_id):
        moves = [
            (int(was), int(now), levels.get(place, 0))
            for place, (was, now) in enumerate(zip(person.before, person.after, strict=True))
            if was != now
        ]
        count += 1
        raised += any(now > was for was, now, _ in moves)
        lowered += any(now < was for was, now, _ in moves)
        falls = any(was <= level < now for was, now, level in moves)
        misses = any(level < was and level < now for was, now, level in moves)
        short += misses and not falls
        relieved += not falls and not misses and any(now <= level < was for was, now, level in moves)
        affected.update(person.units)
        if falls:
            fallen.append(person.person_id)
            falling.update(person.units)
    units = [UnitEffect(each, number, falling[each]) for each, number in affected.items()]
    units.sort(key=lambda each: (-each.falling, -each.affected, each.unit_id))
    return Effect(on, count, raised, lowered, tuple(fallen), short, relieved, tuple(units))


def _changed(
    before: Snapshot, after: Snapshot, on: dt.date, unit_id: int | None
) -> Iterator[tuple[_Person, Mapping[int, int]]]:
    """People whose targets differ, with their levels at the places that differ."""
    lines = unit_lines_on(on)
    below = None if unit_id is None else [each for each, line in lines.items() if unit_id in line]
    width = len(after.everything)
    for some in in_batches(staff_ids(on, unit_ids=below), BATCH):
        found = list(_people(some, before, after, on, lines, width))
        points = points_of([each.person_id for each in found], on=on) if found else {}
        for person in found:
            mine = points.get(person.person_id, {})
            levels = {
                place: mastery.standing(mine[place], on).level
                for place in range(width)
                if place in mine and person.before[place] != person.after[place]
            }
            yield person, levels


def _people(
    some: list[int], before: Snapshot, after: Snapshot, on: dt.date, lines: Mapping[int, tuple[int, ...]], width: int
) -> Iterator[_Person]:
    posts: dict[int, list[PostSpan]] = defaultdict(list)
    for post in posts_of(some, until=on):
        if post.covers(on):
            posts[post.person_id].append(post)
    leaves: dict[int, list[LeaveSpan]] = defaultdict(list)
    for leave in leaves_of(some, until=on):
        leaves[leave.person_id].append(leave)
    for person_id, profession in professions_on(some, on).items():
        held = posts[person_id]
        if any(leave.covers(on) for leave in leaves[person_id]):
            continue
        was = required(before, profession, held, lines, on).ljust(width, "0")
        now = required(after, profession, held, lines, on)
        if was != now:
            yield _Person(person_id, frozenset(post.unit_id for post in held), was, now)
