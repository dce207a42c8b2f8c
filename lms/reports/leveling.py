"""Two dates by one target: which targets moved between them, for whom, and what of it may be shown. Pure.

Where a target was raised, fewer people are at target the day after although nobody lost anything. So the earlier
people are held to the later targets as well, and a change is given between figures of one target only.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from lms.competency.facts import PersonStanding
from lms.competency.moves import TargetMove, target_moves
from lms.competency.requirements import Lines
from lms.competency.snapshot import Snapshot
from lms.people.facts import PROFESSIONS
from lms.reports.frame import CRITICAL, READY, Frame, Moved
from lms.reports.masks import both, mask, sizes_of_groups
from lms.reports.picks import picked
from lms.reports.plans import Plan
from lms.reports.splitting import By
from lms.reports.tree import Tree

Ways = Mapping[int, Mapping[str, Moved]]


def told_moves(known: Snapshot, lines: Lines, planned: Plan, *, since: dt.date) -> tuple[TargetMove, ...]:
    """The targets that moved up to the date, among the competencies and of the profession asked for."""
    question = planned.question
    codes = {each.code for each in picked(known.current, question.competencies)}
    others = {name for name in PROFESSIONS if question.profession not in (None, name)}
    moves = target_moves(known, lines, since, question.as_of)
    return tuple(each for each in moves if each.code in codes and each.subject not in others)


def moved_by_decision(moves: Iterable[TargetMove], lines: Lines, frame: Frame) -> Ways:
    """By row and measure what the decisions say, where nobody was read: also where nobody has that role."""
    ways: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    told = tuple(moves)
    for unit in frame.rows:
        for each in _about(told, unit.id, lines):
            for measure in _measures(frame, each.code):
                ways[unit.id][measure].add("raised" if each.now > each.before else "lowered")
    return _said(ways, told, lines, frame)


def moved_of_people(moves: Iterable[TargetMove], lines: Lines, level: Frame) -> Ways:
    """By row and measure how the targets of its people moved, who were held to the targets of both dates."""
    ways: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = {unit.id for unit in level.rows}
    for person in level.people:
        if person.former == person.targets:
            continue
        here = rows.intersection(person.units)
        for code, way in _ways(person).items():
            for measure in _measures(level, code):
                for unit_id in here:
                    ways[unit_id][measure].add(way)
    return _said(ways, tuple(moves), lines, level)


def veiled_moves(planned: Plan, everyone: Sequence[PersonStanding], frame: Frame) -> dict[int, frozenset[str]]:
    """Where the figures by the later target would tell of a few: those whose target moved are a group themselves.

    For the earlier people by the one target and by the other differ by these people alone.
    """
    groups: dict[str, list[tuple[str, tuple[int, ...]]]] = defaultdict(list)
    for person in everyone:
        if person.former != person.targets:
            for measure in {each for code in _ways(person) for each in _measures(frame, code)}:
                groups[measure].append((person.profession, person.units))
    question = planned.question
    sizes = {measure: dict(mine) for measure, mine in sizes_of_groups(groups).items()}
    aside = {measure: _set_aside(planned.tree, mine, question.smallest) for measure, mine in sizes.items()}
    hidden = mask(planned.tree, planned.parents, sizes, question.smallest, question.profession)
    beside: dict[int, set[str]] = defaultdict(set)
    for measure, units in aside.items():
        for unit_id in units:
            beside[unit_id].add(measure)
    return both(hidden, {unit_id: frozenset(names) for unit_id, names in beside.items()})


def _set_aside(tree: Tree, sizes: dict[int, By], smallest: int) -> set[int]:
    """Take out of the sizes the few who also count beside a unit that holds everybody concerned; returns their units.

    A target of one unit moves for people with a second post elsewhere too. Elsewhere these few stay hidden; but as
    they all are in the unit itself, its figures and those above it say nothing about them, and need not hide as well.
    """
    found: set[int] = set()
    total = {unit_id: sum(by.values()) for unit_id, by in sizes.items()}
    for parent_id, whole in total.items():
        children = tree.children(parent_id)
        if any(total.get(child.id) == whole for child in children):
            few = [child for child in children if 0 < total.get(child.id, 0) < min(smallest, whole)]
            found |= {unit.id for child in few for unit in tree.subtree(child) if unit.id in total}
    for unit_id in found:
        del sizes[unit_id]
    return found


def _ways(person: PersonStanding) -> dict[str, str]:
    """The competencies whose target is another for this person, and whether it is higher."""
    return {
        code: "raised" if person.targets[place] > person.former[place] else "lowered"
        for code, place in person.order.items()
        if person.targets[place] != person.former[place]
    }


def _measures(frame: Frame, code: str) -> Collection[str]:
    """The measures that a target in a competency is part of."""
    critical = any(each.code == code and each.critical for each in frame.competencies)
    return (code, READY, CRITICAL) if critical else (code, READY)


def _about(moves: Iterable[TargetMove], unit_id: int, lines: Lines) -> list[TargetMove]:
    """The moves that may touch somebody in a unit: of the whole hospital, of units above it and below it."""
    above = lines.get(unit_id, ())
    return [
        each
        for each in moves
        if each.unit_id is None or each.unit_id in above or unit_id in lines.get(each.unit_id, ())
    ]


def _said(
    ways: Mapping[int, Mapping[str, Collection[str]]], moves: Sequence[TargetMove], lines: Lines, frame: Frame
) -> Ways:
    """The way and the last day of each row and measure; a measure of several targets has the last day of any."""
    found: dict[int, dict[str, Moved]] = {}
    for unit_id, measures in ways.items():
        days: dict[str, dt.date] = {}
        for each in _about(moves, unit_id, lines):
            for measure in _measures(frame, each.code):
                days[measure] = max(each.on, days.get(measure, each.on))
        found[unit_id] = {
            measure: Moved(next(iter(held)) if len(held) == 1 else "changed", days[measure])
            for measure, held in measures.items()
            if measure in days
        }
    return found
