"""Publishing a course: read, check, store as one immutable version; a fault refuses the whole.

This room ties the library that reads courses to the rooms that keep them. It may not know pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from assessments.frontmatter import Node, front_matter
from assessments.model import Fault
from courses import publishing, reading
from courses.archive import read_archive, read_named_archive
from courses.folder import display
from courses.lint import line_of
from courses.publishing import PublishedCourse
from lms.audit.services import record
from lms.catalog import queries as catalog
from lms.catalog import services as storage
from lms.competency import queries as competency
from lms.db import db
from lms.items import services as items
from lms.publishing.models import Upload

KEEP_UPLOADS = dt.timedelta(days=7)
LIMITS = {"code": 40, "edition": 40, "title": 300, "language": 20}
SLUG_LIMIT = 120
PUBLISHED = "published/"  # stands before the code that an upload was published as; its bytes are gone then
QUESTIONS = "questions/"  # stands before the name of an upload that is a file of questions and no course
PATH_LIMIT = 290


class PublishRefused(Exception):
    """The text cannot be published; `faults` says where and why, all at once. Nothing was changed."""

    def __init__(self, faults: list[Fault]) -> None:
        errors = [fault for fault in faults if fault.severity == "error"]
        super().__init__("; ".join(f"{f.path}:{f.line}: {f.message}" for f in errors[:5]) or "nothing to publish")
        self.faults = faults


@dataclass(frozen=True)
class Published:
    """What was published. `new` is False where exactly this text was there already."""

    code: str
    edition: str
    digest: str
    new: bool
    warnings: tuple[Fault, ...]
    version_id: int
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A course that was read and checked. `published` is None where there are errors among the faults."""

    published: PublishedCourse | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that stand against publishing."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that do not."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")


def prerequisite_advice(files: Mapping[str, bytes], name: str) -> list[Fault]:
    """A warning for each prerequisite of a text that nobody can complete here, whatever else is amiss in the text."""
    head = _head(files)
    held = head["prerequisites"].value if "prerequisites" in head else []
    nodes = held if isinstance(held, list) else []
    codes = [each.text for each in nodes if each.text]
    return unknown_prerequisites(codes, name, line_of(head, "prerequisites")) if "exam.md" in files else []


def _head(files: Mapping[str, bytes]) -> Mapping[str, Node]:
    return front_matter(files.get("course.md", b"").decode("utf-8", "replace"), "course.md")[0]


def check(files: Mapping[str, bytes], name: str) -> Checked:
    """Read and render a course without storing anything; `name` is what messages call the folder."""
    known = frozenset(facts.code for facts in competency.competencies()) or None
    course, faults = reading.read_course(files, name, known)
    if course is None:
        return Checked(None, _sorted(faults))
    published = publishing.publish(course, files)
    faults = [*faults, *published.warnings, *_too_long(published, files, name)]
    fine = not any(fault.severity == "error" for fault in faults)
    return Checked(published if fine else None, _sorted(faults))


def publish(files: Mapping[str, bytes], name: str, *, actor: int | None, now: dt.datetime) -> Published:
    """Publish a course; raises PublishRefused with every fault, and then nothing has changed.

    `files` maps paths in the course folder to bytes. The same text again is no new version; the
    same edition with another text is a correction of it. `actor` is the account that publishes,
    None for a command.
    """
    checked = check(files, name)
    if checked.published is None:
        raise PublishRefused(list(checked.faults))
    published = checked.published
    version_id, new = storage.put_version(published, files, actor=actor, now=now)
    meta = published.course
    if new:
        items.put_bank(version_id, published.bank)
        record(
            "course.publish", "course", meta.code, actor=actor, now=now, edition=meta.edition, digest=published.digest
        )
    return Published(meta.code, meta.edition, published.digest, new, checked.warnings, version_id, meta.prerequisites)


def keep_upload(account_id: int, name: str, data: bytes, *, now: dt.datetime) -> str:
    """Keep an uploaded zip until it is published or a week old; returns its public id."""
    db.session.execute(delete(Upload).where(Upload.uploaded_at < now - KEEP_UPLOADS))
    upload = Upload(account_id=account_id, name=name[:200], data=data, uploaded_at=now)
    db.session.add(upload)
    db.session.flush()
    return upload.public_id


def upload(public_id: str, account_id: int) -> tuple[str, bytes] | None:
    """Name and bytes of an upload of this account, or None."""
    found = _upload(public_id, account_id)
    return None if found is None or found[0].startswith((QUESTIONS, PUBLISHED)) else found


def published_as(public_id: str, account_id: int) -> str | None:
    """The code of the course that an upload of this account was published as, or None."""
    found = _upload(public_id, account_id)
    return found[0].removeprefix(PUBLISHED) if found and found[0].startswith(PUBLISHED) else None


def mark_published(public_id: str, account_id: int, code: str) -> None:
    """Forget the bytes of an upload that was published, and keep for a week what it became."""
    mine = (Upload.public_id == public_id, Upload.account_id == account_id)
    db.session.execute(update(Upload).where(*mine).values(name=PUBLISHED + code, data=b""))


def _upload(public_id: str, account_id: int) -> tuple[str, bytes] | None:
    statement = select(Upload.name, Upload.data).where(Upload.public_id == public_id, Upload.account_id == account_id)
    row = db.session.execute(statement).first()
    return (row.name, row.data) if row else None


def keep_questions(account_id: int, name: str, data: bytes, *, now: dt.datetime) -> str:
    """Keep a file of questions while its educator decides what becomes of it; returns its public id."""
    return keep_upload(account_id, QUESTIONS + name, data, now=now)


def questions(public_id: str, account_id: int) -> tuple[str, bytes] | None:
    """Name and bytes of a file of questions of this account, or None."""
    found = _upload(public_id, account_id)
    return (found[0].removeprefix(QUESTIONS), found[1]) if found and found[0].startswith(QUESTIONS) else None


def files_of(data: bytes) -> Mapping[str, bytes]:
    """The course folder in a zip; raises ValueError with what was expected where it cannot be read."""
    return read_archive(data)


def folder_of(data: bytes, name: str) -> tuple[str, Mapping[str, bytes]]:
    """The course folder in a zip with the name that its author gave it: the folder's, else `name`."""
    top, files = read_named_archive(data)
    return top or name, files


def _sorted(faults: list[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(reading.sorted_faults(faults), key=lambda fault: fault.severity))


def _too_long(published: PublishedCourse, files: Mapping[str, bytes], name: str) -> list[Fault]:
    """Texts that do not fit the record: found here, so that a database never meets them."""
    meta = published.course
    found: list[Fault] = []

    def expect(fits: bool, path: str, line: int, message: str) -> None:
        if not fits:
            found.append(Fault(display(name, path), line, 1, "error", message))

    head = _head(files)
    for field, limit in LIMITS.items():
        fits = len(getattr(meta, field)) <= limit
        expect(fits, "course.md", line_of(head, field), f"{field} is too long: expected at most {limit} characters")
    for lesson in meta.lessons:
        fits = len(lesson.slug) <= SLUG_LIMIT and len(lesson.title) <= LIMITS["title"]
        message = f"id or title is too long: expected at most {SLUG_LIMIT} and {LIMITS['title']} characters"
        expect(fits, lesson.path, 1, message)
    for item in published.bank.items:
        message = f"the item's id is too long: expected at most {SLUG_LIMIT} characters"
        expect(len(item.id) <= SLUG_LIMIT, item.path, item.line, message)
    for path in files:
        expect(len(path) <= PATH_LIMIT, path, 1, f"the path is too long: expected at most {PATH_LIMIT} characters")
    return found


def unknown_prerequisites(codes: Sequence[str], name: str, line: int = 1) -> list[Fault]:
    """A warning for each of these courses that nobody can complete here (yet); `name` is the folder that wants them."""
    if not codes:
        return []
    known = {each.code for each in catalog.courses()}
    open_ones = {each.code for each in catalog.catalogue()} - catalog.blocked().keys()
    why = "until it is, nobody can start the assessment"
    closed = (
        "cannot be completed here (it is withdrawn, or waits for a course that cannot); until it can, nobody new can"
    )
    found = []
    for code in sorted(set(codes) - open_ones):
        said = f"{closed} start the assessment" if code in known else f"is not published here; {why}"
        found.append(Fault(display(name, "course.md"), line, 1, "warning", f"prerequisite {code} {said}"))
    return found
