"""Scoring past attempts again: beside the first result, with a reason, and with everything that follows from a pass."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from lms.competency import queries as competency
from lms.competency.models import Evidence
from lms.competency.services import fold
from lms.credentials.desk import current_desk
from lms.credentials.models import Credential
from lms.db import db
from lms.messages.models import Mail
from lms.quizzes import queries, regrading, services, standings
from lms.quizzes.models import Regrade, Regraded
from tests.support.courses import CODE, QUESTIONS
from tests.support.taking import answer, put_course, read_all, take

ITEM = "two-identifiers"
CORRECTED = QUESTIONS.replace(
    "- [x] Name and date of birth", "- [ ] Name and date of birth"
).replace("- [ ] Bed and ward", "- [x] Bed and ward")  # fmt: skip
REPHRASED = QUESTIONS.replace("Bed and ward", "Bed and building")


@pytest.fixture
def sat(takers, clock) -> list[int]:
    """The nurses after an exam: none, one, two and three of six answers missed, from the paper's end."""
    put_course(clock())
    for missed, taker in enumerate(takers):
        read_all(taker, CODE, clock())
        take(taker, CODE, clock(), wrong=missed)
    return takers


def make(rule: str, clock, *, key: str = "one", reason: str = "The key was wrong.", item: str = ITEM):
    done = regrading.regrade(CODE, item, rule, reason, key=key, actor=None, now=clock(), desk=current_desk())
    db.session.commit()
    return done


def percents() -> list[Decimal]:
    return [each.percent for each in reversed(queries.attempts_at(CODE))]


def firsts(takers) -> list[Decimal]:
    """The results as they were first, from the row that is never changed."""
    ids = {each.person_id: each.public_id for each in queries.attempts_at(CODE)}
    return [queries.attempt(ids[taker], taker).percent for taker in takers]


def test_a_preview_says_what_would_change_and_changes_nothing(sat, clock) -> None:
    put_course(clock(), questions=CORRECTED)
    clock.move(hours=1)
    planned = regrading.plan(CODE, ITEM, "key", now=clock())
    assert (planned.attempts, planned.open) == (4, 0)
    assert [(float(c.before), float(c.after)) for c in planned.changes] == [
        (50.0, 33.3), (66.7, 50.0), (83.3, 66.7), (100.0, 83.3),
    ]  # fmt: skip
    assert [c.newly_missed for c in planned.changes] == [False, False, True, False]
    assert db.session.scalar(select(func.count()).select_from(Regrade)) == 0


def test_a_corrected_key_gives_a_new_result_beside_the_old_one(sat, clock) -> None:
    put_course(clock(), questions=CORRECTED)
    before = firsts(sat)
    clock.move(hours=1)
    make("key", clock)
    assert firsts(sat) == before
    assert [float(each) for each in percents()] == [83.3, 66.7, 50.0, 33.3]


def test_full_credit_lets_those_pass_who_now_reach_the_mark_and_issues_their_certificate(sat, clock) -> None:
    clock.move(hours=1)
    done = make("credit", clock, item="alert-override")
    assert [c.attempt.person_id for c in done.changes if c.newly_passed] == [sat[2]]
    serials = db.session.scalars(select(Credential.person_id).order_by(Credential.id)).all()
    assert serials == [sat[0], sat[1], sat[2]]
    fold(today=clock().date())
    assert {p.level for p in competency.profile(sat[2], clock().date()) if p.code in ("B1", "B4")} == {2}
    assert standings.standing(CODE, sat[2], clock())[0].kind == "passed"


def test_the_evidence_of_a_later_pass_is_dated_by_the_exam_and_known_from_the_regrade(sat, clock) -> None:
    sat_on = clock().date()
    clock.move(days=9)
    make("credit", clock, item="alert-override")
    rows = db.session.scalars(select(Evidence).where(Evidence.person_id == sat[2], Evidence.passed)).all()
    assert rows
    assert {e.achieved_on for e in rows} == {sat_on}
    assert {e.recorded_at.date() for e in rows} == {clock().date()}


def test_a_lost_pass_leaves_the_certificate_until_somebody_decides(sat, clock) -> None:
    put_course(clock(), questions=CORRECTED)
    clock.move(hours=1)
    done = make("key", clock)
    assert [c.attempt.person_id for c in done.changes if c.newly_missed] == [sat[1]]
    kept = db.session.scalars(select(Credential).where(Credential.person_id == sat[1])).one()
    assert kept.revoked_at is None


def test_a_question_left_out_counts_neither_for_nor_against(sat, clock) -> None:
    clock.move(hours=1)
    make("leave-out", clock, item="alert-override")
    assert [float(each) for each in percents()] == [100.0, 100.0, 80.0, 60.0]


def test_the_same_decision_sent_twice_is_made_once(sat, clock) -> None:
    clock.move(hours=1)
    make("credit", clock, item="alert-override")
    mails = db.session.scalar(select(func.count()).select_from(Mail))
    assert make("credit", clock, item="alert-override") is None
    assert db.session.scalar(select(func.count()).select_from(Regrade)) == 1
    assert db.session.scalar(select(func.count()).select_from(Mail)) == mails == 3


def test_regrades_of_two_questions_add_up_and_a_later_one_of_the_same_replaces_the_earlier(sat, clock) -> None:
    clock.move(hours=1)
    make("credit", clock, item="alert-override")
    make("credit", clock, key="two", item="cpoe-abbr")
    assert [float(each) for each in percents()] == [100.0, 100.0, 100.0, 83.3]
    make("leave-out", clock, key="three", item="alert-override")
    assert [float(each) for each in percents()] == [100.0, 100.0, 100.0, 80.0]
    assert len(regrading.of_attempt(queries.attempts_at(CODE)[0].id)) == 3


def test_an_attempt_handed_in_after_a_regrade_is_not_touched_by_it(sat, clock) -> None:
    clock.move(hours=1)
    make("credit", clock, item="alert-override")
    clock.move(hours=48)
    late = take(sat[3], CODE, clock(), wrong=2).attempt
    make("credit", clock, key="two", item="heparin-rate")
    found = next(each for each in queries.attempts_at(CODE) if each.id == late.id)
    assert float(found.percent) == 66.7


def test_a_running_attempt_is_counted_and_left_alone(takers, clock) -> None:
    put_course(clock())
    read_all(takers[0], CODE, clock())
    public_id = services.start(takers[0], CODE, actor=None, now=clock())
    answer(public_id, takers[0], clock())
    planned = regrading.plan(CODE, ITEM, "credit", now=clock())
    assert (planned.attempts, planned.open, planned.changes) == (0, 1, ())


def test_a_new_key_cannot_be_laid_on_other_options(sat, clock) -> None:
    put_course(clock(), questions=REPHRASED)
    with pytest.raises(regrading.RegradeRefused, match="options of the question have changed"):
        make("key", clock)
    assert db.session.scalar(select(func.count()).select_from(Regraded)) == 0


@pytest.mark.parametrize(("rule", "reason"), [("other", "Why."), ("credit", " "), ("credit", "x" * 1001)])
def test_an_unknown_rule_or_no_reason_is_refused_and_nothing_is_written(sat, clock, rule, reason) -> None:
    with pytest.raises(regrading.RegradeRefused):
        make(rule, clock, reason=reason)
    assert db.session.scalar(select(func.count()).select_from(Regrade)) == 0


def test_an_unknown_course_is_refused(app, clock) -> None:
    with pytest.raises(regrading.RegradeRefused, match="no published course"):
        regrading.plan("NONE-101", ITEM, "credit", now=clock())
