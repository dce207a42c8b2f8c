"""Regrading: past attempts are scored again because an item was wrong, with a reason, beside the first result.

A regrade says for one item of a course what counts from now on in attempts handed in before it: the key of a
corrected text, full credit for everybody, or nothing for anybody. Several regrades of an attempt add up in the order
in which they were made. The first result is never changed. Where a regrade makes somebody pass, what follows from a
pass follows; where it takes a pass away, the certificate stays until somebody decides to revoke it. An attempt that
waits for marking has no result to change: the regrade is laid beside its first result when that is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from assessments.marking import PaperScore, mark_paper
from assessments.model import Item, Score
from assessments.registry import kind_of
from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.credentials.desk import Desk
from lms.db import db, insert_ignore, lock_named, public_id
from lms.items import queries as items
from lms.quizzes import letters, outcomes, queries
from lms.quizzes.facts import AttemptFacts, ResponseFacts, shown
from lms.quizzes.marks import awarded
from lms.quizzes.models import Regrade, Regraded

RULES = ("key", "credit", "leave-out")
LONGEST_REASON = 1000


class RegradeRefused(ValueError):
    """The regrade cannot be made; the message says why."""


@dataclass(frozen=True)
class RegradeFacts:
    """A decision about an item. `version_id` is the text whose key counts, for the rule "key"."""

    id: int
    public_id: str
    course_id: int
    item: str
    rule: str
    version_id: int | None
    reason: str
    made_at: dt.datetime


@dataclass(frozen=True)
class Change:
    """What a regrade does to an attempt: its result before and after."""

    attempt: AttemptFacts
    before: Decimal
    after: Decimal
    passed_before: bool
    passed_after: bool
    score: PaperScore

    @property
    def newly_passed(self) -> bool:
        """Whether this attempt passes now and did not before."""
        return self.passed_after and not self.passed_before

    @property
    def newly_missed(self) -> bool:
        """Whether this attempt passed before and would not now."""
        return self.passed_before and not self.passed_after


@dataclass(frozen=True)
class Plan:
    """What a regrade would do, before it is made.

    `open` counts attempts that hold the item and still run, `waiting` those that hold it and wait for marking.
    """

    regrade: RegradeFacts
    attempts: int
    open: int
    waiting: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Looked:
    """A regrade as the person whose attempt it was sees it."""

    reason: str
    made_at: dt.datetime
    percent_before: Decimal
    percent: Decimal
    passed_before: bool
    passed: bool


def plan(code: str, item: str, rule: str, *, now: dt.datetime) -> Plan:
    """Work out what a regrade would change; writes nothing. Raises RegradeRefused."""
    course = catalog.course(code)
    if course is None or course.current_id is None:
        raise RegradeRefused(_("There is no published course %(code)s.", code=code))
    if rule not in RULES:
        raise RegradeRefused(_("Choose the corrected key, full credit, or leaving the question out."))
    current = items.bank(course.current_id)
    if rule == "key" and item not in current:
        raise RegradeRefused(_("The question is not in the current text. Give full credit, or leave it out."))
    version_id = course.current_id if rule == "key" else None
    wanted = RegradeFacts(0, "", course.id, item, rule, version_id, "", now)
    holding = [each for each in queries.attempts_at(code) if item in each.paper]
    closed = [each for each in holding if each.state == "submitted"]
    waiting = [each for each in holding if each.state == "awaiting_marking"]
    if rule == "key":
        _check_same_question([*closed, *waiting], item, current.item(item))
    made = [each for each in of_course(course.id) if each.made_at <= now]
    running = sum(each.open for each in holding)
    return Plan(wanted, len(closed), running, len(waiting), tuple(_changes(closed, [*made, wanted])))


def regrade(
    code: str, item: str, rule: str, reason: str, *, key: str, actor: int, now: dt.datetime, desk: Desk
) -> Plan | None:
    """Make a regrade and everything that follows; the same `key` again changes nothing and gives None.

    Raises RegradeRefused before anything is written.
    """
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        raise RegradeRefused(
            _(
                "Give the reason that takers will read, in at most %(longest_reason)s characters.",
                longest_reason=LONGEST_REASON,
            )
        )
    lock_named(f"regrade:{code}")  # two regrades of a course wait, so that none is built on half of another
    planned = plan(code, item, rule, now=now)
    row: dict[str, Any] = {
        "public_id": public_id(), "key": key[:80], "course_id": planned.regrade.course_id, "item": item, "rule": rule,
        "version_id": planned.regrade.version_id, "reason": why, "made_at": now, "made_by": actor,
    }  # fmt: skip
    if not insert_ignore(Regrade.__table__, [row], ["key"]):  # type: ignore[arg-type]
        return None
    regrade_id = db.session.scalar(select(Regrade.id).where(Regrade.public_id == row["public_id"]))
    for change in planned.changes:
        _write(int(regrade_id or 0), row["public_id"], change, actor=actor, now=now, desk=desk)
        letters.regraded(change.attempt, code, why, change.before, change.after, now=now)
    record(
        "attempt.regrade", "course", code, actor=actor, now=now, item=item, rule=rule, changed=len(planned.changes),
        newly_passed=sum(each.newly_passed for each in planned.changes),
        newly_missed=sum(each.newly_missed for each in planned.changes),
    )  # fmt: skip
    return planned


def follow(first: AttemptFacts, code: str) -> None:
    """Put beside the first result of an attempt, settled only now, what was decided while it waited for marking.

    Every decision that changes it gets its row, in order, as if there had been a result from the day of the exam.
    What follows from the result is the caller's, because nothing has followed from it yet.
    """
    lock_named(f"regrade:{code}")  # a regrade that is being made sees this attempt settled, or is seen here
    course = catalog.course(code)
    assert course is not None, "a course that has attempts is never deleted"
    made, before = of_course(course.id), first
    for count, decision in enumerate(made, 1):
        if decision.item not in first.paper or decision.made_at < first.ended():
            continue
        for change in _changes([before], made[:count]):
            _keep(decision.id, change)
            before = replace(
                before, earned=change.score.earned, possible=change.score.possible, percent=change.after,
                passed=change.passed_after,
            )  # fmt: skip


def of_course(course_id: int) -> tuple[RegradeFacts, ...]:
    """Every regrade of a course in the order in which they were made."""
    columns = (
        Regrade.id, Regrade.public_id, Regrade.course_id, Regrade.item, Regrade.rule, Regrade.version_id,
        Regrade.reason, Regrade.made_at,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(Regrade.course_id == course_id).order_by(Regrade.id))
    return tuple(RegradeFacts(*row) for row in rows)


def of_attempt(attempt_id: int) -> tuple[Looked, ...]:
    """The regrades that changed an attempt, the first one first."""
    rows = db.session.execute(
        select(
            Regrade.reason, Regrade.made_at, Regraded.percent_before, Regraded.percent, Regraded.passed_before,
            Regraded.passed,
        )
        .join(Regrade, Regrade.id == Regraded.regrade_id)
        .where(Regraded.attempt_id == attempt_id)
        .order_by(Regraded.regrade_id)
    )  # fmt: skip
    return tuple(Looked(*row) for row in rows)


def rescore(attempt: AttemptFacts, saved: dict[str, ResponseFacts], decisions: Sequence[RegradeFacts]) -> PaperScore:
    """Score an attempt again under these decisions, the later one about an item in the place of the earlier."""
    version = catalog.version(attempt.version_id)
    assert version is not None, "a version is never deleted"
    assert version.exam is not None, "an attempt is pinned to a version with an exam"
    rules = {each.item: each for each in decisions if each.made_at >= attempt.ended()}
    marks: dict[str, Score] = awarded(attempt)
    paper: list[Item] = []
    for item in queries.paper(attempt):
        rule = rules.get(item.id)
        if rule is not None and rule.rule == "leave-out":
            continue
        if rule is not None and rule.rule == "credit":
            marks[item.id] = Score(item.points, item.points, right=True)
        if rule is not None and rule.rule == "key" and rule.version_id is not None:
            item = replace(items.bank(rule.version_id).item(item.id), points=item.points)
        paper.append(item)
    answers = {key: response.value for key, response in saved.items()}
    return mark_paper(paper, answers, version.exam.pass_percent, marks)


def _changes(attempts: Sequence[AttemptFacts], decisions: Sequence[RegradeFacts]) -> Iterable[Change]:
    saved = queries.many_responses([each.id for each in attempts])
    for attempt in attempts:
        score = rescore(attempt, saved[attempt.id], decisions)
        after = shown(score.percent)
        if after is None or attempt.percent is None:
            continue
        now = (score.earned, score.possible, bool(score.passed))
        if now != (attempt.earned, attempt.possible, bool(attempt.passed)):
            yield Change(attempt, attempt.percent, after, bool(attempt.passed), bool(score.passed), score)


def _keep(regrade_id: int, change: Change) -> None:
    values: dict[str, Any] = {
        "regrade_id": regrade_id, "attempt_id": change.attempt.id, "earned": str(change.score.earned),
        "possible": str(change.score.possible), "percent": change.after, "passed": change.passed_after,
        "percent_before": change.before, "passed_before": change.passed_before,
    }  # fmt: skip
    db.session.execute(insert(Regraded).values(**values))


def _write(regrade_id: int, regrade_public: str, change: Change, *, actor: int, now: dt.datetime, desk: Desk) -> None:
    attempt = change.attempt
    _keep(regrade_id, change)
    if not change.newly_passed:
        return
    version = catalog.version(attempt.version_id)
    assert version is not None, "a version is never deleted"
    outcomes.hand_on(
        attempt, version, True, change.after, key=f"regrade:{regrade_public}:{attempt.public_id}", actor=actor,
        now=now, desk=desk, on=desk.day(attempt.ended()),
    )  # fmt: skip


def _check_same_question(attempts: Sequence[AttemptFacts], item: str, corrected: Item) -> None:
    """Answers are kept by the author's positions, so a key can only be exchanged where these mean the same."""
    for version_id in {each.version_id for each in attempts}:
        old = items.bank(version_id).item(item)
        if old.type != corrected.type or _asked(old) != _asked(corrected):
            raise RegradeRefused(
                _(
                    "The options of the question have changed in the corrected text, so old answers cannot be compared "
                    "with the new key. Give full credit, or leave the question out."
                )
            )


def _asked(item: Item) -> dict[str, Any]:
    return kind_of(item).present(item, item.answer, "same", None)
