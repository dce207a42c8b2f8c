"""A learner's moves on the pages: reading through a course, answering a question of each type, handing in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect

from tests.browser.courses import Question

SAVED = re.compile(r"Saved \d\d:\d\d")


def read_course(page: Page, code: str) -> None:
    """Enrol and complete every lesson, without looking at the checks."""
    page.goto(f"/courses/{code}")
    page.get_by_role("button", name="Start the course").click()
    expect(page).to_have_url(re.compile(rf"/courses/{code}/lessons/"))
    while not page.url.endswith(f"/courses/{code}/exam"):
        lesson = page.url
        page.get_by_role("button", name=re.compile("^Done, ")).click()
        # A click does not wait for the page that it leads to, and a page on its way in has no buttons yet.
        expect(page).not_to_have_url(lesson)


def begin(page: Page) -> None:
    """Begin the attempt, from the page with the rules."""
    page.get_by_role("button", name="Start the assessment").click()
    expect(page).to_have_url(re.compile(r"/attempts/\w+/1$"))


def asked(page: Page, questions: Iterable[Question]) -> Question:
    """Which of the questions this page asks."""
    text = page.locator("main").inner_text()
    found = [each for each in questions if each.says in text]
    assert len(found) == 1, (page.url, [each.says for each in found], text)
    return found[0]


def answer(page: Page, question: Question, *, right: bool = True) -> None:
    """Give an answer, with whatever the type of the question offers."""
    given = question.right if right else question.wrong
    form = page.locator("#question")
    match question.type:
        case "single":
            option(form, given).check()
        case "multiple":
            for text in given:
                option(form, text).check()
        case "numeric" | "text" | "essay":
            field = form.locator("[name=answer]")
            field.fill(given)
            field.blur()
        case "matching":
            for left, choice in given.items():
                form.get_by_label(left).select_option(label=choice)
        case "ordering":
            for place, text in enumerate(given, 1):
                form.get_by_label(f"Place of: {text}").select_option(str(place))
        case "cloze":
            for number, text in enumerate(given, 1):
                form.get_by_label(f"Gap {number}").fill(text)
            form.get_by_label("Gap 1").blur()
        case "branching":
            for text in given:
                option(form, text).check()
                page.get_by_role("button", name="Decide and go on").click()
            expect(page.get_by_text("You came to the end of this path.")).to_be_visible()


def option(form: Locator, text: str) -> Locator:
    """The radio or checkbox that is called so, as a screen reader says it."""
    name = re.compile(f"^{re.escape(text).replace(chr(92) + ' ', ' ')}")
    return form.get_by_role("radio", name=name).or_(form.get_by_role("checkbox", name=name))


def go_on(page: Page) -> None:
    """To the next question, or from the last one to the overview."""
    before = page.url
    page.locator("#question").get_by_role("button", name=re.compile("^(Next|Review)$")).last.click()
    page.wait_for_url(lambda url: url != before)


def take(page: Page, questions: Iterable[Question], *, wrong: int = 0) -> None:
    """Answer every question of the open attempt, the first `wrong` of them not rightly; ends at the overview."""
    questions = tuple(questions)
    while re.search(r"/attempts/\w+/\d+$", page.url):
        answer(page, asked(page, questions), right=wrong <= 0)
        wrong -= 1
        go_on(page)


def hand_in(page: Page) -> None:
    """From the overview to the result."""
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/attempts/\w+/result$"))


def holds(page: Page, question: Question) -> bool:
    """Whether the page shows the right answer as the one given."""
    form = page.locator("#question")
    match question.type:
        case "single":
            return option(form, question.right).is_checked()
        case "multiple":
            checked = form.locator("label.option:has(input:checked)")
            return checked.count() == len(question.right) and all(option(form, t).is_checked() for t in question.right)
        case "numeric" | "text" | "essay":
            return form.locator("[name=answer]").input_value() == question.right
        case "matching":
            return all(
                form.get_by_label(left).locator("option:checked").inner_text() == choice
                for left, choice in question.right.items()
            )
        case "ordering":
            places = [form.get_by_label(f"Place of: {text}").input_value() for text in question.right]
            return places == [str(n) for n in range(1, len(places) + 1)]
        case "cloze":
            gaps = [form.get_by_label(f"Gap {n}").input_value() for n in range(1, len(question.right) + 1)]
            return gaps == question.right
        case _:
            return all(option(form, text).is_checked() for text in question.right)
