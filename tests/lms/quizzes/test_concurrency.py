"""Two tabs, two devices, a submit repeated while the first is still on its way: nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.competency.models import Evidence
from lms.credentials.models import Credential
from lms.db import db
from lms.learning import services as learning
from lms.learning.models import Completion, Enrolment
from lms.quizzes import queries, services
from lms.quizzes.models import Attempt
from tests.support.courses import CODE
from tests.support.hospital import load_framework, make_person
from tests.support.taking import answer, put_course, read_all

TOGETHER = 4


@pytest.fixture
def ready(app, clock) -> int:
    """A nurse with every lesson of the sample course completed; nothing is held open."""
    load_framework()
    person = make_person("E-901", "Asha", "Sample", "nurse")
    db.session.commit()
    put_course(clock())
    read_all(person, CODE, clock())
    db.session.remove()
    return person


@pytest.fixture
def at_once(app) -> Callable[[Callable[[int], Any]], list[Any]]:
    """Run an act in several threads at the same moment, each committing its own transaction."""

    def run(act: Callable[[int], Any]) -> list[Any]:
        barrier = Barrier(TOGETHER)

        def one(number: int) -> Any:
            with app.app_context():
                barrier.wait(10)
                try:
                    done = act(number)
                    db.session.commit()
                except services.Refused as fault:
                    db.session.rollback()
                    return fault.kind
                finally:
                    db.session.remove()
                return done

        db.session.remove()
        with ThreadPoolExecutor(TOGETHER) as pool:
            return list(pool.map(one, range(TOGETHER)))

    return run


def count(model) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_starts_at_the_same_moment_are_one_attempt(ready, clock, at_once) -> None:
    found = at_once(lambda number: services.start(ready, CODE, actor=None, now=clock()))
    assert len(set(found)) == 1
    assert count(Attempt) == 1


def test_submits_at_the_same_moment_give_one_result_and_one_certificate(ready, clock, at_once) -> None:
    attempt = services.start(ready, CODE, actor=None, now=clock())
    answer(attempt, ready, clock())
    found = at_once(lambda number: services.submit(attempt, person_id=ready, actor=None, now=clock()))
    assert len({result.serial for result in found}) == 1
    assert found[0].passed
    assert (count(Completion), count(Credential), count(Evidence)) == (1, 1, 2)


def test_an_answer_that_meets_the_submit_is_in_it_or_refused(ready, clock, at_once) -> None:
    attempt = services.start(ready, CODE, actor=None, now=clock())
    answer(attempt, ready, clock())

    def act(number: int) -> Any:
        if number == 0:
            return services.submit(attempt, person_id=ready, actor=None, now=clock()).score
        services.save(attempt, "heparin-rate", 99, person_id=ready, now=clock())
        return "saved"

    score, *saves = at_once(act)
    facts = queries.attempt(attempt, ready)
    value = queries.responses(facts.id)["heparin-rate"].value
    assert set(saves) <= {"saved", "closed"}
    assert value == (99 if "saved" in saves else 12)
    assert (score < 100) == ("saved" in saves)


def test_answers_to_one_question_at_the_same_moment_leave_one_of_them(ready, clock, at_once) -> None:
    attempt = services.start(ready, CODE, actor=None, now=clock())
    db.session.commit()
    at_once(lambda number: services.save(attempt, "heparin-rate", number, person_id=ready, now=clock()))
    facts = queries.attempt(attempt, ready)
    saved = queries.responses(facts.id)
    assert set(saved) == {"heparin-rate"}
    assert saved["heparin-rate"].value in range(TOGETHER)


def test_enrolments_at_the_same_moment_are_one(ready, clock, at_once) -> None:
    person = make_person("E-902", "Ben", "Sample")
    db.session.commit()
    found = at_once(lambda number: learning.enrol(person, CODE, now=clock()).public_id)
    assert len(set(found)) == 1
    assert count(Enrolment) == 2
