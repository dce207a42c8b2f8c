"""A CMIO's Monday: open, filter, compare, drill, save a view, take the board pack along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_cmio_finds_the_gap_keeps_the_view_and_takes_the_pack_along(
    visit: Visit, phone: bool, tmp_path: Path
) -> None:
    page = visit("cmio", phone=phone)
    page.goto("/workforce")
    page.get_by_role("link", name="Reports and board pack").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("reports, each with its finding today")

    page.get_by_role("link", name=re.compile("at every target, (up|down)|as on")).first.click()
    figure = page.get_by_role("figure").first
    expect(figure.get_by_role("img")).to_be_visible()
    figure.get_by_text("Show the numbers").click()
    expect(figure.get_by_role("table")).to_be_visible()

    page.get_by_role("navigation", name="Reports").get_by_role("link", name="Readiness").click()
    page.get_by_label("Unit", exact=True).select_option("MED")
    page.get_by_label("Compared with").fill("2026-06-01")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("columnheader", name="Change in points")).to_be_visible()
    found = heading(page)
    page.get_by_role("link", name=re.compile("Who is missing")).first.click()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_text("Looking at names is recorded.")).to_be_visible()
    page.go_back()

    page.get_by_text("Save this view").click()
    name = f"Medicine since June, {'phone' if phone else 'desk'}"
    page.get_by_label("Name of the view").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The view is saved.")).to_be_visible()
    page.get_by_role("link", name=name).click()
    assert heading(page) == found

    page.goto("/workforce/reports")
    for kind in ("Item quality", "Sure and wrong", "Time spent", "Running out", "Heat map"):
        page.get_by_label(kind, exact=True).uncheck()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=re.compile("PDF")).click(timeout=60_000)
    path = tmp_path / "pack.pdf"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    assert download.value.suggested_filename.startswith("board-pack-")

    page.get_by_role("button", name=f"Delete {name}").click()
    expect(page.get_by_text("The view is deleted.")).to_be_visible()


def test_everything_works_without_a_script(visit: Visit) -> None:
    page = visit("cmio", script=False)
    page.goto("/workforce/trend?unit=MED")
    page.get_by_label("Competencies").select_option("B")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("figure").first).to_be_visible()
    assert "competencies=B" in page.url
