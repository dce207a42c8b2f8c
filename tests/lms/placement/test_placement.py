"""Testing out: offered only where it can be honest, answered once a question, recorded as what it is."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import adaptive
from assessments.adaptive import AdaptiveItem
from lms.competency.models import Evidence
from lms.db import db
from lms.items import retiring
from lms.learning import queries as learning
from lms.placement import queries, rules, services
from lms.placement.models import PlacementTest
from tests.lms.placement.conftest import CODE
from tests.support.signing import sign_in
from tests.support.taking import form_of, put_course

PLACE = f"/courses/{CODE}/test-out"


@pytest.fixture
def taker(client, app, many):
    return sign_in(client, app, "asha@example.org")


def begin(client) -> str:
    answer = client.post(PLACE)
    assert answer.status_code == 303
    return answer.location


def reply(client, place, right):
    page = client.get(place).text
    options = form_of(page, "question")
    item = re.search(r'name="item" value="([^"]+)"', page)[1]
    return client.post(place, data={"item": item, "answer": options["Right" if right else "Wrong"], "go": "next"})


def run(client, right, most=60):
    place = begin(client)
    for _ in range(most):
        page = client.get(place).text
        if 'id="question"' not in page:
            return page
        assert reply(client, place, right).status_code == 303
    raise AssertionError("the test has no end")


def evidence(person_id):
    return db.session.query(Evidence).filter_by(person_id=person_id).all()


def test_who_answers_all_tests_out_with_evidence_and_nothing_else(client, taker, many, clock) -> None:
    assert "<h1>You can test out" in client.get(PLACE).text
    page = run(client, True)
    assert "<h1>You tested out of" in page
    assert "no certificate and no credit hours" in page
    assert "Tested out" in page
    rows = evidence(taker.person_id)
    assert {(row.source, row.passed) for row in rows} == {("test", True)}
    assert all(row.key.startswith("test-out:") and row.level <= 2 for row in rows)
    place = learning.place(taker.person_id, CODE)
    assert place.enrolment is None or place.enrolment.completed_at is None
    assert "<h1>You have shown this already" in client.get(PLACE).text
    assert client.post(PLACE).status_code == 409


def test_who_misses_all_is_not_exempted_and_waits_thirty_days(client, taker, clock) -> None:
    assert "<h1>Not tested out" in run(client, False)
    assert evidence(taker.person_id) == []
    assert "<h1>The next test opens on" in client.get(PLACE).text
    assert client.post(PLACE).status_code == 409
    clock.move(days=29)
    assert queries.offer(CODE, taker.person_id, False, clock()).kind == "wait"
    clock.move(days=2)
    assert queries.offer(CODE, taker.person_id, False, clock()).kind == "go"


def test_reloading_going_back_and_a_second_window_change_nothing(client, taker) -> None:
    place = begin(client)
    assert begin(client) == place, "an open test goes on"
    first = client.get(place).text
    assert client.get(place).text.count("Right") == first.count("Right")
    item = re.search(r'name="item" value="([^"]+)"', first)[1]
    data = {"item": item, "answer": form_of(first, "question")["Right"], "go": "next"}
    assert client.post(place, data=data).status_code == 303
    second = client.get(place).text
    wrong = data | {"answer": form_of(first, "question")["Wrong"]}
    assert client.post(place, data=wrong).status_code == 303, "the window that still shows the first question"
    test = queries.one(place.rsplit("/", 1)[1], taker.person_id)
    assert test.state["answers"] == [[item, True]]
    assert re.search(r'name="item" value="([^"]+)"', client.get(place).text)[1] in second
    (row,) = db.session.query(PlacementTest).all()
    assert queries.exposure(row.course_id) == ({item: 1}, 1)


def test_no_answer_is_asked_for_again_and_not_knowing_is_an_answer(client, taker) -> None:
    place = begin(client)
    item = re.search(r'name="item" value="([^"]+)"', client.get(place).text)[1]
    refused = client.post(place, data={"item": item, "go": "next"})
    assert (refused.status_code, "say that you do not know" in refused.text) == (422, True)
    assert client.post(place, data={"item": item, "go": "next", "answer": "nonsense"}).status_code == 422
    assert client.post(place, data={"item": item, "go": "skip"}).status_code == 303
    test = queries.one(place.rsplit("/", 1)[1], taker.person_id)
    assert test.state["answers"] == [[item, False]]


def test_another_persons_test_is_not_there(client, app, taker) -> None:
    place = begin(client)
    sign_in(client, app, "other@example.org")
    assert client.get(place).status_code == 404
    assert client.post(place, data={"item": "q-1"}).status_code == 404
    assert client.get("/courses/NONE-101/test-out").status_code == 404


def test_without_enough_placed_questions_the_page_says_so(client, app, taker, many, clock) -> None:
    put_course(clock(), code="NEW-101")
    page = client.get("/courses/NEW-101/test-out").text
    assert "<h1>This course cannot be tested out of yet" in page
    assert "needs 30 questions" in page
    assert client.post("/courses/NEW-101/test-out").status_code == 409
    put_course(clock(), code="BARE-101", exam=None)
    assert "<h1>This course cannot be tested out of" in client.get("/courses/BARE-101/test-out").text


def test_retired_questions_are_not_asked(many, taker, clock) -> None:
    before = queries.pool(many).placed
    assert before >= rules.NEEDED
    item = queries.pool(many).items[0].id
    retiring.retire(many, item, "Old.", actor=taker.account_id, now=clock())
    found = queries.pool(many)
    assert (found.placed, item in {each.id for each in found.items}) == (before - 1, False)


def test_an_item_asked_of_too_many_is_kept_back(many, taker) -> None:
    found = queries.pool(many)
    most = found.items[0].id
    spec = rules.spec(found, 1.0, {most: 9}, 12)
    assert spec.barred == frozenset({most})
    assert rules.spec(found, 1.0, {most: 9}, 9).barred == frozenset(), "nine tests say nothing"
    assert adaptive.spec_faults(spec) == []


def test_the_figures_of_a_test_are_pinned(client, taker, many) -> None:
    begin(client)
    (row,) = db.session.query(PlacementTest).all()
    assert len(row.figures_digest) == 64
    assert row.state["cut"] == pytest.approx(queries.pool(many).cut)


def test_answering_after_the_end_changes_nothing(client, taker, clock) -> None:
    run(client, True)
    (row,) = db.session.query(PlacementTest).all()
    before = dict(row.state)
    done = services.answer(
        row.public_id, taker.person_id, "q-1", lambda item, seed: None, actor=taker.account_id, now=clock(),
        today=dt.date(2026, 11, 26),
    )  # fmt: skip
    assert done.state == before


@given(
    places=st.lists(st.floats(-3, 3), min_size=1, max_size=20), share=st.fractions(Fraction(5, 100), Fraction(95, 100))
)
def test_the_cut_is_where_the_pass_mark_is_expected(places, share) -> None:
    items = [AdaptiveItem(str(at), 1.0, place) for at, place in enumerate(places)]
    cut = rules.cut_of(items, float(share))
    if cut is not None:
        chances = [adaptive.information(1.0, one.b, cut) for one in items]
        assert -rules.REACH <= cut <= rules.REACH
        assert all(0 <= chance <= 0.25 for chance in chances)
        higher = rules.cut_of(items, min(0.99, float(share) + 0.04))
        assert higher is None or higher >= cut
