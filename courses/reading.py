"""A folder of Markdown becomes a `Course`, with every fault of it at once.

`read_course` works on bytes by path, so it serves a folder, an upload and a test alike; nothing here touches a disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assessments.frontmatter import front_matter
from assessments.model import Bank, Fault
from assessments.papers import Draw, draw_faults
from assessments.reading import join_banks, read_bank
from courses.coursefile import CourseFields, read_course_fields
from courses.examfile import read_exam_fields
from courses.fields import Fields
from courses.folder import Layout, UnreadableFolder, arrange, display, read_folder, scan_folder
from courses.lint import course_warnings
from courses.media import read_media
from courses.model import Course, Exam, Lesson, Media
from courses.pages import render_course
from courses.placement import placement_faults
from courses.prose import reading_grade
from courses.rendering.renderer import Rendered
from courses.text import read_text

__all__ = ["UnreadableFolder", "read_course", "read_folder", "scan_folder", "sorted_faults"]


def read_course(
    files: Mapping[str, bytes],
    name: str,
    known_competencies: frozenset[str] | None,
    known_responsibilities: frozenset[str] | None = None,
) -> tuple[Course | None, list[Fault]]:
    """Read a course from its files.

    `name` stands before every path in faults; `known_competencies` and `known_responsibilities` are the framework's
    codes, None where they are not to be checked. The course is None whenever there is an error among the faults: a
    course with an error cannot be published.
    """
    reader = _Reader(files, name, known_competencies, known_responsibilities)
    course = reader.read()
    return course, sorted_faults(reader.faults)


def sorted_faults(faults: Sequence[Fault]) -> list[Fault]:
    """Return faults in the order of the files and lines, each once."""
    return sorted(set(faults), key=lambda fault: (fault.path, fault.line, fault.column, fault.severity, fault.message))


class _Reader:
    """One reading; collects faults as it goes."""

    def __init__(
        self, files: Mapping[str, bytes], name: str, competencies: frozenset[str] | None,
        responsibilities: frozenset[str] | None,
    ) -> None:  # fmt: skip
        self.files = files
        self.name = name
        self.competencies = competencies
        self.responsibilities = responsibilities
        self.faults: list[Fault] = []

    @property
    def failed(self) -> bool:
        return any(fault.severity == "error" for fault in self.faults)

    def read(self) -> Course | None:
        layout, faults = arrange(self.files, self.name)
        self.faults += faults
        if layout.course is None:
            self._error("course.md", "is missing: expected a file with the course's front matter and overview")
            self._read_parts(layout)
            return None
        fields, body, body_line = self._front_matter(layout.course)
        facts = read_course_fields(fields, self.competencies, self.responsibilities) if fields else None
        lessons, bank, exam, media = self._read_parts(layout, len(facts.objectives) if facts else None)
        if not layout.lessons:
            self._error("course.md", "the course has no lesson: expected a file such as 10-right-patient.md")
        course = self._course(facts or _nothing(), body, body_line, lessons, bank, exam, media, layout)
        rendered = render_course(course, self.files)
        lessons = tuple(_measured(lesson, rendered.lessons[lesson.slug], course.language) for lesson in course.lessons)
        course = replace(course, lessons=lessons)
        self.faults += rendered.faults
        self.faults += placement_faults(course, rendered, self.competencies)
        self.faults += self._bank_faults(course)
        self.faults += course_warnings(course, rendered, self._texts(layout))
        return None if self.failed else course

    def _error(self, path: str, message: str, line: int = 1) -> None:
        self.faults.append(Fault(display(self.name, path), line, 1, "error", message))

    def _texts(self, layout: Layout) -> dict[str, str]:
        paths = [layout.course, layout.exam, *(path for _, path in layout.lessons), *layout.questions]
        return {path: text for path in paths if path and (text := read_text(self.files[path], path)[0]) is not None}

    def _front_matter(self, path: str) -> tuple[Fields | None, str, int]:
        """Return the fields, the body and the body's first line of a Markdown file."""
        shown = display(self.name, path)
        text, faults = read_text(self.files[path], shown)
        self.faults += faults
        if text is None:
            return None, "", 1
        values, body, body_line, faults = front_matter(text, shown)
        self.faults += faults
        if body_line == 1:
            self._error(path, "has no front matter: expected fields between two lines of ---, as in “title: …”")
        return (None if faults or body_line == 1 else Fields(values, shown, self.faults)), body, body_line

    def _read_parts(
        self, layout: Layout, objectives: int | None = None
    ) -> tuple[tuple[Lesson, ...], Bank, Exam | None, tuple[Media, ...]]:
        lessons = tuple(
            self._lesson(slug, path, position) for position, (slug, path) in enumerate(layout.lessons, start=1)
        )
        bank = self._bank(layout.questions, objectives)
        exam = self._exam(layout.exam) if layout.exam else None
        media = []
        for path in layout.media:
            found, faults = read_media(path, self.files[path], display(self.name, path))
            self.faults += faults
            if found:
                media.append(found)
        return lessons, bank, exam, tuple(media)

    def _lesson(self, slug: str, path: str, position: int) -> Lesson:
        fields, body, body_line = self._front_matter(path)
        title, minutes = slug, 0
        if fields:
            title = fields.text("title", slug, required=True, expected="the lesson's title")
            expected = "whole minutes, 1 to 600"
            minutes = fields.whole("minutes", 0, required=True, low=1, high=600, expected=expected) or 0
            fields.finish()
        return Lesson(slug, position, title, minutes, body, path, body_line)

    def _exam(self, path: str) -> Exam | None:
        fields, body, body_line = self._front_matter(path)
        return read_exam_fields(fields, body, body_line, self.competencies) if fields else None

    def _bank(self, paths: Sequence[str], objectives: int | None) -> Bank:
        """Read every question file into one bank; `objectives` is how many the course has."""
        banks = []
        for path in paths:
            shown = display(self.name, path)
            text, faults = read_text(self.files[path], shown)
            self.faults += faults
            if text is not None:
                bank, faults = read_bank(text, shown, objectives=objectives)
                self.faults += faults
                banks.append(bank)
        whole, faults = join_banks(banks)
        self.faults += faults
        return whole

    def _bank_faults(self, course: Course) -> list[Fault]:
        exam = course.exam
        if exam is None:
            return []
        found = []
        for message in draw_faults(course.bank, _known_draws(exam.draws, self.competencies)):
            found.append(Fault(display(self.name, exam.path), exam.draw_line, 1, "error", message))
        if not course.bank.items:
            message = "the assessment has no items: expected questions.md with at least one item"
            found.append(Fault(display(self.name, exam.path), 1, 1, "error", message))
        return found

    def _course(
        self, facts: CourseFields, overview: str, overview_line: int, lessons: tuple[Lesson, ...], bank: Bank,
        exam: Exam | None, media: tuple[Media, ...], layout: Layout,
    ) -> Course:  # fmt: skip
        return Course(
            **vars(facts), overview=overview, overview_line=overview_line, lessons=lessons, bank=bank, exam=exam,
            media=media, files=layout.paths, name=self.name,
        )  # fmt: skip


def _measured(lesson: Lesson, page: Rendered, language: str) -> Lesson:
    """Return the lesson with what only its finished page tells."""
    grade = reading_grade(page.prose) if language.lower().split("-")[0] == "en" else None
    return replace(lesson, checks=page.checks, cases=page.cases, words=page.words, pictures=page.images, grade=grade)


def _known_draws(draws: Sequence[Draw], known: frozenset[str] | None) -> list[Draw]:
    """Leave out draws for a competency that is unknown and already said to be so."""
    return [draw for draw in draws if known is None or draw.competency is None or draw.competency in known]


def _nothing() -> CourseFields:
    """Stand in for fields that could not be read, so that the rest of the course is still examined."""
    return CourseFields("", "", "", "", "en", (), 0, (), (), (), (), None, (), (), None)
