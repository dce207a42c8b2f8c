"""Publishing pathways: a text once, never a change to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from assessments.model import Fault
from courses.pathways import read_pathway
from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.db import db, insert_ignore, lock_named
from lms.pathways.models import Pathway, PathwayText
from lms.pathways.queries import pathway as newest


class PathwayRefused(Exception):
    """The file is not published; `faults` say where and what was expected."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults if fault.severity == "error"))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Published:
    """What publishing did; `new` is False where this text holds already."""

    code: str
    title: str
    edition: str
    new: bool
    warnings: tuple[Fault, ...]


def publish(text: str, path: str, *, actor: int | None, now: dt.datetime) -> Published:
    """Publish a pathway from its Markdown; the newest text again changes nothing. Raises PathwayRefused."""
    found, faults = read_pathway(text, path, [each.code for each in catalog.courses()])
    if found is None:
        raise PathwayRefused(faults)
    lock_named(f"pathway:{found.code}")
    insert_ignore(Pathway.__table__, [{"code": found.code}], ["code"])  # type: ignore[arg-type]
    pathway_id = db.session.execute(select(Pathway.id).where(Pathway.code == found.code)).scalar_one()
    held = newest(found.code)
    fresh = held is None or held[0].digest != found.digest
    known = select(PathwayText.id).where(PathwayText.pathway_id == pathway_id, PathwayText.digest == found.digest)
    if fresh and db.session.scalar(known) is not None:
        message = "this text was replaced by a later one: expected another edition"
        raise PathwayRefused([Fault(path, 1, 1, "error", message)])
    if fresh:
        steps = [
            {"courses": list(step.courses), "need": step.need, "due_days": step.due_days, "title": step.title}
            for step in found.steps
        ]
        values = {
            "pathway_id": pathway_id, "digest": found.digest, "edition": found.edition, "title": found.title,
            "summary": found.summary, "language": found.language, "audience": list(found.audience), "steps": steps,
            "html": found.html, "source": text, "published_at": now, "published_by": actor,
        }  # fmt: skip
        db.session.execute(insert(PathwayText).values(values))
        record("pathway.publish", "pathway", found.code, actor=actor, now=now, edition=found.edition)
    warnings = tuple(fault for fault in faults if fault.severity != "error")
    return Published(found.code, found.title, found.edition, fresh, warnings)
