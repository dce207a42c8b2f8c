"""A pathway: the courses that somebody takes in a new task, in order, with days to take them in.

`read_pathway` turns a Markdown file into a `Pathway`. Knows neither who is assigned to it nor when: days count from a
start that the platform sets.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assessments.model import Fault
from courses.coursefile import COURSE_CODE, read_audience
from courses.documents import CODE, CODE_EXPECTED, failed, language_of, open_document
from courses.fields import Fields

LONGEST_WAIT = 3_650


@dataclass(frozen=True)
class Step:
    """One stop of a pathway. It is done once `need` of `courses` are complete; `title` is empty for a single course.
    `due_days` counts days from the start of the pathway, None for no date."""

    courses: tuple[str, ...]
    need: int
    due_days: int | None
    title: str = ""


@dataclass(frozen=True)
class Pathway:
    """A pathway as read. `html` explains it to the learner; `digest` is SHA-256 in hex of the file."""

    code: str
    title: str
    summary: str
    edition: str
    language: str
    audience: tuple[str, ...]
    steps: tuple[Step, ...]
    html: str
    digest: str
    path: str

    @property
    def courses(self) -> tuple[str, ...]:
        """Every course that the pathway names, in order."""
        return tuple(code for step in self.steps for code in step.courses)


def read_pathway(
    text: str, path: str, known_courses: Collection[str] | None = None
) -> tuple[Pathway | None, list[Fault]]:
    """Read a pathway; `path` names it in faults.

    `known_courses` are the codes of courses that exist, None where they are not to be checked; another code warns,
    because the course may come later. With any error there is no pathway, but every fault.
    """
    faults: list[Fault] = []
    document = open_document(text, path, faults)
    if document is None:
        return None, faults
    fields = document.fields
    language = language_of(fields)
    code = fields.text("code", required=True, pattern=CODE, expected=CODE_EXPECTED)
    title = fields.text("title", required=True, expected="the pathway's title")
    summary = fields.text("summary", required=True, expected="one sentence for the learner", longest=500)
    edition = fields.text("edition", required=True, expected='an edition such as "2026.1"', longest=40)
    audience = read_audience(fields)
    steps = _steps(fields, known_courses)
    fields.finish()
    page = document.page(language)
    faults += page.faults
    if not page.words:
        faults.append(Fault(path, document.body_line, 1, "warning", "has no text: tell the learner what it is for"))
    if failed(faults):
        return None, sorted(faults)
    found = Pathway(code, title, summary, edition, language, audience, steps, page.html, document.digest, path)
    return found, sorted(faults)


def _steps(fields: Fields, known: Collection[str] | None) -> tuple[Step, ...]:
    expected = "a list such as [{course: EHR-101, due_days: 7}]"
    found: list[Step] = []
    taken: set[str] = set()
    for each in fields.each("steps", required=True, expected=expected):
        step = _step(each)
        if step is None:
            continue
        for code in step.courses:
            name = "courses" if each.has("courses") else "course"
            if code in taken:
                each.error(name, f"the course {code} stands in the pathway twice: expected each course once")
            elif known is not None and code not in known:
                listed = ", ".join(sorted(known)[:40]) or "none"
                each.warning(name, f"no course {code} is here: expected one of {listed}")
            taken.add(code)
        _tell_earlier(each, found, step)
        found.append(step)
    return tuple(found)


def _tell_earlier(fields: Fields, before: Sequence[Step], step: Step) -> None:
    latest = max((one.due_days for one in before if one.due_days is not None), default=0)
    if step.due_days is not None and step.due_days < latest:
        message = f"is due on day {step.due_days}, after a step that is due on day {latest}: expected steps in order"
        fields.warning("due_days", message)


def _step(fields: Fields) -> Step | None:
    expected = f"whole days from the start, 0 to {LONGEST_WAIT}; leave it out for no date"
    due_days = fields.whole("due_days", None, low=0, high=LONGEST_WAIT, expected=expected)
    if fields.has("course") == fields.has("courses"):
        fields.here("error", "a step names one `course`, or `courses` with a `title`: expected one of the two")
        return None
    step: Step | None
    if fields.has("course"):
        code = fields.text("course", pattern=COURSE_CODE, expected="the code of a course, as in EHR-101")
        step = Step((code,), 1, due_days) if code else None
    else:
        title = fields.text("title", required=True, expected="what the courses of this step have in common")
        codes = fields.texts("courses", pattern=COURSE_CODE, expected="codes of courses, as in [EHR-101, DOC-101]")
        words = f"how many of the {len(codes)} courses are needed; leave it out for all"
        need = fields.whole("need", len(codes), low=1, high=max(1, len(codes)), expected=words)
        if not codes:
            fields.error("courses", "“courses” is empty: expected codes of courses, as in [EHR-101, DOC-101]")
        step = Step(codes, need or len(codes), due_days, title) if codes else None
    fields.finish()
    return step
