"""What goes on between the sample supervisor and her people: a wish, something to confirm, a dispute, coaching."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, select

from assessments import mastery
from lms.accounts.queries import AccountFacts, account_by_email
from lms.competency.models import Evidence
from lms.competency.queries import competencies, profile
from lms.db import db
from lms.demo.rows import code_of
from lms.observations.models import Checklist, CoachingEntry, Observation, ObservationEvent, ObservationRequest

NOTES = {
    "first": "Calm and complete. Next time say aloud which encounter is open.",
    "second": "The set was opened for you. Enter the next one alone, and tell the nurse who gives it.",
}


def tell(seed: int, *, today: dt.date, now: dt.datetime) -> None:
    """Write the story of those sample sign-ins that this hospital has; no e-mail is sent."""
    supervisor, nurse, physician = (
        account_by_email(f"{name}@example.org") for name in ("supervisor", "nurse", "physician")
    )
    known = [each.code for each in competencies()]
    if supervisor is None or "B1" not in known or "A1" not in known:
        return
    if nurse is not None:
        _observe(seed, "first", nurse, supervisor, "A1", 3, today - dt.timedelta(days=2), now)
        below = [row.code for row in profile(nurse.person_id, today) if 2 <= row.level < row.target]
        _ask(nurse, below[0] if below else "B3", now - dt.timedelta(days=3), seed)
    if physician is not None:
        _observe(seed, "second", physician, supervisor, "B1", 2, today - dt.timedelta(days=5), now, disputed=True)
    if nurse is not None and physician is not None:
        _coach(seed, nurse, physician, today, now)


def _observe(
    seed: int, name: str, who: AccountFacts, supervisor: AccountFacts, code: str, level: int, day: dt.date,
    now: dt.datetime, *, disputed: bool = False,
) -> None:  # fmt: skip
    public = code_of("observing", seed, name)
    signed = now - dt.timedelta(days=(now.date() - day).days, hours=1)
    used = select(Checklist.id, Checklist.items).where(Checklist.competency_code == code, Checklist.current)
    found = db.session.execute(used.limit(1)).first()
    answers = None
    if found is not None:
        answers = {item["id"]: "met" for item in found.items}
        answers[found.items[-1]["id"]] = "not-seen" if level >= 3 else "not-met"
    values = {
        "public_id": public, "key": f"demo:{public}", "person_id": who.person_id, "competency_code": code,
        "level": level, "note": NOTES[name],
        "observer_id": supervisor.id, "observed_on": day, "signed_at": signed,
        "checklist_id": found.id if found else None, "answers": answers,
        "state": "disputed" if disputed else "signed", "state_at": signed if disputed else None,
    }  # fmt: skip
    row = db.session.scalar(insert(Observation).values(**values).returning(Observation.id))
    competency = next(each for each in competencies() if each.code == code)
    db.session.execute(
        insert(Evidence).values(
            public_id=code_of("observing evidence", seed, name), key=f"observation:{public}", person_id=who.person_id,
            competency_id=competency.id, source="observation", level=level, passed=True, signed_off=True,
            coaching_log=False, achieved_on=day, valid_until=mastery.valid_until(day, competency.critical),
            recorded_at=signed, recorded_by=supervisor.id, document="",
        )
    )  # fmt: skip
    if disputed:
        said = "The order set was opened by a colleague at the same screen; I entered the rest without help."
        db.session.execute(
            insert(ObservationEvent).values(observation_id=row, kind="disputed", note=said, by_id=who.id, at=signed)
        )


def _ask(who: AccountFacts, code: str, asked: dt.datetime, seed: int) -> None:
    db.session.execute(
        insert(ObservationRequest).values(
            public_id=code_of("asking", seed), open_key=f"{who.person_id}:{code}", person_id=who.person_id,
            competency_code=code, note="Late shift on Thursday and Friday.", state="open", asked_at=asked,
        )
    )  # fmt: skip


def _coach(seed: int, coach: AccountFacts, coached: AccountFacts, today: dt.date, now: dt.datetime) -> None:
    for number, (state, days) in enumerate((("confirmed", 40), ("confirmed", 21), ("waiting", 1))):
        db.session.execute(
            insert(CoachingEntry).values(
                public_id=code_of("coaching", seed, number), key=f"demo:coaching:{number}", coach_id=coach.person_id,
                person_id=coached.person_id, competency_code="A1", coached_on=today - dt.timedelta(days=days),
                minutes=15, practised="Finding the outside letter before a discharge.", state=state,
                written_at=now - dt.timedelta(days=days), answered_at=now if state == "confirmed" else None,
            )
        )  # fmt: skip
