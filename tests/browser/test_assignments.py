"""From a rule to a finished duty: the CMIO asks, the nurse sees it, does it, and it is done; a policy is confirmed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lms.policies import services as policies
from tests.browser.conftest import Visit
from tests.browser.courses import SAMPLE, sample_course
from tests.browser.hospital import Hospital
from tests.browser.taking import begin, hand_in, read_course, take
from tests.support.training import policy_text

pytestmark = pytest.mark.browser


def test_a_rule_is_previewed_saved_seen_at_home_and_fulfilled(visit: Visit, hospital: Hospital) -> None:
    code = hospital.publish(sample_course("ASKED-101"))
    page = visit("cmio")
    page.goto("/assignments")
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("What", exact=True).select_option(f"course:{code}")
    page.get_by_label("Why").fill("It keeps patients safe.")
    page.get_by_label("Where").select_option("M4B")
    page.get_by_label("Days after joining").fill("14")
    page.get_by_role("button", name="See who joins and leaves").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("join")
    expect(page.locator("main")).to_contain_text("Asha Sample")
    page.get_by_role("button", name="Save, to hold from today").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("nobody is overdue")
    rule = page.url
    nurse = visit("nurse", phone=True)
    nurse.goto("/")
    expect(nurse.locator("section[aria-labelledby=due]")).to_contain_text("It keeps patients safe.")
    nurse.goto(f"/courses/{code}")
    expect(nurse.locator("main")).to_contain_text("This course is assigned to you.")
    read_course(nurse, code)
    begin(nurse)
    take(nurse, SAMPLE)
    hand_in(nurse)
    nurse.goto("/assigned")
    done = nurse.locator("section[aria-labelledby=rest]")
    expect(done).to_contain_text("It keeps patients safe.")
    expect(done).to_contain_text("Done")
    page.goto(f"{rule}?state=done")
    expect(page.locator("section[aria-labelledby=people]")).to_contain_text("Asha Sample")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_policy_is_read_and_confirmed(visit: Visit, hospital: Hospital, script: bool) -> None:
    with hospital.behind() as now:
        policies.publish(policy_text(), "policy.md", actor=None, now=now, today=now.date())
    page = visit(hospital.somebody().email, script=script, phone=True)
    page.goto("/policies")
    waits = page.locator("section[aria-labelledby=waits] li").first
    waits.get_by_role("link", name=re.compile("^Read")).click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("You confirmed this edition")
