"""Sample decisions of the hospital about targets: one that holds, two that are announced, one that was withdrawn."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, select

from lms.accounts.queries import account_by_email
from lms.competency.models import TargetChange, TargetWithdrawal
from lms.competency.queries import competencies
from lms.db import db
from lms.demo.rows import code_of
from lms.people.queries import unit_by_code

# name, competency, role, unit, way, level, days from now, reason
DECISIONS = (
    ("downtime", "A5", "nurse", "ACU", "at-least", 4, -45, "Acute care coaches the other units through a downtime."),
    ("scanning", "B3", "physician", "THE", "at-least", 2, 35, "Theatres scan blood and implants from the new release."),
    ("orders", "B1", "nurse", "OPD", "exactly", 1, 60, "Outpatient nurses no longer enter orders."),
    ("alerts", "B4", "pharmacist", "", "at-least", 4, 90, "Pharmacists take over the review of noisy alerts."),
)  # fmt: skip
WITHDRAWN = "alerts"


def decide(seed: int, *, today: dt.date, now: dt.datetime) -> None:
    """Write the decisions for the units and competencies that are there; dates follow the day of loading."""
    known = {each.code: each.id for each in competencies()}
    chief = account_by_email("cmio@example.org")
    for name, code, subject, unit, way, level, days, reason in DECISIONS:
        place = unit_by_code(unit) if unit else None
        if code not in known or (unit and place is None):
            continue
        values = {
            "public_id": code_of("target", seed, name), "competency_id": known[code], "subject": subject,
            "unit_id": place.id if place else None, "way": way, "level": level,
            "starts": today + dt.timedelta(days=days), "reason": reason,
            "decided_at": now - dt.timedelta(days=50), "decided_by": chief.id if chief else None,
        }  # fmt: skip
        db.session.execute(insert(TargetChange).values(**values))
    row = db.session.scalar(select(TargetChange.id).where(TargetChange.public_id == code_of("target", seed, WITHDRAWN)))
    if row is not None:
        taken = {"change_id": row, "withdrawn_at": now - dt.timedelta(days=7)}
        db.session.execute(insert(TargetWithdrawal).values(**taken, withdrawn_by=chief.id if chief else None))
