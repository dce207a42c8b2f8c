"""Signing in on the page, as people do it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lms.demo.sign_ins import PASSWORD


def sign_in(page: Page, email: str, password: str = PASSWORD, *, at: str = "/") -> None:
    """Open an address without a sign-in, sign in on the page that comes instead, and arrive."""
    page.goto(at)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
