"""Reading test-outs. Never writes."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from lms.bank import listing
from lms.bank import queries as bank
from lms.bank.reckoning import same_question
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.db import db
from lms.items import queries as items
from lms.placement import rules
from lms.placement.facts import Offer, TestFacts, Wanting
from lms.placement.models import PlacementPrices, PlacementTest, PlacementUse

_COLUMNS = (
    PlacementTest.id, PlacementTest.public_id, PlacementTest.person_id, PlacementTest.version_id, PlacementTest.state,
    PlacementTest.started_at, PlacementTest.ended_at, PlacementTest.decision,
)  # fmt: skip


def one(public_id: str, person_id: int, *, lock: bool = False) -> TestFacts | None:
    """A person's test by its public id; None for an unknown one and for another person's."""
    statement = select(*_COLUMNS).where(PlacementTest.public_id == public_id, PlacementTest.person_id == person_id)
    row = db.session.execute(statement.with_for_update() if lock else statement).first()
    return TestFacts(*row) if row else None


def tests_of(person_id: int, course_id: int) -> tuple[TestFacts, ...]:
    """A person's tests at a course, the latest first."""
    statement = (
        select(*_COLUMNS)
        .where(PlacementTest.person_id == person_id, PlacementTest.course_id == course_id)
        .order_by(PlacementTest.id.desc())
    )
    return tuple(TestFacts(*row) for row in db.session.execute(statement))


def exposure(course_id: int) -> tuple[dict[str, int], int]:
    """How often each item was asked in tests at a course, and how many tests there were."""
    asked: Any = select(PlacementUse.item, PlacementUse.asked).where(PlacementUse.course_id == course_id)
    count = select(func.count()).select_from(PlacementTest).where(PlacementTest.course_id == course_id)
    return dict(db.session.execute(asked).all()), db.session.scalar(count) or 0


def prices(version_id: int, figures_digest: str) -> dict[str, float]:
    """What asking each item costs, as learnt for this text and these figures; empty until that was done."""
    statement = select(PlacementPrices.prices).where(
        PlacementPrices.version_id == version_id, PlacementPrices.figures_digest == figures_digest
    )
    return dict(db.session.scalar(statement) or {})


def behind() -> tuple[Wanting, ...]:
    """The courses that can be tested out of and whose prices were learnt for another pool, or never."""
    known = dict(db.session.execute(select(PlacementPrices.course_id, PlacementPrices.pool_digest)).all())
    found = []
    for version in catalog.catalogue():
        each = wanting(version) if version.exam is not None else None
        if each is not None and known.get(version.course_id) != each.digest:
            found.append(each)
    return tuple(found)


def wanting(version: VersionFacts) -> Wanting | None:
    """What prices are to be learnt from now; None where the course cannot be tested out of."""
    analysis, found = bank.analyses().get(version.course_id), pool(version)
    if analysis is None or not found.enough:
        return None
    sd = analysis.ability_sd or 1.0
    return Wanting(version, found, sd, analysis.digest, rules.digest(found, sd))


def pool(version: VersionFacts) -> rules.Pool:
    """The items of a course that a test can ask."""
    analysis = bank.analyses().get(version.course_id)
    if version.exam is None or analysis is None:
        return rules.NOTHING
    now, then = items.bank(version.id), items.bank(analysis.version_id)
    places = {  # figures of another wording are no figures of this question
        item: place for item, place in bank.places(version.course_id).items()
        if item in now and item in then and same_question(now.item(item), then.item(item))
    }  # fmt: skip
    entries = {each.item.id: each for each in listing.entries(version.code)}
    return rules.pool(entries, places, Fraction(version.exam.pass_percent))


def offer(code: str, person_id: int, done: bool, now: dt.datetime) -> Offer | None:
    """Whether a person can test out of a course; `done` says that the course is completed. None: no such course."""
    version = catalog.current_version(code)
    if version is None:
        return None
    tests = tests_of(person_id, version.course_id)
    if version.exam is None:
        return Offer(version, "no-exam", rules.NOTHING, tests)
    if any(each.ended_at is None for each in tests):
        return Offer(version, "open", rules.NOTHING, tests)
    if done or any(each.decision == "above" for each in tests):
        return Offer(version, "done", rules.NOTHING, tests)
    ended = max((each.ended_at for each in tests if each.ended_at), default=None)
    if ended is not None and now < ended + rules.WAIT:
        return Offer(version, "wait", rules.NOTHING, tests, ended + rules.WAIT)
    found = pool(version)
    return Offer(version, "go" if found.enough else "few", found, tests)
