"""Extra time, objections and resets, as the services do them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from lms.audit.models import AuditEntry
from lms.db import db
from lms.quizzes import allowances, challenges, queries, resetting, services, standings
from lms.quizzes.models import Challenge, Response
from tests.support.courses import CODE, EXAM
from tests.support.taking import put_course, read_all, take


@pytest.fixture
def taker(takers, clock) -> int:
    """A nurse with every lesson of the sample course completed."""
    put_course(clock())
    read_all(takers[0], CODE, clock())
    return takers[0]


def test_extra_time_is_added_to_an_exam_that_begins_afterwards(taker, clock) -> None:
    allowances.grant(taker, 50, actor=None, now=clock())
    attempt = queries.attempt(services.start(taker, CODE, actor=None, now=clock()), taker)
    assert attempt.deadline - attempt.started_at == dt.timedelta(minutes=EXAM["time_limit"] * 1.5)


def test_the_deadline_of_a_running_exam_never_moves(taker, clock) -> None:
    public_id = services.start(taker, CODE, actor=None, now=clock())
    before = queries.attempt(public_id, taker).deadline
    allowances.grant(taker, 100, actor=None, now=clock())
    assert queries.attempt(public_id, taker).deadline == before


@pytest.mark.parametrize("percent", [-1, 301, True, 1.5, "50"])
def test_an_impossible_allowance_is_refused_and_says_what_was_expected(taker, clock, percent) -> None:
    with pytest.raises(allowances.AllowanceRefused, match="0 to 300"):
        allowances.grant(taker, percent, actor=None, now=clock())
    assert allowances.extra_percent(taker) == 0


def test_an_allowance_is_changed_and_taken_back_and_each_is_in_the_trail_once(taker, clock) -> None:
    for percent in (25, 25, 100, 0, 0):
        allowances.grant(taker, percent, actor=None, now=clock())
    assert allowances.allowances() == ()
    entries = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "allowance.set")).all()
    assert [entry["percent"] for entry in entries] == [25, 100, 0]


def test_one_request_for_time_stands_at_a_time_and_its_words_are_wiped_when_it_is_decided(taker, clock) -> None:
    assert allowances.ask(taker, "Half as much again", now=clock())
    assert not allowances.ask(taker, "Twice", now=clock())
    (request,) = allowances.waiting()
    assert allowances.decide(request.public_id, 50, actor=None, now=clock()) == taker
    assert allowances.decide(request.public_id, 100, actor=None, now=clock()) is None
    assert (allowances.extra_percent(taker), allowances.waiting()) == (50, ())
    assert allowances.ask(taker, "Again", now=clock()), "a new request may follow a decided one"


def test_an_objection_is_raised_once_and_answered_once(taker, clock, markers) -> None:
    attempt = take(taker, CODE, clock(), wrong=1).attempt
    item = attempt.paper[0]
    assert challenges.challenge(attempt, item, "Both identifiers change.", now=clock())
    assert not challenges.challenge(attempt, item, "Another thought.", now=clock())
    (open_one,) = challenges.waiting()
    first = challenges.answer(open_one.public_id, "explained", "They stay.", actor=markers[0].id, now=clock())
    second = challenges.answer(open_one.public_id, "upheld", "No, you are right.", actor=markers[1].id, now=clock())
    assert first == second
    assert (first.outcome, first.answer, challenges.waiting()) == ("explained", "They stay.", ())


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001, "a\0b"])
def test_an_objection_without_usable_words_is_refused_and_nothing_is_kept(taker, clock, words) -> None:
    attempt = take(taker, CODE, clock()).attempt
    with pytest.raises(challenges.ChallengeRefused):
        challenges.challenge(attempt, attempt.paper[0], words, now=clock())
    assert db.session.scalar(select(func.count()).select_from(Challenge)) == 0


def test_only_a_question_of_a_handed_in_attempt_can_be_objected_to(taker, clock) -> None:
    public_id = services.start(taker, CODE, actor=None, now=clock())
    attempt = queries.attempt(public_id, taker)
    with pytest.raises(challenges.ChallengeRefused):
        challenges.challenge(attempt, attempt.paper[0], "Too early.", now=clock())


def test_a_reset_gives_the_attempt_back_and_keeps_what_was_answered(taker, clock, markers) -> None:
    attempt = take(taker, CODE, clock(), wrong=4).attempt
    assert standings.standing(CODE, taker, clock())[0].kind == "wait"
    answers = db.session.scalar(select(func.count()).select_from(Response))
    for _ in range(2):
        resetting.reset(attempt.public_id, "The fire alarm rang.", actor=markers[0].id, now=clock())
    found = standings.standing(CODE, taker, clock())[0]
    assert (found.kind, found.used, found.left) == (None, 0, 3)
    assert db.session.scalar(select(func.count()).select_from(Response)) == answers
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "attempt.reset")).all()) == 1


def test_a_pass_is_not_reset(taker, clock, markers) -> None:
    attempt = take(taker, CODE, clock()).attempt
    with pytest.raises(resetting.ResetRefused, match="certificate"):
        resetting.reset(attempt.public_id, "Asked for.", actor=markers[0].id, now=clock())


def test_an_open_attempt_is_handed_in_before_it_is_reset(taker, clock, markers) -> None:
    public_id = services.start(taker, CODE, actor=None, now=clock())
    found = resetting.reset(public_id, "Called to an arrest.", actor=markers[0].id, now=clock())
    assert found.state == "submitted"
    assert found.reset_at == clock()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_reset_needs_a_reason(taker, clock, markers, reason) -> None:
    attempt = take(taker, CODE, clock(), wrong=4).attempt
    with pytest.raises(resetting.ResetRefused, match="reason"):
        resetting.reset(attempt.public_id, reason, actor=markers[0].id, now=clock())
