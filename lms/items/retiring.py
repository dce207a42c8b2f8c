"""Retiring an item: new papers leave it out, everything that was asked stays as it was, lesson checks keep it.

An item is never deleted here; it is retired with a reason and may be restored. Knows published texts and draws, and
nothing of attempts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from assessments.model import Bank
from assessments.papers import draw_faults, draw_paper, drawables
from lms.audit.services import record
from lms.catalog.facts import VersionFacts
from lms.db import db, insert_ignore, lock_named
from lms.items import queries
from lms.items.models import RetiredItem

LONGEST_REASON = 1000
# Counts for more than any number of attempts in which an item was seen, so that a retired one is the last to be taken.
LAST = 1_000_000


class RetireRefused(ValueError):
    """The item cannot be retired or restored; the message says why."""


@dataclass(frozen=True)
class Retirement:
    """One time in which an item was retired; `restored_at` is None while it still is."""

    item: str
    reason: str
    retired_at: dt.datetime
    restored_at: dt.datetime | None


def retired(course_id: int) -> frozenset[str]:
    """The items of a course that are retired now."""
    statement = select(RetiredItem.item).where(RetiredItem.course_id == course_id, RetiredItem.open_key == 1)
    return frozenset(db.session.scalars(statement))


def retired_everywhere() -> Mapping[int, frozenset[str]]:
    """The retired items of every course that has any, by course."""
    found: dict[int, set[str]] = {}
    statement = select(RetiredItem.course_id, RetiredItem.item).where(RetiredItem.open_key == 1)
    for course_id, item in db.session.execute(statement):
        found.setdefault(course_id, set()).add(item)
    return {course_id: frozenset(items) for course_id, items in found.items()}


def retired_on(moment: dt.datetime) -> Mapping[int, frozenset[str]]:
    """The items that were retired at a moment, by course."""
    found: dict[int, set[str]] = {}
    back = RetiredItem.restored_at
    held = select(RetiredItem.course_id, RetiredItem.item).where(
        RetiredItem.retired_at < moment, or_(back.is_(None), back >= moment)
    )
    for course_id, item in db.session.execute(held):
        found.setdefault(course_id, set()).add(item)
    return {course_id: frozenset(items) for course_id, items in found.items()}


def history(course_id: int, item: str) -> tuple[Retirement, ...]:
    """Every time in which an item was retired, the latest first."""
    statement = (
        select(RetiredItem.item, RetiredItem.reason, RetiredItem.retired_at, RetiredItem.restored_at)
        .where(RetiredItem.course_id == course_id, RetiredItem.item == item)
        .order_by(RetiredItem.id.desc())
    )
    return tuple(Retirement(*row) for row in db.session.execute(statement))


def draw(version: VersionFacts, seed: str, seen: Collection[str]) -> tuple[str, ...]:
    """A new paper of a version's exam: item ids in asking order, as few seen before as any paper could hold.

    Retired items stand in it only where the published draws could not be filled otherwise, which can happen when a
    later text has fewer items than the one for which they were retired.
    """
    assert version.exam is not None, "the rules refuse a course without an exam"
    bank, out = queries.bank(version.id), retired(version.course_id)
    if not version.exam.draws:
        kept = without(bank, out)
        return draw_paper(kept if drawables(kept) else bank, (), seed)
    return draw_paper(bank, version.exam.draws, seed, dict.fromkeys(seen, 1) | dict.fromkeys(out, LAST))


def without(bank: Bank, out: Collection[str]) -> Bank:
    """The bank without these items."""
    return Bank(tuple(item for item in bank.items if item.id not in out), bank.cases) if out else bank


def shortage(version: VersionFacts, out: Collection[str]) -> list[str]:
    """Why the exam of a version could not be drawn without these items; an empty list where it could."""
    if version.exam is None:
        return []
    kept = without(queries.bank(version.id), out)
    if not drawables(kept):
        return ["the assessment would have no question left"]
    return draw_faults(kept, version.exam.draws)


def retire(version: VersionFacts, item: str, reason: str, *, actor: int, now: dt.datetime) -> bool:
    """Retire an item of a course's current version; False where it is retired already. Raises RetireRefused.

    It is refused without a reason, for an item that the text does not hold, and where the exam could no longer be
    drawn.
    """
    text = reason.strip()
    if not text:
        raise RetireRefused(_("Give the reason; whoever looks at the question later reads it."))
    if len(text) > LONGEST_REASON or "\0" in text:
        raise RetireRefused(
            _("A reason of at most %(longest_reason)s characters was expected.", longest_reason=LONGEST_REASON)
        )
    if item not in queries.bank(version.id):
        raise RetireRefused(_("The current text of the course does not hold this question."))
    lock_named(f"retired:{version.course_id}")
    out = retired(version.course_id)
    if item in out:
        return False
    faults = shortage(version, out | {item})
    if faults and not shortage(version, out):
        why = "; ".join(faults)
        raise RetireRefused(
            _("The assessment needs this question: %(why)s. Add another one first, or ask for fewer.", why=why)
        )
    row: dict[str, Any] = {
        "course_id": version.course_id, "item": item, "reason": text, "retired_at": now, "retired_by": actor,
        "open_key": 1,
    }  # fmt: skip
    new = insert_ignore(RetiredItem.__table__, [row], ["course_id", "item", "open_key"]) == 1  # type: ignore[arg-type]
    if new:
        record("item.retire", "course", version.code, actor=actor, now=now, item=item)
    return new


def restore(version: VersionFacts, item: str, *, actor: int, now: dt.datetime) -> bool:
    """Let new papers hold the item again; False where it is not retired."""
    changed = db.session.execute(
        update(RetiredItem)
        .where(RetiredItem.course_id == version.course_id, RetiredItem.item == item, RetiredItem.open_key == 1)
        .values(open_key=None, restored_at=now, restored_by=actor)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    record("item.restore", "course", version.code, actor=actor, now=now, item=item)
    return True
