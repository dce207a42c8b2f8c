"""Publishing forms, keeping drafts, sending answers. `actor` is an account's id; flushes, never commits.

Sending cuts the tie: the draft goes, the row of the person says only that the round is answered, the answers are
added to the counts of the month. No entry of the audit trail marks the moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from assessments.model import Fault
from courses.evaluations import read_evaluation
from lms.audit.services import record
from lms.db import db, insert_ignore, lock_named, public_id
from lms.evaluations import queries
from lms.evaluations.answers import marks, texts
from lms.evaluations.facts import FormFacts, Offer, document
from lms.evaluations.models import EvaluationAsked, EvaluationForm, EvaluationTally, EvaluationText

_ASKED: Any = EvaluationAsked.__table__
_TALLY: Any = EvaluationTally.__table__
KEYS = ("completion_key", "round", "days")
TALLY_KEYS = ("form_id", "course_code", "round", "days", "month", "question", "answer")


class FormRefused(ValueError):
    """A form was refused; `faults` say what is wrong with it, with line and column."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults; nothing was published.")


@dataclass(frozen=True)
class PublishedForm:
    """What publishing did; `new` is False where this very text was published before."""

    form: FormFacts
    new: bool
    warnings: tuple[Fault, ...]


def publish(text: str, path: str, *, actor: int | None, now: dt.datetime) -> PublishedForm:
    """Publish a form for all completions from now on. Raises FormRefused."""
    form, faults = read_evaluation(text, path)
    if form is None:
        raise FormRefused(faults)
    lock_named("evaluation-forms")
    held = queries.form_by_digest(form.digest)
    if held is not None:
        return PublishedForm(held, False, tuple(faults))
    values = {
        "code": form.code, "digest": form.digest, "edition": form.edition, "title": form.title,
        "document": document(form), "published_at": now,
    }  # fmt: skip
    db.session.execute(insert(EvaluationForm).values(**values))
    record("evaluation.publish", "evaluation", form.code, actor=actor, now=now, edition=form.edition)
    made = queries.form_by_digest(form.digest)
    assert made is not None, "a form was just written"
    return PublishedForm(made, True, tuple(faults))


def save_draft(person_id: int, offer: Offer, answers: Mapping[str, Any]) -> None:
    """Keep what was filled in so far; only the person sees it, and it goes when it is sent or erased."""
    _ask(person_id, [offer])
    db.session.execute(_row(offer).where(_ASKED.c.answered.is_(False)).values(draft=dict(answers)))


def send(person_id: int, offer: Offer, answers: Mapping[str, Any], *, today: dt.date) -> bool:
    """Send answers, once for a completion and round; returns whether these were counted. A repeat changes nothing."""
    _ask(person_id, [offer])
    done: Any = db.session.execute(_row(offer).where(_ASKED.c.answered.is_(False)).values(answered=True, draft=None))
    if not done.rowcount:
        return False
    month = today.replace(day=1)
    given = [("", ""), *marks(offer.round, answers)]
    about = {
        "form_id": offer.form.id, "course_code": offer.course_code, "round": offer.round.id, "days": offer.days,
        "month": month,
    }  # fmt: skip
    # In one order always, so that two who send at once never wait for each other.
    for question, answer in sorted(given):
        row = {**about, "question": question, "answer": answer, "count": 0}
        insert_ignore(_TALLY, [row], TALLY_KEYS)
        matches = [_TALLY.c[name] == row[name] for name in TALLY_KEYS]
        db.session.execute(update(_TALLY).where(*matches).values(count=_TALLY.c["count"] + 1))
    for question, words in texts(offer.round, answers).items():
        db.session.execute(insert(EvaluationText).values(**about, key=public_id(), question=question, words=words))
    return True


def note_reminded(asked: Collection[tuple[int, Offer]], *, now: dt.datetime) -> None:
    """Keep that these people were reminded of their follow-ups."""
    for person_id, offer in asked:
        _ask(person_id, [offer])
        db.session.execute(_row(offer).where(_ASKED.c.reminded_at.is_(None)).values(reminded_at=now))


def answered(person_id: int) -> int:
    """How many rounds a person has answered."""
    statement = select(EvaluationAsked.id).where(
        EvaluationAsked.person_id == person_id, EvaluationAsked.answered.is_(True)
    )
    return len(db.session.scalars(statement).all())


def _ask(person_id: int, offers: Collection[Offer]) -> None:
    rows = [
        {
            "completion_key": each.completion_key, "round": each.round.id, "days": each.days, "person_id": person_id,
            "form_id": each.form.id, "answered": False,
        }
        for each in offers
    ]  # fmt: skip
    insert_ignore(_ASKED, rows, KEYS)


def _row(offer: Offer) -> Any:
    return update(_ASKED).where(
        _ASKED.c.completion_key == offer.completion_key, _ASKED.c.round == offer.round.id, _ASKED.c.days == offer.days
    )
