"""Every text of a course, rendered, with the faults that only rendering shows.

The author's lint and publishing share this, so that what the lint accepts is what publishing writes.
"""

import difflib
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from assessments.model import Bank, Case, Fault, Item
from courses.folder import display
from courses.model import Course
from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.shelf import MediaEntry, Track
from courses.rendering.source import Source
from courses.rendering.targets import media_url
from courses.text import read_text


@dataclass(frozen=True)
class CoursePages:
    """All texts of a course as HTML. `lessons` is by slug, `bank` holds HTML in place of Markdown, `shown` the paths
    of the media that some text shows or links to."""

    overview: Rendered
    lessons: Mapping[str, Rendered]
    exam: Rendered | None
    bank: Bank
    shown: frozenset[str]
    faults: tuple[Fault, ...]


class CourseShelf:
    """Looks up lessons and media of one course for the renderer, and notes which media were asked for.

    `base` stands before a lesson's slug in a link.
    """

    def __init__(self, course: Course, base: str = "") -> None:
        self._pages = {lesson.path: base + lesson.slug for lesson in course.lessons}
        self._pages["course.md"] = course_address(course.code)
        self._names = [*course.files]
        self.asked: set[str] = set()
        self._media = {
            media.path: MediaEntry(
                media_url(media.digest, media.name),
                media.media_type,
                media.width,
                media.height,
                _tracks(course, media.path),
            )
            for media in course.media
        }

    def media(self, path: str) -> MediaEntry | None:
        """Return the media file at `path`."""
        self.asked.add(path)
        return self._media.get(path)

    def page(self, path: str) -> str | None:
        """Return the address of the lesson at `path`."""
        return self._pages.get(path)

    def near(self, path: str) -> str | None:
        """Return the file of the course whose name comes closest to `path`."""
        return next(iter(difflib.get_close_matches(path, self._names, n=1, cutoff=0.6)), None)


def _tracks(course: Course, path: str) -> tuple[Track, ...]:
    """Return the captions of a recording: `film.vtt` in the course's language, `film.de.vtt` in another."""
    stem = posixpath.splitext(path)[0]
    found = []
    for media in course.media:
        if media.media_type != "text/vtt" or not media.path.startswith(stem + "."):
            continue
        middle = media.path[len(stem) + 1 : -len("vtt")].rstrip(".")
        if "." not in middle and "/" not in middle:
            found.append((middle != "", Track(middle or course.language, media_url(media.digest, media.name))))
    return tuple(track for _, track in sorted(found, key=lambda pair: (pair[0], pair[1].language)))


def course_address(code: str) -> str:
    """Return the address of a course's page; its lessons stand below it in `lessons/`."""
    return f"/courses/{quote(code)}"


def render_course(course: Course, files: Mapping[str, bytes], *, course_up: str | None = None) -> CoursePages:
    """Render every text of `course`.

    `files` are its bytes, in which faults are located. From lesson to lesson a link is the slug alone. Texts that are
    shown on other pages link to `/courses/CODE/lessons/SLUG`; `course_up` replaces what stands before the slug in
    the overview.
    """
    base = course_address(course.code) + "/lessons/"
    shelves = (
        CourseShelf(course),
        CourseShelf(course, base),
        CourseShelf(course, base if course_up is None else course_up),
    )
    renderer, outside, front = (Renderer(shelf, course.language) for shelf in shelves)
    overview = front.page(
        course.overview, Source(display(course.name, "course.md"), course.overview, course.overview_line), "about-"
    )
    lessons = {
        lesson.slug: renderer.page(
            lesson.body, Source(display(course.name, lesson.path), lesson.body, lesson.body_line)
        )
        for lesson in course.lessons
    }
    exam = None
    if course.exam is not None:
        source = Source(display(course.name, course.exam.path), course.exam.instructions, course.exam.body_line)
        exam = outside.page(course.exam.instructions, source, "exam-")
    bank, faults = _BankPress(course, files, outside).press()
    faults = [fault for page in _all_pages(overview, lessons, exam) for fault in page.faults] + faults
    shown = frozenset(path for shelf in shelves for path in shelf.asked)
    return CoursePages(overview, lessons, exam, bank, shown, tuple(faults))


def _all_pages(overview: Rendered, lessons: Mapping[str, Rendered], exam: Rendered | None) -> Iterator[Rendered]:
    yield overview
    yield from lessons.values()
    if exam is not None:
        yield exam


class _BankPress:
    """Renders the texts of the item bank, each fault placed within its own item's lines."""

    def __init__(self, course: Course, files: Mapping[str, bytes], renderer: Renderer) -> None:
        self.course = course
        self.renderer = renderer
        self.faults: list[Fault] = []
        self._lines: dict[str, list[str]] = {}
        self._folders: dict[str, str] = {}
        for path in course.files:
            if path == "questions.md" or path.startswith("questions/"):
                text = read_text(files[path], path)[0] or ""
                self._lines[display(course.name, path)] = text.split("\n")
                self._folders[display(course.name, path)] = posixpath.dirname(path)
        self._starts: dict[str, list[int]] = {}
        placed: list[Item | Case] = [*course.bank.items, *course.bank.cases]
        for one in placed:
            self._starts.setdefault(one.path, []).append(one.line)

    def press(self) -> tuple[Bank, list[Fault]]:
        items = tuple(self._item(item) for item in self.course.bank.items)
        cases = tuple(self._case(case) for case in self.course.bank.cases)
        return Bank(items, cases), self.faults

    def _source(self, item: Item | Case) -> Source:
        lines = self._lines.get(item.path, [])
        following = [line for line in self._starts.get(item.path, []) if line > item.line]
        last = min(following) - 1 if following else len(lines)
        return Source(item.path, "\n".join(lines[item.line - 1 : last]), item.line, self._folders.get(item.path, ""))

    def _item(self, item: Item) -> Item:
        source = self._source(item)
        return item.with_text(
            lambda text: self._keep(self.renderer.block(text, source), source),
            lambda text: self._keep(self.renderer.inline(text, source), source),
        )

    def _case(self, case: Case) -> Case:
        source = self._source(case)
        return case.with_text(
            lambda text: self._keep(self.renderer.block(text, source), source),
            lambda text: self._keep(self.renderer.inline(text, source), source),
        )

    def _keep(self, rendered: Rendered, source: Source) -> str:
        self.faults += rendered.faults
        for placed in (*rendered.checks, *rendered.cases):
            message = f"“{placed}” is placed inside an item: checks and cases stand in lessons"
            self.faults.append(source.fault("error", message, placed))
        return rendered.html
