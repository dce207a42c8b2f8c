"""Ways into the platform and out of it: a forgotten password, an invitation, an account that is closed and opened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.entering import sign_in
from tests.browser.hospital import Hospital

pytestmark = pytest.mark.browser

CHOSEN = "four unrelated words at dawn"


def choose_password(page: Page, link: str) -> None:
    """Open the link of an e-mail and choose a password there."""
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    page.get_by_label("New password", exact=True).fill(CHOSEN)
    page.get_by_label("New password once more").fill(CHOSEN)
    page.get_by_role("button", name="Set the password").click()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    visit: Visit, hospital: Hospital, script: bool
) -> None:
    nurse = hospital.somebody()
    page = visit(script=script, phone=True)
    page.goto("/sign-in")
    page.get_by_role("link", name="Send me a new password").click()
    page.get_by_label("E-mail").fill(nurse.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your inbox")
    link = hospital.link_for(nurse.email)
    choose_password(page, link)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Choose a password")
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(nurse.email)
    page.get_by_label("Password").fill("sample-hospital-door")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, nurse.email, CHOSEN)
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work any more")


def test_an_administrator_invites_somebody_closes_the_account_and_opens_it_again(
    visit: Visit, hospital: Hospital
) -> None:
    address = "asked.by.letter@example.org"
    desk, guest = visit("administrator"), visit()
    desk.goto("/admin/people")
    desk.get_by_role("link", name=re.compile("Invite")).first.click()
    desk.get_by_label("E-mail").fill(address)
    desk.get_by_role("checkbox", name=re.compile("^Educator")).check()
    desk.get_by_role("button", name="Send the invitation").click()
    expect(desk.locator("main")).to_contain_text("The invitation is on its way.")
    choose_password(guest, hospital.link_for(address))
    if "/sign-in" in guest.url:
        sign_in(guest, address, CHOSEN)
    guest.goto("/exams")
    expect(guest.get_by_role("heading", level=1)).to_contain_text("wait")

    desk.get_by_text("This person has left").click()
    desk.get_by_role("button", name="Deactivate the account").click()
    expect(desk.get_by_role("button", name="Open it again")).to_be_visible()
    guest.goto("/exams")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Sign in")
    guest.get_by_label("E-mail").fill(address)
    guest.get_by_label("Password").fill(CHOSEN)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.get_by_role("alert")).to_be_visible()

    desk.get_by_role("button", name="Open it again").click()
    expect(desk.get_by_text("This person has left")).to_be_visible()
    sign_in(guest, address, CHOSEN, at="/exams")
    expect(guest.get_by_role("heading", level=1)).to_contain_text("wait")
