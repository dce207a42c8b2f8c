"""Testing out: offered only where it can be honest, answered once a question, recorded as what it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from assessments import adaptive
from assessments.adaptive import AdaptiveItem
from lms.bank import queries as bank
from lms.catalog import queries as catalog
from lms.competency.models import Evidence
from lms.db import db
from lms.items import retiring
from lms.jobs.registry import TaskRefused
from lms.jobs.worker import Worker
from lms.learning import queries as learning
from lms.learning.models import Enrolment
from lms.placement import queries, rules, services, tasks
from lms.placement.models import PlacementTest
from tests.lms.placement.conftest import CODE
from tests.support.signing import sign_in
from tests.support.taking import form_of, put_course, read_all

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


def hash_of(*facts) -> float:
    """A number from 0 to 1 that is the same each time."""
    return int.from_bytes(hashlib.sha256(repr(facts).encode()).digest()[:6], "big") / 2**48


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


COURSE = f"/courses/{CODE}"


def test_the_course_page_offers_the_test_only_where_it_can_be_had(client, app, taker, many, clock) -> None:
    assert f'href="{PLACE}"' in client.get(COURSE).text
    put_course(clock(), code="NEW-101")
    put_course(clock(), code="BARE-101", exam=None)
    for code in ("NEW-101", "BARE-101"):
        page = client.get(f"/courses/{code}")
        assert (page.status_code, "test-out" in page.text) == (200, False)


def test_the_course_page_says_that_a_test_is_open_or_when_the_next_one_is(client, app, taker, clock) -> None:
    begin(client)
    assert "Your test-out is open." in client.get(COURSE).text
    run(client, False)
    page = client.get(COURSE).text
    assert "You can test out again from 23 December 2026 on." in page
    assert "test-out" not in page, "no link leads to what is closed"
    clock.move(days=31)
    sign_in(client, app, "asha@example.org")
    assert f'href="{PLACE}"' in client.get(COURSE).text


def test_the_course_page_says_who_tested_out_that_there_is_no_certificate(client, app, taker, clock) -> None:
    run(client, True)
    page = client.get(COURSE).text
    assert "You tested out on 23 November 2026." in page
    assert "no certificate and no credit hours" in page
    assert "Start the course" in page, "who wants the certificate takes the course"
    assert f'href="{PLACE}"' not in page
    sign_in(client, app, "other@example.org")
    assert "You tested out" not in client.get(COURSE).text


def test_the_course_page_of_who_completed_it_says_nothing_of_tests(client, app, taker, many, clock) -> None:
    place = learning.place(taker.person_id, CODE)
    assert place.enrolment is None
    read_all(taker.person_id, CODE, clock())
    assert f'href="{PLACE}"' in client.get(COURSE).text, "the lessons alone complete nothing here"
    db.session.execute(update(Enrolment).values(completed_at=clock()))
    db.session.commit()
    assert "test-out" not in client.get(COURSE).text


def test_prices_are_learnt_by_a_job_once_and_pinned_by_the_tests_that_begin_then(client, taker, many, clock) -> None:
    assert services.ask_where_behind(now=clock()) == 1
    assert services.ask_where_behind(now=clock()) == 0, "it is queued already"
    db.session.commit()
    assert Worker(clock).drain() == 1
    assert queries.behind() == ()
    found = queries.prices(many.id, bank.analyses()[many.course_id].digest)
    assert found.keys() == {one.id for one in queries.pool(many).items}
    assert any(price > 0 for price in found.values())
    begin(client)
    (row,) = db.session.query(PlacementTest).all()
    assert {name: price for name, *_, price in row.state["items"]} == pytest.approx(found)


def test_a_test_that_begins_before_prices_are_learnt_has_none_and_keeps_none(client, taker, many, clock) -> None:
    begin(client)
    services.learn(many.course_id, now=clock())
    db.session.commit()
    begin(client)
    (row,) = db.session.query(PlacementTest).all()
    assert {price for *_, price in row.state["items"]} == {0.0}


def test_prices_of_other_figures_are_not_used_and_learnt_anew(client, taker, many, clock) -> None:
    services.learn(many.course_id, now=clock())
    db.session.commit()
    retiring.retire(many, queries.pool(many).items[0].id, "Old.", actor=taker.account_id, now=clock())
    assert [each.version.id for each in queries.behind()] == [many.id], "the pool is another one"
    assert queries.prices(many.id, "0" * 64) == {}


def test_nothing_is_learnt_for_a_course_that_cannot_be_tested_out_of(app, taker, clock) -> None:
    done = put_course(clock(), code="NEW-101")
    version = catalog.version(done.version_id)
    assert not services.learn(version.course_id, now=clock())
    with pytest.raises(TaskRefused):
        tasks.learn({"course": version.course_id}, now=clock())


def test_prices_let_simulated_takers_share_the_items_more_evenly() -> None:
    items = tuple(AdaptiveItem(f"q-{at}", 2.0 if at < 8 else 0.8, (at % 10 - 4.5) / 3) for at in range(80))
    pool = rules.Pool(items, 0.0)
    prices = rules.learn(pool, 1.0)

    def greatest(spec: adaptive.AdaptiveSpec) -> float:
        asked: Counter[str] = Counter()
        for taker in range(60):
            state = adaptive.start(spec, f"taker {taker}")
            while (item := adaptive.next_item(state)) is not None:
                asked[item] += 1
                state = adaptive.answer(state, item, hash_of(taker, item) < 0.5)
        return max(asked.values()) / 60

    assert greatest(rules.spec(pool, 1.0, {}, 0, prices)) < greatest(rules.spec(pool, 1.0, {}, 0))


@pytest.mark.parametrize(("placed", "cap"), [(30, 0.917), (40, 0.688), (69, 0.4), (300, 0.4)])
def test_a_small_pool_has_a_cap_that_it_can_hold(placed, cap) -> None:
    items = tuple(AdaptiveItem(str(at), 1.0, 0.0) for at in range(placed))
    assert rules.cap_of(rules.Pool(items, 0.0)) == pytest.approx(cap, abs=0.001)
