"""Sure and wrong: what people answered with the highest certainty and not rightly, from the exams of a year.

The database finds each person's latest answer to each item and counts by unit and profession; only which item is
about which competency, which the question bank knows, is told to it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import CTE, and_, case, exists, func, literal, select, union_all

from lms.catalog.models import CourseVersion
from lms.catalog.queries import versions_by_id
from lms.competency.facts import PersonStanding
from lms.competency.snapshot import snapshot
from lms.db import among, db, numbers, whole_tables
from lms.items.queries import bank
from lms.people.facts import PROFESSIONS
from lms.people.presence import seats_on
from lms.people.spans import unit_lines_on
from lms.quizzes.models import Attempt, Regrade, Response
from lms.reports.frame import SureAnswers
from lms.reports.gathering.spans import end_of, moment
from lms.reports.masks import mask
from lms.reports.measures import sure_at, sure_in
from lms.reports.picks import picked
from lms.reports.plans import Plan

SURE = 3  # the highest of the three steps of certainty
WINDOW = dt.timedelta(days=365)
ANY = 0  # the measure of whoever said how sure they were of anything

Key = tuple[str, str, str, str]  # course, item, competency, title of the item
Figures = tuple[int, int, int]  # takers, people sure and wrong, answers sure and wrong


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The cells and items with what is hidden of them. The latest answer of each person to each item counts."""
    question = planned.question
    known = {each.code for each in picked(snapshot().current, question.competencies)}
    with whole_tables():
        latest = _latest(question.as_of)
        asked = select(latest.c.version_id, latest.c.item).distinct()
        keys = {(version, item): _key(version, item, known) for version, item in db.session.execute(asked)}
        about = _About(keys)
        found = _by_unit(planned, latest, about)
    sizes = {
        measure: {unit: {who: each[0] for who, each in by.items()} for unit, by in mine.items()}
        for measure, mine in found.items()
        if measure
    }
    hidden = mask(planned.tree, planned.parents, sizes, question.smallest, question.profession)
    return {"hidden": hidden, "answers": _counts(planned, found, about.items)}


class _About:
    """Which item of which version is about what, as numbers that the statement can group by."""

    def __init__(self, keys: Mapping[tuple[int, str], Key | None]) -> None:
        self.items: dict[str, Key] = {}
        self.names: list[str] = [""]  # by number; ANY has no name
        self.rows: list[tuple[int, str, int, int]] = []
        numbers_of: dict[str, int] = {}
        for (version, item), key in sorted(keys.items()):
            if key is None:
                continue
            self.items[sure_at(*key[:2])] = key
            for name in (sure_at(*key[:2]), sure_in(key[2])):
                if name not in numbers_of:
                    numbers_of[name] = len(self.names)
                    self.names.append(name)
            self.rows.append((version, item, numbers_of[sure_at(*key[:2])], numbers_of[sure_in(key[2])]))


def _latest(as_of: dt.date) -> CTE:
    """Each person's latest answer to each item within the year up to a day; items regraded by then are left out."""
    start, end = moment(as_of - WINDOW), end_of(as_of)
    course = CourseVersion.course_id
    regraded = exists().where(Regrade.made_at < end, Regrade.course_id == course, Regrade.item == Response.item)
    newest = func.row_number().over(
        partition_by=(Attempt.person_id, course, Response.item),
        order_by=(Attempt.submitted_at.desc(), Attempt.id.desc()),
    )
    wrong = and_(Response.confidence == SURE, Response.right.is_(False))
    every = (
        select(
            Attempt.person_id, Attempt.version_id, Response.item, case((wrong, 1), else_=0).label("wrong"),
            newest.label("turn"),
        )
        .join(Response, Response.attempt_id == Attempt.id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .where(Attempt.submitted_at >= start, Attempt.submitted_at < end)
        .where(Response.confidence.is_not(None), Response.right.is_not(None), ~regraded)
        .cte("answered")
    )  # fmt: skip
    return select(every).where(every.c.turn == 1).cte("latest")


def _by_unit(planned: Plan, latest: CTE, about: _About) -> dict[str, dict[int, dict[str, Figures]]]:
    """By measure, unit and profession the takers, the people who were sure and wrong, and their answers."""
    names = ("version_id", "item", "of_item", "of_competency")
    key = numbers("about", names, about.rows, words=["item"])
    mine = select(latest.c.person_id, latest.c.wrong, key.c.of_item, key.c.of_competency)
    answers = mine.join(key, and_(key.c.version_id == latest.c.version_id, key.c.item == latest.c.item)).cte("mine")
    each = [
        select(answers.c.person_id, measure.label("measure"), func.sum(answers.c.wrong).label("wrong"))
        .group_by(answers.c.person_id, measure)
        for measure in (answers.c.of_item, answers.c.of_competency)
    ]  # fmt: skip
    anything = select(answers.c.person_id, literal(ANY), func.sum(answers.c.wrong)).group_by(answers.c.person_id)
    takers = union_all(*each, anything).cte("takers")
    wanted = frozenset(planned.tree.all) if planned.question.profession else planned.needed
    lines = unit_lines_on(planned.question.as_of)
    pairs = [(unit, above) for unit, line in lines.items() for above in line if above in wanted]
    people = select(answers.c.person_id)
    if planned.only is not None:
        people = people.where(among(answers.c.person_id, planned.only))
    seats = seats_on(planned.question.as_of, numbers("above", ("unit_id", "wanted_id"), pairs), people).cte("seats")
    keys = (takers.c.measure, seats.c.wanted_id, seats.c.profession)
    wrong = func.sum(case((takers.c.wrong > 0, 1), else_=0))
    statement = select(*keys, func.count(), wrong, func.sum(takers.c.wrong)).group_by(*keys)
    found: dict[str, dict[int, dict[str, Figures]]] = defaultdict(lambda: defaultdict(dict))
    for measure, unit, who, *figures in db.session.execute(
        statement.join_from(takers, seats, seats.c.person_id == takers.c.person_id)
    ):
        found[about.names[measure]][unit][PROFESSIONS[who]] = (figures[0], figures[1], figures[2])
    return found


def _key(version_id: int, item: str, known: set[str]) -> Key | None:
    """What an item is about; None where its competency is not asked for."""
    try:
        asked = bank(version_id).item(item)
    except KeyError:
        return None
    if asked.competency not in known:
        return None
    return versions_by_id([version_id])[version_id].code, item, asked.competency, asked.title


def _counts(
    planned: Plan, found: Mapping[str, Mapping[int, Mapping[str, Figures]]], items: Mapping[str, Key]
) -> SureAnswers:
    profession = planned.question.profession
    rows = [unit.id for unit in planned.rows]

    def summed(measure: str, unit: int) -> Figures | None:
        mine = found.get(measure, {}).get(unit, {})
        chosen = [each for name, each in mine.items() if profession in (None, name)]
        total = Counter[int]()
        for each in chosen:
            total.update(dict(enumerate(each)))
        return (total[0], total[1], total[2]) if chosen else None

    cells: dict[int, dict[str, Figures]] = {unit: {} for unit in rows}
    listed = []
    for measure in sorted(filter(None, found)):
        if measure in items:
            if rows and (figures := summed(measure, rows[0])):
                listed.append((items[measure], figures))
            continue
        for unit in rows:
            if figures := summed(measure, unit):
                cells[unit][measure.removeprefix("*sure:")] = figures
    takers = {unit: (summed("", unit) or (0, 0, 0))[0] for unit in rows}
    return SureAnswers(cells, tuple(listed), takers)
