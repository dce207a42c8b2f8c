"""The published form: rendered once, complete, and the same each time."""

from __future__ import annotations

import pytest

from assessments.model import from_json, to_json
from courses.publishing import PublishedCourse, publish
from courses.reading import read_course
from tests.courses.sample import course_files

CASE = """
# Case: Ward B at night {#ward-b}

A nurse calls about **two** beds.

## First step {#first-step}

What comes first?

- [x] Look at the `banner`
- [ ] Sign *now*
  > Never before looking.

> Look first, with $x < y$.
"""


def published(files: dict[str, bytes] | None = None) -> PublishedCourse:
    files = files or course_files()
    course, faults = read_course(files, "", None)
    assert course is not None, faults
    return publish(course, files)


def with_case() -> dict[str, bytes]:
    files = course_files()
    files["questions.md"] += CASE.encode()
    files["20-alerts.md"] += b"\n\n> [!CASE] ward-b\n\n> [!CHECK] first-step\n"
    return files


def test_lessons_are_finished_pages() -> None:
    lesson = published().lessons[0]
    assert (lesson.slug, lesson.position, lesson.title) == (
        "right-patient",
        1,
        "The right patient, the right encounter",
    )
    assert '<h2 id="banner"><a class="anchor" href="#banner">Look at the banner</a></h2>' in lesson.html
    assert '\n<div data-check="two-identifiers"></div>\n' in lesson.html
    assert '<a href="alerts">about alerts</a>' in lesson.html
    assert lesson.outline == (("banner", "Look at the banner", 2), ("wrong", "When it went wrong", 2))
    assert lesson.checks == ("two-identifiers",)
    assert 20 < lesson.words < 60


def test_media_are_found_by_their_digest() -> None:
    course = published()
    media = course.media[0]
    assert f'src="/media/{media.digest}/banner.svg" width="120" height="40" loading="lazy"' in course.lessons[0].html
    assert media.data == course_files()["media/banner.svg"]


def test_a_case_is_replaced_by_its_vignette() -> None:
    html = published(with_case()).lessons[1].html
    start = html.index('<div data-case="ward-b"><div class="callout')
    assert "Ward B at night" in html[start:]
    assert "<p>A nurse calls about <strong>two</strong> beds.</p>" in html[start:]
    assert '<div data-check="first-step"></div>' in html[start:]


def test_items_hold_html_and_options_stand_inline() -> None:
    bank = published(with_case()).bank
    item = bank.item("first-step")
    assert item.stem == "<p>What comes first?</p>"
    assert [option.text for option in item.answer.options] == ["Look at the <code>banner</code>", "Sign <em>now</em>"]
    assert "<math" in (item.rationale or "")
    assert from_json(to_json(bank)) == bank


def test_links_in_the_overview_lead_to_the_lessons() -> None:
    files = course_files()
    files["course.md"] += b"\nBegin with [the first lesson](10-right-patient.md#banner).\n"
    course, _ = read_course(files, "", None)
    assert course is not None
    assert 'href="/courses/SAFE-101/lessons/right-patient#banner"' in publish(course, files).overview_html
    assert 'href="up/right-patient#banner"' in publish(course, files, course_up="up/").overview_html


def test_no_page_of_a_course_needs_more_than_the_policy_allows() -> None:
    course = published(with_case())
    for html in (course.overview_html, course.exam_html, *(lesson.html for lesson in course.lessons)):
        assert "style=" not in html
        assert "<script" not in html
        assert "<style" not in html


def test_publishing_twice_gives_the_same() -> None:
    assert published() == published()


def test_files_of_another_course_are_refused() -> None:
    files = course_files()
    course, _ = read_course(files, "", None)
    assert course is not None
    with pytest.raises(ValueError, match=r"course\.md"):
        publish(course, {})


def test_headings_of_the_overview_keep_out_of_the_way_of_the_course_page() -> None:
    files = course_files()
    files["course.md"] += b"\n## Lessons\n"
    assert '<h2 id="about-lessons">' in published(files).overview_html
