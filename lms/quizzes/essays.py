"""Texts that people mark: who marks what next, blind, and what becomes of several marks.

A marker sees the text and the rubric, never the name and never another's marks, except the third one, who decides
between two that differ. Which turn is next is worked out under the attempt's lock, so two markers never take the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from sqlalchemy import insert, update

from assessments.marking import mark_paper, settled_points
from assessments.model import Item
from assessments.registry import kind_of
from assessments.types.essay import award
from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.credentials.desk import Desk
from lms.db import db, upsert
from lms.items import queries as items
from lms.quizzes import letters, outcomes, queries, regrading
from lms.quizzes.facts import NOT_ANSWERED, AttemptFacts, ResponseFacts, shown
from lms.quizzes.marks import Mark, awarded, marks_of
from lms.quizzes.models import Attempt, EssayMark, Response

LONGEST_COMMENT = 2000


class MarkRefused(ValueError):
    """The marks cannot be taken; the message says what was expected."""


@dataclass(frozen=True)
class Waiting:
    """A text that waits for a marker. `label` stands in the place of the name."""

    attempt: AttemptFacts
    item: Item
    version: VersionFacts
    label: str
    turn: int
    earlier: tuple[Mark, ...]  # only for the third turn


def label_of(attempt: str, item: str) -> str:
    """A short name for a text that gives its writer away to nobody."""
    return hashlib.sha256(f"{attempt}:{item}".encode()).hexdigest()[:6].upper()


def queue(marker_id: int, marker_person: int) -> tuple[Waiting, ...]:
    """The texts that this marker may mark now, those handed in first before the others."""
    attempts = [each for each in queries.awaiting_marking() if each.person_id != marker_person]
    given = marks_of([each.id for each in attempts])
    answers = queries.many_responses([each.id for each in attempts])
    found = []
    for attempt in attempts:
        for item in _texts(attempt, answers[attempt.id]):
            waits = _waiting(attempt, item, given[attempt.id].get(item.id, []))
            if waits is not None and marker_id not in {each.marker_id for each in given[attempt.id].get(item.id, [])}:
                found.append(waits)
    return tuple(found)


def one(attempt_id: str, item: str, marker_id: int, marker_person: int) -> tuple[Waiting, str] | None:
    """A text from the queue of this marker, and what was written; None where it does not wait for them."""
    waits = next(
        (w for w in queue(marker_id, marker_person) if (w.attempt.public_id, w.item.id) == (attempt_id, item)), None
    )
    return (waits, queries.responses(waits.attempt.id)[item].value) if waits else None


def mark(
    attempt_id: str, item: str, points: Sequence[Fraction], comment: str, *,
    marker_id: int, marker_person: int, now: dt.datetime, desk: Desk,
) -> None:  # fmt: skip
    """Keep a marker's points for a text, and settle the attempt where nothing waits any more. Raises MarkRefused."""
    attempt = queries.any_attempt(attempt_id, lock=True)
    if attempt is None or attempt.person_id == marker_person:
        raise MarkRefused(_("There is no such text for you to mark."))
    marks = marks_of([attempt.id])[attempt.id].get(item, [])
    if any(each.marker_id == marker_id for each in marks):
        return  # the same form again
    known = {each.id: each for each in _texts(attempt, queries.responses(attempt.id))}
    waits = _waiting(attempt, known[item], marks) if item in known and attempt.state == "awaiting_marking" else None
    if waits is None:
        raise MarkRefused(_("This text is marked already; somebody else was there first. Nothing was lost."))
    if len(comment) > LONGEST_COMMENT or "\0" in comment:
        raise MarkRefused(
            _("The comment is longer than %(longest_comment)s characters.", longest_comment=LONGEST_COMMENT)
        )
    try:
        award(waits.item, points)
    except ValueError as fault:
        raise MarkRefused(str(fault)) from None
    values = {
        "attempt_id": attempt.id, "item": item, "turn": waits.turn, "marker_id": marker_id,
        "points": [str(each) for each in points], "comment": comment.strip(), "marked_at": now,
    }  # fmt: skip
    db.session.execute(insert(EssayMark).values(**values))
    record("essay.mark", "attempt", attempt_id, actor=marker_id, now=now, item=item, turn=waits.turn)
    _settle(attempt, actor=marker_id, now=now, desk=desk)


def pairs(code: str) -> tuple[tuple[float, float], ...]:
    """First and second marks of every text of a course that two people marked, as shares of its points."""
    attempts = {each.id: each for each in queries.attempts_at(code)}
    found = []
    for attempt_id, by_item in marks_of(list(attempts)).items():
        for item, marks in by_item.items():
            possible = items.bank(attempts[attempt_id].version_id).item(item).points
            if len(marks) > 1:
                found.append((float(sum(marks[0].points) / possible), float(sum(marks[1].points) / possible)))
    return tuple(found)


def _texts(attempt: AttemptFacts, saved: Mapping[str, ResponseFacts]) -> list[Item]:
    """The answered texts of an attempt; what was left empty earns nothing and waits for nobody."""
    paper = [item for item in queries.paper(attempt) if kind_of(item).by_person]
    return [item for item in paper if saved.get(item.id, NOT_ANSWERED).answered]


def _waiting(attempt: AttemptFacts, item: Item, marks: Sequence[Mark]) -> Waiting | None:
    version = catalog.version(attempt.version_id)
    assert version is not None, "a version is never deleted"
    markers = version.exam.markers if version.exam else 1
    if settled_points([each.points for each in marks], item.points, markers) is not None:
        return None
    turn = len(marks) + 1
    earlier = tuple(marks) if turn == 3 else ()
    return Waiting(attempt, item, version, label_of(attempt.public_id, item.id), turn, earlier)


def _settle(attempt: AttemptFacts, *, actor: int, now: dt.datetime, desk: Desk) -> None:
    """Give the attempt its result where every text is settled.

    The first result is that of the paper as it was sat; what was decided about its questions while it waited stands
    beside it. What follows from a result follows once, from the one that counts.
    """
    version = catalog.version(attempt.version_id)
    assert version is not None, "a version is never deleted"
    assert version.exam is not None, "an attempt is pinned to a version with an exam"
    scores = awarded(attempt)
    saved = queries.responses(attempt.id)
    answers = {key: response.value for key, response in saved.items()}
    marked = mark_paper(queries.paper(attempt), answers, version.exam.pass_percent, scores)
    if marked.passed is None:
        return
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(
            state="submitted", earned=str(marked.earned), possible=str(marked.possible),
            percent=shown(marked.percent), passed=marked.passed,
        )
    )  # fmt: skip
    rows = [
        {
            "attempt_id": attempt.id, "item": item, "flagged": saved[item].flagged, "saved_at": saved[item].saved_at,
            "score": float(score.earned / score.possible), "right": score.right,
        }
        for item, score in scores.items()
    ]  # fmt: skip
    upsert(Response.__table__, rows, ["attempt_id", "item"], ["score", "right"])  # type: ignore[arg-type]
    regrading.follow(queries.settled(queries.any_attempt(attempt.public_id)), version.code)
    counts = queries.settled(queries.any_attempt(attempt.public_id))
    outcomes.hand_on(
        attempt, version, bool(counts.passed), counts.percent, key=f"attempt:{attempt.public_id}", actor=actor, now=now,
        desk=desk, on=desk.day(attempt.ended()),
    )  # fmt: skip
    reasons = [each.reason for each in regrading.of_attempt(attempt.id)]
    letters.marked(attempt, version.title, reasons, now=now)
    record(
        "attempt.settle", "attempt", attempt.public_id, actor=actor, now=now, passed=counts.passed,
        regrades=len(reasons),
    )  # fmt: skip
