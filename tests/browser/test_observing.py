"""A supervisor's sign-off on a phone, from the team page to the learner's word, with a script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.auditing import faults_of
from tests.browser.conftest import Visit
from tests.browser.hospital import Hospital

pytestmark = pytest.mark.browser


def sound(page: Page) -> None:
    """Axe finds nothing, and the page does not scroll sideways."""
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_sign_off_at_the_bedside_takes_a_minute_and_both_confirm(
    visit: Visit, hospital: Hospital, script: bool
) -> None:
    nurse = hospital.somebody("M4B", "nurse" if script else "physician")
    page = visit("supervisor", phone=True, script=script, bypass_csp=script)
    page.goto("/team")
    check = sound if script else (lambda _page: None)
    check(page)
    page.get_by_role("link", name="Record an observation").click()
    page.get_by_label("Find a person").fill(nurse.name)
    page.get_by_role("button", name="Find").click()
    check(page)
    page.get_by_role("link", name=re.compile(re.escape(nurse.name))).click()
    check(page)
    if page.locator("a.pick[href$='/observe/B1']").is_hidden():
        page.get_by_text("Everything else").click()
    page.locator("a.pick[href$='/observe/B1']").click()
    check(page)
    for item in page.locator(".ticklist fieldset").all():
        item.get_by_label("Met", exact=True).check()
    small = page.evaluate(
        "[...document.querySelectorAll('main .segmented label, main .option, main .btn')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.textContent)"
    ) if script else []  # fmt: skip
    assert small == []
    page.get_by_role("radio", name=re.compile("Independent")).check()
    page.get_by_label("Note").fill("Calm and complete.")
    page.get_by_role("button", name="Sign as").click()
    expect(page.locator("main")).to_contain_text(f"Signed: B1 at level 3 for {nurse.name}")
    check(page)
    learner = visit(nurse.email, phone=True, script=script, bypass_csp=script)
    learner.goto("/")
    learner.get_by_role("link", name=re.compile("observations? waits? for your word")).first.click()
    learner.get_by_role("link", name=re.compile("^Look and confirm")).first.click()
    expect(learner.locator("main")).to_contain_text("Calm and complete.")
    check(learner)
    learner.get_by_role("button", name="Yes, I confirm").click()
    expect(learner.locator("main")).to_contain_text("Confirmed by both")


def test_asking_shows_on_the_team_page_and_many_are_reminded_at_once(visit: Visit, hospital: Hospital) -> None:
    nurse = hospital.somebody("M4B", "nurse")
    learner = visit(nurse.email, phone=True)
    learner.goto("/record/competencies/B4/ask")
    learner.get_by_label("When would it suit?").fill("Night shift on Friday.")
    learner.get_by_role("button", name="Ask").click()
    expect(learner.locator("main")).to_contain_text("Asked for")
    page = visit("supervisor")
    page.goto("/team")
    expect(page.locator("section[aria-labelledby=waiting]")).to_contain_text(f"{nurse.name} asks to be observed in B4")
    boxes = page.locator("input[name=person]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Remind those ticked").click()
    expect(page.locator("main")).to_contain_text(re.compile("reminders? (is|are) on (its|their) way"))
    page.get_by_role("link", name=re.compile("^Overdue")).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="This list as CSV").click()
    assert download.value.suggested_filename.startswith("team-")


PAGES = (
    ("supervisor", "/team/observe"),
    ("supervisor", "/team/delegations"),
    ("supervisor", "/team/disputes"),
    ("cmio", "/team/disputes"),
    ("nurse", "/record/observations"),
    ("nurse", "/record/competencies?show=A1"),
    ("nurse", "/record/competencies/B2/ask"),
    ("nurse", "/record/self-assessment"),
    ("nurse", "/record/coaching"),
    ("nurse", "/record/prior-learning"),
)


@pytest.mark.parametrize(("phone", "scheme"), [(True, "dark"), (False, "light")], ids=["phone", "desk"])
@pytest.mark.parametrize(("who", "address"), PAGES, ids=[f"{who} {address}" for who, address in PAGES])
def test_the_pages_around_an_observation_have_no_barrier(
    visit: Visit, who: str, address: str, phone: bool, scheme: str
) -> None:
    page = visit(who, phone=phone, color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    sound(page)
