"""Writing the stories of sample people in courses: enrolments, attempts, evidence, certificates."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.marking import shown_percent
from certificates import serials
from certificates.signing import sign_facts
from lms.catalog.queries import catalogue, lesson, lessons
from lms.competency.models import Evidence
from lms.competency.queries import competencies
from lms.credentials.desk import Desk
from lms.credentials.models import Credential
from lms.credentials.services import add_months
from lms.demo.courses import Course, Sitting, Story
from lms.demo.readers import stories
from lms.demo.rows import BATCH, Rows, code_of
from lms.demo.sheets import Sheets
from lms.demo.staff import SamplePerson
from lms.items.queries import bank
from lms.learning.models import Completion, Enrolment, LessonProgress
from lms.quizzes.models import Attempt, Response


@dataclass(frozen=True)
class Written:
    """How much was written."""

    attempts: int
    certificates: int


class _Books:
    """The tables that a course's story is written to."""

    def __init__(self, seed: int, desk: Desk, ids: Mapping[int, int], now: dt.datetime) -> None:
        self.seed, self.desk, self.ids = seed, desk, ids
        self.issuer, self.sheets = desk.issuer(now), Sheets(desk, ids)
        self.enrolments, self.progress = Rows(Enrolment, numbered=True), Rows(LessonProgress)
        self.attempts, self.responses = Rows(Attempt, numbered=True), Rows(Response)
        self.completions, self.credentials, self.evidence = Rows(Completion), Rows(Credential), Rows(Evidence)
        self.known = {each.code: each for each in competencies()}

    def all(self) -> Iterator[Rows]:
        """In the order in which rows refer to each other."""
        yield from (self.enrolments, self.progress, self.attempts, self.responses)
        yield from (self.completions, self.credentials, self.evidence)

    def write(self) -> None:
        """Write what is waiting."""
        for rows in self.all():
            rows.write()


def write_courses(
    people: Sequence[SamplePerson], ids: Mapping[int, int], seed: int, desk: Desk, now: dt.datetime
) -> Written:
    """Write the stories of all courses of the catalogue; `ids` are internal ids by sample number."""
    books = _Books(seed, desk, ids, now)
    for story in stories(people, _catalogue(), seed, desk.day(now)):
        _tell(books, story, ids[story.person.number])
        if len(books.responses.waiting) >= BATCH:
            books.write()
    books.write()
    return Written(books.attempts.count, books.credentials.count)


def _catalogue() -> list[Course]:
    found = []
    for version in catalogue():
        listed = lessons(version.id)
        headings = {}
        for each in listed:
            page = lesson(version.id, each.slug)
            headings[each.slug] = [place for place, _, _ in page.outline] if page else []
        found.append(Course(version, listed, bank(version.id), headings))
    return sorted(found, key=lambda course: course.version.code)


def _tell(books: _Books, story: Story, person_id: int) -> None:
    passes = [sitting for sitting in story.sittings if sitting.passed]
    last = max([story.enrolled, *(when for _, when in story.done), *(s.submitted for s in story.sittings)])
    slug, place = story.stopped or (story.done[-1][0] if story.done else None, None)
    enrolment = books.enrolments.add(
        public_id=code_of("enrolment", books.seed, story.person.number, story.version.code),
        person_id=person_id, course_id=story.version.course_id, enrolled_at=story.enrolled,
        seen_at=story.seen or last, last_slug=slug, last_place=place,
        completed_at=passes[-1].submitted if passes else None,
    )  # fmt: skip
    opened = story.enrolled
    for done, when in story.done:
        books.progress.add(enrolment_id=enrolment, slug=done, opened_at=opened, completed_at=when)
        opened = when
    if story.stopped and slug:
        books.progress.add(enrolment_id=enrolment, slug=slug, opened_at=opened, completed_at=None)
    for number, sitting in enumerate(story.sittings, start=1):
        _sit(books, story, sitting, number, enrolment, person_id)


def _sit(books: _Books, story: Story, sitting: Sitting, number: int, enrolment: int, person_id: int) -> None:
    code = code_of("attempt", books.seed, story.person.number, story.version.code, number)
    exam = story.version.exam
    limit = exam.time_limit if exam else None
    percent = shown_percent(100 * sitting.earned / sitting.possible, exam.pass_percent if exam else None)
    attempt = books.attempts.add(
        public_id=code, enrolment_id=enrolment, person_id=person_id, version_id=story.version.id,
        version_digest=story.version.digest, number=number, seed=sitting.seed, paper=list(sitting.paper),
        started_at=sitting.started, deadline=sitting.started + dt.timedelta(minutes=limit) if limit else None,
        submitted_at=sitting.submitted, state="submitted", open_key=None, earned=str(sitting.earned),
        possible=str(sitting.possible), percent=percent, passed=sitting.passed,
    )  # fmt: skip
    for reply in sitting.replies:
        value = reply.given.value
        books.responses.add(
            attempt_id=attempt, item=reply.item, answer=None if value is None else {"value": value},
            confidence=reply.confidence, flagged=False, saved_at=sitting.submitted, score=reply.given.share,
            right=reply.right,
        )  # fmt: skip
    _evidence_of(books, story, sitting, code, person_id)
    if sitting.passed:
        _certify(books, story, sitting, code, enrolment, person_id, percent)


def _evidence_of(books: _Books, story: Story, sitting: Sitting, code: str, person_id: int) -> None:
    day = books.desk.day(sitting.submitted)
    for competency, level in story.version.competencies:
        known = books.known.get(competency)
        if known is None:
            continue
        books.evidence.add(
            public_id=code_of(code, competency), key=f"attempt:{code}:{competency}", person_id=person_id,
            competency_id=known.id, source="test", level=min(level, 2), passed=sitting.passed, signed_off=False,
            coaching_log=False, achieved_on=day, valid_until=add_months(day, 12 if known.critical else 24),
            recorded_at=sitting.submitted, recorded_by=None, document="",
        )  # fmt: skip


def _certify(
    books: _Books, story: Story, sitting: Sitting, code: str, enrolment: int, person_id: int, percent: Decimal
) -> None:
    serial = serials.make(hashlib.sha256(f"serial:{books.seed}:{code}".encode()).digest()[:16])
    day = books.desk.day(sitting.submitted)
    facts = books.sheets.facts(story.person, story.version, percent, serial=serial, on=day)
    books.credentials.add(
        serial=serial, key=f"completion:attempt:{code}", person_id=person_id, course_code=story.version.code,
        version_digest=story.version.digest, facts=facts.to_json(), signed=sign_facts(facts, books.issuer),
        issued_at=sitting.submitted, valid_until=facts.valid_until,
    )  # fmt: skip
    books.completions.add(
        key=f"attempt:{code}", enrolment_id=enrolment, version_id=story.version.id,
        completed_at=sitting.submitted, serial=serial,
    )  # fmt: skip
