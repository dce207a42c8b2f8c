"""The question bank in the browser of an educator: found, looked at, retired and brought back."""

from __future__ import annotations

import re

import pytest

from lms.bank import listing, services, tasks
from lms.bank.listing import Filter
from lms.db import db
from lms.items import retiring
from lms.jobs.registry import TASKS
from lms.jobs.worker import Worker
from lms.quizzes import challenges, queries
from tests.support.courses import CODE, ITEMS, QUESTIONS
from tests.support.signing import sign_in
from tests.support.taking import put_course, statements

EDUCATOR = "ed.ucator@example.org"


@pytest.fixture
def educator(client, app):
    return sign_in(client, app, EDUCATOR, ["educator"])


@pytest.fixture
def analysed(sat, clock):
    """Figures of the sample course."""
    services.analyse(sat.course_id, now=clock())
    db.session.commit()
    return sat


@pytest.mark.parametrize("place", ["/bank", "/bank/figures", f"/bank/{CODE}/{ITEMS[0]}"])
def test_only_those_who_publish_see_the_bank(client, app, version, place) -> None:
    assert client.get(place).status_code == 302
    sign_in(client, app, "asha@example.org", ["learner", "supervisor", "cmio"])
    assert client.get(place).status_code == 403
    sign_in(client, app, "admin@example.org", ["administrator"])
    assert client.get(place).status_code == 200


def test_the_list_says_how_many_questions_need_a_look_and_puts_them_first(client, educator, analysed) -> None:
    page = client.get("/bank").text
    assert re.search(r"<h1>6 questions, (one|\d) needs? a look", page)
    assert page.index("Works backwards") < page.index("Two identifiers")
    assert "90" in page


def test_a_list_before_any_figures_says_that_none_needs_a_look(client, educator, version) -> None:
    assert "<h1>6 questions, none needs a look" in client.get("/bank").text


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(text="COMPARE before"), {"two-identifiers"}),
        (Filter(text="no such words"), set()),
        (Filter(kind="numeric"), {"heparin-rate"}),
        (Filter(use="both"), {"two-identifiers"}),
        (Filter(course="OTHER-101"), set()),
        (Filter(course=CODE, level="2", competency="B1", kind="truefalse"), {"wrong-chart"}),
        (Filter(flag="key"), {"alert-override"}),
        (Filter(flag="look", kind="single"), {"alert-override"}),
        (Filter(state="retired"), {"cpoe-abbr"}),
        (Filter(state="challenged"), {"checked-twice"}),
    ],
)
def test_each_choice_narrows_the_list(analysed, educator, clock, wanted, expected) -> None:
    attempt = queries.attempts_at(CODE)[0]
    challenges.challenge(attempt, "checked-twice", "Unclear.", now=clock())
    retiring.retire(analysed, "cpoe-abbr", "Trivia.", actor=educator.account_id, now=clock())
    assert {entry.item.id for entry in listing.listing(wanted).entries} == expected


def test_the_number_of_statements_does_not_grow_with_the_bank(client, educator, analysed, clock) -> None:
    client.get("/bank")
    with statements() as before:
        client.get("/bank")
    for number in range(3):
        put_course(clock(), code=f"MORE-10{number}")
    client.get("/bank")
    with statements() as after:
        assert "24 questions" in client.get("/bank").text
    assert len(after) == len(before)
    assert len(after) <= 9


def test_a_long_list_is_read_page_by_page_and_keeps_its_choices(client, educator, analysed, clock, monkeypatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 4)
    page = client.get(f"/bank?course={CODE}").text
    assert "Page 1 of 2" in page
    assert f"/bank?course={CODE}&amp;page=2" in page
    assert "Page 2 of 2" in client.get(f"/bank?course={CODE}&page=99").text
    assert client.get("/bank?page=minus").status_code == 200


def test_a_question_shows_its_key_every_feedback_and_its_figures(client, educator, analysed) -> None:
    page = client.get(f"/bank/{CODE}/two-identifiers").text
    assert "Both stand on the banner and on the wristband." in page
    assert "Beds change faster than banners." in page
    assert "90 people met it as it stands now" in page
    assert "Who picks what" in page
    assert "Nurses" in page
    assert "Rasch, in logits" in page
    assert "certain" in page
    assert "The right patient, the right encounter" in page, "the lesson that checks it"
    page = client.get(f"/bank/{CODE}/alert-override").text
    assert "<h1>Works backwards" in page


@pytest.mark.parametrize("item", ITEMS)
def test_a_question_of_every_type_is_shown_without_figures_too(client, educator, version, item) -> None:
    assert "Too few takers to judge" in client.get(f"/bank/{CODE}/{item}").text


def test_its_wordings_say_what_changed_and_when_it_was_left_out(client, educator, version, clock) -> None:
    reworded = QUESTIONS.replace("Which two identifiers do you compare", "Which two must you compare")
    put_course(clock(), edition="2027.1", questions=reworded)
    page = client.get(f"/bank/{CODE}/two-identifiers").text
    assert "changed: question" in page
    assert "Which two must you compare" in page
    assert client.get(f"/bank/{CODE}/no-such-item").status_code == 404
    assert client.get("/bank/NONE-101/two-identifiers").status_code == 404


def test_a_question_is_retired_with_a_reason_and_brought_back(client, educator, version) -> None:
    place = f"/bank/{CODE}/cpoe-abbr"
    refused = client.post(f"{place}/retire", data={"reason": " "})
    assert (refused.status_code, "Give the reason" in refused.text) == (422, True)
    assert client.post(f"{place}/retire", data={"reason": "Trivia."}).status_code == 303
    page = client.get(place).text
    assert "<h1>Retired: " in page
    assert "Trivia." in page
    assert client.post(f"{place}/restore").status_code == 303
    page = client.get(place).text
    assert "Retired before" in page
    assert retiring.retired(version.course_id) == frozenset()


def test_an_objection_leads_to_its_answer_and_to_the_regrade(client, educator, analysed, clock) -> None:
    challenges.challenge(queries.attempts_at(CODE)[0], "cpoe-abbr", "Two words fit.", now=clock())
    db.session.commit()
    (waits,) = challenges.waiting()
    page = client.get(f"/bank/{CODE}/cpoe-abbr").text
    assert "<h1>A taker objects" in page
    assert f"/exams/challenges/{waits.public_id}" in page
    assert f"/exams/regrade/{CODE}/cpoe-abbr" in page


def test_figures_are_asked_for_and_made_by_the_worker(client, educator, sat, clock) -> None:
    assert "The figures of one course are behind" in client.get("/bank/figures").text
    assert client.post(f"/bank/figures/{CODE}").status_code == 303
    assert client.post("/bank/figures/NONE-101").status_code == 404
    assert tasks.services.ANALYSE in TASKS
    assert Worker(clock).drain() == 1
    page = client.get("/bank/figures").text
    assert "The figures of every course know all its answers" in page
    assert "Up to date" in page
