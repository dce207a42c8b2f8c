"""Questions from another system: an educator brings a file, sees what becomes of it, makes the draft, publishes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.auditing import faults_of, overflow_of
from tests.browser.conftest import Visit
from tests.browser.courses import sample_course
from tests.browser.hospital import Hospital

pytestmark = pytest.mark.browser

# As a colleague would send it: one question as it is, one that changes, one that cannot come in.
QUIZ = b"""\
::Another patient::You notice that the open chart is another patient's. What comes first?{
=Close it and look at the banner#Nothing has been written yet.
~Write on, and tell the patient
}

::Ways to know::Which of these identify a patient?{
~%50%The full name
~%50%The date of birth
~The number of the room
}

::Ward round::A text that asks nothing.
"""


def bring(page: Page, folder: Path) -> None:
    file = folder / "night-team.gift"
    file.write_bytes(QUIZ)
    page.goto("/bank")
    page.get_by_role("link", name="Bring questions in").click()
    page.get_by_label("File of questions").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_a_file_is_looked_at_made_a_draft_and_published(
    visit: Visit, hospital: Hospital, tmp_path: Path, script: bool
) -> None:
    code = hospital.publish(sample_course(f"BRING-10{int(script)}"))
    page = visit("educator", script=script)
    bring(page, tmp_path)
    expect(page.get_by_role("heading", level=1)).to_have_text("2 questions come in, one does not")
    expect(page.locator("main")).to_contain_text("Nothing has been added to a course yet")
    each = page.locator("section[aria-labelledby=each]")
    expect(each).to_contain_text("Ward round: it has no answers in { }: a description asks nothing")
    expect(each).to_contain_text("the wrong option “The number of the room” cost nothing and now costs 50 %")
    expect(each).to_contain_text("Another patient")
    page.get_by_label("Course", exact=True).select_option(code)
    page.get_by_label("Competency where none is said").select_option("B1")
    page.get_by_label("Level where none is said").select_option("2")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to publish")
    expect(page.locator("main")).to_contain_text("2 questions were added in questions/90-imported-night-team.md")
    expect(page.locator("section[aria-labelledby=changes]")).to_contain_text("Another patient")
    page.get_by_role("button", name="Publish").click()
    page.goto(f"/bank?course={code}")
    page.get_by_role("link", name="Another patient").and_(page.locator(":visible")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Another patient")
    expect(page.locator("main")).to_contain_text("Close it and look at the banner")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_bank_are_clean_and_fit(
    visit: Visit, hospital: Hospital, tmp_path: Path, scheme: str, phone: bool
) -> None:
    code = hospital.publish(sample_course("BRING-102"))
    page = visit("educator", phone=phone, color_scheme=scheme, bypass_csp=True)
    bring(page, tmp_path)
    for address in (page.url, "/bank", "/bank/import", "/bank/figures", f"/bank/export?course={code}&format=gift"):
        page.goto(address)
        assert faults_of(page) == [], address
        assert overflow_of(page) == 0, address
    page.goto(f"/bank?course={code}")
    expect(page.get_by_role("link", name="Two identifiers").and_(page.locator(":visible"))).to_have_count(1)
    # On a phone each question is a line of its own, and nothing has to be moved sideways to be read.
    assert page.locator(".scroll:visible").count() == (0 if phone else 1)
