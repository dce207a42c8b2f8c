"""What is said of a signed observation: confirmed or disputed by the observed, resolved or withdrawn afterwards.

Nothing said here moves a level but a withdrawal, and nothing is ever deleted.
"""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from lms.audit.services import record as record_audit
from lms.competency.services import withdraw_evidence
from lms.db import db
from lms.observations import letters
from lms.observations.models import Observation, ObservationEvent
from lms.observations.refusals import Refused, refuse_unstorable

CONFIRM_DAYS = 14
LONGEST = 2000


def last_day(signed_on: dt.date) -> dt.date:
    """The last day on which the observed person may confirm or dispute."""
    return signed_on + dt.timedelta(days=CONFIRM_DAYS)


def answer(
    public: str, kind: str, note: str, *, person_id: int, account_id: int, today: dt.date, now: dt.datetime
) -> str:
    """The observed person confirms (a comment is welcome) or disputes (a reason is needed); returns the state.

    The same answer again changes nothing. Raises Refused; LookupError where the observation is not this person's.
    """
    note = note.strip()
    row = _locked(public)
    if row is None or row.person_id != person_id:
        raise LookupError(public)
    if row.state == kind:
        return kind
    if kind not in ("confirmed", "disputed"):
        raise Refused("kind", _("Confirm or dispute."), "kind")
    refuse_unstorable(note, LONGEST, "note", _("The comment"))
    if row.state != "signed":
        raise Refused("answered", _("This observation is %(state)s already.", state=row.state), "kind")
    if today > last_day(row.signed_at.date()):
        raise Refused(
            "late",
            _(
                "The %(confirm_days)s days to answer are over. Ask the observer to look at it with you.",
                confirm_days=CONFIRM_DAYS,
            ),
            "kind",
        )
    if kind == "disputed" and not note:
        raise Refused("note", _("Say what you saw differently, so that it can be put right."), "note")
    _say(row, kind, note, account_id, now)
    if kind == "disputed":
        letters.disputed(row.public_id, row.competency_code, row.person_id, row.observer_id, now=now)
    return kind


def withdraw(public: str, reason: str, *, account_id: int, now: dt.datetime) -> str:
    """Withdraw an observation with a reason; its evidence stays and counts no longer. Repeated, nothing changes.

    The caller has checked that the account may: the observer, whoever may sign for the person, or the CMIO.
    """
    reason = reason.strip()
    row = _locked(public)
    if row is None:
        raise LookupError(public)
    if row.state == "withdrawn":
        return row.state
    if not reason:
        raise Refused("reason", _("Give the reason; it stays in the record."), "reason")
    refuse_unstorable(reason, LONGEST, "reason", _("The reason"))
    withdraw_evidence(f"observation:{row.public_id}", reason, actor=account_id, now=now)
    _say(row, "withdrawn", reason, account_id, now)
    letters.withdrawn(row.public_id, row.competency_code, row.person_id, now=now)
    return row.state


def resolve_by_later(later: Observation, *, now: dt.datetime) -> None:
    """A new observation of the same person and competency answers the disputes that are open."""
    disputed = select(Observation).where(
        Observation.person_id == later.person_id, Observation.competency_code == later.competency_code,
        Observation.state == "disputed", Observation.id != later.id,
    )  # fmt: skip
    for row in db.session.scalars(disputed).all():
        _say(row, "resolved", later.public_id, later.observer_id, now)


def _locked(public: str) -> Observation | None:
    """The observation, held until the transaction ends, so that two answers at once are one after the other."""
    return db.session.scalars(select(Observation).where(Observation.public_id == public).with_for_update()).first()


def _say(row: Observation, kind: str, note: str, account_id: int, now: dt.datetime) -> None:
    db.session.execute(
        insert(ObservationEvent).values(observation_id=row.id, kind=kind, note=note, by_id=account_id, at=now)
    )
    db.session.execute(update(Observation).where(Observation.id == row.id).values(state=kind, state_at=now))
    db.session.refresh(row)
    record_audit(f"observation.{kind}", "observation", row.public_id, actor=account_id, now=now)
