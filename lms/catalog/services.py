"""Writing published content: one immutable version with its lessons and files, never a change to one."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import insert, select, update

from courses.model import Credit
from courses.publishing import PublishedCourse
from lms.catalog.cache import not_yet_public
from lms.catalog.facts import exam_document
from lms.catalog.models import Blob, Course, CourseVersion, Lesson, VersionFile
from lms.db import db, insert_ignore, lock_named

TYPES = {".md": "text/markdown", ".vtt": "text/vtt", ".svg": "image/svg+xml", ".webp": "image/webp"}


def media_type(path: str) -> str:
    """The media type of a file by its name; unknown names are plain bytes."""
    suffix = PurePosixPath(path).suffix.lower()
    return TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def put_version(
    published: PublishedCourse, files: Mapping[str, bytes], *, actor: int | None, now: dt.datetime
) -> tuple[int, bool]:
    """Store a published course and make it what learners see; returns (version key, whether it is new).

    The same text again stores nothing: the version that has it becomes the current one, which
    also brings back a withdrawn course. `actor` is the publishing account or None for a command.
    """
    meta = published.course
    lock_named(f"course:{meta.code}")
    course_id = _course(meta.code)
    known = db.session.execute(
        select(CourseVersion.id).where(CourseVersion.course_id == course_id, CourseVersion.digest == published.digest)
    ).scalar()
    version_id = known or _insert_version(course_id, published, actor, now)
    if known is None:
        not_yet_public(version_id)
        _insert_lessons(version_id, published)
        _insert_files(version_id, published, files)
    db.session.execute(update(Course).where(Course.id == course_id).values(current_id=version_id, withdrawn_at=None))
    return version_id, known is None


def _course(code: str) -> int:
    insert_ignore(Course.__table__, [{"code": code}], ["code"])  # type: ignore[arg-type]
    return int(db.session.execute(select(Course.id).where(Course.code == code)).scalar_one())


def _insert_version(course_id: int, published: PublishedCourse, actor: int | None, now: dt.datetime) -> int:
    meta = published.course
    values: dict[str, Any] = {
        "course_id": course_id,
        "digest": published.digest,
        "edition": meta.edition,
        "title": meta.title,
        "summary": meta.summary,
        "language": meta.language,
        "minutes": meta.minutes,
        "valid_months": meta.valid_months,
        "review_by": meta.review_by,
        "audience": list(meta.audience),
        "objectives": list(meta.objectives),
        "prerequisites": list(meta.prerequisites),
        "responsibilities": list(meta.responsibilities),
        "credits": [_credit(each) for each in meta.credits],
        "authors": [
            {"name": a.name, "credentials": a.credentials or "", "disclosure": a.disclosure or ""} for a in meta.authors
        ],
        "competencies": [{"code": claim.code, "level": claim.level} for claim in meta.competencies],
        "overview_html": published.overview_html,
        "exam": exam_document(meta.exam, published.exam_html or "") if meta.exam else None,
        "published_at": now,
        "published_by": actor,
    }
    found = db.session.execute(insert(CourseVersion).values(values).returning(CourseVersion.id)).scalar_one()
    return int(found)


def _credit(credit: Credit) -> dict[str, Any]:
    found: dict[str, Any] = {"type": credit.type, "amount": f"{float(credit.amount):g}"}
    if credit.uan:
        found["uan"] = credit.uan
    return found


def _insert_lessons(version_id: int, published: PublishedCourse) -> None:
    rows = [
        {
            "version_id": version_id,
            "slug": lesson.slug,
            "position": position,
            "title": lesson.title,
            "minutes": lesson.minutes,
            "html": lesson.html,
            "outline": [list(entry) for entry in lesson.outline],
            "checks": list(lesson.checks),
        }
        for position, lesson in enumerate(published.lessons, 1)
    ]
    if rows:
        db.session.execute(insert(Lesson), rows)


def _insert_files(version_id: int, published: PublishedCourse, files: Mapping[str, bytes]) -> None:
    contents: dict[str, bytes] = {}
    rows: dict[str, dict[str, Any]] = {}
    for path, data in files.items():
        digest = hashlib.sha256(data).hexdigest()
        contents[digest] = data
        rows[path] = {"path": path, "digest": digest, "media_type": media_type(path), "public": False}
    for media in published.media:
        rows[media.path].update(media_type=media.media_type, public=True)
    _insert_blobs(contents)
    db.session.execute(insert(VersionFile), [row | {"version_id": version_id} for row in rows.values()])


def _insert_blobs(contents: Mapping[str, bytes]) -> None:
    kept = set(db.session.execute(select(Blob.digest).where(Blob.digest.in_(contents))).scalars())
    for digest in sorted(set(contents) - kept):  # one at a time: a video may be large
        row = {"digest": digest, "size": len(contents[digest]), "data": contents[digest]}
        insert_ignore(Blob.__table__, [row], ["digest"])  # type: ignore[arg-type]
