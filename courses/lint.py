"""The author's warnings: style, length, reading time and grade, coverage. None of them keeps a course from publishing.

Errors belong to the readers and the renderer; what stands here is advice.
"""

from collections.abc import Mapping

from assessments.frontmatter import Node, front_matter
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
        faults += _lesson_warnings(course, lesson, pages.lessons[lesson.slug], texts.get(lesson.path, ""))
    head = front_matter(texts.get("course.md", ""), "course.md")[0]
    faults += _coverage(course, head)
    faults += _course_length(course, head)
    if len(course.summary) > LONGEST_SUMMARY:
        message = (
            f"the summary has {len(course.summary)} characters: one sentence for the catalogue, under {LONGEST_SUMMARY}"
        )
        faults.append(_at(course, "course.md", message, line_of(head, "summary")))
    faults += [
        _at(course, media.path, "no text shows it or links to it")
        for media in course.media
        if media.path not in pages.shown and media.media_type != "text/vtt"
    ]
    for item in course.bank.items:
        faults += item_warnings(item)
    return faults + bank_warnings(course.bank.items)


def line_of(fields: Mapping[str, Node], name: str) -> int:
    """The line of a field in the front matter that was read, the first line where it is missing."""
    return fields[name].line if name in fields else 1


def _at(course: Course, path: str, message: str, line: int = 1) -> Fault:
    return Fault(display(course.name, path), line, 1, "warning", message)


def _lesson_warnings(course: Course, lesson: Lesson, rendered: Rendered, text: str) -> list[Fault]:
    minutes = line_of(front_matter(text, lesson.path)[0], "minutes")
    messages: list[tuple[int, str]] = []  # the line meant, and what is said of it
    split = "split it, learners have five minutes at a time"
    if rendered.words > LONGEST_LESSON_WORDS:
        messages.append((lesson.body_line, f"{rendered.words:,} words in one lesson: {split}"))
    if lesson.minutes > LONGEST_LESSON_MINUTES:
        messages.append((minutes, f"{lesson.minutes} minutes in one lesson: {split}"))
    if rendered.words == 0 and rendered.images == 0:
        messages.append((lesson.body_line, "the lesson has no text"))
    needed = float(reading_minutes(rendered.words, rendered.images, len(rendered.checks)))
    stated = f"“minutes: {lesson.minutes}”, but reading takes"
    if lesson.minutes and needed > lesson.minutes * 1.5 and needed - lesson.minutes >= 2:
        messages.append((minutes, f"{stated} about {round(needed)}"))
    elif lesson.minutes > 3 * needed + 2:
        messages.append((minutes, f"{stated} only about {max(1, round(needed))}"))
    if lesson.grade is not None and lesson.grade > HIGHEST_GRADE:
        aim = f"aim for {HIGHEST_GRADE:.0f} or lower, with shorter sentences and words"
        messages.append((lesson.body_line, f"reading grade {lesson.grade:.1f}: {aim}"))
    return [_at(course, lesson.path, message, line) for line, message in messages]


def _coverage(course: Course, head: Mapping[str, Node]) -> list[Fault]:
    """Say which claimed competency nothing asks about, and which item counts for no competency."""
    if not course.bank.items:
        return [_at(course, "course.md", "the course has no questions: learners cannot check what they understood")]
    asked = {item.competency for item in course.bank.items}
    faults = [
        _at(
            course,
            "course.md",
            f"no question asks about {claim.code}, which the course claims",
            _claimed(head, claim.code),
        )
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


def _claimed(head: Mapping[str, Node], code: str) -> int:
    """The line on which a competency is claimed."""
    held = head["competencies"].value if "competencies" in head else []
    for each in held if isinstance(held, list) else []:
        claim = each.value if isinstance(each.value, dict) else {}
        if "code" in claim and claim["code"].text == code:
            return claim["code"].line
    return line_of(head, "competencies")


def _course_length(course: Course, head: Mapping[str, Node]) -> list[Fault]:
    if not course.lessons or not course.minutes:
        return []
    lessons = sum(lesson.minutes for lesson in course.lessons)
    whole = lessons + ((course.exam.time_limit or 0) if course.exam else 0)
    stated = f"“minutes: {course.minutes}”, but the lessons"
    if lessons > course.minutes * 1.2:
        return [_at(course, "course.md", f"{stated} add up to {lessons}", line_of(head, "minutes"))]
    if course.minutes > 1.5 * whole + 10:
        message = f"{stated} and the assessment add up to {whole}"
        return [_at(course, "course.md", message, line_of(head, "minutes"))]
    return []
