"""What the answers say about the items of each course's exam, over every taker's first attempt.

An item is judged by the question bank's own rule (`lms.bank.reckoning`), so that bank and report cannot disagree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from assessments.classical import ENOUGH_TAKERS
from lms.bank.reckoning import LOOK, comparable, reckon
from lms.catalog.facts import VersionFacts
from lms.catalog.queries import catalogue, versions_by_id
from lms.competency.facts import PersonStanding
from lms.items.queries import bank
from lms.items.retiring import retired_on
from lms.people.queries import people_by_ids
from lms.quizzes.sittings import FirstSitting, first_sittings
from lms.reports.frame import ExamQuality
from lms.reports.gathering.spans import end_of
from lms.reports.plans import Plan


def gather(planned: Plan, everyone: tuple[PersonStanding, ...]) -> dict[str, Any]:
    """The quality of every course with takers by the date; of all staff, now and then, whatever their unit."""
    moment = end_of(planned.question.as_of)
    sat: dict[int, list[FirstSitting]] = defaultdict(list)
    takers = first_sittings(before=moment)
    versions = versions_by_id({each.version_id for each in takers})
    for each in takers:
        sat[versions[each.version_id].course_id].append(each)
    versions |= {each.id: each for each in catalogue() if each.course_id in sat and each.published_at < moment}
    newest: dict[int, VersionFacts] = {}
    for version in versions.values():
        held = newest.get(version.course_id)
        if held is None or version.sequence > held.sequence:
            newest[version.course_id] = version
    retired = retired_on(moment)
    people = {key: each.profession for key, each in people_by_ids({each.person_id for each in takers}).items()}
    found = [
        _quality(version, versions, sat[version.course_id], retired.get(version.course_id, frozenset()), people)
        for version in sorted(newest.values(), key=lambda each: each.code)
    ]
    return {"exams": tuple(found)}


def _quality(
    version: VersionFacts,
    versions: Mapping[int, VersionFacts],
    sat: list[FirstSitting],
    retired: frozenset[str],
    professions: Mapping[int, str],
) -> ExamQuality:
    """One course by the text of that day: answers to the same questions in other editions count, to others not."""
    asked = bank(version.id)
    same = comparable(asked, {key: bank(key) for key, each in versions.items() if each.course_id == version.course_id})
    said = reckon(asked, sat, same, professions, scaled=False)
    items = [each for each in said.items if each.item not in retired]
    judged = [each for each in items if each.takers >= ENOUGH_TAKERS]
    flags = Counter(flag for each in judged for flag in each.flags)
    return ExamQuality(
        version.code, version.title, len(sat), len(items), len(judged), dict(flags),
        sum(not set(LOOK).isdisjoint(each.flags) for each in judged),
        said.alpha if said.takers >= ENOUGH_TAKERS else None,
    )  # fmt: skip
