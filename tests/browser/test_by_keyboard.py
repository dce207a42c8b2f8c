"""The main pages with a keyboard and nothing else, and written from right to left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.courses import sample_course
from tests.browser.hospital import Hospital
from tests.browser.keyboard import Keyboard
from tests.support.taking import read_all

pytestmark = pytest.mark.browser

SIDEWAYS = "() => { document.documentElement.dir = 'rtl'; return document.documentElement.scrollWidth - innerWidth; }"


def walk(page: Page, *addresses: str) -> None:
    """Each page is walked through with Tab from end to end, and none grows too wide when written the other way."""
    wide = []
    keys = Keyboard(page)
    for address in addresses:
        page.goto(address)
        keys.skip()
        keys.round()
        for size in (PHONE, DESK):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            if page.evaluate(SIDEWAYS) > 0:
                wide.append(f"{address} at {size['width']}")
    assert wide + keys.wrong == []


def test_a_learners_pages_are_walked_through_with_the_tab_key(visit: Visit, hospital: Hospital) -> None:
    code, nurse = hospital.publish(sample_course("WALK-101")), hospital.somebody()
    with hospital.behind() as now:
        read_all(nurse.person_id, code, now)
    page = visit(nurse.email, reduced_motion="reduce")
    lesson = f"/courses/{code}/lessons/right-patient"
    walk(page, "/", "/courses", f"/courses/{code}", lesson, f"/courses/{code}/exam", "/record", "/record/competencies")


def test_a_supervisor_finds_somebody_and_signs_by_keyboard_alone(visit: Visit) -> None:
    page = visit("supervisor", reduced_motion="reduce")
    walk(page, "/team", "/team/observe")
    page.goto("/team")
    keys = Keyboard(page)
    keys.to(".team__name")
    keys.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/team"))
    walk(page, page.url)
    keys = Keyboard(page)
    page.goto(page.url.split("#")[0])
    keys.to("select[name=competency]")
    keys.press("ArrowDown", 2)
    code = page.locator("select[name=competency]").input_value()
    keys.choose("[name=level]", "Level 3")
    keys.to("form:has(select[name=competency]) button")
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text(f"Signed: {code} at level 3")
    assert keys.wrong == []


def test_a_cmio_drills_from_the_map_to_a_report_to_the_people_by_keyboard_alone(visit: Visit) -> None:
    page = visit("cmio", reduced_motion="reduce")
    walk(page, "/workforce", "/workforce/readiness")
    keys = Keyboard(page)
    page.goto("/workforce/readiness?unit=MED")
    people = page.get_by_role("link", name=re.compile("Who is missing")).first.get_attribute("href")
    keys.to(f"a[href='{people}']")
    keys.press("Enter")
    expect(page.get_by_text("Looking at names is recorded.")).to_be_visible()
    walk(page, page.url)
    assert keys.wrong == []
