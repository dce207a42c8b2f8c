"""Learning from elsewhere, brought in with a document: level 2 at most until somebody entitled signs it off.

A document is known by its content, never by its name; it is stored as it came and only ever handed out as a file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, insert, select, update

from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.competency.services import record_evidence
from lms.db import db, insert_ignore, public_id
from lms.observations.models import PriorDocument, PriorLearning
from lms.observations.refusals import Refused, refuse_unstorable

LARGEST = 5 * 1024 * 1024
LONGEST_TITLE = 300
UNSIGNED, SIGNED = 2, 3  # the highest levels without and with a sign-off
OLDEST_YEARS = 10


@dataclass(frozen=True)
class Prior:
    """A piece of prior learning; `signed_level` is None while nobody signed it off."""

    public_id: str
    person_id: int
    competency: str
    level: int
    title: str
    achieved_on: dt.date
    brought_at: dt.datetime
    file_name: str
    media_type: str
    signed_level: int | None
    signed_by: int | None
    signed_at: dt.datetime | None


def media_type(data: bytes) -> str | None:
    """What a document is by its first and last bytes: PDF, PNG or JPEG; None for anything else."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return "application/pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-32:]:
        return "image/png"
    if data.startswith(b"\xff\xd8\xff") and data.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "image/jpeg"
    return None


def bring(
    person_id: int,
    competency: str,
    level: int,
    title: str,
    achieved_on: dt.date,
    file_name: str,
    data: bytes,
    *,
    key: str,
    actor: int,
    today: dt.date,
    now: dt.datetime,
) -> str:
    """Keep a document of prior learning and its evidence; returns the public id.

    The same `key` again is the same piece. Raises Refused.
    """
    title = title.strip()
    for fault in faults(competency, level, title, achieved_on, data, today=today):
        raise fault
    kind = media_type(data)
    values = {
        "public_id": public_id(), "key": key, "person_id": person_id, "competency_code": competency, "level": level,
        "title": title, "achieved_on": achieved_on, "brought_at": now, "file_name": _plain(file_name),
        "media_type": kind, "digest": hashlib.sha256(data).hexdigest(), "signed_level": None, "signed_by": None,
        "signed_at": None,
    }  # fmt: skip
    new = insert_ignore(PriorLearning.__table__, [values], ["key"]) > 0  # type: ignore[arg-type]
    row = db.session.execute(select(PriorLearning.id, PriorLearning.public_id).where(PriorLearning.key == key)).one()
    if new:
        db.session.execute(insert(PriorDocument).values(prior_id=row.id, size=len(data), data=data))
        record_evidence(
            person_id, competency, "prior", level, achieved_on, key=f"prior:{row.public_id}", actor=actor, now=now,
            document=title,
        )  # fmt: skip
        record_audit("prior.bring", "prior_learning", row.public_id, actor=actor, now=now, competency=competency)
    return str(row.public_id)


def faults(
    competency: str | None,
    level: int | None,
    title: str,
    achieved_on: dt.date | None,
    data: bytes,
    *,
    today: dt.date,
) -> Iterator[Refused]:
    """Everything that keeps a piece from being brought in, so that a form can say all of it at once.

    None is what a form left open; the form says so itself.
    """
    if competency is not None and competency not in {each.code for each in competencies()}:
        yield Refused(
            "competency",
            _("%(competency)r is not a competency of the framework in force.", competency=competency),
            "competency",
        )
    if level is not None and not 1 <= level <= SIGNED:
        yield Refused(
            "level",
            _(
                "Prior learning shows level 1 to %(signed)s; above %(unsigned)s once signed off.",
                signed=SIGNED,
                unsigned=UNSIGNED,
            ),
            "level",
        )
    if not title:
        yield Refused("title", _("Say what it was, such as the course and who gave it."), "title")
    try:
        refuse_unstorable(title, LONGEST_TITLE, "title", _("The title"))
    except Refused as fault:
        yield fault
    if achieved_on is not None and not today - dt.timedelta(days=366 * OLDEST_YEARS) <= achieved_on <= today:
        yield Refused(
            "date", _("The day lies within the last %(oldest_years)s years.", oldest_years=OLDEST_YEARS), "achieved_on"
        )
    if not data:
        yield Refused("document", _("Choose the document."), "document")
    elif len(data) > LARGEST:
        yield Refused("document", _("The document is larger than 5 MB."), "document")
    elif media_type(data) is None:
        yield Refused("document", _("A whole PDF, PNG or JPEG file was expected; this is something else."), "document")


def _plain(name: str) -> str:
    """A file name without folders and odd characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable() and not "\ud800" <= sign <= "\udfff")
    return kept.strip(". ")[-200:] or "document"


def sign_off(public: str, level: int, *, account_id: int, person_id: int, now: dt.datetime) -> Prior:
    """Sign a piece off at a level; once. The caller has checked that the account may. Raises Refused, LookupError."""
    found = one(public)
    if found is None:
        raise LookupError(public)
    if found.person_id == person_id:
        raise Refused("self", _("Nobody signs off their own competence."), "level")
    if not 1 <= level <= SIGNED:
        raise Refused("level", _("Prior learning is signed off at level 1 to %(signed)s.", signed=SIGNED), "level")
    change = update(PriorLearning).where(PriorLearning.public_id == public, PriorLearning.signed_level.is_(None))
    done = db.session.execute(change.values(signed_level=level, signed_by=account_id, signed_at=now))
    if getattr(done, "rowcount", 0):
        record_evidence(
            found.person_id, found.competency, "prior", level, found.achieved_on, key=f"prior:{public}:signed",
            actor=account_id, now=now, signed_off=True, document=found.title,
        )  # fmt: skip
        record_audit("prior.sign", "prior_learning", public, actor=account_id, now=now, level=level)
    return one(public) or found


def one(public: str) -> Prior | None:
    """The piece with this public id."""
    return next(iter(_read(PriorLearning.public_id == public)), None)


def of_person(person_id: int) -> tuple[Prior, ...]:
    """What a person brought in, the newest first."""
    return _read(PriorLearning.person_id == person_id)


def document(public: str) -> bytes | None:
    """The bytes of a piece's document."""
    statement = select(PriorDocument.data).join(PriorLearning, PriorLearning.id == PriorDocument.prior_id)
    return db.session.scalar(statement.where(PriorLearning.public_id == public))


def _read(condition: ColumnElement[bool]) -> tuple[Prior, ...]:
    columns = (
        PriorLearning.public_id, PriorLearning.person_id, PriorLearning.competency_code, PriorLearning.level,
        PriorLearning.title, PriorLearning.achieved_on, PriorLearning.brought_at, PriorLearning.file_name,
        PriorLearning.media_type, PriorLearning.signed_level, PriorLearning.signed_by, PriorLearning.signed_at,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(condition).order_by(PriorLearning.id.desc()))
    return tuple(Prior(*tuple(row)) for row in rows)
