"""The author's warnings: style, length, reading time and grade, coverage. None of them keeps a course from publishing.

Errors belong to the readers and the renderer; what stands here is advice.
"""

from collections.abc import Mapping

from assessments.model import Fault
from courses.folder import display
from courses.itemadvice import bank_warnings, item_warnings
from courses.model import Course, Lesson
from courses.pages import CoursePages
from courses.prose import reading_minutes
from courses.rendering.renderer import Rendered
from courses.style import style_faults

LONGEST_LESSON_WORDS = 1_800
LONGEST_LESSON_MINUTES = 15
HIGHEST_GRADE = 14.0
LONGEST_SUMMARY = 250


def course_warnings(course: Course, pages: CoursePages, texts: Mapping[str, str]) -> list[Fault]:
    """Return all advice on a course; `texts` are its Markdown files by path, as read."""
    faults: list[Fault] = []
    for path, text in texts.items():
        faults += style_faults(display(course.name, path), text, bank=path.startswith("questions"))
    for lesson in course.lessons:
        faults += _lesson_warnings(course, lesson, pages.lessons[lesson.slug])
    faults += _coverage(course)
    faults += _course_length(course)
    if len(course.summary) > LONGEST_SUMMARY:
        message = (
            f"the summary has {len(course.summary)} characters: one sentence for the catalogue, under {LONGEST_SUMMARY}"
        )
        faults.append(_at(course, "course.md", message))
    faults += [
        _at(course, media.path, "no text shows it or links to it")
        for media in course.media
        if media.path not in pages.shown and media.media_type != "text/vtt"
    ]
    for item in course.bank.items:
        faults += item_warnings(item)
    return faults + bank_warnings(course.bank.items)


def _at(course: Course, path: str, message: str) -> Fault:
    return Fault(display(course.name, path), 1, 1, "warning", message)


def _lesson_warnings(course: Course, lesson: Lesson, rendered: Rendered) -> list[Fault]:
    messages = []
    split = "split it, learners have five minutes at a time"
    if rendered.words > LONGEST_LESSON_WORDS:
        messages.append(f"{rendered.words:,} words in one lesson: {split}")
    if lesson.minutes > LONGEST_LESSON_MINUTES:
        messages.append(f"{lesson.minutes} minutes in one lesson: {split}")
    if rendered.words == 0 and rendered.images == 0:
        messages.append("the lesson has no text")
    needed = float(reading_minutes(rendered.words, rendered.images, len(rendered.checks)))
    stated = f"“minutes: {lesson.minutes}”, but reading takes"
    if lesson.minutes and needed > lesson.minutes * 1.5 and needed - lesson.minutes >= 2:
        messages.append(f"{stated} about {round(needed)}")
    elif lesson.minutes > 3 * needed + 2:
        messages.append(f"{stated} only about {max(1, round(needed))}")
    if lesson.grade is not None and lesson.grade > HIGHEST_GRADE:
        aim = f"aim for {HIGHEST_GRADE:.0f} or lower, with shorter sentences and words"
        messages.append(f"reading grade {lesson.grade:.1f}: {aim}")
    return [_at(course, lesson.path, message) for message in messages]


def _coverage(course: Course) -> list[Fault]:
    """Say which claimed competency nothing asks about, and which item counts for no competency."""
    if not course.bank.items:
        return [_at(course, "course.md", "the course has no questions: learners cannot check what they understood")]
    asked = {item.competency for item in course.bank.items}
    faults = [
        _at(course, "course.md", f"no question asks about {claim.code}, which the course claims")
        for claim in course.competencies
        if claim.code not in asked
    ]
    faults += [
        Fault(item.path, item.line, 1, "warning", f"item “{item.id}” counts for no competency: give it competency=CODE")
        for item in course.bank.items
        if not item.competency
    ]
    if course.exam is None:
        faults.append(_at(course, "course.md", "the course has no exam.md: it is complete once all lessons are read"))
    return faults


def _course_length(course: Course) -> list[Fault]:
    if not course.lessons or not course.minutes:
        return []
    lessons = sum(lesson.minutes for lesson in course.lessons)
    whole = lessons + ((course.exam.time_limit or 0) if course.exam else 0)
    stated = f"“minutes: {course.minutes}”, but the lessons"
    if lessons > course.minutes * 1.2:
        return [_at(course, "course.md", f"{stated} add up to {lessons}")]
    if course.minutes > 1.5 * whole + 10:
        return [_at(course, "course.md", f"{stated} and the assessment add up to {whole}")]
    return []
