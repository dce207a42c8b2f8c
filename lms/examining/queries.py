"""What the exam desk shows, gathered from the rooms below. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from assessments import registry
from assessments.agreement import Agreement, marking_agreement
from assessments.marking import AGREED
from assessments.model import Item
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.items import queries as items
from lms.people.facts import PersonFacts
from lms.people.queries import people_by_ids, search
from lms.quizzes import allowances, challenges, essays, queries
from lms.quizzes.challenges import ChallengeFacts
from lms.quizzes.facts import AttemptFacts

SHOWN_ATTEMPTS = 60
LEAST_KAPPA = 0.6  # a convention: below it markers are asked to look at the rubric together


@dataclass(frozen=True)
class Objection:
    """An objection with the item that it is about, as the taker saw it."""

    facts: ChallengeFacts
    version: VersionFacts
    item: Item
    model: dict[str, Any]
    case_html: str | None
    confidence: int | None
    right: bool | None
    in_current: bool  # whether the item is in the text that learners see now
    others: int  # how many other objections to the same item there are


@dataclass(frozen=True)
class Asked:
    """A request for more time with the person who asks."""

    public_id: str
    person: PersonFacts
    words: str
    asked_at: dt.datetime


@dataclass(frozen=True)
class Sitting:
    """An attempt with its taker."""

    attempt: AttemptFacts
    person: PersonFacts


@dataclass(frozen=True)
class Markers:
    """How far two markers of a course's texts agree; marks are shares of the points."""

    version: VersionFacts
    agreement: Agreement

    @property
    def low(self) -> bool:
        """Whether there are texts enough to say that they agree too little."""
        kappa = self.agreement.kappa
        return self.agreement.few is None and kappa is not None and kappa < LEAST_KAPPA


@dataclass(frozen=True)
class Desk:
    """What waits for somebody who looks after exams."""

    texts: tuple[essays.Waiting, ...]
    objections: tuple[tuple[ChallengeFacts, VersionFacts, Item], ...]
    requests: tuple[Asked, ...]

    @property
    def waiting(self) -> int:
        """How many things wait in all."""
        return len(self.texts) + len(self.objections) + len(self.requests)


def desk(account_id: int, person_id: int) -> Desk:
    """What waits now; texts only those that this account may mark."""
    open_ones = challenges.waiting()
    versions = catalog.versions_by_id(each.version_id for each in open_ones)
    objections = tuple(
        (each, versions[each.version_id], items.bank(each.version_id).item(each.item)) for each in open_ones
    )
    return Desk(essays.queue(account_id, person_id), objections, requests())


def requests() -> tuple[Asked, ...]:
    """Requests for more time that wait, with who asks."""
    waiting = allowances.waiting()
    people = people_by_ids([each.person_id for each in waiting])
    return tuple(Asked(each.public_id, people[each.person_id], each.words, each.asked_at) for each in waiting)


def objection(challenge_id: str) -> Objection | None:
    """An objection with everything that is needed to answer it; the taker stays unnamed."""
    found = challenges.one(challenge_id)
    version = catalog.version(found.version_id) if found else None
    attempt = queries.any_attempt(found.attempt) if found else None
    if found is None or version is None or attempt is None:
        return None
    bank = items.bank(version.id)
    item = bank.item(found.item)
    response = queries.responses(attempt.id).get(item.id)
    course = catalog.course(version.code)
    current = items.bank(course.current_id) if course and course.current_id else items.EMPTY
    return Objection(
        facts=found,
        version=version,
        item=item,
        model=registry.review(item, attempt.seed, response.value if response else None),
        case_html=bank.case(item.case_id).stem if item.case_id else None,
        confidence=response.confidence if response else None,
        right=response.right if response else None,
        in_current=item.id in current,
        others=len(challenges.of_item(found.course_id, found.item)) - 1,
    )


def sittings(code: str, text: str) -> tuple[tuple[Sitting, ...], int]:
    """Attempts at a course, the latest first, and how many there are; `text` narrows them to people found by it."""
    ids = [each.id for each in search(text, limit=200)] if text else None
    attempts = queries.attempts_at(code, ids)
    people = people_by_ids({each.person_id for each in attempts[:SHOWN_ATTEMPTS]})
    return tuple(Sitting(each, people[each.person_id]) for each in attempts[:SHOWN_ATTEMPTS]), len(attempts)


def extra_time(text: str) -> tuple[tuple[PersonFacts, int], ...]:
    """People found by this text with their extra time in per cent; without a text those who have any."""
    percents = {each.person_id: each.percent for each in allowances.allowances()}
    if text:
        return tuple((each, percents.get(each.id, 0)) for each in search(text, limit=20))
    people = people_by_ids(percents)
    return tuple((people[key], percent) for key, percent in percents.items())


def agreement() -> tuple[Markers, ...]:
    """Every course of which two people marked the same texts, those that agree least first."""
    found = []
    for version in catalog.catalogue():
        pairs = essays.pairs(version.code) if version.exam is not None and _texts(version) else ()
        if pairs:
            found.append(Markers(version, marking_agreement(pairs, step=AGREED)))
    return tuple(sorted(found, key=lambda each: (not each.low, each.agreement.kappa or 0.0)))


def _texts(version: VersionFacts) -> bool:
    return any(item.type == "essay" for item in items.bank(version.id).items)
