"""Reading forms, what is open for a person, and what was answered. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from lms.db import db
from lms.evaluations.facts import GENERAL, LATER, OWN, FormFacts, Offer, Tally, rounds_of, window
from lms.evaluations.models import EvaluationAsked, EvaluationForm, EvaluationTally, EvaluationText
from lms.learning.finished import Finished, finished_between
from lms.people.queries import in_batches


def forms() -> dict[str, FormFacts]:
    """The form in force by code: of each the one that was published last."""
    newest: Any = func.max(EvaluationForm.id)
    latest = select(newest).group_by(EvaluationForm.code)
    return {
        row.code: _facts(row) for row in db.session.scalars(select(EvaluationForm).where(EvaluationForm.id.in_(latest)))
    }


def form_by_digest(digest: str) -> FormFacts | None:
    """The form with this digest, or None."""
    row = db.session.scalar(select(EvaluationForm).where(EvaluationForm.digest == digest))
    return _facts(row) if row else None


def _facts(row: EvaluationForm) -> FormFacts:
    return FormFacts(
        row.id, row.code, row.digest, row.edition, row.title, row.document["html"], rounds_of(row.document)
    )


def form_of(course_code: str, known: Mapping[str, FormFacts]) -> FormFacts | None:
    """The form of a course among those in force: its own, else the general one."""
    return known.get(course_code + OWN) or known.get(GENERAL)


def offers(person_id: int, now: dt.datetime) -> tuple[Offer, ...]:
    """What a person may answer now, what ends first first; only the newest completion of a course is asked about."""
    done = finished_between(now - dt.timedelta(days=400), now, person_id=person_id)
    return _offers(done, now) if done else ()


def due(now: dt.datetime) -> tuple[tuple[Finished, Offer], ...]:
    """Every follow-up, of everybody, that is open now and neither answered nor reminded of."""
    known = forms()
    days = {each for form in known.values() for one in form.rounds for each in one.days if each}
    found: list[tuple[Finished, Offer]] = []
    for each in sorted(days):
        # Only completions of the days in question are read, so that years of history cost nothing.
        done = finished_between(now - dt.timedelta(days=each) - LATER, now - dt.timedelta(days=each))
        later = _newer(done, now)
        mine = [
            one for one in done if (one.person_id, one.code) not in later or later[one.person_id, one.code] == one.key
        ]
        by_key = {one.key: one for one in mine}
        reminded = _reminded(by_key)
        found += [
            (by_key[offer.completion_key], offer)
            for offer in _offers(mine, now, known)
            if offer.days == each and (offer.completion_key, offer.round.id, each) not in reminded
        ]
    return tuple(found)


def _newer(done: Collection[Finished], now: dt.datetime) -> dict[tuple[int, str], str]:
    """The newest completion of each person and course since the oldest of these."""
    if not done:
        return {}
    since = min(each.completed_at for each in done) - dt.timedelta(seconds=1)
    return {(each.person_id, each.code): each.key for each in finished_between(since, now)}


def _reminded(keys: Collection[str]) -> frozenset[tuple[str, str, int]]:
    found: set[tuple[str, str, int]] = set()
    for some in in_batches(keys):
        columns = select(EvaluationAsked.completion_key, EvaluationAsked.round, EvaluationAsked.days)
        wanted = columns.where(EvaluationAsked.completion_key.in_(some), EvaluationAsked.reminded_at.is_not(None))
        found |= {(key, name, days) for key, name, days in db.session.execute(wanted)}
    return frozenset(found)


def _offers(
    done: Iterable[Finished], now: dt.datetime, known: Mapping[str, FormFacts] | None = None
) -> tuple[Offer, ...]:
    newest = {(each.person_id, each.code): each for each in done}  # the oldest first, so the newest stays
    if not newest:
        return ()
    known = forms() if known is None else known
    asked = _asked([each.key for each in newest.values()])
    found: list[Offer] = []
    for each in newest.values():
        form = form_of(each.code, known)
        for one in form.rounds if form else ():
            for days in one.days:
                start, until = window(days, each.completed_at)
                answered, draft = asked.get((each.key, one.id, days), (False, None))
                if form and start <= now < until and not answered:
                    found.append(Offer(each.key, each.code, each.completed_at, form, one, days, until, draft or {}))
    return tuple(sorted(found, key=lambda offer: (offer.until, offer.course_code)))


def _asked(keys: Collection[str]) -> dict[tuple[str, str, int], tuple[bool, Mapping[str, Any] | None]]:
    columns = (
        EvaluationAsked.completion_key, EvaluationAsked.round, EvaluationAsked.days, EvaluationAsked.answered,
        EvaluationAsked.draft,
    )  # fmt: skip
    found: dict[tuple[str, str, int], tuple[bool, Mapping[str, Any] | None]] = {}
    for some in in_batches(keys):
        for row in db.session.execute(select(*columns).where(EvaluationAsked.completion_key.in_(some))):
            found[row[0], row[1], row[2]] = (row[3], row[4])
    return found


def tallies(before: dt.date, course_code: str | None = None) -> tuple[Tally, ...]:
    """Every count of the months before a day, of all courses or one, added up over the editions of the form."""
    total: Any = func.sum(EvaluationTally.count)
    columns = (
        EvaluationTally.course_code, EvaluationTally.round, EvaluationTally.days, EvaluationTally.month,
        EvaluationTally.question, EvaluationTally.answer,
    )  # fmt: skip
    statement = select(*columns, total).where(EvaluationTally.month < before.replace(day=1)).group_by(*columns)
    if course_code is not None:
        statement = statement.where(EvaluationTally.course_code == course_code)
    return tuple(
        Tally(code, name, days, month, question, answer, int(count))
        for code, name, days, month, question, answer, count in db.session.execute(statement)
    )


def texts(course_code: str, before: dt.date) -> tuple[tuple[str, int, dt.date, str, str], ...]:
    """Round, days, month, question and words of a course's free texts, in no order that says anything."""
    columns = (
        EvaluationText.round, EvaluationText.days, EvaluationText.month, EvaluationText.question, EvaluationText.words
    )  # fmt: skip
    statement = select(*columns).where(
        EvaluationText.course_code == course_code, EvaluationText.month < before.replace(day=1)
    )
    return tuple((a, b, c, d, e) for a, b, c, d, e in db.session.execute(statement.order_by(EvaluationText.key)))
