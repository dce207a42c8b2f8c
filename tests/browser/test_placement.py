"""Testing out by keyboard alone, with a script and without: begin, answer, stop, go on, and what the course says."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.hospital import Hospital
from tests.browser.test_observing import sound

pytestmark = pytest.mark.browser

COURSE = "/courses/DOWN-101"
FIGURES = 90  # seconds that the worker may need until the figures of the questions are there
STOPS = 60  # presses of the Tab key on one page, at most
AT = "e => [e.tagName, e.type || '', e.getAttribute('href') || '', e.innerText || e.value || ''].join('|')"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what this expression finds; fail where it cannot be reached."""
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(f"({AT})(document.activeElement)")
        if re.search(wanted, at):
            return
    raise AssertionError(f"the Tab key does not reach {wanted!r} on {page.url}")


def press(page: Page, wanted: str) -> None:
    """Go to a button or link with the Tab key, press Enter, and wait for the page that follows."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def offered(page: Page) -> None:
    """Wait until the test can be had: the worker works the figures out after the hospital opens."""
    limit = time.monotonic() + FIGURES
    page.goto(COURSE)
    while page.get_by_role("link", name="Test out").count() == 0:
        assert time.monotonic() < limit, "no test is offered"
        time.sleep(1)
        page.reload()


def answer(page: Page) -> None:
    """Answer the question that is asked, by keyboard; one that takes more than a choice is left."""
    before = page.locator("#question [name=item]").input_value()
    if page.locator("#question input[type=radio]").count():
        tab_to(page, r"INPUT\|radio")
        page.keyboard.press("Space")
        press(page, r"BUTTON\|submit\|\|Answer")
    elif page.locator("#question input[type=checkbox]").count():
        tab_to(page, r"INPUT\|checkbox")
        page.keyboard.press("Space")
        press(page, r"BUTTON\|submit\|\|Answer")
    else:
        press(page, r"BUTTON\|submit\|\|I do not know")
    after = page.locator("#question [name=item]")
    assert after.count() == 0 or after.input_value() != before, "the answer was not taken"


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_course_is_tested_out_of_by_keyboard_alone(visit: Visit, hospital: Hospital, script: bool) -> None:
    page = visit(hospital.newcomer(), script=script, phone=not script, bypass_csp=script)
    check = sound if script else (lambda _page: None)
    offered(page)
    check(page)
    press(page, r"^A\|.*test-out\|Test out")
    check(page)
    press(page, r"BUTTON\|submit\|\|Begin")
    expect(page.locator("h1")).to_have_text("Question 1, 25 at most")
    check(page)
    answer(page)
    tab_to(page, r"^A\|.*test-out\|")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your test is open")
    press(page, r"BUTTON\|submit\|\|Go on")
    expect(page.locator("h1")).to_have_text("Question 2, 25 at most")
    for _question in range(25):
        if page.locator("#question").count() == 0:
            break
        answer(page)
    expect(page.locator("h1")).to_have_text(re.compile("tested out|could not be sure", re.IGNORECASE))
    expect(page.locator("main")).to_contain_text("with 95% certainty")
    check(page)
    press(page, r"^A\|.*/courses/DOWN-101\|To the course")
    passed = page.locator("main").get_by_text("You tested out on").count()
    told = page.get_by_text("You can test out again from")
    assert passed or told.count(), "the course says how the test ended"
    assert page.get_by_role("link", name="Test out").count() == 0
    check(page)
