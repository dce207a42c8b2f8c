"""What the answers say about the items of each course's exam, over every taker's first attempt."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import select

from assessments.answers import Choices
from assessments.classical import ENOUGH_TAKERS, analyse
from assessments.responses import Column, Responses
from lms.catalog.facts import VersionFacts
from lms.catalog.queries import versions_by_id
from lms.competency.facts import PersonStanding
from lms.db import db
from lms.items.queries import bank
from lms.quizzes.models import Attempt, Response
from lms.reports.frame import ExamQuality
from lms.reports.gathering.spans import end_of
from lms.reports.plans import Plan

EASY, HARD, LOW = 0.95, 0.30, 0.10
FLAGS = ("too_easy", "too_hard", "negative", "low", "unused")

Answers = dict[str, dict[int, tuple[bool, Any]]]  # item → taker → right, value


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The quality of every course with takers by the date; of all staff, now and then, whatever their unit."""
    rows, versions = _first_attempts(planned.question.as_of)
    answers: dict[str, Answers] = defaultdict(lambda: defaultdict(dict))
    newest: dict[str, VersionFacts] = {}
    people: dict[str, set[int]] = defaultdict(set)
    for person_id, version_id, item, right, value in rows:
        version = versions[version_id]
        people[version.code].add(person_id)
        if right is not None:
            answers[version.code][item][person_id] = (right, value)
        if version.code not in newest or version.sequence > newest[version.code].sequence:
            newest[version.code] = version
    found = [_quality(newest[code], sorted(people[code]), answers[code]) for code in sorted(newest)]
    return {"exams": tuple(found)}


def _first_attempts(as_of: dt.date) -> tuple[list[Any], dict[int, VersionFacts]]:
    """The answers of each person's first finished attempt at each course."""
    ended = (Attempt.submitted_at.is_not(None), Attempt.submitted_at < end_of(as_of))
    statement = select(Attempt.id, Attempt.person_id, Attempt.version_id).where(*ended)
    attempts = db.session.execute(statement.order_by(Attempt.submitted_at, Attempt.id)).all()
    versions = versions_by_id({row[2] for row in attempts})
    first: dict[tuple[int, int], int] = {}
    for attempt_id, person_id, version_id in attempts:
        first.setdefault((person_id, versions[version_id].course_id), attempt_id)
    kept = set(first.values())
    columns = (Attempt.id, Attempt.person_id, Attempt.version_id, Response.item, Response.right, Response.answer)
    answers = select(*columns).join(Response, Response.attempt_id == Attempt.id).where(*ended)
    return [
        (person_id, version_id, item, right, answer["value"] if answer else None)
        for attempt_id, person_id, version_id, item, right, answer in db.session.execute(answers)
        if attempt_id in kept
    ], versions


def _quality(version: VersionFacts, people: list[int], answers: Answers) -> ExamQuality:
    place = {person_id: number for number, person_id in enumerate(people)}
    items = [item for item in sorted(answers) if answers[item]]
    columns = []
    for item in items:
        reached = right = 0
        for person_id, (good, _) in answers[item].items():
            reached |= 1 << place[person_id]
            right |= int(good) << place[person_id]
        columns.append(Column(item, reached, right))
    said = analyse(Responses(len(people), tuple(columns)))
    flags: Counter[str] = Counter()
    judged = flagged = 0
    for each in said.items:
        if each.reached < ENOUGH_TAKERS:
            continue
        judged += 1
        mine = _flags(each.difficulty, each.discrimination)
        if _unused(version, each.id, answers[each.id]):
            mine.append("unused")
        flags.update(mine)
        flagged += bool(mine)
    enough = len(people) >= ENOUGH_TAKERS
    return ExamQuality(
        version.code, version.title, len(people), len(items), judged, dict(flags), flagged,
        said.alpha if enough else None,
    )  # fmt: skip


def _flags(difficulty: float | None, discrimination: float | None) -> list[str]:
    found = []
    if difficulty is not None and difficulty >= EASY:
        found.append("too_easy")
    if difficulty is not None and difficulty < HARD:
        found.append("too_hard")
    if discrimination is not None and discrimination < 0:
        found.append("negative")
    elif discrimination is not None and discrimination < LOW:
        found.append("low")
    return found


def _unused(version: VersionFacts, item: str, answers: dict[int, tuple[bool, Any]]) -> bool:
    """Whether a wrong option of a single-choice item was picked by nobody."""
    try:
        asked = bank(version.id).item(item)
    except KeyError:
        return False
    if asked.type != "single" or not isinstance(asked.answer, Choices):
        return False
    chosen = {value for _, value in answers.values()}
    return any(not option.right and number not in chosen for number, option in enumerate(asked.answer.options))
