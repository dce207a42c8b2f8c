"""Writing the sample hospital in bulk. Refuses to touch a database that holds another hospital."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import func, insert, select

from certificates import serials
from certificates.signing import sign_facts
from lms.accounts.models import Account
from lms.catalog.queries import catalogue, lessons
from lms.competency.folding import rebuild
from lms.competency.models import Evidence
from lms.competency.queries import competencies, target_levels
from lms.credentials.desk import Desk
from lms.credentials.models import Credential
from lms.credentials.services import add_months, draw_up
from lms.db import db, reset_sequences
from lms.demo import sign_ins
from lms.demo.courses import Course, Sitting, Story, stories
from lms.demo.evidence import SampleEvidence, draw
from lms.demo.hospital import ROOT, UNITS
from lms.demo.staff import SamplePerson
from lms.demo.staff import draw as draw_staff
from lms.items.queries import bank
from lms.learning.models import Completion, Enrolment, LessonProgress
from lms.observations.models import Observation
from lms.people.models import Person, Unit
from lms.people.posts import LeaveEntry, PostEntry, add_posts, set_leaves
from lms.people.services import PersonEntry, add_people
from lms.people.units import UnitEntry, save_units
from lms.quizzes.models import Attempt, Response

BATCH = 5000


class DemoRefused(Exception):
    """The sample hospital cannot be loaded; the message says why."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded; `new` is False where this hospital was there already."""

    new: bool
    staff: int
    leavers: int = 0
    units: int = 0
    evidence: int = 0
    attempts: int = 0
    certificates: int = 0


class _Rows:
    """Rows waiting to be written to one table, in batches."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.waiting: list[dict[str, Any]] = []
        self.count = 0

    def add(self, **row: Any) -> None:
        self.waiting.append(row)
        self.count += 1

    def write(self) -> None:
        if self.waiting:
            db.session.execute(insert(self.model.__table__), self.waiting)
            self.waiting = []


def is_sample() -> bool:
    """Whether the database holds the sample hospital."""
    return db.session.scalar(select(Unit.id).where(Unit.code == ROOT[0], Unit.name == ROOT[1])) is not None


def load(staff: int, seed: int, *, desk: Desk, now: dt.datetime) -> Loaded:
    """Load the hospital of `staff` people; the same again changes nothing. Raises DemoRefused; the caller commits."""
    if not 1 <= staff <= 2_000_000:
        raise DemoRefused(f"--staff is {staff}; a number from 1 to 2,000,000 was expected.")
    today = desk.day(now)
    if is_sample():
        held = _held()
        if held != staff:
            raise DemoRefused(
                f"A sample hospital of {held} staff is loaded already. Use an empty database for another size."
            )
        return Loaded(False, staff)
    if db.session.scalar(select(func.count()).select_from(Unit)):
        raise DemoRefused("This database holds a hospital. The sample is loaded only into a database without units.")
    if not competencies():
        raise DemoRefused("No framework is in force. Run `flask --app wsgi framework import FILE` first.")
    people = draw_staff(staff, seed, today)
    units = save_units([UnitEntry(u.code, u.name, u.parent or None, u.site) for u in UNITS], today=today)
    ids = _people(people, units)
    sign_ins.make(now)
    evidence = _evidence(people, ids, seed, today)
    attempts, certificates = _courses(people, ids, seed, desk, now)
    reset_sequences()
    rebuild(today=today)
    leavers = sum(person.left for person in people)
    return Loaded(True, len(people) - leavers, leavers, len(units), evidence, attempts, certificates)


def _held() -> int:
    statement = select(func.count()).select_from(Person).where(Person.employee_id.like("S______"))
    everybody = db.session.scalar(statement) or 0
    return round(everybody / 1.08)


def _code(*parts: object) -> str:
    """An opaque identifier that belongs to its parts."""
    return hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=10).hexdigest()


def _people(people: Sequence[SamplePerson], units: Mapping[str, int]) -> dict[int, int]:
    """Write people, posts and leave; returns internal ids by sample number."""
    ids: dict[int, int] = {}
    for start in range(0, len(people), BATCH):
        part = people[start : start + BATCH]
        written = add_people([PersonEntry(p.employee_id, p.given, p.family, p.email, p.profession) for p in part])
        ids.update(zip((p.number for p in part), written, strict=True))
    posts = [
        PostEntry(
            ids[p.number], units[post.unit], post.title, post.starts, post.ends, post.super_user, post.informaticist,
            ids[post.manager] if post.manager else None,
        )
        for p in people
        for post in p.posts
    ]  # fmt: skip
    for start in range(0, len(posts), BATCH):
        add_posts(posts[start : start + BATCH])
    set_leaves([LeaveEntry(ids[p.number], *p.leave) for p in people if p.leave])
    return ids


def _evidence(people: Sequence[SamplePerson], ids: Mapping[int, int], seed: int, today: dt.date) -> int:
    known = {each.code: each for each in competencies()}
    rows, seen = _Rows(Evidence), _Rows(Observation)
    needs: dict[tuple[str, bool, bool], dict[str, int]] = {}
    observers = {row.person_id: row.id for row in db.session.execute(select(Account.id, Account.person_id))}
    observer = min(observers.values(), default=None)
    for person in people:
        roles = (
            person.profession,
            any(p.super_user for p in person.posts),
            any(p.informaticist for p in person.posts),
        )
        if roles not in needs:
            needs[roles] = target_levels(*roles, today)
        for number, piece in enumerate(draw(person, needs[roles], known, seed, today)):
            code = _code("evidence", seed, person.number, number)
            key = f"demo:{code}"
            if piece.source == "observation" and observer is not None and not piece.coaching_log:
                key = f"observation:{code}"
                _observe(seen, code, ids[person.number], piece, observer)
            _add_evidence(rows, ids[person.number], known[piece.code], piece, key, code)
        if len(rows.waiting) >= BATCH:
            rows.write()
            seen.write()
    rows.write()
    seen.write()
    return rows.count


def _observe(rows: _Rows, code: str, person_id: int, piece: SampleEvidence, observer: int) -> None:
    rows.add(
        public_id=code, key=f"demo:{code}", person_id=person_id, competency_code=piece.code, level=piece.level,
        note="", observer_id=observer, observed_on=piece.achieved, signed_at=_at(piece.achieved),
    )  # fmt: skip


def _add_evidence(rows: _Rows, person_id: int, competency: Any, piece: SampleEvidence, key: str, code: str) -> None:
    level = min(piece.level, 1) if piece.source == "self" else piece.level
    rows.add(
        public_id=code, key=key, person_id=person_id, competency_id=competency.id, source=piece.source, level=level,
        passed=True, signed_off=piece.signed_off, coaching_log=piece.coaching_log, achieved_on=piece.achieved,
        valid_until=add_months(piece.achieved, 12 if competency.critical else 24),
        recorded_at=_at(piece.achieved), recorded_by=None, document=piece.document,
    )  # fmt: skip


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


class _Books:
    """The tables that a course's story is written to."""

    def __init__(self, seed: int, desk: Desk, now: dt.datetime) -> None:
        self.seed, self.desk, self.now = seed, desk, now
        self.issuer = desk.issuer(now)
        self.enrolments, self.progress = _Rows(Enrolment), _Rows(LessonProgress)
        self.attempts, self.responses = _Rows(Attempt), _Rows(Response)
        self.completions, self.credentials, self.evidence = _Rows(Completion), _Rows(Credential), _Rows(Evidence)
        self.known = {each.code: each for each in competencies()}

    def all(self) -> Iterator[_Rows]:
        """In the order in which rows refer to each other."""
        yield from (self.enrolments, self.progress, self.attempts, self.responses)
        yield from (self.completions, self.credentials, self.evidence)

    def write(self) -> None:
        """Write what is waiting."""
        for rows in self.all():
            rows.write()


def _courses(
    people: Sequence[SamplePerson], ids: Mapping[int, int], seed: int, desk: Desk, now: dt.datetime
) -> tuple[int, int]:
    """Write the stories of all courses; returns the numbers of attempts and certificates."""
    courses = [Course(version, lessons(version.id), bank(version.id)) for version in catalogue()]
    books = _Books(seed, desk, now)
    for story in stories(people, courses, seed, desk.day(now)):
        _tell(books, story, ids[story.person.number])
        if len(books.responses.waiting) >= BATCH:
            books.write()
    books.write()
    return books.attempts.count, books.credentials.count


def _tell(books: _Books, story: Story, person_id: int) -> None:
    enrolment = books.enrolments.count + 1
    passes = [sitting for sitting in story.sittings if sitting.passed]
    last = max([story.enrolled, *(when for _, when in story.done), *(s.submitted for s in story.sittings)])
    books.enrolments.add(
        id=enrolment, public_id=_code("enrolment", books.seed, story.person.number, story.version.code),
        person_id=person_id, course_id=story.version.course_id, enrolled_at=story.enrolled, seen_at=last,
        last_slug=story.done[-1][0] if story.done else None, last_place=None,
        completed_at=passes[-1].submitted if passes else None,
    )  # fmt: skip
    for slug, when in story.done:
        books.progress.add(enrolment_id=enrolment, slug=slug, opened_at=story.enrolled, completed_at=when)
    for number, sitting in enumerate(story.sittings, start=1):
        _sit(books, story, sitting, number, enrolment, person_id)


def _sit(books: _Books, story: Story, sitting: Sitting, number: int, enrolment: int, person_id: int) -> None:
    attempt = books.attempts.count + 1
    code = _code("attempt", books.seed, story.person.number, story.version.code, number)
    percent = Decimal(round(Fraction(1000) * sitting.earned / sitting.possible)) / 10
    exam = story.version.exam
    limit = exam.time_limit if exam else None
    books.attempts.add(
        id=attempt, public_id=code, enrolment_id=enrolment, person_id=person_id, version_id=story.version.id,
        version_digest=story.version.digest, number=number, seed=sitting.seed, paper=list(sitting.paper),
        started_at=sitting.started, deadline=sitting.started + dt.timedelta(minutes=limit) if limit else None,
        submitted_at=sitting.submitted, state="submitted", open_key=None, earned=str(sitting.earned),
        possible=str(sitting.possible), percent=percent, passed=sitting.passed,
    )  # fmt: skip
    for item, value, sure, right in sitting.answers:
        books.responses.add(
            attempt_id=attempt, item=item, answer=None if value is None else {"value": value}, confidence=sure,
            flagged=False, saved_at=sitting.submitted, score=1.0 if right else 0.0, right=right,
        )  # fmt: skip
    _evidence_of(books, story, sitting, code, person_id)
    if sitting.passed and len(story.done) >= 1:
        _certify(books, story, sitting, code, enrolment, person_id, percent)


def _evidence_of(books: _Books, story: Story, sitting: Sitting, code: str, person_id: int) -> None:
    day = books.desk.day(sitting.submitted)
    for competency, level in story.version.competencies:
        known = books.known.get(competency)
        if known is None:
            continue
        books.evidence.add(
            public_id=_code(code, competency), key=f"attempt:{code}:{competency}", person_id=person_id,
            competency_id=known.id, source="test", level=min(level, 2), passed=sitting.passed, signed_off=False,
            coaching_log=False, achieved_on=day, valid_until=add_months(day, 12 if known.critical else 24),
            recorded_at=sitting.submitted, recorded_by=None, document="",
        )  # fmt: skip


def _certify(
    books: _Books, story: Story, sitting: Sitting, code: str, enrolment: int, person_id: int, percent: Decimal
) -> None:
    entropy = hashlib.sha256(f"serial:{books.seed}:{code}".encode()).digest()[:16]
    serial = serials.make(entropy)
    day = books.desk.day(sitting.submitted)
    facts = draw_up(person_id, story.version, percent, serial=serial, on=day, desk=books.desk)
    books.credentials.add(
        serial=serial, key=f"completion:attempt:{code}", person_id=person_id, course_code=story.version.code,
        version_digest=story.version.digest, facts=facts.to_json(), signed=sign_facts(facts, books.issuer),
        issued_at=sitting.submitted, valid_until=facts.valid_until,
    )  # fmt: skip
    books.completions.add(
        key=f"attempt:{code}", enrolment_id=enrolment, version_id=story.version.id,
        completed_at=sitting.submitted, serial=serial,
    )  # fmt: skip
