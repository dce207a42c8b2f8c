"""An exam that is interrupted: failing and waiting, an expired session, two tabs, the back button, a double hand-in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.courses import SAMPLE, sample_course
from tests.browser.entering import sign_in
from tests.browser.hospital import Hospital
from tests.browser.taking import SAVED, answer, asked, begin, go_on, hand_in, holds, read_course, take

pytestmark = pytest.mark.browser


def test_after_a_missed_exam_the_page_says_when_the_next_attempt_opens_and_then_it_opens(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("WAIT-101")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    begin(page)
    take(page, SAMPLE, wrong=3)
    hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not yet: 50%, and 80% passes")
    expect(page.get_by_text("The next attempt opens on")).to_be_visible()
    page.goto(f"/courses/{code}/exam")
    expect(page.get_by_role("heading", level=1)).to_have_text("The next attempt opens later")
    expect(page.get_by_role("button", name="Start the assessment")).to_have_count(0)
    with hospital.later(hours=25):
        later = visit()
        sign_in(later, nurse.email, at=f"/courses/{code}/exam")
        begin(later)
        take(later, SAMPLE)
        hand_in(later)
        expect(later.get_by_role("heading", level=1)).to_have_text("You passed with 100%")
        later.goto(f"/courses/{code}/exam")
        expect(later.get_by_role("heading", level=1)).to_have_text("You have passed")
        expect(later.get_by_role("button", name="Start the assessment")).to_have_count(0)


def test_a_start_that_was_open_in_another_tab_is_refused_in_words_while_one_has_to_wait(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("WAIT-102")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    old = page.context.new_page()
    old.goto(f"/courses/{code}/exam")
    begin(page)
    page.goto(re.sub(r"\d+$", "", page.url).rstrip("/"))
    hand_in(page)
    old.get_by_role("button", name="Start the assessment").click()
    expect(old.get_by_role("heading", level=1)).to_have_text("The next attempt opens later")


def test_a_sign_in_that_ends_in_mid_exam_leads_back_to_the_question_and_every_answer_is_there(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("GONE-101")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    begin(page)
    first = asked(page, SAMPLE)
    answer(page, first)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    go_on(page)
    second = asked(page, SAMPLE)
    place = page.url
    answer(page, second)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.wait_for_load_state("networkidle")  # each of several ticks is saved by itself
    page.wait_for_timeout(800)
    page.context.clear_cookies()
    page.get_by_text("Certain", exact=True).click()
    expect(page.locator("[data-saved]")).to_have_text("Not saved. Reload the page.")
    sign_in(page, nurse.email, at=place)
    expect(page).to_have_url(place)
    assert holds(page, second)
    page.get_by_role("button", name="Previous").click()
    page.wait_for_url(lambda url: url != place)
    assert holds(page, first)


def test_answering_after_the_sign_in_ended_without_reloading_asks_to_sign_in_and_hands_in_what_was_saved(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("GONE-102")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    begin(page)
    question = asked(page, SAMPLE)
    answer(page, question)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    place = page.url
    page.context.clear_cookies()
    page.locator("#question").get_by_role("button", name="Next").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, nurse.email, at=page.url)
    expect(page).to_have_url(re.compile(r"/attempts/"))
    page.goto(place)
    assert holds(page, question)


def test_answers_given_in_two_tabs_are_all_kept_and_one_hand_in_counts(hospital: Hospital, visit: Visit) -> None:
    code, nurse = hospital.publish(sample_course("TABS-101")), hospital.somebody()
    left = visit(nurse.email)
    read_course(left, code)
    begin(left)
    right = left.context.new_page()
    right.goto(re.sub(r"\d+$", "2", left.url))
    one, two = asked(left, SAMPLE), asked(right, SAMPLE)
    answer(left, one)
    answer(right, two)
    for page in (left, right):
        expect(page.locator("[data-saved]")).to_have_text(SAVED)
    for page, question in ((left, one), (right, two)):
        page.reload()
        assert holds(page, question)
    go_on(right)
    take(right, SAMPLE)
    hand_in(right)
    expect(right.get_by_role("heading", level=1)).to_have_text("You passed with 100%")
    answer(left, one, right=False)
    expect(left.locator("[data-saved]")).to_have_text("Not saved. Reload the page.")
    left.reload()
    expect(left).to_have_url(re.compile("/result$"))
    expect(left.get_by_role("heading", level=1)).to_have_text("You passed with 100%")


def test_going_back_after_handing_in_changes_nothing_and_leads_to_the_result(hospital: Hospital, visit: Visit) -> None:
    code, nurse = hospital.publish(sample_course("BACK-101")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    begin(page)
    take(page, SAMPLE, wrong=1)
    hand_in(page)
    score = page.get_by_role("heading", level=1).inner_text()
    page.go_back()
    if page.get_by_role("button", name="Hand in", exact=True).count():
        hand_in(page)
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(score)
    page.goto(page.url.replace("result", "1"))
    expect(page).to_have_url(re.compile("/result$"))
    page.goto(f"/courses/{code}/exam")
    expect(page.get_by_role("row", name=re.compile("Attempt 1"))).to_have_count(1)
    expect(page.get_by_role("row", name=re.compile("Attempt 2"))).to_have_count(0)


def test_handing_in_twice_in_the_same_moment_gives_one_result_and_one_certificate(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("TWICE-101")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    begin(page)
    take(page, SAMPLE)
    other = page.context.new_page()
    other.goto(page.url)
    for each in (page, other):
        each.evaluate("document.querySelector('main form[action$=submit]').requestSubmit()")
    for each in (page, other):
        expect(each).to_have_url(re.compile("/result$"))
        expect(each.get_by_role("heading", level=1)).to_have_text("You passed with 100%")
    page.goto("/record")
    listed = page.locator("section[aria-labelledby=certs] li")
    expect(listed.filter(has_text="Safer orders, a sample")).to_have_count(1)


def test_when_the_time_is_over_the_clock_opens_the_overview_and_what_was_saved_counts(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("TIME-101")), hospital.somebody()
    page = visit(nurse.email)
    read_course(page, code)
    begin(page)
    answer(page, asked(page, SAMPLE))
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    with hospital.later(minutes=19, seconds=56):
        page.reload()
        expect(page.locator("[data-clock]")).to_have_text(re.compile("^0:0[0-4]$"))
        expect(page.get_by_role("heading", level=1)).to_have_text("The time is over")
        hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not yet: 16.7%")


def test_an_answer_given_while_the_connection_was_lost_is_saved_when_it_is_back(
    hospital: Hospital, visit: Visit
) -> None:
    code, nurse = hospital.publish(sample_course("LOST-101")), hospital.somebody()
    page = visit(nurse.email, offline=True)
    read_course(page, code)
    begin(page)
    question = asked(page, SAMPLE)
    page.route("**/attempts/**", lambda route: route.abort())
    answer(page, question)
    expect(page.locator("[data-saved]")).to_have_text("Not saved, will retry")
    page.unroute("**/attempts/**")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.reload()
    assert holds(page, question)
