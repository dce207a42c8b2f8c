"""Recording what a supervisor saw at work, signed by being recorded.

An observation counts as signed evidence of level 1 to 3, of level 4 where the person's coaching log is
complete. Level 5 needs a panel. A form that claims more is refused and not quietly lowered. It counts from its
signature on; what the observed person says to it stands beside it (`responses`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from courses.checklists import outcome
from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.competency.services import record_evidence
from lms.db import db, insert_ignore, public_id
from lms.observations import coaching, requests, responses
from lms.observations.checklists import ChecklistFacts, by_digest
from lms.observations.models import SETTINGS, Observation
from lms.observations.refusals import Refused, refuse_unstorable

__all__ = ["HIGHEST", "LONGEST_NOTE", "OLDEST_DAYS", "Recorded", "Refused", "record"]

HIGHEST = 3
WITH_LOG = 4
LONGEST_NOTE = 2000
OLDEST_DAYS = 365


@dataclass(frozen=True)
class Recorded:
    """A recorded observation."""

    public_id: str
    competency: str
    level: int
    note: str
    observed_on: dt.date
    new: bool


def _check(competency: str, level: object, note: str, observed_on: dt.date, today: dt.date) -> None:
    known = {row.code for row in competencies()}
    if competency not in known:
        raise Refused(
            "unknown-competency",
            _("%(competency)r is not a competency of the framework in force.", competency=competency),
            "competency",
        )
    if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= 5:
        raise Refused("level", _("The level is a whole number from 1 to 3."), "level")
    if level > WITH_LOG:
        raise Refused("level", _("An observation records level 1 to 3; level 5 also needs a panel."), "level")
    if observed_on > today:
        raise Refused("date", _("The day of the observation cannot be in the future."), "observed_on")
    if (today - observed_on).days > OLDEST_DAYS:
        raise Refused(
            "date",
            _("An observation older than a year is prior learning and comes in by the training file."),
            "observed_on",
        )
    refuse_unstorable(note, LONGEST_NOTE, "note")


def record(
    person_id: int,
    competency: str,
    level: int,
    note: str,
    *,
    observer_account: int,
    observer_person: int,
    key: str | None,
    observed_on: dt.date,
    today: dt.date,
    now: dt.datetime,
    setting: str = "work",
    checklist: str = "",
    answers: Mapping[str, str] | None = None,
    delegation_id: int | None = None,
) -> Recorded:
    """Record and sign an observation; the caller has checked that the observer is entitled to.

    `checklist` is the digest of the text that was ticked, `answers` say by item id met, not-met or not-seen;
    `delegation_id` names by whose leave a colleague signs. A repeat is harmless and returns what was recorded
    first: the same content under the same `key`, or without a key the same content as this person's latest
    observation in the competency. Raises Refused.
    """
    note = note.strip()
    _check(competency, level, note, observed_on, today)
    if person_id == observer_person:
        raise Refused("self", _("Nobody signs off their own competence. Ask a colleague who is entitled to."), "person")
    if setting not in SETTINGS:
        raise Refused("setting", _("It was seen at work or in simulation."), "setting")
    log = level >= WITH_LOG and coaching.log_holds(person_id, competency, observed_on)
    if level > HIGHEST and not log:
        raise Refused(
            "level",
            _(
                "An observation records level 1 to 3; level 4 also needs a coaching log of "
                "%(entries)s confirmed entries.",
                entries=coaching.NEEDED,
            ),
            "level",
        )
    text, ticked = _ticked(competency, level, checklist, answers)
    content = (person_id, competency, level, note, observed_on.isoformat(), observer_account, setting, _said(ticked))
    if key is None:
        latest = _latest(person_id, competency)
        if latest is not None and latest.state != "withdrawn" and _content(latest) == content:
            return _recorded(latest, False)
        key = f"after {latest.id if latest else 0}"
    values = {
        "public_id": public_id(), "key": hashlib.sha256("\x1f".join(map(str, (key, *content))).encode()).hexdigest(),
        "person_id": person_id, "competency_code": competency, "level": level, "note": note,
        "observer_id": observer_account, "observed_on": observed_on, "signed_at": now, "setting": setting,
        "checklist_id": text.id if text else None, "answers": ticked, "delegation_id": delegation_id,
        "state": "signed", "state_at": None,
    }  # fmt: skip
    new = insert_ignore(Observation.__table__, [values], ["key"]) == 1  # type: ignore[arg-type]
    row = db.session.execute(select(Observation).where(Observation.key == values["key"])).scalar_one()
    if new:
        _hand_on(row, log, now)
    return _recorded(row, new)


def _ticked(
    competency: str, level: int, checklist: str, answers: Mapping[str, str] | None
) -> tuple[ChecklistFacts | None, dict[str, str] | None]:
    """The checklist with every item answered; refuses a level that an unmet critical item forbids."""
    if not checklist:
        return None, None
    text = by_digest(checklist)
    if text is None or text.competency != competency:
        raise Refused("checklist", _("This checklist is not one of the competency. Open it again."), "checklist")
    critical = {item.id: item.critical for item in text.items}
    try:
        found = outcome(critical, answers or {})
    except ValueError as fault:
        raise Refused("checklist", _("The checklist was not read: %(fault)s.", fault=fault), "checklist") from None
    if level >= text.level and found.open_critical:
        raise Refused(
            "critical",
            _(
                "Level %(level)s needs every item marked as critical to be met. Sign a lower level, or observe again.",
                level=level,
            ),
            "level",
        )
    return text, {item.id: (answers or {}).get(item.id, "not-seen") for item in text.items}


def _hand_on(row: Observation, log: bool, now: dt.datetime) -> None:
    """What follows from a new observation: evidence, the end of requests and disputes, the audit trail."""
    record_evidence(
        row.person_id, row.competency_code, "observation" if row.setting == "work" else "simulation", row.level,
        row.observed_on, key=f"observation:{row.public_id}", actor=row.observer_id, now=now, signed_off=True,
        coaching_log=log,
    )  # fmt: skip
    record_audit(
        "observation.sign", "observation", row.public_id, actor=row.observer_id, now=now,
        competency=row.competency_code, level=row.level, delegation=row.delegation_id,
    )  # fmt: skip
    requests.close_by_observation(row.person_id, row.competency_code, now=now)
    responses.resolve_by_later(row, now=now)


def _latest(person_id: int, competency: str) -> Observation | None:
    mine = (Observation.person_id == person_id, Observation.competency_code == competency)
    return db.session.scalars(select(Observation).where(*mine).order_by(Observation.id.desc()).limit(1)).first()


def _said(answers: Mapping[str, str] | None) -> str:
    return json.dumps(answers, sort_keys=True) if answers else ""


def _content(row: Observation) -> tuple[int, str, int, str, str, int, str, str]:
    return (
        row.person_id, row.competency_code, row.level, row.note, row.observed_on.isoformat(), row.observer_id,
        row.setting, _said(row.answers),
    )  # fmt: skip


def _recorded(row: Observation, new: bool) -> Recorded:
    return Recorded(row.public_id, row.competency_code, row.level, row.note, row.observed_on, new)
