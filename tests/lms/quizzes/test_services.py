"""Attempts from start to certificate, as the services do them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from assessments.model import AnswerError
from lms.catalog import queries as catalog
from lms.competency.models import Evidence
from lms.credentials import services as credentials
from lms.credentials.models import Credential
from lms.db import db
from lms.jobs.registry import PERIODIC
from lms.learning import queries as learning
from lms.learning import services as lessons
from lms.learning.models import Completion
from lms.quizzes import queries, services, tasks
from lms.quizzes.models import Attempt, Response
from tests.support.courses import CODE, EXAM, ITEMS
from tests.support.hospital import load_framework, make_person
from tests.support.taking import answer, put_course, read_all, right_answer, take, wrong_answer


@pytest.fixture
def person(app) -> int:
    """A nurse on the roster, with the framework in force."""
    load_framework()
    found = make_person("E-901", "Asha", "Sample", "nurse", "asha.sample@example.org")
    db.session.commit()
    return found


@pytest.fixture
def ready(person, clock) -> int:
    """The same nurse, with every lesson of the sample course completed."""
    put_course(clock())
    read_all(person, CODE, clock())
    return person


def start(person: int, clock, code: str = CODE) -> str:
    public_id = services.start(person, code, actor=None, now=clock())
    db.session.commit()
    return public_id


def save(public_id: str, item: str | int, person: int, clock, **values) -> None:
    services.save(public_id, item, **values, person_id=person, now=clock())
    db.session.commit()


def count(model) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def kind_of(person: int, clock, code: str = CODE) -> str:
    with pytest.raises(services.Refused) as refused:
        start(person, clock, code)
    db.session.rollback()
    return refused.value.kind


def test_an_open_attempt_is_returned_again(ready, clock) -> None:
    first = start(ready, clock)
    clock.move(minutes=5)
    assert start(ready, clock) == first
    assert count(Attempt) == 1


def test_an_attempt_is_pinned_to_the_version_it_began_with(ready, clock) -> None:
    public_id = start(ready, clock)
    put_course(clock(), edition="2027.1", text="New.")
    attempt = queries.attempt(public_id, ready)
    assert attempt.paper == ITEMS
    assert catalog.version(attempt.version_id).edition == "2026.1"
    answer(public_id, ready, clock())
    result = services.submit(public_id, person_id=ready, actor=None, now=clock())
    assert result.passed
    credential = db.session.execute(select(Credential)).scalar_one()
    assert credential.facts["edition"] == "2026.1"


def test_every_refusal_has_its_word(person, clock) -> None:
    put_course(clock())
    assert kind_of(person, clock) == "lessons-open"
    lessons.enrol(person, CODE, now=clock())
    assert kind_of(person, clock) == "lessons-open"
    put_course(clock(), code="ADV-201", title="After", prerequisites=[CODE])
    read_all(person, "ADV-201", clock())
    assert kind_of(person, clock, "ADV-201") == "prerequisites"
    put_course(clock(), code="BARE-1", title="No exam", exam=None)
    assert kind_of(person, clock, "BARE-1") == "closed"
    read_all(person, CODE, clock())
    take(person, CODE, clock(), wrong=6)
    assert kind_of(person, clock) == "wait"
    for _ in range(2):
        clock.move(hours=25)
        take(person, CODE, clock(), wrong=6)
    clock.move(hours=25)
    assert kind_of(person, clock) == "attempts-used"


def test_a_completed_prerequisite_opens_the_exam(ready, clock) -> None:
    put_course(clock(), code="ADV-201", title="After", prerequisites=[CODE])
    read_all(ready, "ADV-201", clock())
    assert kind_of(ready, clock, "ADV-201") == "prerequisites"
    take(ready, CODE, clock())
    assert start(ready, clock, "ADV-201")


def test_an_exam_that_is_always_open_enrols_whoever_starts_it(person, clock) -> None:
    put_course(clock(), exam=EXAM | {"open": "always"})
    assert start(person, clock)
    assert learning.enrolment(person, CODE) is not None


def test_an_unknown_course_has_no_exam(person, clock) -> None:
    with pytest.raises(lessons.UnknownCourse):
        services.start(person, "NO-1", actor=None, now=clock())


def test_a_pass_completes_the_course_and_issues_the_certificate_once(ready, clock) -> None:
    result = take(ready, CODE, clock(), wrong=1)
    assert (result.score, result.passed) == (Decimal("83.3"), True)
    assert result.serial
    again = services.submit(result.attempt.public_id, person_id=ready, actor=None, now=clock.move(days=1))
    assert again == result
    assert (count(Completion), count(Credential)) == (1, 1)
    enrolment = learning.enrolment(ready, CODE)
    assert enrolment.completed_at is not None


def test_a_pass_records_each_competency_at_its_level(ready, clock) -> None:
    result = take(ready, CODE, clock())
    rows = db.session.execute(select(Evidence).order_by(Evidence.key)).scalars().all()
    assert [(row.source, row.level, row.passed) for row in rows] == [("test", 2, True)] * 2
    assert rows[0].key == f"attempt:{result.attempt.public_id}:B1"


def test_a_miss_is_kept_as_evidence_that_sets_no_level(ready, clock) -> None:
    result = take(ready, CODE, clock(), wrong=3)
    assert (result.score, result.passed, result.serial) == (Decimal("50.0"), False, None)
    assert [row.passed for row in db.session.execute(select(Evidence)).scalars()] == [False, False]
    assert count(Credential) == 0


def test_the_pass_compares_the_exact_value(ready, clock) -> None:
    """Five of six are 83.33…%: shown as 83.3, which is less than a pass mark of 83.33, and still enough for it."""
    put_course(clock(), exam=EXAM | {"pass": "83.33"})
    assert take(ready, CODE, clock(), wrong=1).passed
    put_course(clock(), code="TWO-2", title="Two", exam=EXAM | {"pass": "83.34"})
    read_all(ready, "TWO-2", clock())
    assert not take(ready, "TWO-2", clock(), wrong=1).passed


def test_without_a_framework_a_pass_still_counts(app, clock) -> None:
    person = make_person("E-902", "Ben", "Sample")
    put_course(clock())
    read_all(person, CODE, clock())
    assert take(person, CODE, clock()).serial
    assert count(Evidence) == 0


def test_a_pass_before_the_lessons_is_kept_until_they_are_done(person, clock) -> None:
    put_course(clock(), exam=EXAM | {"open": "always"})
    result = take(person, CODE, clock())
    assert (result.passed, result.serial) == (True, None)
    assert kind_of(person, clock) == "passed"
    clock.move(days=2)
    read_all(person, CODE, clock())
    assert queries.result(result.attempt).serial
    assert count(Credential) == 1
    credential = db.session.execute(select(Credential)).scalar_one()
    assert credential.facts["score"] == "100.0"


def test_a_course_without_an_exam_is_complete_with_its_lessons(person, clock) -> None:
    put_course(clock(), exam=None)
    read_all(person, CODE, clock())
    read_all(person, CODE, clock())
    assert (count(Completion), count(Credential), count(Evidence)) == (1, 1, 0)


def test_a_renewal_keeps_the_old_attempt_and_the_old_certificate(ready, clock) -> None:
    first = take(ready, CODE, clock())
    clock.move(days=30)
    assert kind_of(ready, clock) == "passed"
    clock.move(days=700 - 30)
    second = take(ready, CODE, clock())
    assert second.serial != first.serial
    assert (count(Completion), count(Credential)) == (2, 2)
    assert [attempt.number for attempt in queries.attempts(second.attempt.enrolment_id)] == [1, 2]
    assert queries.result(queries.attempt(first.attempt.public_id, ready)).serial == first.serial


def test_a_revoked_certificate_opens_the_exam_again(ready, clock) -> None:
    first = take(ready, CODE, clock())
    assert kind_of(ready, clock) == "passed"
    credentials.revoke(first.serial, "Issued in error", actor=None, now=clock.move(days=2))
    db.session.commit()
    second = take(ready, CODE, clock())
    assert second.serial != first.serial
    assert kind_of(ready, clock) == "passed"


def test_the_exam_reopens_ninety_days_before_the_certificate_itself_expires(person, clock) -> None:
    """A pass before the lessons is certified later, and so expires later."""
    put_course(clock(), exam=EXAM | {"open": "always"}, valid_months=6)
    take(person, CODE, clock())
    read_all(person, CODE, clock.move(days=40))
    until = db.session.execute(select(Credential.valid_until)).scalar_one()
    clock.now = dt.datetime.combine(until, dt.time(9), dt.UTC) - dt.timedelta(days=91)
    assert kind_of(person, clock) == "passed"
    clock.move(days=1)
    assert start(person, clock)


def test_a_saved_answer_is_read_again_and_may_be_cleared(ready, clock) -> None:
    public_id = start(ready, clock)
    save(public_id, "heparin-rate", ready, clock, raw_answer=12.5, confidence=3)
    attempt = queries.attempt(public_id, ready)
    saved = queries.responses(attempt.id)["heparin-rate"]
    assert (saved.value, saved.confidence, saved.flagged) == (12.5, 3, False)
    save(public_id, "heparin-rate", ready, clock, flagged=True)
    save(public_id, 4, ready, clock, raw_answer=None)
    saved = queries.responses(attempt.id)["heparin-rate"]
    assert (saved.value, saved.confidence, saved.flagged) == (None, 3, True)


@pytest.mark.parametrize("raw", ["no-such-id", 3, ["x"], {"a": 1}, True, "x" * 30_000])
def test_a_bad_answer_stores_nothing_and_says_what_was_expected(ready, clock, raw) -> None:
    public_id = start(ready, clock)
    save(public_id, "two-identifiers", ready, clock, raw_answer=None, confidence=1)
    with pytest.raises(AnswerError, match="expected"):
        save(public_id, "two-identifiers", ready, clock, raw_answer=raw, confidence=2)
    db.session.rollback()
    attempt = queries.attempt(public_id, ready)
    assert queries.responses(attempt.id)["two-identifiers"].confidence == 1


@pytest.mark.parametrize("confidence", [0, 4, True, "2"])
def test_a_bad_confidence_stores_nothing(ready, clock, confidence) -> None:
    public_id = start(ready, clock)
    with pytest.raises(AnswerError):
        save(public_id, "heparin-rate", ready, clock, raw_answer=12, confidence=confidence)
    db.session.rollback()
    assert count(Response) == 0


def test_an_unanswered_item_earns_nothing_and_has_a_row(ready, clock) -> None:
    public_id = start(ready, clock)
    result = services.submit(public_id, person_id=ready, actor=None, now=clock())
    db.session.commit()
    assert result.score == 0
    assert [(item.share, item.right) for item in result.items] == [(0.0, False)] * len(ITEMS)
    assert count(Response) == len(ITEMS)


def test_answers_are_taken_until_the_grace_is_over_and_no_longer(ready, clock) -> None:
    public_id = start(ready, clock)
    attempt = queries.attempt(public_id, ready)
    assert attempt.deadline == clock() + dt.timedelta(minutes=20)
    clock.move(minutes=21, seconds=59)
    save(public_id, "heparin-rate", ready, clock, raw_answer=12)
    clock.move(seconds=2)
    with pytest.raises(services.Refused) as refused:
        save(public_id, "cpoe-abbr", ready, clock, raw_answer="late")
    assert refused.value.kind == "closed"
    db.session.rollback()
    result = services.submit(public_id, person_id=ready, actor=None, now=clock())
    assert [item.right for item in result.items] == [False, False, False, True, False, False]
    assert result.attempt.submitted_at == attempt.deadline + dt.timedelta(seconds=120)


def test_a_new_start_after_the_time_hands_the_old_attempt_in_first(ready, clock) -> None:
    public_id = start(ready, clock)
    answer(public_id, ready, clock(), wrong=6)
    clock.move(hours=30)
    second = start(ready, clock)
    assert second != public_id
    assert queries.attempt(public_id, ready).passed is False


def test_the_worker_hands_in_what_nobody_did(ready, clock) -> None:
    public_id = start(ready, clock)
    answer(public_id, ready, clock())
    tasks.hand_in_overdue(now=clock.move(minutes=21))
    assert queries.attempt(public_id, ready).open
    tasks.hand_in_overdue(now=clock.move(minutes=5))
    db.session.commit()
    assert queries.attempt(public_id, ready).passed
    assert count(Credential) == 1
    assert "quizzes.overdue" in PERIODIC


def test_an_answer_after_handing_in_is_refused_and_changes_nothing(ready, clock) -> None:
    result = take(ready, CODE, clock())
    with pytest.raises(services.Refused) as refused:
        save(result.attempt.public_id, "heparin-rate", ready, clock, raw_answer=99)
    assert refused.value.kind == "closed"


def test_another_persons_attempt_does_not_exist(ready, clock) -> None:
    public_id = start(ready, clock)
    other = make_person("E-903", "Ben", "Sample")
    for act in (
        lambda: save(public_id, "heparin-rate", other, clock, raw_answer=12),
        lambda: services.submit(public_id, person_id=other, actor=None, now=clock()),
        lambda: save(public_id, "no-such-item", ready, clock, raw_answer=12),
        lambda: save(public_id, 7, ready, clock, raw_answer=12),
    ):
        with pytest.raises(services.UnknownAttempt):
            act()


def test_ids_of_options_differ_between_attempts_and_orders_are_of_chance(ready, clock) -> None:
    first = queries.attempt(start(ready, clock), ready)
    answer(first.public_id, ready, clock(), wrong=6)
    services.submit(first.public_id, person_id=ready, actor=None, now=clock())
    clock.move(days=2)
    second = queries.attempt(start(ready, clock), ready)
    item = queries.paper(first)[0]
    assert first.seed != second.seed
    assert right_answer(item, first.seed) != right_answer(item, second.seed)
    assert wrong_answer(item, first.seed) != right_answer(item, first.seed)


def test_an_essay_awaits_a_person_and_gives_no_score(ready, clock) -> None:
    essay = b"""---
competency: B1
level: 2
---

## Your plan {#your-plan .essay points=4}

Write how you would report an order on the wrong chart.

| Criterion | Points | Good |
|---|---|---|
| Says whom to tell | 2 | Names the unit lead |
| Says what to write | 2 | Fact, action, plan |

## Abbreviation {#cpoe-abbr}

What does CPOE stand for?

= computerized provider order entry
"""
    lesson = b"---\ntitle: One\nminutes: 1\n---\n\nRead, then write.\n\n## Plan {#plan}\n\nA plan.\n"
    put_course(
        clock(), code="ESS-1", title="Essay", questions=essay.decode(),
        extra={"10-right-patient.md": lesson, "20-alerts.md": lesson.replace(b"One", b"Two")},
    )  # fmt: skip
    read_all(ready, "ESS-1", clock())
    public_id = start(ready, clock, "ESS-1")
    save(public_id, "your-plan", ready, clock, raw_answer="Tell the lead.\nWrite it down.")
    save(public_id, "cpoe-abbr", ready, clock, raw_answer="computerized provider order entry")
    result = services.submit(public_id, person_id=ready, actor=None, now=clock())
    db.session.commit()
    assert (result.score, result.passed, result.serial) == (None, None, None)
    assert result.attempt.state == "awaiting_marking"
    assert [(item.share, item.awaiting) for item in result.items] == [(None, True), (1.0, False)]
    assert count(Evidence) == 0
