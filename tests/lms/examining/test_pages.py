"""The exam desk in the browser of an educator, and what a taker sees of it."""

from __future__ import annotations

import re

import pytest

from lms.credentials.desk import current_desk
from lms.db import db
from lms.people.queries import person
from lms.quizzes import allowances, challenges, essays, queries, services
from tests.lms.quizzes.conftest import WITH_ESSAY
from tests.support.courses import CODE, RIGHT
from tests.support.hospital import load_framework, make_person
from tests.support.looking import seen_at
from tests.support.signing import sign_in
from tests.support.taking import put_course, read_all, right_answer, take

TAKER = "asha.sample@example.org"
EDUCATOR = "ed.ucator@example.org"


@pytest.fixture
def taker(app, client, clock) -> int:
    """Asha, a nurse, who missed one question of the sample exam."""
    load_framework()
    found = make_person("E-901", "Asha", "Sample", "nurse", TAKER)
    db.session.commit()
    put_course(clock())
    read_all(found, CODE, clock())
    take(found, CODE, clock(), wrong=2)
    return found


@pytest.fixture
def attempt(taker):
    """Her attempt."""
    return queries.attempts_at(CODE)[0]


def as_educator(client, app):
    return sign_in(client, app, EDUCATOR, ["educator"])


def as_taker(client, app):
    return sign_in(client, app, TAKER)


def test_a_desk_without_work_says_so(client, app, taker) -> None:
    as_educator(client, app)
    assert "Nothing waits for you" in client.get("/exams").text


def test_an_objection_goes_from_the_result_page_to_the_desk_and_its_answer_back(client, app, attempt) -> None:
    as_taker(client, app)
    number = attempt.paper.index("cpoe-abbr") + 1
    place = f"/attempts/{attempt.public_id}/{number}/challenge"
    answer = client.post(place, data={"words": "Provider and physician are both used.", "show": "all"})
    assert answer.status_code == 303
    page = client.get(f"/attempts/{attempt.public_id}/result?show=all").text
    assert "You objected to this question" in page
    as_educator(client, app)
    desk = client.get("/exams").text
    assert "One question is objected to" in desk
    assert "Asha" not in desk, "an objection is read without the name"
    (waits,) = challenges.waiting()
    page = client.get(f"/exams/challenges/{waits.public_id}").text
    assert "Provider and physician are both used." in page
    assert "Asha" not in page
    assert "The answer given" in page
    assert "Your answer</dt>" not in page, "it is not the educator's answer"
    data = {"outcome": "upheld", "words": "You are right; both count now."}
    answer = client.post(f"/exams/challenges/{waits.public_id}", data=data)
    assert answer.location.endswith(f"/exams/regrade/{CODE}/cpoe-abbr")
    as_taker(client, app)
    page = client.get(f"/attempts/{attempt.public_id}/result?show=all").text
    assert "You are right; both count now." in page


def test_an_answer_without_words_is_refused_and_nothing_is_kept(client, app, attempt, clock) -> None:
    challenges.challenge(attempt, attempt.paper[0], "Unclear.", now=clock())
    db.session.commit()
    (waits,) = challenges.waiting()
    as_educator(client, app)
    answer = client.post(f"/exams/challenges/{waits.public_id}", data={"outcome": "upheld", "words": " "})
    assert answer.status_code == 422
    assert "Write the answer" in answer.text
    assert challenges.waiting() == (waits,)


def test_a_question_that_the_exam_keeps_to_itself_cannot_be_objected_to(client, app, clock, taker) -> None:
    put_course(clock(), code="SHUT-101", exam={"title": "Final", "pass": 80, "attempts": 1, "feedback": "never"})
    read_all(taker, "SHUT-101", clock())
    shut = take(taker, "SHUT-101", clock()).attempt
    as_taker(client, app)
    assert client.post(f"/attempts/{shut.public_id}/1/challenge", data={"words": "Unclear."}).status_code == 403


def test_a_regrade_is_previewed_made_and_explained_to_the_taker(client, app, attempt, clock) -> None:
    clock.move(hours=1)
    as_educator(client, app)
    place = f"/exams/regrade/{CODE}/alert-override"
    page = client.get(f"{place}?rule=credit").text
    assert "One result would change" in page
    assert "83.3%" in page
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    data = {"rule": "credit", "reason": "Two answers were right.", "key": key}
    for _ in range(2):
        assert client.post(place, data=data).status_code == 303
    as_taker(client, app)
    page = client.get(f"/attempts/{attempt.public_id}/result").text
    assert "You passed with 83.3%" in page
    assert "83.3% instead of 66.7%. Two answers were right." in page
    assert "See your certificate" in page


def test_a_decision_can_be_kept_for_attempts_that_still_wait_for_marking(client, app, taker, clock) -> None:
    put_course(clock(), code="TEXT-101", questions=WITH_ESSAY)
    read_all(taker, "TEXT-101", clock())
    public_id = services.start(taker, "TEXT-101", actor=None, now=clock())
    sat = queries.attempt(public_id, taker)
    for item in queries.paper(sat):
        raw = right_answer(item, sat.seed) if item.id in RIGHT else "A scan would have shown it."
        services.save(public_id, item.id, raw, person_id=taker, now=clock())
    services.submit(public_id, person_id=taker, actor=None, now=clock(), desk=current_desk())
    db.session.commit()
    clock.move(hours=1)
    as_educator(client, app)
    place = "/exams/regrade/TEXT-101/cpoe-abbr"
    page = client.get(f"{place}?rule=leave-out").text
    assert "No result would change" in page
    assert "One attempt waits for marking" in page
    assert "Keep the decision" in page
    data = {"rule": "leave-out", "reason": "It was unclear.", "key": "k"}
    assert "The decision is kept" in client.post(place, data=data, follow_redirects=True).text
    client.post(f"/exams/marking/{public_id}/near-miss", data={"points-0": "2", "points-1": "1"})
    as_taker(client, app)
    assert "88.9% instead of 90%. It was unclear." in client.get(f"/attempts/{public_id}/result").text


def test_a_regrade_without_a_reason_is_refused(client, app, attempt, clock) -> None:
    as_educator(client, app)
    answer = client.post(f"/exams/regrade/{CODE}/alert-override", data={"rule": "credit", "reason": "", "key": "k"})
    assert answer.status_code == 422
    assert "Give the reason" in answer.text
    assert client.get(f"/exams/regrade/{CODE}/no-such-item").status_code == 404


def test_an_attempt_is_found_by_its_person_and_reset_with_a_reason(client, app, attempt) -> None:
    as_educator(client, app)
    assert "Asha Sample" in client.get(f"/exams/attempts?code={CODE}&q=asha").text
    assert seen_at() == {("list", "attempts", "Safer orders, a sample", "")}
    assert "No attempt found" in client.get(f"/exams/attempts?code={CODE}&q=nobody").text
    refused = client.post(f"/exams/attempts/{attempt.public_id}/reset", data={"reason": "", "code": CODE})
    assert refused.status_code == 422
    done = client.post(f"/exams/attempts/{attempt.public_id}/reset", data={"reason": "Alarm.", "code": CODE})
    assert done.status_code == 303
    assert "Does not count" in client.get(f"/exams/attempts?code={CODE}").text
    assert client.post("/exams/attempts/unknown/reset", data={"reason": "Alarm."}).status_code == 404


def test_more_time_is_asked_for_granted_and_shown_at_the_start(client, app, taker, clock) -> None:
    as_taker(client, app)
    assert client.post("/attempts/more-time", data={"words": "Half more, please"}).status_code == 303
    assert "You asked for more time" in client.get("/attempts/more-time").text
    as_educator(client, app)
    assert "Half more, please" in client.get("/exams/time").text
    (request,) = allowances.waiting()
    assert client.post(f"/exams/time/requests/{request.public_id}", data={"percent": "50"}).status_code == 303
    assert "One person has extra time" in client.get("/exams/time").text
    as_taker(client, app)
    assert "You have 50% more time" in client.get("/attempts/more-time").text
    assert "30 minutes, counted by the server" in client.get(f"/courses/{CODE}/exam").text


@pytest.mark.parametrize("percent", ["", "-5", "many", "999", "99999999"])
def test_extra_time_that_is_no_number_in_range_is_refused(client, app, taker, percent) -> None:
    as_educator(client, app)
    answer = client.post(f"/exams/time/{person(taker).public_id}", data={"percent": percent})
    assert answer.status_code == 422
    assert allowances.allowances() == ()


def test_a_text_is_marked_without_a_name_and_the_taker_reads_marks_and_comment(client, app, taker, clock) -> None:
    put_course(clock(), code="TEXT-101", questions=WITH_ESSAY)
    read_all(taker, "TEXT-101", clock())
    public_id = services.start(taker, "TEXT-101", actor=None, now=clock())
    sat = queries.attempt(public_id, taker)
    for item in queries.paper(sat):
        raw = right_answer(item, sat.seed) if item.id in RIGHT else "A scan would have shown it.\n\nSo scan."
        services.save(public_id, item.id, raw, person_id=taker, now=clock())
    services.submit(public_id, person_id=taker, actor=None, now=clock(), desk=current_desk())
    db.session.commit()
    who = as_educator(client, app)
    (waits,) = essays.queue(who.account_id, who.person_id)
    place = f"/exams/marking/{public_id}/{waits.item.id}"
    page = client.get(place).text
    assert "A scan would have shown it." in page
    assert "Asha" not in page
    refused = client.post(place, data={"points-0": "2", "points-1": "two"})
    assert (refused.status_code, "Give points for every criterion" in refused.text) == (422, True)
    assert client.post(place, data={"points-0": "2", "points-1": "9"}).status_code == 422
    data = {"points-0": "2", "points-1": "1,5", "comment": "Say who acts."}
    assert client.post(place, data=data).location.endswith("/exams")
    assert "This text does not wait for you" in client.get(place).text
    as_taker(client, app)
    page = client.get(f"/attempts/{public_id}/result?show=all").text
    assert "1.5 of 2 points" in page
    assert "Say who acts." in page


def test_agreement_is_judged_only_where_texts_are_enough(client, app, taker, clock, monkeypatch) -> None:
    put_course(clock(), code="TEXT-101", questions=WITH_ESSAY)
    as_taker(client, app)
    assert client.get("/exams/agreement").status_code == 403
    as_educator(client, app)
    assert "No text was marked by two people yet" in client.get("/exams/agreement").text
    given = {"TEXT-101": ((0.5, 1.0), (1.0, 0.75))}
    monkeypatch.setattr(essays, "pairs", lambda code: given.get(code, ()))
    assert "Too few texts" in client.get("/exams/agreement").text
    given["TEXT-101"] = ((0.5, 1.0), (1.0, 0.5)) * 15
    page = client.get("/exams/agreement").text
    assert "Markers of one course agree too little" in page
    given["TEXT-101"] = ((0.5, 0.5), (1.0, 1.0)) * 15
    page = client.get("/exams/agreement").text
    assert "Markers agree, as far as can be said" in page
    assert "1.00" in page
