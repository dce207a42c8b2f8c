"""Fixtures of the journeys: the hospital's server, one browser, and visits that watch over every page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from lms.demo.sign_ins import PASSWORD
from tests.browser.hospital import Hospital, served
from tests.browser.watching import Watch

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 45_000  # milliseconds that a busy machine may need for one step, such as pressing a certificate

expect.set_options(timeout=PATIENCE)


class Visit(Protocol):
    """What the fixture `visit` gives."""

    def __call__(
        self, who: str | None = None, *, phone: bool = False, script: bool = True, offline: bool = False, **words: Any
    ) -> Page: ...


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """The hospital, built once for all processes of a run and served by one server for each of them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with served(base / "hospital", shared / "hospital-pattern") as running:
        yield running


@pytest.fixture(autouse=True)
def quiet_server(hospital: Hospital) -> Iterator[None]:
    """A test fails when the server logs a fault during it."""
    before = len(hospital.faults())
    yield
    assert hospital.faults()[before:] == []


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's browser, which can reach nothing but this computer."""
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield running
    running.close()


@pytest.fixture(scope="session")
def signed_in(playwright: Playwright, hospital: Hospital) -> Callable[[str], Any]:
    """The cookies of somebody who signed in: each person signs in once a session."""
    kept: dict[str, Any] = {}

    def state(email: str) -> Any:
        address = email if "@" in email else f"{email}@example.org"
        if address not in kept:
            request = playwright.request.new_context(base_url=hospital.address)
            page = request.get("/sign-in").text()
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert token, page
            form = {"csrf_token": token.group(1), "email": address, "password": PASSWORD}
            answer = request.post("/sign-in", form=form, max_redirects=0)
            assert answer.status == 303, (address, answer.status, answer.text())
            kept[address] = request.storage_state()
            request.dispose()
        return kept[address]

    return state


@pytest.fixture
def visit(browser: Browser, hospital: Hospital, signed_in: Callable[[str], Any]) -> Iterator[Visit]:
    """A function that opens a page of a fresh browser, for a stranger or somebody signed in.

    `phone` makes it a phone's, `script=False` switches JavaScript off, `offline` says that the journey will cut
    the connection, other words go to Playwright.
    At the end nothing may have been amiss on any of the pages visited.
    """
    opened: list[tuple[Any, Watch]] = []

    def open_page(
        who: str | None = None, *, phone: bool = False, script: bool = True, offline: bool = False, **words: Any
    ) -> Page:
        context = browser.new_context(
            base_url=hospital.address, viewport=PHONE if phone else DESK, has_touch=phone, java_script_enabled=script,
            storage_state=signed_in(who) if who else None, accept_downloads=True, locale="en-GB", **words,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        watch = Watch(context)
        watch.offline = offline
        opened.append((context, watch))
        return context.new_page()

    yield open_page
    for context, _watch in opened:
        context.close()
    assert [fault for _context, watch in opened for fault in watch.faults] == []


@pytest.fixture
def pictures() -> Path | None:
    """Where pictures of pages are kept for looking at, if `BROWSER_PICTURES` names a folder."""
    named = os.environ.get("BROWSER_PICTURES")
    if not named:
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
