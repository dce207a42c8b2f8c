"""Sure and wrong: what people answered with the highest certainty and not rightly, from the exams of a year."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lms.catalog.queries import versions_by_id
from lms.competency.facts import PersonStanding
from lms.competency.snapshot import snapshot
from lms.db import db
from lms.items.queries import bank
from lms.quizzes.models import Attempt, Regrade, Response
from lms.reports.frame import SureAnswers
from lms.reports.gathering.spans import end_of, moment
from lms.reports.masks import mask, sizes_of_groups
from lms.reports.measures import sure_at, sure_in
from lms.reports.picks import picked
from lms.reports.plans import Plan

SURE = 3  # the highest of the three steps of certainty
WINDOW = dt.timedelta(days=365)

Key = tuple[str, str, str, str]  # course, item, competency, title of the item
Latest = dict[tuple[int, str, str], tuple[int, bool]]  # person, course, item → version, sure and wrong


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The cells and items with what is hidden of them. The latest answer of each person to each item counts."""
    question = planned.question
    known = {each.code for each in picked(snapshot().current, question.competencies)}
    staff = {each.person_id: each for each in everyone}
    keys: dict[tuple[int, str], Key | None] = {}
    wrong: dict[str, dict[int, int]] = defaultdict(Counter)  # measure → person → answers sure and wrong
    items: dict[str, Key] = {}
    for (person_id, _, item), (version_id, sure_wrong) in _latest(question.as_of).items():
        if (version_id, item) not in keys:
            keys[version_id, item] = _key(version_id, item, known)
        key = keys[version_id, item]
        if key is None or person_id not in staff:
            continue
        items[sure_at(*key[:2])] = key
        wrong[sure_at(*key[:2])][person_id] += sure_wrong
        wrong[sure_in(key[2])][person_id] += sure_wrong
    groups = {
        measure: [(staff[each].profession, staff[each].units) for each in people] for measure, people in wrong.items()
    }
    hidden = mask(planned.tree, planned.parents, sizes_of_groups(groups), question.smallest, question.profession)
    counted = {key for key, each in staff.items() if question.profession in (None, each.profession)}
    return {"hidden": hidden, "answers": _counts(planned, staff, counted, wrong, items)}


def _latest(as_of: dt.date) -> Latest:
    """Each person's latest answer to each item within the year up to a day; items regraded by then are left out."""
    start, end = moment(as_of - WINDOW), end_of(as_of)
    decided = select(Regrade.course_id, Regrade.item).where(Regrade.made_at < end)
    regraded = {tuple(row) for row in db.session.execute(decided)}
    columns = (Attempt.person_id, Attempt.version_id, Response.item, Response.confidence, Response.right)
    statement = (
        select(*columns)
        .join(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.submitted_at >= start, Attempt.submitted_at < end)
        .where(Response.confidence.is_not(None), Response.right.is_not(None))
        .order_by(Attempt.submitted_at, Attempt.id)
    )
    rows = db.session.execute(statement).all()
    versions = versions_by_id({row[1] for row in rows})
    found: Latest = {}
    for person_id, version_id, item, confidence, right in rows:
        version = versions[version_id]
        if (version.course_id, item) not in regraded:
            found[person_id, version.code, item] = (version_id, confidence == SURE and not right)
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
    planned: Plan,
    staff: Mapping[int, PersonStanding],
    counted: set[int],
    wrong: Mapping[str, Mapping[int, int]],
    items: Mapping[str, Key],
) -> SureAnswers:
    rows = {unit.id for unit in planned.rows}
    first = planned.rows[0].id if planned.rows else None
    cells: dict[int, dict[str, tuple[int, int, int]]] = {unit: {} for unit in rows}
    listed = []
    takers: dict[int, set[int]] = {unit: set() for unit in rows}
    for measure, people in sorted(wrong.items()):
        totals: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for person_id, count in people.items():
            for unit in rows.intersection(staff[person_id].units) if person_id in counted else ():
                total = totals[unit]
                total[0] += 1
                total[1] += count > 0
                total[2] += count
                takers[unit].add(person_id)
        if measure in items:
            if first in totals:
                of, sure, answers = totals[first]
                listed.append((items[measure], (of, sure, answers)))
            continue
        for unit, (of, sure, answers) in totals.items():
            cells[unit][measure.removeprefix("*sure:")] = (of, sure, answers)
    return SureAnswers(cells, tuple(listed), {unit: len(people) for unit, people in takers.items()})
