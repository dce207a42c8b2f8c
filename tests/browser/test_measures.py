"""From a file of values to a chart beside training and its papers; and what a clinician says of a course."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lms.evaluations.services import publish
from tests.browser.auditing import faults_of, overflow_of
from tests.browser.conftest import Visit
from tests.browser.courses import sample_course
from tests.browser.hospital import Hospital
from tests.browser.served import CURRICULUM
from tests.support.courses import LESSONS

pytestmark = pytest.mark.browser
FORM = CURRICULUM / "evaluations" / "course-evaluation.md"
HEADER = "code,title,unit,period,numerator,denominator,direction,kind\n"
UNITS = ("ED", "AMU")


def values(*, of: str = "400") -> str:
    """Two calm years of a measure in two units, better from March 2026 on in the first."""
    months = [(year, month) for year in (2025, 2026) for month in range(1, 13)][:21]
    lines = [
        f"ORDERS,Orders with every detail,{unit},{year}-{month:02},"
        f"{200 + 7 * (place % 3) + (90 if unit == 'ED' and (year, month) >= (2026, 3) else 0)},{of},up,p"
        for unit in UNITS
        for place, (year, month) in enumerate(months)
    ]
    return HEADER + "\n".join(lines) + "\n"


def sent(name: str, text: str) -> dict[str, object]:
    """A file as a browser sends it."""
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_a_cmio_brings_a_measure_in_and_sees_it_beside_training(visit: Visit) -> None:
    page = visit("cmio")
    page.goto("/workforce/measures/import")
    page.get_by_label("File of values").set_input_files(sent("orders.csv", values(of="100")))
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("keep this file out")
    expect(page.locator("main")).to_contain_text("orders.csv:2")
    page.locator("input[type=file]").set_input_files(sent("orders.csv", values()))
    page.get_by_role("button", name="Check the file").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("42 values are ready")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("42 values were added")
    page.get_by_role("link", name="Register a comparison").click()
    page.get_by_label("Course", exact=True).select_option("CPOE-101")
    page.get_by_label("Quality measure", exact=True).select_option("ORDERS")
    page.get_by_role("group", name="Units whose staff are trained").get_by_label("Emergency", exact=True).check()
    page.get_by_text("Units to stand beside them").click()
    page.get_by_role("group", name="Units without this training").get_by_label("Acute medical unit").check()
    page.get_by_label("The training begins on").fill("2026-01-01")
    page.get_by_label("Months until an effect could show").fill("2")
    page.get_by_label("What you expect of the measure").select_option("better")
    page.get_by_label("Why you expect it").fill("The course asks for every detail of an order.")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(heading).to_contain_text("a signal for the better since Mar 2026, beside it no signal")
    expect(page.locator("svg[role=img]")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("does not show that one moved the other")
    digest = re.search(r"[0-9a-f]{64}", page.locator("section[aria-labelledby=means]").inner_text())
    assert digest
    files = {}
    for form in ("PDF", "CSV", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"{form} of this comparison").click()
        files[form] = Path(download.value.path()).read_bytes()
    assert files["PDF"].startswith(b"%PDF-")
    assert json.loads(files["JSON"])["digest"] == digest[0]
    rows = list(csv.DictReader(files["CSV"].decode("utf-8-sig").splitlines()))
    assert len(rows) == 21
    assert {row["digest"] for row in rows} == {digest[0]}
    page.get_by_label("Compared with").fill("2026-06-30")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="Compared with 30 June 2026")).to_be_visible()
    phone = visit("cmio", phone=True)
    phone.goto(page.url)
    for each in (page, phone):
        assert faults_of(each) == []
        assert overflow_of(each) == 0


def test_a_clinician_says_what_a_course_was_worth_without_a_name(visit: Visit, hospital: Hospital) -> None:
    with hospital.behind() as now:
        publish(FORM.read_text(encoding="utf-8"), FORM.name, actor=None, now=now)
    code = hospital.publish(sample_course("WORTH-101", exam=None))
    page = visit(hospital.somebody().email, phone=True)
    page.goto(f"/courses/{code}")
    page.get_by_role("button", name="Start the course").click()
    for _ in LESSONS:
        expect(page).to_have_url(re.compile("/lessons/"))
        lesson = page.url
        page.get_by_role("button", name=re.compile("^Done")).click()
        expect(page).not_to_have_url(lesson)
    page.goto("/evaluations")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("waits? for your opinion"))
    page.locator(f".todo__title a[href*='/{code}/']").first.click()
    send = page.get_by_role("button", name="Send without my name")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("open")
    assert faults_of(page) == []
    assert overflow_of(page) == 0
    for question in page.locator("main form fieldset").all():
        question.locator("input[type=radio], input[type=checkbox]").last.check()
    send.click()
    expect(page.locator("main")).to_contain_text("Thank you")
    page.goto("/evaluations")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing to evaluate now")
    educator = visit("educator")
    educator.goto(f"/workforce/evaluations/{code}")
    expect(educator.get_by_role("heading", level=1)).to_have_text("Too few answers to show yet")
