"""A pass mark set by people: an educator asks, a supervisor and a CMIO judge without scores, the educator adopts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_observing import sound

pytestmark = pytest.mark.browser

ON_THE_BORDER = 12


def test_a_borderline_group_is_judged_and_its_median_adopted(visit: Visit) -> None:
    desk = visit("educator", bypass_csp=True)
    desk.goto("/standards")
    sound(desk)
    desk.get_by_role("link", name="Judge people").click()
    desk.get_by_label("Exam").select_option(index=1)
    desk.get_by_label("Panel").fill("supervisor@example.org\ncmio@example.org")
    sound(desk)
    desk.get_by_role("button", name="Begin").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("10 more people on the border are needed")
    sound(desk)
    desk.get_by_role("button", name="Close the judging").click()
    expect(desk.get_by_role("alert")).to_contain_text("10 people or more judged borderline")
    study = re.sub("/close$", "", desk.url)

    ward = visit("supervisor", phone=True, color_scheme="dark", bypass_csp=True)
    ward.goto("/")
    ward.get_by_role("link", name=re.compile("^Judge Pass mark")).click()
    expect(ward.get_by_role("heading", level=1)).to_have_text("Who is on the border?")
    expect(ward.locator("main")).not_to_contain_text("%")
    sound(ward)

    office = visit("cmio", bypass_csp=True)
    office.goto(f"{study}/judge")
    sound(office)
    for person in office.locator("main fieldset").all()[:ON_THE_BORDER]:
        person.get_by_role("radio", name="On the border").check()
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_role("heading", level=1)).to_have_text(f"You have judged {ON_THE_BORDER} people")

    desk.goto(study)
    expect(desk.get_by_role("heading", level=1)).to_contain_text(f"{ON_THE_BORDER} people are on the border")
    desk.get_by_role("button", name="Close the judging").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("The borderline group’s median is")
    sound(desk)
    desk.get_by_label("Reason").fill("The panel agreed.")
    desk.get_by_role("button", name="Adopt").click()
    expect(desk.locator("main")).to_contain_text("Digest agrees")
    sound(desk)


@pytest.mark.parametrize(("phone", "scheme"), [(True, "dark"), (False, "light")], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("educator", "/standards"),
        ("educator", "/standards/new"),
        ("educator", "/standards/borderline/new"),
        ("supervisor", "/standards"),
    ],
)
def test_the_pages_of_standard_setting_have_no_barrier(
    visit: Visit, who: str, address: str, phone: bool, scheme: str
) -> None:
    page = visit(who, phone=phone, color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    sound(page)
    page.goto("/standards")
    first = page.locator("table a").first
    first.click()
    page.wait_for_url(re.compile(r"/standards/\w{20}$"))
    sound(page)
