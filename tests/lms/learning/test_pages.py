"""Catalogue, course and lesson pages as a learner without a script meets them."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from lms.credentials.queries import by_serial
from lms.db import db
from lms.learning import queries
from tests.support.courses import CODE
from tests.support.hospital import load_framework, make_person
from tests.support.signing import sign_in
from tests.support.taking import form_of, put_course, read_all, statements, take

LESSON = f"/courses/{CODE}/lessons/right-patient"
CHECK = "check-two-identifiers"


@pytest.fixture
def learner(app, client, clock):
    """Asha, a nurse, signed in, with the sample course published."""
    load_framework()
    make_person("E-901", "Asha", "Sample", "nurse", "asha.sample@example.org")
    db.session.commit()
    put_course(clock())
    return sign_in(client, app, "asha.sample@example.org")


@pytest.fixture
def enrolled(client, learner):
    """The same learner, enrolled."""
    client.post(f"/courses/{CODE}/enrol")
    return learner


def test_the_catalogue_shows_the_courses_of_the_profession_first_and_refuses_nobody(client, learner, clock) -> None:
    put_course(clock(), code="PHA-201", title="Aardvark for pharmacists", audience=["pharmacist"])
    page = client.get("/courses").text
    assert "2 courses to choose from" in page
    assert "Made for nurses" in page
    assert page.index("Safer orders") < page.index("Aardvark for pharmacists")
    assert client.post("/courses/PHA-201/enrol").status_code == 303


def test_the_catalogue_is_searched_by_words(client, learner, clock) -> None:
    put_course(clock(), code="PHA-201", title="Aardvark for pharmacists", audience=["pharmacist"])
    page = client.get("/courses?q=AARD+pharm").text
    assert "Aardvark" in page
    assert "Safer orders" not in page
    assert "No course has these words" in client.get("/courses?q=zebra").text


def test_the_course_page_says_what_it_is_and_what_it_counts_towards(client, learner) -> None:
    page = client.get(f"/courses/{CODE}").text
    for words in (
        "Safer orders, a sample",
        "Compare two identifiers before every order",
        "Enter complete orders on the right patient",
        "Start the course",
        "Pass mark 80%",
        "6 questions",
        "R. Example, PharmD",
        "nothing to disclose",
        "Valid 24 months",
        "2026.1",
    ):
        assert words in page, words


def test_an_unknown_course_is_not_found(client, learner) -> None:
    assert client.get("/courses/NO-1").status_code == 404
    assert client.post("/courses/NO-1/enrol").status_code == 404
    assert client.get("/courses/NO-1/lessons/x").status_code == 404


def test_enrolling_twice_is_one_enrolment_and_opens_the_first_lesson(client, learner) -> None:
    first = client.post(f"/courses/{CODE}/enrol")
    again = client.post(f"/courses/{CODE}/enrol")
    assert (first.status_code, first.location) == (303, LESSON)
    assert again.location == LESSON
    assert len(queries.my_courses(learner.person_id)) == 1


def test_a_lesson_is_read_only_after_enrolling(client, learner) -> None:
    answer = client.get(LESSON)
    assert (answer.status_code, answer.location) == (303, f"/courses/{CODE}")
    assert "Start the course to open its lessons." in client.get(f"/courses/{CODE}").text


def test_a_lesson_page_shows_text_outline_and_place(client, enrolled) -> None:
    page = client.get(LESSON).text
    assert "Read the name and the encounter <strong>before</strong> you order." in page
    assert "Lesson 1 of 2" in page
    assert f'href="{LESSON}?at=banner#banner"' in page
    assert "Done, next lesson" in page
    assert 'data-check="two' not in page


def test_a_lesson_page_costs_at_most_five_statements_with_sign_in_check_and_visit(client, enrolled, clock) -> None:
    with statements() as first:
        assert client.get(LESSON).status_code == 200
    with statements() as again:
        assert client.get(f"{LESSON}?at=wrong").status_code == 200
    assert len(again) <= 5, again
    client.get(f"/courses/{CODE}/lessons/alerts")
    with statements() as warm:
        client.get(f"/courses/{CODE}/lessons/alerts")
    assert len(warm) <= 4, warm
    assert any("lesson_progress" in each for each in first)


def test_reading_goes_on_at_the_lesson_and_heading_where_it_stopped(client, enrolled) -> None:
    client.get(LESSON)
    client.get(f"{LESSON}?at=wrong")
    page = client.get(f"/courses/{CODE}").text
    assert f'href="{LESSON}#wrong"' in page
    client.get(LESSON)
    assert f'href="{LESSON}#wrong"' in client.get(f"/courses/{CODE}").text
    client.get(f"{LESSON}?at=no-such-heading")
    assert f'href="{LESSON}#wrong"' in client.get(f"/courses/{CODE}").text
    client.get(f"/courses/{CODE}/lessons/alerts?at=do")
    assert f'href="/courses/{CODE}/lessons/alerts#do"' in client.get(f"/courses/{CODE}").text


def test_a_page_may_keep_the_place_while_it_is_scrolled(client, enrolled) -> None:
    assert client.post(f"{LESSON}/place", data={"at": "wrong"}).status_code == 204
    assert f'href="{LESSON}#wrong"' in client.get(f"/courses/{CODE}").text


def test_completing_a_lesson_leads_to_the_next_and_then_to_the_assessment(client, enrolled) -> None:
    client.get(LESSON)
    answer = client.post(f"{LESSON}/complete")
    assert (answer.status_code, answer.location) == (303, f"/courses/{CODE}/lessons/alerts")
    answer = client.post(f"/courses/{CODE}/lessons/alerts/complete")
    assert answer.location == f"/courses/{CODE}/exam"
    page = client.get(f"/courses/{CODE}").text
    assert "Go to the assessment" in page
    assert page.count('class="is-done"') >= 2


def test_a_new_edition_keeps_the_lessons_that_are_done(client, learner, clock) -> None:
    read_all(learner.person_id, CODE, clock())
    put_course(clock(), edition="2026.2", text="Fewer.")
    assert "Go to the assessment" in client.get(f"/courses/{CODE}").text


def test_a_right_answer_to_a_check_is_kept_and_says_why(client, enrolled) -> None:
    options = form_of(client.get(LESSON).text, CHECK)
    answer = client.post(f"{LESSON}/checks/two-identifiers", data={"answer": options["Name and date of birth"]})
    assert (answer.status_code, answer.location) == (303, f"{LESSON}#{CHECK}")
    page = client.get(LESSON).text
    assert 'role="status"' in page
    assert "Two identifiers that stay with the person." in page
    assert re.search(rf'value="{options["Name and date of birth"]}"[^>]*checked', page)


def test_a_wrong_answer_to_a_check_explains_the_choice_made_and_may_be_given_again(client, enrolled) -> None:
    options = form_of(client.get(LESSON).text, CHECK)
    client.post(f"{LESSON}/checks/two-identifiers", data={"answer": options["Bed and ward"]})
    page = client.get(LESSON).text
    assert "Not yet" in page
    assert "Beds change faster than banners." in page
    client.post(f"{LESSON}/checks/two-identifiers", data={"answer": options["Name and date of birth"]})
    assert "Not yet" not in client.get(LESSON).text


@pytest.mark.parametrize("form", [{}, {"answer": "no-such-option"}])
def test_a_check_without_a_readable_answer_stores_nothing_and_says_so(client, enrolled, form) -> None:
    answer = client.post(f"{LESSON}/checks/two-identifiers", data=form)
    assert answer.status_code == 422
    assert "Not saved:" in answer.text
    assert "data-feedback" not in client.get(LESSON).text


def test_a_check_shows_no_key_before_it_is_answered(client, enrolled) -> None:
    page = client.get(LESSON).text
    for words in ("Both stand on the banner", "Two identifiers that stay", "is-right"):
        assert words not in page


def test_a_check_of_a_corrected_version_begins_unanswered(client, enrolled, clock) -> None:
    options = form_of(client.get(LESSON).text, CHECK)
    client.post(f"{LESSON}/checks/two-identifiers", data={"answer": options["Bed and ward"]})
    put_course(clock(), text="Corrected.")
    assert "data-feedback" not in client.get(LESSON).text


def test_all_lessons_are_printed_on_one_page_with_unique_ids(client, enrolled) -> None:
    page = client.get(f"/courses/{CODE}/print").text
    assert "1. The right patient" in page
    assert "2. Alerts worth reading" in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert '<h3 id="l1-banner"' in page
    assert 'href="#lesson-2">about alerts</a>' in page


def test_a_prerequisite_is_named_on_the_course_page(client, learner, clock) -> None:
    put_course(clock(), code="ADV-201", title="After the sample", prerequisites=[CODE, "EHR-999"])
    page = client.get("/courses/ADV-201").text
    assert "2 courses come before this assessment" in page
    assert "EHR-999, not offered here yet" in page


def test_two_people_share_a_lesson_but_not_their_answers(app, client, enrolled) -> None:
    options = form_of(client.get(LESSON).text, CHECK)
    client.post(f"{LESSON}/checks/two-identifiers", data={"answer": options["Bed and ward"]})
    other = app.test_client()
    sign_in(other, app, "ben.sample@example.org")
    other.post(f"/courses/{CODE}/enrol")
    page = other.get(LESSON).text
    assert "data-feedback" not in page
    assert "Beds change" not in page


def test_a_page_that_two_people_share_carries_each_ones_own_token(app, client, enrolled) -> None:
    other = app.test_client()
    sign_in(other, app, "ben.sample@example.org")
    other.post(f"/courses/{CODE}/enrol")
    app.config["WTF_CSRF_ENABLED"] = True
    for browser in (client, other):
        page = browser.get(LESSON).text
        tokens = re.findall(r'name="csrf_token" value="([^"]+)"', page)
        assert len(tokens) >= 3
        assert len(set(tokens)) == 1
        answer = browser.post(f"{LESSON}/complete", data={"csrf_token": tokens[0]})
        assert (answer.status_code, answer.location) == (303, f"/courses/{CODE}/lessons/alerts")


def test_a_message_for_one_person_is_not_kept_in_the_page_of_all(app, client, enrolled) -> None:
    with client.session_transaction() as session:
        session["_flashes"] = [("good", "For Asha alone.")]
    assert "For Asha alone." in client.get(LESSON).text
    assert "For Asha alone." not in client.get(LESSON).text


def test_a_course_whose_certificate_ends_soon_leads_to_its_renewal(client, app, enrolled, clock) -> None:
    read_all(enrolled.person_id, CODE, clock())
    first = take(enrolled.person_id, CODE, clock())
    page = client.get(f"/courses/{CODE}").text
    assert "Renew" not in page
    assert "See your certificate" in page
    until = by_serial(first.serial).valid_until
    clock.now = dt.datetime.combine(until - dt.timedelta(days=30), dt.time(9), dt.UTC)
    sign_in(client, app, "asha.sample@example.org")
    page = client.get(f"/courses/{CODE}").text
    assert "Your certificate ends on" in page
    assert "Renew: take the assessment" in page
    assert "Open for renewal" in page
    begin = client.get(f"/courses/{CODE}/exam").text
    assert "Ready to renew" in begin
    assert "the one you hold stays in your record" in begin


def test_the_reading_time_of_a_course_is_that_of_its_lessons(client, learner) -> None:
    page = client.get(f"/courses/{CODE}").text
    lessons = [int(each) for each in re.findall(r"<span>(\d+) min</span>", page[page.index("modules") :])]
    assert f"{sum(lessons[:2])} min in 2 lessons" in page
