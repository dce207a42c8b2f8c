"""Checklists as they are published: kept for good by their digest, the newest text of each code in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from assessments.model import Fault
from courses.checklists import ChecklistItem, read_checklist
from courses.text import read_text
from lms.audit.services import record
from lms.competency.queries import competencies
from lms.db import db, insert_ignore
from lms.observations.models import Checklist


class ChecklistRefused(Exception):
    """A checklist has errors and is not published; `faults` says all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class ChecklistFacts:
    """A published text of a checklist."""

    id: int
    code: str
    digest: str
    title: str
    competency: str
    level: int
    edition: str
    minutes: int
    language: str
    intro_html: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class Published:
    """What publishing did; `new` is False where this very text is in use already."""

    code: str
    edition: str
    digest: str
    new: bool
    warnings: tuple[Fault, ...]


def publish(data: bytes, name: str, *, actor: int | None, now: dt.datetime) -> Published:
    """Put a checklist into use. An older text that is published again is used again. Raises ChecklistRefused."""
    text, faults = read_text(data, name)
    found = None
    if text is not None:
        found, faults = read_checklist(text, name, frozenset(each.code for each in competencies()))
    if text is None or found is None:
        raise ChecklistRefused(faults)
    in_use = db.session.scalar(select(Checklist.digest).where(Checklist.code == found.code, Checklist.current))
    if in_use != found.digest:
        items = [vars(item) for item in found.items]
        row = {
            "code": found.code, "digest": found.digest, "title": found.title, "competency_code": found.competency,
            "level": found.level, "edition": found.edition, "minutes": found.minutes, "language": found.language,
            "intro_html": found.intro_html, "items": items, "source": text, "current": False,
            "published_at": now, "published_by": actor,
        }  # fmt: skip
        insert_ignore(Checklist.__table__, [row], ["code", "digest"])  # type: ignore[arg-type]
        same = and_(Checklist.code == found.code, Checklist.digest == found.digest)
        db.session.execute(update(Checklist).where(Checklist.code == found.code).values(current=False))
        db.session.execute(update(Checklist).where(same).values(current=True))
        record("checklist.publish", "checklist", found.code, actor=actor, now=now, digest=found.digest)
    return Published(found.code, found.edition, found.digest, in_use != found.digest, tuple(faults))


def known_digests() -> Mapping[str, frozenset[str]]:
    """Every text ever published, by code."""
    found: dict[str, set[str]] = {}
    for code, digest in db.session.execute(select(Checklist.code, Checklist.digest)):
        found.setdefault(code, set()).add(digest)
    return {code: frozenset(digests) for code, digests in found.items()}


def published_by_people() -> frozenset[str]:
    """The codes whose text in use was published by an account and not by the product."""
    mine = select(Checklist.code).where(Checklist.current, Checklist.published_by.is_not(None))
    return frozenset(db.session.scalars(mine))


def by_digest(digest: str) -> ChecklistFacts | None:
    """The text with this digest, in use or not."""
    return next(iter(_read(Checklist.digest == digest)), None)


def by_id(checklist_id: int) -> ChecklistFacts | None:
    """The text with this internal id."""
    return next(iter(_read(Checklist.id == checklist_id)), None)


def in_use(competency: str | None = None) -> tuple[ChecklistFacts, ...]:
    """The checklists in use, of one competency or of all, by code."""
    which: list[ColumnElement[bool]] = [Checklist.current.is_(True)]
    if competency is not None:
        which.append(Checklist.competency_code == competency)
    return _read(and_(*which))


def _read(condition: ColumnElement[bool]) -> tuple[ChecklistFacts, ...]:
    columns = (
        Checklist.id, Checklist.code, Checklist.digest, Checklist.title, Checklist.competency_code, Checklist.level,
        Checklist.edition, Checklist.minutes, Checklist.language, Checklist.intro_html, Checklist.items,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(condition).order_by(Checklist.code))
    found: Iterator[tuple[Any, ...]] = (tuple(row) for row in rows)
    return tuple(ChecklistFacts(*(*row[:10], tuple(ChecklistItem(**item) for item in row[10]))) for row in found)
