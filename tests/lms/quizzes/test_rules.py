"""When an exam may be started. The rules are pure, so they are tested on plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalog.facts import ExamFacts
from lms.quizzes import rules
from lms.quizzes.facts import AttemptFacts

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


def exam(**changes) -> ExamFacts:
    values = {
        "title": "Final", "pass_percent": Fraction(80), "attempts": 3, "wait_hours": 24, "time_limit": 20,
        "open": "after_lessons", "confidence": True, "feedback": "after_submit", "draws": (), "instructions_html": "",
    }  # fmt: skip
    return ExamFacts(**(values | changes))


def sat(number: int, *, passed: bool | None = False, hours_ago: float = 48) -> AttemptFacts:
    ended = NOW - dt.timedelta(hours=hours_ago)
    return AttemptFacts(
        number, f"a{number}", 1, 1, 1, number, "seed", ("x",), ended, None, ended, "submitted",
        Fraction(0), Fraction(1), Decimal(0), passed,
    )  # fmt: skip


def standing(attempts=(), *, rules_of=None, lessons_done=True, missing=(), reopens_on=None, now=NOW) -> rules.Standing:
    return rules.standing(
        exam() if rules_of is None else rules_of, attempts, lessons_done=lessons_done, missing=missing,
        reopens_on=reopens_on, now=now, today=now.date(),
    )  # fmt: skip


def test_a_first_attempt_may_begin_when_the_lessons_are_done() -> None:
    assert standing() == rules.Standing(None, 0, 3)


def test_lessons_come_first_unless_the_exam_is_always_open() -> None:
    assert standing(lessons_done=False).kind == "lessons-open"
    assert standing(lessons_done=False, rules_of=exam(open="always")).kind is None


def test_a_missing_prerequisite_is_named() -> None:
    found = standing(missing=["EHR-101"])
    assert (found.kind, found.missing) == ("prerequisites", ("EHR-101",))


def test_a_course_without_an_exam_is_closed() -> None:
    found = rules.standing(None, (), lessons_done=True, missing=(), reopens_on=None, now=NOW, today=NOW.date())
    assert found.kind == "closed"


def test_started_attempts_count() -> None:
    found = standing([sat(1), sat(2), sat(3)])
    assert (found.kind, found.used, found.left) == ("attempts-used", 3, 0)
    assert standing([sat(1), sat(2)]).left == 1


def test_no_limit_is_no_limit() -> None:
    found = standing([sat(n) for n in range(1, 30)], rules_of=exam(attempts=0))
    assert (found.kind, found.left) == (None, None)


@pytest.mark.parametrize(("hours", "kind"), [(23.99, "wait"), (24, None), (25, None)])
def test_the_wait_runs_from_the_end_of_the_last_attempt(hours, kind) -> None:
    found = standing([sat(1, hours_ago=hours)])
    assert found.kind == kind
    if kind:
        assert found.opens_at == NOW + dt.timedelta(hours=24 - hours)


def test_a_pass_closes_the_exam_until_ninety_days_before_expiry() -> None:
    today = NOW.date()
    assert standing([sat(1, passed=True)], reopens_on=today + dt.timedelta(days=1)).kind == "passed"
    assert standing([sat(1, passed=True)], reopens_on=today).kind is None
    assert standing([sat(1, passed=True)], reopens_on=None).kind == "passed"


def test_attempts_are_counted_from_the_last_pass_on() -> None:
    before = [sat(1), sat(2), sat(3, passed=True, hours_ago=1)]
    found = standing(before, reopens_on=NOW.date())
    assert (found.kind, found.used, found.left) == (None, 0, 3)
    found = standing([*before, sat(4), sat(5), sat(6)], reopens_on=NOW.date())
    assert (found.kind, found.used) == ("attempts-used", 3)


def test_an_attempt_that_is_being_marked_counts_and_is_no_pass() -> None:
    assert standing([sat(1, passed=None)]).used == 1


@given(passed_on=st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), months=st.integers(4, 120))
def test_an_exam_reopens_ninety_days_before_the_certificate_expires(passed_on, months) -> None:
    found = rules.reopens(passed_on, months)
    assert found is not None
    expiry = found + dt.timedelta(days=90)
    assert (expiry.year * 12 + expiry.month) - (passed_on.year * 12 + passed_on.month) == months
    assert expiry.day <= passed_on.day


def test_a_certificate_for_ever_never_reopens_the_exam() -> None:
    assert rules.reopens(NOW.date(), None) is None


@given(
    results=st.lists(st.sampled_from([True, False, None]), max_size=8),
    limit=st.integers(0, 4),
    wait=st.integers(0, 48),
    hours=st.floats(0, 100),
    done=st.booleans(),
)
def test_a_refusal_always_has_its_reason(results, limit, wait, hours, done) -> None:
    attempts = [sat(number, passed=passed, hours_ago=hours) for number, passed in enumerate(results, 1)]
    found = standing(attempts, rules_of=exam(attempts=limit, wait_hours=wait), lessons_done=done)
    if found.kind == "passed":
        assert True in results
    elif found.kind == "lessons-open":
        assert not done
    elif found.kind == "attempts-used":
        assert limit
        assert found.used >= limit
        assert found.left == 0
    elif found.kind == "wait":
        assert found.opens_at is not None
        assert found.opens_at > NOW
    else:
        assert found.kind is None
        assert done
        assert True not in results
        assert not limit or found.used < limit


@given(st.lists(st.booleans(), max_size=6))
def test_attempts_that_were_reset_count_for_nothing_whichever_they_are(resets: list[bool]) -> None:
    attempts = [replace(sat(n), reset_at=NOW if each else None) for n, each in enumerate(resets, 1)]
    assert standing(attempts, rules_of=exam(attempts=10)).used == resets.count(False)
