"""Writing test-outs: begin, answer, and what follows from the verdict; learning what asking an item costs.

An answer counts once, whichever of two windows sends it first. Passing is evidence of the course's competencies and
nothing else: no certificate, no credit hours, no completion, since nobody spent the time.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from assessments import adaptive, registry
from assessments.model import AnswerError, Item
from lms.audit.services import record
from lms.bank import queries as bank
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.competency import queries as competency
from lms.competency.services import record_evidence
from lms.db import db, insert_ignore, lock_named, public_id, reading, upsert
from lms.items import queries as items
from lms.jobs.services import enqueue
from lms.placement import queries, rules
from lms.placement.facts import TestFacts
from lms.placement.models import PlacementPrices, PlacementTest, PlacementUse

LEARN = "placement.learn"
LONGEST_ANSWER = 20_000
SKIP = object()  # what `read` gives where the person says not to know


class PlacementRefused(Exception):
    """The test cannot be begun now; `kind` says why, as in `facts.Offer`."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The test cannot be begun: {kind}.")
        self.kind = kind


class NoAnswer(ValueError):
    """Neither an answer was given nor was it said that there is none."""


class UnknownTest(LookupError):
    """No such test of this person."""


def begin(code: str, person_id: int, done: bool, *, actor: int, now: dt.datetime) -> str:
    """Begin a test, or go on with the one that is open; returns its public id. Raises PlacementRefused."""
    lock_named(f"placement:{person_id}:{code}")
    found = queries.offer(code, person_id, done, now)
    if found is None:
        raise PlacementRefused("unknown")
    if found.kind == "open":
        return next(each.public_id for each in found.tests if each.ended_at is None)
    if found.kind != "go":
        raise PlacementRefused(found.kind)
    version = found.version
    analysis = bank.analyses()[version.course_id]
    asked, tests = queries.exposure(version.course_id)
    prices = queries.prices(version.id, analysis.digest)
    spec = rules.spec(found.pool, analysis.ability_sd or 1.0, asked, tests, prices)
    state = adaptive.start(spec, secrets.token_hex(16))
    key = public_id()
    db.session.execute(
        insert(PlacementTest).values(
            public_id=key, person_id=person_id, course_id=version.course_id, version_id=version.id,
            figures_digest=analysis.digest, state=state, answers=[], started_at=now, open_key=1,
        )
    )  # fmt: skip
    record("placement.start", "placement", key, actor=actor, now=now, course=version.code)
    return key


def ask_where_behind(*, now: dt.datetime) -> int:
    """Queue the learning of prices for every pool that has none of its own, once a day each; returns how many."""
    return sum(
        enqueue(
            LEARN, {"course": each.version.course_id}, now=now,
            key=f"prices:{each.version.course_id}:{each.digest[:32]}:{now:%Y%m%d}",
        )
        for each in queries.behind()
    )  # fmt: skip


def learn(course_id: int, *, now: dt.datetime) -> bool:
    """Learn the prices of a course's items and keep them; False where the course cannot be tested out of.

    Takers are simulated without the write lock, which is taken for the row alone.
    """
    with reading():
        version = next((each for each in catalog.catalogue() if each.course_id == course_id), None)
        found = queries.wanting(version) if version else None
        db.session.rollback()
    if found is None:
        return False
    row = {
        "course_id": course_id, "version_id": found.version.id, "figures_digest": found.figures_digest,
        "pool_digest": found.digest, "prices": rules.learn(found.pool, found.sd), "learnt_at": now,
    }  # fmt: skip
    change = [name for name in row if name != "course_id"]
    upsert(PlacementPrices.__table__, [row], ["course_id"], change)  # type: ignore[arg-type]
    return True


def answer(
    key: str, person_id: int, item_id: str, read: Callable[[Item, str], Any], *, actor: int, now: dt.datetime,
    today: dt.date,
) -> TestFacts:  # fmt: skip
    """Take the answer to the question that is asked now; returns the test as it stands then.

    An answer to a question that was answered before, or is not asked now, changes nothing. `read` makes the raw
    answer of the item and the seed, or SKIP, which counts as not right. Raises UnknownTest, NoAnswer and AnswerError.
    """
    test = queries.one(key, person_id, lock=True)
    if test is None:
        raise UnknownTest(key)
    if test.ended_at is not None or adaptive.next_item(test.state) != item_id:
        return test
    item = items.bank(test.version_id).item(item_id)
    seed = test.state["seed"]
    value = _value(item, seed, read(item, seed))
    state = adaptive.answer(test.state, item_id, registry.score(item, value).right)
    version = catalog.version(test.version_id)
    assert version is not None, "a version is never deleted"
    given = db.session.scalar(select(PlacementTest.answers).where(PlacementTest.id == test.id)) or []
    values: dict[str, Any] = {"state": state, "answers": [*given, [item_id, value, now.isoformat()]]}
    found = adaptive.verdict(state)
    if found.finished:
        values |= {"ended_at": now, "open_key": None, "decision": found.decision}
    db.session.execute(update(PlacementTest).where(PlacementTest.id == test.id).values(**values))
    _count(version.course_id, item_id)
    if found.finished:
        _conclude(key, person_id, version, found.exempt, actor=actor, now=now, today=today)
    done = queries.one(key, person_id)
    assert done is not None, "it was just written"
    return done


def _value(item: Item, seed: str, raw: Any) -> Any:
    if raw is SKIP:
        return None
    if raw is not None and len(raw if isinstance(raw, str) else repr(raw)) > LONGEST_ANSWER:
        raise AnswerError(
            _(
                "The answer is too long; at most %(longest_answer)s characters were expected.",
                longest_answer=LONGEST_ANSWER,
            )
        )
    value = None if raw is None else registry.read_answer(item, seed, raw)
    if value is None:
        raise NoAnswer
    return value


def _count(course_id: int, item: str) -> None:
    insert_ignore(
        PlacementUse.__table__, [{"course_id": course_id, "item": item, "asked": 0}], ["course_id", "item"]  # type: ignore[arg-type]
    )  # fmt: skip
    mine = (PlacementUse.course_id == course_id, PlacementUse.item == item)
    db.session.execute(update(PlacementUse).where(*mine).values(asked=PlacementUse.asked + 1))


def _conclude(
    key: str, person_id: int, version: VersionFacts, passed: bool, *, actor: int, now: dt.datetime, today: dt.date
) -> None:
    """Record the evidence of a test that has ended. One that shows nothing is kept as a test and is no evidence."""
    record("placement.end", "placement", key, actor=actor, now=now, course=version.code, passed=passed)
    if not passed:
        return
    known = {each.code for each in competency.competencies()}
    for code, level in version.competencies:
        if code in known:
            record_evidence(
                person_id, code, "test", level, today, key=f"test-out:{key}:{code}", actor=actor, now=now, passed=True
            )
