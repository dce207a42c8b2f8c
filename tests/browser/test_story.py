"""The whole story for the three personas: published, learned, passed, certified, verified, signed off, reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.auditing import faults_of, overflow_of
from tests.browser.conftest import Visit
from tests.browser.courses import SAMPLE, sample_course
from tests.browser.hospital import Hospital
from tests.browser.taking import begin, hand_in, read_course, take
from tests.support.courses import as_zip

pytestmark = pytest.mark.browser


def test_an_educator_learns_what_is_wrong_and_publishes_the_mended_course(visit: Visit, hospital: Hospital) -> None:
    files = sample_course("TEACH-101")
    broken = {**files, "10-right-patient.md": files["10-right-patient.md"] + b"\n[nowhere](99-missing.md)\n"}
    page = visit("educator")
    page.goto("/teach")
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "course.zip", "mimeType": "application/zip", "buffer": as_zip(broken)})
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("10-right-patient.md")
    expect(page.locator("main")).to_contain_text("99-missing.md")
    page.goto("/teach")
    page.locator("input[type=file]").set_input_files(
        {"name": "course.zip", "mimeType": "application/zip", "buffer": as_zip(files)}
    )
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    page.get_by_role("button", name=re.compile("^Publish")).first.click()
    page.goto("/courses")
    expect(page.locator("a[href$='/courses/TEACH-101']").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_clinician_passes_and_a_stranger_verifies_every_fact(visit: Visit, hospital: Hospital, script: bool) -> None:
    code, nurse = hospital.publish(sample_course("STORY-101" if script else "STORY-102")), hospital.somebody()
    page = visit(nurse.email, script=script)
    read_course(page, code)
    begin(page)
    take(page, SAMPLE)
    hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed with 100%")
    page.goto("/record")
    page.locator("section[aria-labelledby=certs] li").filter(has_text="Safer orders, a sample").first.get_by_role(
        "link"
    ).first.click()
    serial = page.url.rsplit("/", 1)[1]
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download PDF")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    stranger = visit()
    stranger.goto("/verify")
    stranger.get_by_label("Certificate number").fill(serial.lower().replace("-", " "))
    stranger.get_by_role("button", name="Check").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    for fact in (serial, "Safer orders, a sample", "100.0%", "No accredited credit"):
        expect(stranger.locator("main")).to_contain_text(fact)


def test_a_supervisor_signs_off_on_a_phone_and_the_level_moves(visit: Visit) -> None:
    page = visit("supervisor", phone=True)
    page.goto("/team")
    page.locator(".team__name").first.click()
    option = page.locator("select[name=competency] option").nth(1)
    code = option.get_attribute("value")
    assert code
    page.locator("select[name=competency]").select_option(code)
    page.get_by_role("radio", name=re.compile("^Level 3")).check()
    page.get_by_role("button", name="Sign the observation").click()
    expect(page.locator("main")).to_contain_text(f"Signed: {code} at level 3")


PAGES = (
    (None, "/sign-in"),
    (None, "/verify"),
    (None, "/verify/AAAA-BBBB-CCCC"),
    (None, "/help"),
    ("nurse", "/"),
    ("nurse", "/courses"),
    ("nurse", "/courses/CPOE-101"),
    ("nurse", "/record"),
    ("nurse", "/record/competencies"),
    ("nurse", "/account"),
    ("nurse", "/admin/people"),
    ("supervisor", "/team"),
    ("cmio", "/workforce"),
    ("cmio", "/workforce?rows=lowest&show=levels"),
    ("educator", "/teach"),
    ("administrator", "/admin/people"),
    ("administrator", "/admin/roster"),
)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("who", "address"), PAGES, ids=[f"{who or 'stranger'} {address}" for who, address in PAGES])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    visit: Visit, who: str | None, address: str, scheme: str, phone: bool
) -> None:
    page = visit(who, phone=phone, color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    assert faults_of(page) == []
    assert overflow_of(page) == 0
