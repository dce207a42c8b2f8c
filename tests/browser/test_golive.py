"""A CMIO's go-live: from the plan to the people who block it, to what would help, and to the day before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.auditing import faults_of, overflow_of
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["at the desk", "on a phone"])
def test_a_cmio_goes_from_the_plan_to_the_blockers_to_what_if(visit: Visit, phone: bool) -> None:
    page = visit("cmio", phone=phone)
    page.goto("/workforce/golive")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"goes live in \d+ days"))
    page.get_by_role("link", name=re.compile("^Go or no-go")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ready for")
    page.get_by_text("Show the numbers").click()
    expect(page.get_by_role("cell", name=re.compile("to")).first).to_be_visible()
    shown = page.locator("section[aria-labelledby=units] tbody th a").first
    unit = shown.inner_text()
    shown.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(unit)
    boxes = page.get_by_role("checkbox")
    for place in range(2):
        boxes.nth(place).check()
    page.get_by_role("button", name="What if these are trained").click()
    expect(page.get_by_role("heading", name="2 people more would be ready")).to_be_visible()
    page.get_by_label("More super-users on").select_option(index=1)
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", name="2 people more would be ready")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("more in"))).to_be_checked()
    address = page.url
    other = visit("administrator")
    other.goto(address)
    expect(other.get_by_role("heading", name="2 people more would be ready")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("link", name="Assign what they lack").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("would be assigned|is assigned already"))
    assert faults_of(page) == []
    assert overflow_of(page) == 0
    confirm = page.get_by_role("button", name=re.compile("^Assign to"))
    if confirm.count():  # on the phone they may be those of the desk, whom all of it was asked
        confirm.click()
        expect(page.get_by_role("heading", name="2 people more would be ready")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Assigned to")
        page.get_by_role("link", name="Assign what they lack").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All that can be assigned is assigned already")


def test_a_plan_is_written_without_a_script(visit: Visit) -> None:
    page = visit("cmio", script=False)
    page.goto("/workforce/golive/new")
    page.get_by_label("Name", exact=True).fill("Handover lists")
    page.get_by_label("System", exact=True).fill("Documentation")
    page.get_by_label("Go-live", exact=True).fill("2027-03-01")
    page.get_by_role("checkbox", name=re.compile("^Acute care")).check()
    page.get_by_label("CPOE-101 is required of").select_option("nurse")
    page.get_by_label("Line 1", exact=True).fill("Printers moved")
    page.get_by_label("Line 1 is due").fill("2027-02-20")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.locator("main")).to_contain_text("kept as a draft")
    page.get_by_role("button", name="Make active").click()
    expect(page.locator("main")).to_contain_text("The plan is active")
    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.get_by_role("heading", name="The checklist is done")).to_be_visible()
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.locator("main")).to_contain_text("The plan became active.")
