"""A question is regraded while attempts wait for a marker: what was decided meets them when they are marked."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from sqlalchemy import func, select

from lms.competency.models import Evidence
from lms.credentials.desk import current_desk
from lms.credentials.models import Credential
from lms.db import db
from lms.messages.models import Mail
from lms.quizzes import queries, regrading
from lms.quizzes.facts import AttemptFacts
from lms.quizzes.models import Regraded
from tests.lms.quizzes.conftest import WITH_ESSAY
from tests.support.courses import CODE
from tests.support.marking import hand_in, mark
from tests.support.taking import put_course

WRONG_KEY = "two-identifiers"
CORRECTED = WITH_ESSAY.replace(
    "- [x] Name and date of birth", "- [ ] Name and date of birth"
).replace("- [ ] Bed and ward", "- [x] Bed and ward")  # fmt: skip


@pytest.fixture(autouse=True)
def course(takers, clock) -> None:
    """The exam of ten points: six of the questions and four of a text."""
    put_course(clock(), questions=WITH_ESSAY)


def regrade(rule: str, clock, *, item: str = WRONG_KEY, key: str = "one", reason: str = "The key was wrong."):
    clock.move(hours=1)
    done = regrading.regrade(CODE, item, rule, reason, key=key, actor=None, now=clock(), desk=current_desk())
    db.session.commit()
    clock.move(hours=1)
    return done


def correct_the_key(clock):
    put_course(clock(), questions=CORRECTED)
    return regrade("key", clock)


def first(public_id: str) -> AttemptFacts:
    """The result from the row that no regrade changes."""
    found = queries.any_attempt(public_id)
    assert found is not None
    return found


def counts(public_id: str) -> AttemptFacts:
    return queries.settled(first(public_id))


def certificates() -> int:
    return db.session.scalar(select(func.count()).select_from(Credential)) or 0


def test_a_preview_counts_what_waits_for_marking_apart(takers, clock) -> None:
    hand_in(takers[0], clock())
    planned = regrading.plan(CODE, WRONG_KEY, "credit", now=clock())
    assert (planned.attempts, planned.open, planned.waiting, planned.changes) == (0, 0, 1, ())


def test_a_key_corrected_while_a_text_waited_counts_once_it_is_marked(takers, markers, clock) -> None:
    attempt = hand_in(takers[0], clock())
    correct_the_key(clock)
    assert counts(attempt).percent is None
    mark(attempt, markers[0], (2, 1), clock())
    assert (first(attempt).percent, counts(attempt).percent) == (Decimal("90.0"), Decimal("80.0"))


def test_it_gets_the_result_that_it_would_have_had_if_it_had_been_marked_before(takers, markers, clock) -> None:
    early, late = hand_in(takers[0], clock()), hand_in(takers[1], clock())
    mark(early, markers[0], (1, 2), clock())
    correct_the_key(clock)
    regrade("credit", clock, item="cpoe-abbr", key="two")
    mark(late, markers[0], (1, 2), clock())
    shown = [
        [(each.reason, each.percent_before, each.percent, each.passed) for each in regrading.of_attempt(first(one).id)]
        for one in (early, late)
    ]
    assert shown[0] == shown[1] == [("The key was wrong.", Decimal("90.0"), Decimal("80.0"), True)]
    assert first(early).percent == first(late).percent == Decimal("90.0")


def test_who_passes_only_by_the_decision_gets_the_certificate_with_the_marks(takers, markers, clock) -> None:
    sat_on = clock().date()
    attempt = hand_in(takers[0], clock(), missed=("alert-override", "cpoe-abbr"))
    clock.move(days=3)
    regrade("credit", clock, item="alert-override")
    mark(attempt, markers[0], (2, 1), clock())
    assert (first(attempt).passed, counts(attempt).passed) == (False, True)
    assert certificates() == 1
    evidence = db.session.scalars(select(Evidence).where(Evidence.person_id == takers[0])).all()
    assert {(each.passed, each.achieved_on) for each in evidence} == {(True, sat_on)}


def test_nobody_is_given_a_certificate_by_a_key_that_is_known_to_be_wrong(takers, markers, clock) -> None:
    attempt = hand_in(takers[0], clock())
    correct_the_key(clock)
    mark(attempt, markers[0], (1, 1), clock())
    assert (first(attempt).passed, counts(attempt).passed) == (True, False)
    assert certificates() == 0


def test_the_letter_about_the_marks_says_why_other_questions_were_looked_at_again(takers, markers, clock) -> None:
    attempt = hand_in(takers[0], clock())
    regrade("leave-out", clock, reason="The picture was missing.")
    mark(attempt, markers[0], (2, 1), clock())
    (letter,) = db.session.scalars(select(Mail).where(Mail.subject == "Your result is ready")).all()
    assert "The picture was missing." in letter.body
    assert db.session.scalar(select(func.count()).select_from(Mail).where(Mail.subject.contains("looked at"))) == 0


def test_a_decision_from_before_the_hand_in_does_not_reach_it(takers, markers, clock) -> None:
    regrade("leave-out", clock, item="alert-override")
    attempt = hand_in(takers[0], clock(), missed=("alert-override",))
    mark(attempt, markers[0], (2, 2), clock())
    assert counts(attempt).percent == Decimal("90.0")
    assert db.session.scalar(select(func.count()).select_from(Regraded)) == 0


def test_a_regrade_after_the_marks_builds_on_the_one_before_them(takers, markers, clock) -> None:
    attempt = hand_in(takers[0], clock(), missed=("alert-override", "cpoe-abbr"))
    regrade("credit", clock, item="alert-override")
    mark(attempt, markers[0], (1, 1), clock())
    done = regrade("credit", clock, item="cpoe-abbr", key="two")
    (change,) = done.changes
    assert (change.before, change.after, change.newly_passed) == (Decimal("70.0"), Decimal("80.0"), True)
    assert certificates() == 1


def test_a_new_key_cannot_be_laid_on_other_options_of_an_attempt_that_waits(takers, clock) -> None:
    hand_in(takers[0], clock())
    put_course(clock(), questions=WITH_ESSAY.replace("Bed and ward", "Bed and building"))
    with pytest.raises(regrading.RegradeRefused, match="options of the question have changed"):
        regrade("key", clock)


def test_a_regrade_and_the_last_marks_in_the_same_moment_lose_nothing(app, takers, markers, clock) -> None:
    attempt, moment = hand_in(takers[0], clock()), clock()
    marker = markers[0]
    db.session.refresh(marker)
    db.session.expunge_all()
    db.session.remove()
    made = Event()

    def decide() -> None:
        with app.app_context():
            regrading.regrade(
                CODE, WRONG_KEY, "leave-out", "It was unclear.", key="one", actor=None, now=moment, desk=current_desk()
            )
            made.set()
            time.sleep(0.5)  # the other one is at work by now, and has to wait
            db.session.commit()
            db.session.remove()

    def settle() -> None:
        with app.app_context():
            made.wait(10)
            mark(attempt, marker, (2, 1), moment)
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        for act in [pool.submit(decide), pool.submit(settle)]:
            act.result(20)
    assert (first(attempt).percent, counts(attempt).percent) == (Decimal("90.0"), Decimal("88.9"))
