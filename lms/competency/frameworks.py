"""Importing a framework text: competencies by their lasting codes, targets with dates.

The same text again changes nothing. A changed target closes the old row the day before and opens
a new one, so that figures of past days keep the target that held then.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from assessments.model import Fault
from courses import framework as authored
from courses.frameworkfiles import read_file
from courses.frameworktext import write_yaml
from lms.audit.services import record
from lms.changes.services import mark_people
from lms.competency.editions import text_digest
from lms.competency.models import Competency, Evidence, Framework, FrameworkEdition, Target
from lms.competency.snapshot import forget
from lms.competency.targeting import end_targets
from lms.db import db, lock_named
from lms.people.spans import staff_ids

# Before the first import nothing is known of targets, so those of the first import hold for every
# earlier day too: past figures are then measured against the only targets there ever were.
BEGINNING = dt.date(1970, 1, 1)


class FrameworkRefused(ValueError):
    """The framework text cannot be read; `faults` says every reason with its line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"The framework has {len(faults)} faults; nothing was imported.")


@dataclass(frozen=True)
class Imported:
    """What an import did. `new` is False where this text is in force already."""

    code: str
    edition: str
    new: bool
    competencies: int
    retired: int
    targets_changed: int
    warnings: tuple[Fault, ...]


def import_framework(
    text: str, path: str, *, actor: int | None, now: dt.datetime, today: dt.date | None = None
) -> Imported:
    """Read a framework text (YAML, CSV or CASE) and put it in force from `today` (the UTC date of `now` unless given).

    `path` names the text in faults. Raises FrameworkRefused with every fault; nothing is written then.
    """
    read, faults, _ = read_file(text, path)
    if read is None:
        raise FrameworkRefused([fault for fault in faults if fault.severity == "error"])
    lock_named("framework")
    digest = text_digest(text)
    statement = select(Framework.digest, Framework.imported_at)
    newest_first = statement.order_by(Framework.imported_at.desc(), Framework.id.desc())
    history = db.session.execute(newest_first).all()
    warnings = tuple(faults)
    if history and history[0].digest == digest:
        return Imported(read.code, read.edition, False, len(read.competencies), 0, 0, warnings)
    today = today or now.date()
    # Two imports in one moment still have an order: the later one is in force.
    moment = max(now, history[0].imported_at + dt.timedelta(microseconds=1)) if history else now
    framework_id = _write_framework(read, digest, known=any(row.digest == digest for row in history), now=moment)
    edition = {"framework_id": framework_id, "text": write_yaml(read), "imported_at": moment, "imported_by": actor}
    db.session.execute(insert(FrameworkEdition).values(**edition))
    gone = _write_competencies(read, today)
    end_targets(gone, f"retired with {read.code} {read.edition}", actor=actor, now=now, today=today)
    changed = _write_targets(read, today, first=not history)
    forget()
    mark_people({*staff_ids(), *db.session.scalars(select(Evidence.person_id).distinct())})
    record("framework.import", "framework", f"{read.code} {read.edition}", actor=actor, now=now, digest=digest)
    return Imported(read.code, read.edition, True, len(read.competencies), len(gone), changed, warnings)


def _write_framework(read: authored.Framework, digest: str, *, known: bool, now: dt.datetime) -> int:
    if known:
        db.session.execute(update(Framework).where(Framework.digest == digest).values(imported_at=now))
        return db.session.execute(select(Framework.id).where(Framework.digest == digest)).scalar_one()
    values = {
        "code": read.code,
        "title": read.title,
        "edition": read.edition,
        "digest": digest,
        "levels": [{"level": e.level, "name": e.name, "evidence": e.evidence} for e in read.levels],
        "responsibilities": read.responsibilities,
        "domains": [
            {"code": d.code, "title": d.title, "responsibilities": list(d.responsibilities)} for d in read.domains
        ],
        "imported_at": now,
    }
    return db.session.execute(insert(Framework).values(**values).returning(Framework.id)).scalar_one()


def _write_competencies(read: authored.Framework, today: dt.date) -> list[int]:
    """Bring the competencies to the text; returns the ids of those that retired with it."""
    held = {row.code: row for row in db.session.execute(select(Competency.id, Competency.code, Competency.retired_on))}
    fresh, changed = [], []
    for position, each in enumerate(read.competencies):
        domain = read.domain_of(each.code)
        row = {
            "code": each.code, "title": each.title, "domain": domain.code if domain else "",
            "critical": each.critical, "position": position, "retired_on": None,
        }  # fmt: skip
        if each.code in held:
            changed.append({"id": held[each.code].id, **row})
        else:
            fresh.append(row)
    if fresh:
        db.session.execute(insert(Competency), fresh)
    if changed:
        db.session.execute(update(Competency), changed)
    gone = [row.id for code, row in held.items() if code not in read.codes and row.retired_on is None]
    if gone:
        db.session.execute(update(Competency).where(Competency.id.in_(gone)).values(retired_on=today))
    db.session.expire_all()
    return gone


def _write_targets(read: authored.Framework, today: dt.date, *, first: bool) -> int:
    """Bring the targets to the text from `today` on; returns how many are another than before."""
    ids = {row.code: row.id for row in db.session.execute(select(Competency.id, Competency.code))}
    wanted = {
        (ids[each.code], subject): level
        for each in read.competencies
        for subject, level in each.targets.items()
        if level > 0
    }
    open_rows = db.session.execute(
        select(Target.id, Target.competency_id, Target.subject, Target.level, Target.starts).where(
            Target.ends.is_(None)
        )
    )
    held = {(row.competency_id, row.subject): row for row in open_rows}
    over = {key: row for key, row in held.items() if wanted.get(key) != row.level}
    yesterday = today - dt.timedelta(days=1)
    closing = [row.id for row in over.values() if row.starts < today]
    voided = [row.id for row in over.values() if row.starts >= today]
    if closing:
        db.session.execute(update(Target).where(Target.id.in_(closing)).values(ends=yesterday))
    if voided:
        db.session.execute(delete(Target).where(Target.id.in_(voided)))
    starts = BEGINNING if first else today
    opening = [
        {"competency_id": competency_id, "subject": subject, "level": level, "starts": starts}
        for (competency_id, subject), level in wanted.items()
        if (competency_id, subject) not in held or (competency_id, subject) in over
    ]
    if opening:
        db.session.execute(insert(Target), opening)
    db.session.expire_all()
    return len({*over, *((row["competency_id"], row["subject"]) for row in opening)})
