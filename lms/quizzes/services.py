"""Writing attempts: start, save an answer, hand in. Every rule is asked of `rules` and of the library.

The deadline is the server's. Answers are taken until the grace after it is over; what was saved
by then is scored whenever the attempt is handed in. Handing in twice gives the first result.
"""

from __future__ import annotations

import datetime as dt
import enum
import secrets
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select, update

from assessments import registry
from assessments.marking import mark_paper
from assessments.model import AnswerError, Item
from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.credentials.desk import Desk, current_desk
from lms.db import db, lock_named, public_id, upsert
from lms.items import queries as items
from lms.items import retiring
from lms.learning import queries as learning
from lms.learning.facts import EnrolmentFacts, all_done
from lms.learning.services import UnknownCourse, enrol
from lms.quizzes import allowances, outcomes, queries, rules, standings
from lms.quizzes.facts import GRACE, NOT_ANSWERED, AttemptFacts, Result, shown
from lms.quizzes.models import Attempt, Response

SEED_BYTES = 16
LONGEST_ANSWER = 20_000  # characters of anything typed


class Refused(Exception):
    """The act is against a rule now; `kind` is the word of formats.md, `standing` what else is known."""

    def __init__(self, kind: str, message: str, standing: rules.Standing | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.standing = standing


class UnknownAttempt(LookupError):
    """No such attempt of this person, or no such item in it."""


class Keep(enum.Enum):
    """Leave what is saved as it is."""

    KEEP = enum.auto()


KEEP = Keep.KEEP
ReadForm = Callable[[Item, str], Any]  # an item and the attempt's seed to the raw answer that a form holds


def start(person_id: int, code: str, *, actor: int | None, now: dt.datetime, desk: Desk | None = None) -> str:
    """Start an attempt, or return the one that is open; returns its public id.

    Raises Refused with one of the kinds of formats.md, UnknownCourse for no such course.
    """
    place = learning.place(person_id, code)
    if place is None:
        raise UnknownCourse(code)
    version = catalog.version(place.version_id)
    assert version is not None, "a course's current version is never deleted"
    enrolment = place.enrolment
    if enrolment is None and version.exam is not None and version.exam.open == "always":
        enrolment = enrol(person_id, code, now=now)
    if enrolment is None:
        found = standings.of_person(version, person_id, (), False, now)
        raise _refusal(found, version)
    lock_named(f"attempts:{enrolment.id}")
    attempts = queries.attempts(enrolment.id)
    open_one = next((attempt for attempt in attempts if attempt.open), None)
    if open_one is not None and not open_one.over(now):
        return open_one.public_id
    if open_one is not None:
        submit(open_one.public_id, person_id=person_id, actor=actor, now=now, desk=desk)
        attempts = queries.attempts(enrolment.id)
    found = standings.of_person(
        version, person_id, attempts, all_done(catalog.lessons(version.id), place.progress), now
    )
    if found.kind is not None:
        raise _refusal(found, version)
    return _insert(enrolment, version, attempts, actor=actor, now=now)


def _insert(
    enrolment: EnrolmentFacts,
    version: VersionFacts,
    attempts: tuple[AttemptFacts, ...],
    *,
    actor: int | None,
    now: dt.datetime,
) -> str:
    assert version.exam is not None, "the rules refuse a course without an exam"
    seed = secrets.token_hex(SEED_BYTES)
    seen = frozenset(item for attempt in attempts for item in attempt.paper)
    paper = retiring.draw(version, seed, seen)
    limit = version.exam.time_limit
    time = allowances.time_for(enrolment.person_id, limit) if limit else None
    key = public_id()
    number = max((attempt.number for attempt in attempts), default=0) + 1
    db.session.execute(
        insert(Attempt).values(
            public_id=key,
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            version_id=version.id,
            version_digest=version.digest,
            number=number,
            seed=seed,
            paper=list(paper),
            started_at=now,
            deadline=now + time if time else None,
        )
    )
    record("attempt.start", "attempt", key, actor=actor, now=now, course=version.code, number=number)
    return key


def save(
    attempt_public_id: str,
    item: str | int,
    raw_answer: Any | ReadForm | Keep = KEEP,
    confidence: int | Keep | None = KEEP,
    flagged: bool | Keep = KEEP,
    *,
    person_id: int,
    now: dt.datetime,
) -> AttemptFacts:
    """Save the answer to one item; what is KEEP stays as it is. Returns the attempt.

    `item` is the author's id or the question's number from 1. `raw_answer` has the shapes of
    formats.md, None clears it; it may also be a function that makes it of the item and the seed.
    `confidence` is 1 to 3 or None.
    Raises UnknownAttempt, AnswerError (nothing is stored, the message says what was expected), and
    Refused("closed") once the attempt is handed in or its time and the grace are over.
    """
    attempt = _locked(attempt_public_id, person_id)
    item_id = _item_id(attempt, item)
    if not attempt.open:
        raise Refused("closed", _("The attempt has been handed in; answers can no longer be changed."))
    if attempt.over(now):
        raise Refused("closed", _("The time is over; the answers saved before count."))
    values: dict[str, Any] = {"saved_at": now}
    if raw_answer is not KEEP:
        values["answer"] = _canonical(attempt, item_id, raw_answer)
    if confidence is not KEEP:
        if confidence not in (None, 1, 2, 3) or isinstance(confidence, bool):
            raise AnswerError(_("The confidence was not 1, 2 or 3."))
        values["confidence"] = confidence
    if flagged is not KEEP:
        values["flagged"] = flagged
    _write(attempt.id, item_id, values)
    return attempt


def _write(attempt_id: int, item_id: str, values: dict[str, Any]) -> None:
    """Change the row of an answer or add it. The attempt is locked, so nobody adds it in between."""
    key = {"of_attempt": attempt_id, "of_item": item_id}
    done = db.session.execute(_change(tuple(values)), {f"new_{name}": value for name, value in values.items()} | key)
    if not done.rowcount:  # type: ignore[attr-defined]
        row = {"attempt_id": attempt_id, "item": item_id, "answer": None, "confidence": None, "flagged": False}
        db.session.execute(_ADD, row | values)


@cache
def _change(names: tuple[str, ...]) -> Any:
    """The statement that changes these columns, made once for each set of them."""
    found = update(_RESPONSE).where(
        _RESPONSE.c.attempt_id == bindparam("of_attempt"), _RESPONSE.c.item == bindparam("of_item")
    )
    return found.values({name: bindparam(f"new_{name}", type_=_RESPONSE.c[name].type) for name in names})


_RESPONSE: Any = Response.__table__
_ADD = insert(_RESPONSE)


def _item_id(attempt: AttemptFacts, item: str | int) -> str:
    if isinstance(item, int) and 1 <= item <= len(attempt.paper):
        return attempt.paper[item - 1]
    if isinstance(item, str) and item in attempt.paper:
        return item
    raise UnknownAttempt(str(item))


def _canonical(attempt: AttemptFacts, item_id: str, raw: Any) -> dict[str, Any] | None:
    item = items.bank(attempt.version_id).item(item_id)
    if callable(raw):
        raw = raw(item, attempt.seed)
    if len(raw if isinstance(raw, str) else repr(raw)) > LONGEST_ANSWER:
        raise AnswerError(
            _(
                "The answer is too long; at most %(longest_answer)s characters were expected.",
                longest_answer=LONGEST_ANSWER,
            )
        )
    if raw is None:
        return None
    value = registry.read_answer(item, attempt.seed, raw)
    return None if value is None else {"value": value}


def submit(
    attempt_public_id: str, *, person_id: int, actor: int | None, now: dt.datetime, desk: Desk | None = None
) -> Result:
    """Hand in an attempt, score what is saved, record evidence and issue the certificate where it is due.

    Returns the first result again when repeated. Raises UnknownAttempt.
    """
    attempt = _locked(attempt_public_id, person_id)
    if not attempt.open:
        return queries.result(attempt)
    version = catalog.version(attempt.version_id)
    assert version is not None, "a version is never deleted"
    assert version.exam is not None, "an attempt is pinned to a version with an exam"
    saved = queries.responses(attempt.id)
    paper = queries.paper(attempt)
    answers = {item: response.value for item, response in saved.items()}
    marked = mark_paper(paper, answers, version.exam.pass_percent)
    ended = min(now, attempt.deadline + GRACE) if attempt.deadline else now
    rows = []
    for item in paper:
        score, response = marked.items[item.id], saved.get(item.id, NOT_ANSWERED)
        waits = score.status == "awaiting_marking"
        rows.append(
            {
                "attempt_id": attempt.id,
                "item": item.id,
                "answer": {"value": response.value} if response.answered else None,
                "confidence": response.confidence,
                "flagged": response.flagged,
                "saved_at": response.saved_at or ended,
                "score": None if waits else float(score.earned / score.possible) if score.possible else 0.0,
                "right": None if waits else score.right,
            }
        )
    upsert(Response.__table__, rows, ["attempt_id", "item"], ["score", "right"])  # type: ignore[arg-type]
    percent = shown(marked.percent)
    _close(attempt, marked.earned, marked.possible, percent, marked.passed, ended)
    if marked.passed is not None:
        outcomes.hand_on(
            attempt, version, marked.passed, percent, key=f"attempt:{attempt.public_id}", actor=actor, now=now,
            desk=desk or current_desk(),
        )  # fmt: skip
    record(
        "attempt.submit", "attempt", attempt.public_id, actor=actor, now=now,
        course=version.code, percent=str(percent) if percent is not None else None, passed=marked.passed,
    )  # fmt: skip
    closed = queries.attempt(attempt_public_id, person_id)
    assert closed is not None, "the attempt was just written"
    return queries.result(closed)


def _close(
    attempt: AttemptFacts,
    earned: Fraction,
    possible: Fraction,
    percent: Decimal | None,
    passed: bool | None,
    ended: dt.datetime,
) -> None:
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(
            state="submitted" if passed is not None else "awaiting_marking",
            open_key=None,
            submitted_at=ended,
            earned=str(earned),
            possible=str(possible),
            percent=percent,
            passed=passed,
        )
    )


def overdue(now: dt.datetime, limit: int = 100) -> tuple[tuple[str, int], ...]:
    """Public id and person of open attempts whose time and grace are over, the oldest first."""
    statement = (
        select(Attempt.public_id, Attempt.person_id)
        .where(Attempt.state == "open", Attempt.deadline < now - GRACE)
        .order_by(Attempt.deadline)
        .limit(limit)
    )
    return tuple((key, person) for key, person in db.session.execute(statement))


def _locked(attempt_public_id: str, person_id: int) -> AttemptFacts:
    found = queries.attempt(attempt_public_id, person_id, lock=True)
    if found is None:
        raise UnknownAttempt(attempt_public_id)
    return found


def _refusal(found: rules.Standing, version: VersionFacts) -> Refused:
    messages = {
        "closed": "The course has no assessment.",
        "passed": "The assessment is passed; it opens again 90 days before the certificate expires.",
        "prerequisites": f"These courses come first: {', '.join(found.missing)}.",
        "lessons-open": "The assessment opens when every lesson is completed.",
        "attempts-used": "Every attempt has been used.",
        "wait": "The next attempt is not open yet.",
    }
    kind = found.kind or "closed"
    if found.opens_at is not None:
        messages["wait"] = f"The next attempt opens at {found.opens_at.isoformat(timespec='seconds')}."
    return Refused(kind, messages[kind], found)
