"""Asking to be observed: open until it is done, withdrawn, or expires after thirty days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from lms.accounts.delegations import signers_of
from lms.accounts.queries import AccountFacts
from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.db import db, insert_ignore, public_id
from lms.observations import letters
from lms.observations.models import ObservationRequest
from lms.observations.refusals import Refused, refuse_unstorable

REMIND = dt.timedelta(days=7)
EXPIRE = dt.timedelta(days=30)
LONGEST = 500


@dataclass(frozen=True)
class Request:
    """A wish to be observed. `supervisor_id` is the account asked, None for whoever may sign."""

    public_id: str
    person_id: int
    competency: str
    note: str
    supervisor_id: int | None
    state: str
    asked_at: dt.datetime
    closed_at: dt.datetime | None

    @property
    def expires_at(self) -> dt.datetime:
        """When it lapses by itself."""
        return self.asked_at + EXPIRE


def ask(
    person_id: int,
    competency: str,
    note: str,
    supervisor: str,
    *,
    actor: int,
    today: dt.date,
    now: dt.datetime,
) -> str:
    """Ask to be observed in a competency; returns the public id, that of the open request where there is one.

    `supervisor` is the public id of an account that may sign for this person, empty for the whole team.
    Those asked get an e-mail. Raises Refused.
    """
    note = note.strip()
    if competency not in {each.code for each in competencies()}:
        raise Refused(
            "competency",
            _("%(competency)r is not a competency of the framework in force.", competency=competency),
            "competency",
        )
    refuse_unstorable(note, LONGEST, "note")
    signers = signers_of(person_id, today)
    asked = [each for each in signers if supervisor in ("", each.public_id)]
    if supervisor and not asked:
        raise Refused("supervisor", _("This colleague cannot sign for you at present. Choose another."), "supervisor")
    if not signers:
        raise Refused("supervisor", _("Nobody is set up to sign for you yet. Tell your administrator."), "supervisor")
    key = f"{person_id}:{competency}"
    values = {
        "public_id": public_id(), "open_key": key, "person_id": person_id, "competency_code": competency, "note": note,
        "supervisor_id": asked[0].id if supervisor else None, "state": "open", "asked_at": now, "reminded_at": None,
        "closed_at": None,
    }  # fmt: skip
    new = insert_ignore(ObservationRequest.__table__, [values], ["open_key"]) > 0  # type: ignore[arg-type]
    found = db.session.scalars(select(ObservationRequest.public_id).where(ObservationRequest.open_key == key)).one()
    if new:
        letters.asked(found, person_id, competency, note, asked, "asked", now=now)
        record_audit("observation.ask", "observation_request", found, actor=actor, now=now, competency=competency)
    return found


def withdraw(public: str, *, person_id: int, actor: int, now: dt.datetime) -> None:
    """Take a wish back; repeated, nothing changes. Raises LookupError where it is not this person's."""
    mine = (ObservationRequest.public_id == public, ObservationRequest.person_id == person_id)
    if db.session.scalar(select(ObservationRequest.id).where(*mine)) is None:
        raise LookupError(public)
    if _close(mine, "withdrawn", now):
        record_audit("observation.unask", "observation_request", public, actor=actor, now=now)


def close_by_observation(person_id: int, competency: str, *, now: dt.datetime) -> None:
    """An observation was signed: what was asked for is done."""
    _close((ObservationRequest.person_id == person_id, ObservationRequest.competency_code == competency), "done", now)


def _close(which: Collection[ColumnElement[bool]], state: str, now: dt.datetime) -> bool:
    change = update(ObservationRequest).where(*which, ObservationRequest.state == "open")
    done = db.session.execute(change.values(state=state, open_key=None, closed_at=now))
    return bool(getattr(done, "rowcount", 0))


def remind_and_expire(*, today: dt.date, now: dt.datetime) -> tuple[int, int]:
    """Remind once of what has waited for seven days, let lapse what has for thirty; returns both counts."""
    fresh = ObservationRequest.state == "open"
    expired = 0
    for row in _read(fresh & (ObservationRequest.asked_at <= now - EXPIRE)):
        if _close((ObservationRequest.public_id == row.public_id,), "expired", now):
            letters.expired(row.public_id, row.person_id, row.competency, now=now)
            record_audit("observation.ask.expire", "observation_request", row.public_id, actor=None, now=now)
            expired += 1
    due = fresh & (ObservationRequest.asked_at <= now - REMIND) & ObservationRequest.reminded_at.is_(None)
    waiting = _read(due)
    for row in waiting:
        letters.asked(row.public_id, row.person_id, row.competency, row.note, _asked(row, today), "reminded", now=now)
        db.session.execute(
            update(ObservationRequest).where(ObservationRequest.public_id == row.public_id).values(reminded_at=now)
        )
    return len(waiting), expired


def _asked(row: Request, today: dt.date) -> list[AccountFacts]:
    return [each for each in signers_of(row.person_id, today) if row.supervisor_id in (None, each.id)]


def of_person(person_id: int) -> tuple[Request, ...]:
    """Everything a person asked for, the newest first."""
    return _read(ObservationRequest.person_id == person_id)


def open_of(person_id: int) -> tuple[Request, ...]:
    """What a person waits for."""
    return tuple(each for each in of_person(person_id) if each.state == "open")


def _read(condition: ColumnElement[bool]) -> tuple[Request, ...]:
    columns = (
        ObservationRequest.public_id, ObservationRequest.person_id, ObservationRequest.competency_code,
        ObservationRequest.note, ObservationRequest.supervisor_id, ObservationRequest.state,
        ObservationRequest.asked_at, ObservationRequest.closed_at,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(condition).order_by(ObservationRequest.id.desc()))
    return tuple(Request(*row) for row in rows)
