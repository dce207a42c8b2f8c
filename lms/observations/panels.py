"""A panel's judgement of somebody, up to level 5: recorded by the CMIO or an administrator with members and minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.competency.services import record_evidence
from lms.db import db, insert_ignore, public_id
from lms.observations.models import PanelDecision
from lms.observations.refusals import Refused, refuse_unstorable

FEWEST_MEMBERS = 2
MOST_MEMBERS = 20
LONGEST = 5000


@dataclass(frozen=True)
class Decision:
    """What a panel decided."""

    public_id: str
    competency: str
    level: int
    held_on: dt.date
    members: tuple[str, ...]
    minutes: str


def record(
    person_id: int,
    competency: str,
    level: int,
    held_on: dt.date,
    members: Sequence[str],
    minutes: str,
    *,
    key: str,
    account_id: int,
    recorder: int,
    today: dt.date,
    now: dt.datetime,
) -> str:
    """Record a decision and its evidence; returns the public id. The same `key` again is the same decision.

    `recorder` is the person who writes it down. Raises Refused.
    """
    names = list(dict.fromkeys(name.strip() for name in members if name.strip()))
    minutes = minutes.strip()
    if person_id == recorder:
        raise Refused("self", _("Nobody records a panel about themselves."), "competency")
    if competency not in {each.code for each in competencies()}:
        raise Refused(
            "competency",
            _("%(competency)r is not a competency of the framework in force.", competency=competency),
            "competency",
        )
    if not 1 <= level <= 5:
        raise Refused("level", _("A panel judges level 1 to 5."), "level")
    if not today - dt.timedelta(days=365) <= held_on <= today:
        raise Refused("date", _("The day lies within the last year."), "held_on")
    if not FEWEST_MEMBERS <= len(names) <= MOST_MEMBERS:
        raise Refused(
            "members",
            _(
                "Name %(fewest_members)s to %(most_members)s members, one a line.",
                fewest_members=FEWEST_MEMBERS,
                most_members=MOST_MEMBERS,
            ),
            "members",
        )
    refuse_unstorable("\n".join(names), LONGEST, "members", _("The list of members"))
    if not minutes:
        raise Refused("minutes", _("The minutes are the evidence: say what was judged and why."), "minutes")
    refuse_unstorable(minutes, LONGEST, "minutes", _("The minutes"))
    values = {
        "public_id": public_id(), "key": key, "person_id": person_id, "competency_code": competency, "level": level,
        "held_on": held_on, "members": names, "minutes": minutes, "recorded_by": account_id, "recorded_at": now,
    }  # fmt: skip
    new = insert_ignore(PanelDecision.__table__, [values], ["key"]) > 0  # type: ignore[arg-type]
    found = db.session.scalars(select(PanelDecision.public_id).where(PanelDecision.key == key)).one()
    if new:
        record_evidence(
            person_id, competency, "panel", level, held_on, key=f"panel:{found}", actor=account_id, now=now,
            signed_off=True, document=", ".join(names),
        )  # fmt: skip
        record_audit("panel.record", "panel", found, actor=account_id, now=now, competency=competency, level=level)
    return found


def of_person(person_id: int) -> tuple[Decision, ...]:
    """What panels decided of a person, the newest first."""
    columns = (
        PanelDecision.public_id, PanelDecision.competency_code, PanelDecision.level, PanelDecision.held_on,
        PanelDecision.members, PanelDecision.minutes,
    )  # fmt: skip
    statement = select(*columns).where(PanelDecision.person_id == person_id).order_by(PanelDecision.id.desc())
    rows: Iterator[tuple[Any, ...]] = (tuple(row) for row in db.session.execute(statement))
    return tuple(Decision(*(*row[:4], tuple(row[4]), row[5])) for row in rows)
