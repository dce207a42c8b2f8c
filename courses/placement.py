"""What stands in one file and is meant in another: checks, cases, links to headings of other lessons, codes."""

from assessments.model import Fault
from courses.coursefile import unknown_competency
from courses.folder import display
from courses.model import Course, Lesson
from courses.pages import CoursePages
from courses.rendering.renderer import Rendered
from courses.rendering.sanitising import RESERVED_IDS
from courses.rendering.source import Source


def placement_faults(course: Course, pages: CoursePages, known: frozenset[str] | None = None) -> list[Fault]:
    """Return a fault for each check, case or anchor that is not there, and each item of an unknown competency."""
    faults: list[Fault] = []
    items = {item.id for item in course.bank.items}
    cases = {case.id for case in course.bank.cases}
    for lesson in course.lessons:
        rendered = pages.lessons[lesson.slug]
        faults += _missing(course, lesson, rendered.checks, items, "check", "an item")
        faults += _missing(course, lesson, rendered.cases, cases, "case", "a case")
    for name, page in (("course.md", pages.overview), ("exam.md", pages.exam)):
        for placed in (*page.checks, *page.cases) if page else ():
            message = f"“{placed}” is placed outside a lesson: checks and cases stand in lessons"
            faults.append(Fault(display(course.name, name), 1, 1, "error", message))
    faults += _anchors(course, pages)
    for item in course.bank.items:
        if known is not None and item.competency and item.competency not in known:
            message = unknown_competency(item.competency, known)
            faults.append(Fault(item.path, item.line, 1, "error", f"item “{item.id}”: {message}"))
    return faults


def _missing(
    course: Course, lesson: Lesson, placed: tuple[str, ...], known: set[str], word: str, what: str
) -> list[Fault]:
    source = Source(display(course.name, lesson.path), lesson.body, lesson.body_line)
    faults, seen = [], set()
    for one in placed:
        needle = f"] {one}"
        if one not in known:
            faults.append(
                source.fault(
                    "error", f"the {word} “{one}” is not {what} of the course: expected an id from questions.md", needle
                )
            )
        elif one in seen:
            faults.append(source.fault("warning", f"the {word} “{one}” is placed twice in this lesson", needle))
        seen.add(one)
    return faults


def _anchors(course: Course, pages: CoursePages) -> list[Fault]:
    ids = {slug: rendered.ids - RESERVED_IDS for slug, rendered in pages.lessons.items()}
    faults = []
    named: list[tuple[str, Rendered | None]] = [(lesson.path, pages.lessons[lesson.slug]) for lesson in course.lessons]
    named += [("course.md", pages.overview), ("exam.md", pages.exam)]
    for path, rendered in named:
        for placed in rendered.references if rendered else ():
            slug = placed.reference.page.rpartition("/")[2]
            if placed.reference.anchor not in ids.get(slug, frozenset()):
                message = (
                    f"a link leads to “{placed.reference.written}”, "
                    f"but that lesson has no heading with the id “{placed.reference.anchor}”"
                )
                faults.append(Fault(display(course.name, path), placed.line, placed.column, "error", message))
    return faults
