"""A course as it is stored and served: every text rendered once, media by digest, the whole under one digest."""

import html
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.model import Bank, Fault
from courses.digest import course_digest
from courses.model import Course
from courses.pages import CoursePages, render_course
from courses.rendering.callouts import icon


@dataclass(frozen=True)
class PublishedLesson:
    """A lesson's finished page.

    In `html` a knowledge check is `<div data-check="item-id"></div>` on a line of its own, a case
    `<div data-case="case-id">…</div>`. `outline` holds (id, title, level) of each heading, `checks` the item ids in
    order, `words` the count of words outside code and formulas.
    """

    slug: str
    position: int
    title: str
    minutes: int
    html: str
    outline: tuple[tuple[str, str, int], ...]
    checks: tuple[str, ...]
    words: int


@dataclass(frozen=True)
class PublishedMedia:
    """A media file to be served at `/media/{digest}/{name}`."""

    name: str
    digest: str
    media_type: str
    width: int | None
    height: int | None
    data: bytes
    path: str


@dataclass(frozen=True)
class PublishedCourse:
    """Everything that publishing stores. `course` holds the metadata, `bank` items and cases as HTML, `exam_html` the
    instructions (empty without an exam), `warnings` what was noticed while rendering."""

    course: Course
    digest: str
    overview_html: str
    lessons: tuple[PublishedLesson, ...]
    bank: Bank
    exam_html: str
    media: tuple[PublishedMedia, ...]
    warnings: tuple[Fault, ...]


def publish(course: Course, files: Mapping[str, bytes], *, course_up: str | None = None) -> PublishedCourse:
    """Render a course read without errors from `files` into its published form.

    Links are written as `render_course` says, `course_up` included. Raises ValueError where the files are not those
    of the course.
    """
    missing = [path for path in course.files if path not in files]
    if missing:
        raise ValueError(f"these are not the course's files: {', '.join(missing)} missing")
    pages = render_course(course, files, course_up=course_up)
    return PublishedCourse(
        course=course,
        digest=course_digest(files),
        overview_html=pages.overview.html,
        lessons=_lessons(course, pages),
        bank=pages.bank,
        exam_html=pages.exam.html if pages.exam else "",
        media=tuple(
            PublishedMedia(
                media.name, media.digest, media.media_type, media.width, media.height, files[media.path], media.path
            )
            for media in course.media
        ),
        warnings=pages.faults,
    )


def _lessons(course: Course, pages: CoursePages) -> tuple[PublishedLesson, ...]:
    cases = {case.id: case for case in pages.bank.cases}
    found = []
    for lesson in course.lessons:
        rendered = pages.lessons[lesson.slug]
        text = rendered.html
        for placed in dict.fromkeys(rendered.cases):
            case = cases.get(placed)
            if case is not None:
                opening = f'<div data-case="{placed}">'
                text = text.replace(opening + "</div>", f"{opening}{_case(case.title, case.stem)}</div>")
        outline = tuple((heading.id, heading.title, heading.level) for heading in rendered.outline)
        found.append(
            PublishedLesson(
                slug=lesson.slug,
                position=lesson.position,
                title=lesson.title,
                minutes=lesson.minutes,
                html=text,
                outline=outline,
                checks=rendered.checks,
                words=rendered.words,
            )
        )
    return tuple(found)


def _case(title: str, stem: str) -> str:
    """Return a case in the frame of a callout, so that it reads as one thing; no landmark, for it may hold some."""
    name = html.escape(title)
    return (
        f'<div class="callout is-key" role="group" aria-label="{name}">{icon("important")}'
        f'<p class="callout__title">{name}</p>\n{stem}\n</div>'
    )
