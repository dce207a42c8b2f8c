"""The framework in force as a framework again, the editions that were imported, and the decisions about targets."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from courses import framework as authored
from courses.framework import read_framework
from courses.frameworkdiff import FrameworkChanges, compare
from lms.competency.models import Competency, Framework, FrameworkEdition, TargetChange, TargetWithdrawal
from lms.competency.snapshot import snapshot
from lms.db import db


@dataclass(frozen=True)
class Edition:
    """An import. `changes` is None for the first one that is on record; `by` is an account's id."""

    code: str
    edition: str
    title: str
    imported_at: dt.datetime
    by: int | None
    competencies: int
    changes: FrameworkChanges | None


@dataclass(frozen=True)
class Decision:
    """A decision about a target; `last` is its last day, `state` is planned, now, over or withdrawn."""

    public_id: str
    code: str
    subject: str
    unit_id: int | None
    way: str
    level: int
    starts: dt.date
    last: dt.date | None
    reason: str
    decided_at: dt.datetime
    by: int | None
    state: str


def in_force(today: dt.date) -> authored.Framework | None:
    """The framework in force with its targets of a day, equal to the file that was imported; None before the first.

    Decisions of the hospital about targets are not of the framework and not in it.
    """
    frame = snapshot()
    facts = frame.framework
    if facts is None:
        return None
    digits = {subject: frame.targets({subject}, today) for subject in authored.SUBJECTS}
    domains = tuple(
        authored.Domain(
            domain.code, domain.title, domain.responsibilities,
            tuple(
                authored.Competency(
                    each.code, each.title, each.critical,
                    {subject: int(levels[frame.order[each.code]]) for subject, levels in digits.items()},
                )
                for each in frame.current
                if each.domain == domain.code
            ),
        )
        for domain in facts.domains
    )  # fmt: skip
    levels = tuple(authored.Level(each.level, each.name, each.evidence) for each in facts.levels)
    return authored.Framework(facts.code, facts.title, facts.edition, levels, dict(facts.responsibilities), domains)


def changed_at() -> dt.datetime | None:
    """The moment of the latest import."""
    return db.session.scalar(select(Framework.imported_at).order_by(Framework.imported_at.desc()).limit(1))


def history() -> tuple[Edition, ...]:
    """Every import that is on record, the newest first, each with what it changed."""
    rows = db.session.execute(
        select(FrameworkEdition.text, FrameworkEdition.imported_at, FrameworkEdition.imported_by).order_by(
            FrameworkEdition.id
        )
    )
    found: list[Edition] = []
    before: authored.Framework | None = None
    for row in rows:
        read, _ = read_framework(row.text, "framework.yaml")
        if read is None:  # what we wrote ourselves can be read; a damaged row is left out and hides nothing else
            continue
        changes = compare(before, read) if before else None
        found.append(
            Edition(read.code, read.edition, read.title, row.imported_at, row.imported_by, len(read.codes), changes)
        )
        before = read
    return tuple(reversed(found))


def decisions(today: dt.date) -> tuple[Decision, ...]:
    """Every decision about targets, the one that begins last first; withdrawn ones too."""
    rows = db.session.execute(
        select(TargetChange, Competency.code, TargetWithdrawal.withdrawn_at)
        .join(Competency, Competency.id == TargetChange.competency_id)
        .outerjoin(TargetWithdrawal, TargetWithdrawal.change_id == TargetChange.id)
        .order_by(TargetChange.starts.desc(), TargetChange.id.desc())
    )
    following: dict[tuple[str, str, int | None], dt.date] = {}
    found = []
    for row, code, withdrawn in rows.all():
        key = (code, row.subject, row.unit_id)
        last = None
        gone: object = withdrawn  # of an outer join: empty where the decision stands
        if gone is None:
            after = following.get(key)
            last = after - dt.timedelta(days=1) if after else None
            following[key] = row.starts
        state = "withdrawn" if gone is not None else _state(row.starts, last, today)
        found.append(
            Decision(
                row.public_id, code, row.subject, row.unit_id, row.way, row.level, row.starts, last, row.reason,
                row.decided_at, row.decided_by, state,
            )
        )  # fmt: skip
    return tuple(found)


def _state(starts: dt.date, last: dt.date | None, today: dt.date) -> str:
    if last is not None and last < max(starts, today):
        return "over"
    return "planned" if starts > today else "now"


def was_imported(text: str) -> bool:
    """Whether exactly this text was ever in force."""
    found = select(Framework.id).where(Framework.digest == text_digest(text))
    return db.session.execute(found).first() is not None


def is_the_hospitals(code: str) -> bool:
    """Whether the framework in force is the hospital's own: under another code than this, or imported by an account."""
    facts = snapshot().framework
    if facts is None or facts.code != code:
        return facts is not None
    newest = select(FrameworkEdition.imported_by).order_by(FrameworkEdition.id.desc()).limit(1)
    return db.session.scalar(newest) is not None


def text_digest(text: str) -> str:
    """The digest by which a text is known, whatever its line ends."""
    return hashlib.sha256(text.removeprefix("\ufeff").replace("\r\n", "\n").encode()).hexdigest()
