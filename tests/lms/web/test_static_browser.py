"""The gallery in a real browser: no barrier found, and the scripts do what templates ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.lms.web.gallery_app import PAGES, create_gallery, serving

AXE = Path(__file__).resolve().parents[2] / "browser" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def gallery() -> Iterator[tuple[Flask, str]]:
    """The gallery, served, and its address."""
    app = create_gallery()
    with serving(app) as address:
        yield app, address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test on any script error or refusal of the content policy."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert faults == []


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_barrier_or_scrolls_sideways(
    page: Page, gallery: tuple[Flask, str], width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for name in PAGES:
        for direction in ("ltr", "rtl") if theme == "light" else ("ltr",):
            page.goto(f"{gallery[1]}/{name}?theme={theme}&dir={direction}")
            page.evaluate(AXE.read_text())
            result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
            barriers = [(each["id"], each["nodes"][0]["html"][:120]) for each in result["violations"]]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                barriers.append(("scrolls sideways", ""))
            if barriers:
                found[name, direction] = barriers
    assert found == {}


def test_an_answer_is_saved_when_it_is_given(page: Page, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    page.goto(f"{address}/quiz")
    page.get_by_label("Answer B").check()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    path, form = app.extensions["posted"][-1]
    assert path == "save"
    assert form["a"] == "B"
    assert form["csrf_token"]


def test_a_lost_connection_is_said_and_the_answer_sent_again(page: Page, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    page.goto(f"{address}/quiz")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("Answer C").check()
    expect(page.locator("[data-saved]")).to_have_text("Not saved, will retry")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Saved"))
    assert app.extensions["posted"][-1][1]["a"] == "C"


def test_an_answer_given_before_the_script_arrives_is_saved_when_it_does(
    page: Page, gallery: tuple[Flask, str]
) -> None:
    app, address = gallery
    page.route("**/answers.js*", lambda route: route.abort())
    page.goto(f"{address}/quiz")
    page.get_by_label("Answer D").check()
    page.unroute("**/answers.js*")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Saved"))
    assert app.extensions["posted"][-1][1]["a"] == "D"


@pytest.mark.parametrize(
    ("status", "text"),
    [(500, "Not saved, will retry"), (409, "Not saved. Reload the page."), (422, "Not saved. Check")],
)
def test_a_refused_answer_is_never_called_saved(page: Page, gallery: tuple[Flask, str], status: int, text: str) -> None:
    app, address = gallery
    app.extensions["answer"] = status
    page.goto(f"{address}/quiz")
    page.get_by_label("Answer A").check()
    expect(page.locator("[data-saved]")).to_contain_text(text)


def test_letters_answer_only_inside_the_form_and_never_while_typing(page: Page, gallery: tuple[Flask, str]) -> None:
    page.goto(f"{gallery[1]}/quiz")
    page.keyboard.press("b")
    expect(page.get_by_label("Answer B")).not_to_be_checked()
    page.get_by_label("Answer A").focus()
    page.keyboard.press("b")
    expect(page.get_by_label("Answer B")).to_be_checked()
    page.get_by_label("Infusion rate").focus()
    page.keyboard.press("d")
    expect(page.get_by_label("Answer B")).to_be_checked()
    expect(page.get_by_label("Infusion rate")).to_have_value("d")


def test_the_clock_counts_down_and_speaks_at_five_minutes_only_once(page: Page, gallery: tuple[Flask, str]) -> None:
    page.goto(f"{gallery[1]}/quiz?left=302")
    expect(page.locator("[data-announce]")).to_have_text("")
    expect(page.locator("[data-clock]")).to_have_text("5:00")
    expect(page.locator("[data-announce]")).to_have_text("5 minutes left")
    expect(page.locator("[data-clock]")).to_have_text("4:58")
    expect(page.locator("[data-announce]")).to_have_text("5 minutes left")


def test_a_clock_on_a_wrong_computer_follows_the_server(page: Page, gallery: tuple[Flask, str]) -> None:
    page.clock.install(time="2031-01-01T00:00:00Z")
    page.goto(f"{gallery[1]}/quiz?left=1104")
    page.clock.run_for(2000)
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^18:2\d$"))


def test_at_the_end_of_time_the_next_page_opens(page: Page, gallery: tuple[Flask, str]) -> None:
    page.goto(f"{gallery[1]}/quiz?left=1.6&over=/site/help")
    page.wait_for_url("**/site/help")


def test_a_flag_is_posted_and_shown_in_the_list(page: Page, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    page.goto(f"{address}/quiz")
    page.get_by_role("button", name="Flag for review").click()
    expect(page.get_by_role("button", name="Flag for review")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("link", name=re.compile("4.*flagged"))).to_have_class(re.compile("is-flagged"))
    path, form = app.extensions["posted"][-1]
    assert (path, form["flag"]) == ("flag", "1")


def test_a_lesson_keeps_the_place_that_was_read_last(page: Page, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    page.goto(f"{address}/lesson")
    page.locator("#base").evaluate("heading => heading.scrollIntoView()")
    expect(page.get_by_role("link", name="The base rate").last).to_have_attribute("aria-current", "location")
    page.goto(f"{address}/site/help")
    assert [form["place"] for path, form in app.extensions["posted"] if path == "place"] == ["base"]


def test_a_knowledge_check_answers_in_place_and_takes_the_focus(page: Page, gallery: tuple[Flask, str]) -> None:
    page.goto(f"{gallery[1]}/lesson")
    page.get_by_label("It rises").check()
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator("[data-feedback]")).to_contain_text("You chose B.")
    expect(page.locator("[data-feedback]")).to_be_focused()
    assert page.url.endswith("/lesson")


def test_the_theme_changes_at_once_and_the_server_is_told(page: Page, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    page.goto(f"{address}/components")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".menu")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator(".menu")).not_to_have_attribute("open", "")
    assert ("preferences/theme", "dark") in [(path, form.get("theme")) for path, form in app.extensions["posted"]]


def test_a_listing_can_be_copied(page: Page, gallery: tuple[Flask, str]) -> None:
    page.goto(f"{gallery[1]}/lesson")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "new order is in" in page.evaluate("navigator.clipboard.readText()")


def test_a_message_leads_to_its_line_and_an_insertion_can_be_undone(page: Page, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    page.goto(f"{address}/studio")
    expect(page.locator("[data-gutter] .e")).to_have_text("5")
    page.get_by_role("button", name="Line 5").click()
    chosen = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    field = page.locator("textarea")
    assert field.evaluate(chosen) == "![](alert-funnel.svg)"
    before = field.input_value()
    page.get_by_role("button", name="Callout").click()
    assert "> [!WARNING]\n> ![](alert-funnel.svg)" in field.input_value()
    page.keyboard.press("Control+z")
    assert field.input_value() == before
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Saved"))
    assert "text" in app.extensions["posted"][-1][1]


def test_paper_is_white_and_without_buttons(page: Page, gallery: tuple[Flask, str]) -> None:
    page.emulate_media(media="print")
    page.goto(f"{gallery[1]}/components?theme=dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    ink = page.locator("#deep").evaluate("e => getComputedStyle(e).color")
    assert ink == "rgb(21, 37, 43)"
    expect(page.locator(".btn:visible, .bar:visible, .foot:visible")).to_have_count(0)


def test_every_page_is_complete_without_a_script(browser: Browser, gallery: tuple[Flask, str]) -> None:
    app, address = gallery
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/quiz")
    page.get_by_label("Answer B").check()
    page.get_by_role("button", name="Next").click()
    context.close()
    path, form = app.extensions["posted"][-1]
    assert (path, form["a"]) == ("next", "B")
