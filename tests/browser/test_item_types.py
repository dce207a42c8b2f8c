"""Every kind of question by keyboard alone, with a script and as plain HTML, and without a barrier."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.papers import drawable
from assessments.reading import read_bank
from assessments.registry import KINDS
from tests.browser.auditing import faults_of, overflow_of
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.courses import CHECKED, EVERY_TYPE, OPINION, WIDGETS, every_type_course
from tests.browser.hospital import Hospital
from tests.browser.keyboard import Keyboard
from tests.browser.taking import SAVED, asked, holds
from tests.support.taking import read_all

pytestmark = pytest.mark.browser

ZOOMED = ({"width": 720, "height": 450}, {"width": 320, "height": 700})  # 1440 pixels at 200 %, 1280 at 400 %
EXAM = {"title": "Final assessment", "pass": 80, "confidence": "true", "feedback": "after_submit"}
DESK_PAGES = ("/exams", "/exams/attempts", "/exams/time", "/exams/agreement")
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])


def barriers(page: Page) -> list[str]:
    """What stands in the way on this page: on a desk and a phone, in the light and the dark, enlarged, mirrored."""
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{size['width']} {scheme} {each}" for each in faults_of(page)]
    page.emulate_media(color_scheme="light")
    for direction in ("rtl", "ltr"):
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        for size in (*ZOOMED, PHONE, DESK):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            if overflow_of(page) > 0:
                found.append(f"scrolls sideways at {size['width']}, {direction}")
    return [f"{page.url}: {each}" for each in found]


def test_the_exam_and_the_lesson_of_these_journeys_hold_every_type_there_is() -> None:
    bank, faults = read_bank(EVERY_TYPE, "questions.md")
    assert faults == []
    assert {item.type for item in bank.items} == set(KINDS)
    asked_in_exam = {item.type for item in bank.items if drawable(item)}
    assert asked_in_exam | {bank.item(item).type for item in CHECKED} == set(KINDS)


@pytest.fixture
def ready(hospital: Hospital, visit: Visit, request: pytest.FixtureRequest) -> tuple[Page, str]:
    """A nurse's page and the code of a course with every kind of question, whose lessons are read."""
    script = request.getfixturevalue("script")
    code = hospital.publish(every_type_course(f"KEYS-{100 + len(hospital.taken)}", exam=EXAM))
    nurse = hospital.somebody()
    with hospital.behind() as now:
        read_all(nurse.person_id, code, now)
    # Without motion nothing is half-way between two colours when it is looked at.
    return visit(nurse.email, script=script, bypass_csp=script, reduced_motion="reduce"), code


def refused_first(keys: Keyboard) -> None:
    """Type what is no number: the page that says so has the focus where it is mended."""
    keys.to("#question [name=answer]")
    keys.page.keyboard.type("a dozen")
    keys.press("Enter")
    expect(keys.page.locator("#q-error")).to_contain_text("expected a number")
    field = keys.page.locator("#question [name=answer]")
    expect(field).to_be_focused()
    expect(field).to_have_value("a dozen")
    keys.press("Control+A")


@SCRIPTS
def test_an_exam_of_every_kind_of_question_is_sat_and_marked_by_keyboard_alone(
    ready: tuple[Page, str], visit: Visit, script: bool
) -> None:
    page, code = ready
    keys = Keyboard(page, moves=not script)
    look = barriers if script else (lambda _page: [])
    page.goto(f"/courses/{code}/exam")
    keys.to("aside form .btn--primary")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/attempts/\w+/1$"))
    found, met = [], set()
    while re.search(r"/attempts/\w+/\d+$", page.url):
        question, place = asked(page, WIDGETS), page.url
        met.add(question.says)
        found += look(page)
        if question.type == "numeric" and not script:
            refused_first(keys)
        keys.answer("#question", question)
        keys.choose("#question [name=confidence]", "Certain")
        if script:
            expect(page.locator(".saved[data-state=good]")).to_have_text(SAVED)
            page.reload()
            assert holds(page, question), question.says
        keys.to("#question .btn--primary")
        keys.press("Enter")
        page.wait_for_url(lambda url, here=place: url.split("#")[0] != here)
        if not script:
            following = page.url
            page.goto(place)
            assert holds(page, question), question.says
            page.goto(following)
    assert met == {each.says for each in WIDGETS}
    expect(page.get_by_role("heading", level=1)).to_have_text("All questions are answered")
    found += look(page)
    keys.to("form[action$=submit] button")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Handed in; a person marks it now")
    keys.to("a[href*='show=all']")
    keys.press("Enter")
    page.wait_for_url(re.compile("show=all"))
    expect(page.locator("#answers article")).to_have_count(len(WIDGETS))
    found += look(page)
    keys.round()
    found += mark(visit("educator", script=script, bypass_csp=script, reduced_motion="reduce"), page.url, script)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You passed with 100%")
    expect(page.get_by_text("Say who turns it off.")).to_be_visible()
    found += look(page)
    assert found + keys.wrong == []


def mark(page: Page, result: str, script: bool) -> list[str]:
    """Give the one text of an attempt all its points, with keys alone; gives what stood in the way."""
    attempt = result.split("/")[4]
    keys = Keyboard(page)
    found: list[str] = []
    for address in DESK_PAGES if script else ("/exams",):
        page.goto(address)
        found += barriers(page) if script else []
        keys.round()
    page.goto("/exams")
    keys.to(f"a[href*='/marking/{attempt}/']")
    keys.press("Enter")
    page.wait_for_url(re.compile("/marking/"))
    found += barriers(page) if script else []
    keys.round()
    page.reload()
    for place in range(2):
        keys.to(f"[name=points-{place}]")
        page.keyboard.type("1")
    keys.to("[name=comment]")
    page.keyboard.type("Say who turns it off.")
    keys.to("form[action*='/marking/'] button")
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("The marks are kept.")
    return found + keys.wrong


@SCRIPTS
def test_the_checks_of_a_lesson_are_answered_by_keyboard_alone(ready: tuple[Page, str], script: bool) -> None:
    page, code = ready
    keys = Keyboard(page, moves=script)
    page.goto(f"/courses/{code}/lessons/right-patient")
    found = barriers(page) if script else []
    for item in CHECKED:
        form = f"#check-{item}"
        text = page.locator(form).inner_text()
        question = next(each for each in (*WIDGETS, OPINION) if each.says in text)
        keys.answer(form, question)
        keys.to(f"{form} button[type=submit]:not([name])")
        keys.press("Enter")
        feedback = page.locator(f"{form} [data-feedback]")
        expect(feedback).to_contain_text("Compared with the panel" if question is OPINION else "Right")
        if script:
            expect(feedback).to_be_focused()
    if script:
        found += barriers(page)
    keys.round()
    assert found + keys.wrong == []
