"""Reading published content. Versions never change, so what is read here is kept in the process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, func, select

from lms.catalog.cache import VersionCache
from lms.catalog.facts import CourseFacts, LessonFacts, LessonPage, MediaFacts, VersionFacts, exam_facts
from lms.catalog.models import Blob, Course, CourseVersion, Lesson, VersionFile
from lms.catalog.reach import blocked_among
from lms.db import db

_versions: VersionCache[int, VersionFacts] = VersionCache(500)
_lists: VersionCache[int, tuple[LessonFacts, ...]] = VersionCache(500)
_pages: VersionCache[tuple[int, str], LessonPage] = VersionCache(500)


def _of_versions() -> Select[Any]:
    earlier = CourseVersion.__table__.alias("earlier")
    sequence = (
        select(func.count())
        .select_from(earlier)
        .where(earlier.c.course_id == CourseVersion.course_id, earlier.c.id <= CourseVersion.id)
        .scalar_subquery()
        .label("sequence")
    )
    return select(CourseVersion.__table__, Course.code, sequence).join(Course, Course.id == CourseVersion.course_id)


def _facts(row: Any) -> VersionFacts:
    values = dict(row._mapping)
    for name in ("audience", "objectives", "prerequisites", "responsibilities", "credits", "authors"):
        values[name] = tuple(values[name])
    values["competencies"] = tuple((claim["code"], claim["level"]) for claim in values["competencies"])
    values["exam"] = exam_facts(values["exam"])
    return VersionFacts(**values)


def version(version_id: int) -> VersionFacts | None:
    """The version by its key, or None. No statement where it is kept already."""

    def load() -> VersionFacts | None:
        row = db.session.execute(_of_versions().where(CourseVersion.id == version_id)).first()
        return _facts(row) if row else None

    return _versions.get(version_id, version_id, load)


def versions_by_id(version_ids: Iterable[int]) -> dict[int, VersionFacts]:
    """These versions by their keys, with one statement for those that are not kept yet."""
    wanted = sorted(set(version_ids))
    found = {key: kept for key in wanted if (kept := _versions.get(key, key, lambda: None)) is not None}
    missing = [key for key in wanted if key not in found]
    if missing:
        for row in db.session.execute(_of_versions().where(CourseVersion.id.in_(missing))):
            facts = _facts(row)
            found[facts.id] = facts
            _versions.get(facts.id, facts.id, lambda facts=facts: facts)  # type: ignore[misc]
    return found


def current_version(code: str) -> VersionFacts | None:
    """What learners of the course see now; None for an unknown or withdrawn course. One statement."""
    current = select(Course.current_id).where(Course.code == code, Course.withdrawn_at.is_(None))
    version_id = db.session.execute(current).scalar()
    return version(version_id) if version_id else None


_COURSE: Any = Course.__table__
_CURRENT = select(_COURSE.c.current_id).where(_COURSE.c.withdrawn_at.is_(None), _COURSE.c.current_id.is_not(None))


def catalogue() -> tuple[VersionFacts, ...]:
    """The current version of every course that is not withdrawn, by title."""
    found = versions_by_id(db.session.connection().execute(_CURRENT).scalars())
    return tuple(sorted(found.values(), key=lambda each: (each.title.casefold(), each.code)))


def blocked() -> dict[str, tuple[str, ...]]:
    """By course whose assessment nobody can start, the courses that it asks for and that nobody can complete.

    They are not offered here, or wait for one that is not, or for each other.
    """
    return blocked_among(catalogue())


def stamp() -> tuple[Any, ...]:
    """Expressions whose values change with the catalogue, for whoever keeps what was read of it."""
    shown = _COURSE.c.withdrawn_at.is_(None)
    return (
        select(func.max(CourseVersion.id)).scalar_subquery(),
        select(func.max(CourseVersion.digest)).scalar_subquery(),
        select(func.count(_COURSE.c.current_id)).where(shown).scalar_subquery(),
        select(func.sum(_COURSE.c.current_id * _COURSE.c.id)).where(shown).scalar_subquery(),
    )


def version_by_digest(code: str, digest: str) -> VersionFacts | None:
    """The version of a course with exactly this text, or None."""
    statement = _of_versions().where(Course.code == code, CourseVersion.digest == digest)
    row = db.session.execute(statement).first()
    return _facts(row) if row else None


@cache
def open_courses() -> Subquery:
    """The courses that learners see, as a table (id, code, current_id) that a higher room joins to its own."""
    statement = select(Course.id, Course.code, Course.current_id)
    return statement.where(Course.withdrawn_at.is_(None), Course.current_id.is_not(None)).subquery("open_course")


@cache
def all_courses() -> Subquery:
    """Every course ever published, as a table (id, code) to join."""
    return select(Course.id, Course.code).subquery("any_course")


def versions_of(code: str) -> tuple[VersionFacts, ...]:
    """Every version of a course, the newest first."""
    statement = _of_versions().where(Course.code == code).order_by(CourseVersion.id.desc())
    return tuple(_facts(row) for row in db.session.execute(statement))


def course(code: str) -> CourseFacts | None:
    """A course by its code, withdrawn ones too, or None."""
    return next(iter(_courses(code)), None)


def courses() -> tuple[CourseFacts, ...]:
    """Every course ever published, by code."""
    return _courses(None)


def _courses(code: str | None) -> tuple[CourseFacts, ...]:
    count = func.count(CourseVersion.id)
    statement = (
        select(Course.id, Course.code, Course.current_id, count, Course.withdrawn_at)
        .outerjoin(CourseVersion, CourseVersion.course_id == Course.id)
        .group_by(Course.id, Course.code, Course.current_id, Course.withdrawn_at)
        .order_by(Course.code)
    )
    if code is not None:
        statement = statement.where(Course.code == code)
    return tuple(
        CourseFacts(key, name, current, versions, withdrawn is not None)
        for key, name, current, versions, withdrawn in db.session.execute(statement)
    )


def lessons(version_id: int) -> tuple[LessonFacts, ...]:
    """The lessons of a version in order; kept like the version."""

    def load() -> tuple[LessonFacts, ...]:
        statement = (
            select(Lesson.slug, Lesson.position, Lesson.title, Lesson.minutes, Lesson.checks)
            .where(Lesson.version_id == version_id)
            .order_by(Lesson.position)
        )
        rows = db.session.execute(statement)
        return tuple(LessonFacts(slug, at, title, minutes, tuple(checks)) for slug, at, title, minutes, checks in rows)

    return _lists.get(version_id, version_id, load) or ()


def lesson(version_id: int, slug: str) -> LessonPage | None:
    """A lesson with its rendered text, or None; kept like the version."""

    def load() -> LessonPage | None:
        statement = select(Lesson.__table__).where(Lesson.version_id == version_id, Lesson.slug == slug)
        row = db.session.execute(statement).first()
        return _page(row) if row else None

    return _pages.get(version_id, (version_id, slug), load)


def lesson_pages(version_id: int) -> tuple[LessonPage, ...]:
    """Every lesson of a version with its text, in order."""
    statement = select(Lesson.__table__).where(Lesson.version_id == version_id).order_by(Lesson.position)
    return tuple(_page(row) for row in db.session.execute(statement))


def _page(row: Any) -> LessonPage:
    return LessonPage(
        version_id=row.version_id,
        slug=row.slug,
        position=row.position,
        title=row.title,
        minutes=row.minutes,
        html=row.html,
        outline=tuple((str(key), str(title), int(level)) for key, title, level in row.outline),
        checks=tuple(row.checks),
    )


def public_media(digest: str) -> MediaFacts | None:
    """What is known of a public file of any version, without its bytes; None for sources and unknown digests."""
    statement = (
        select(VersionFile.digest, VersionFile.media_type, Blob.size)
        .join(Blob, Blob.digest == VersionFile.digest)
        .where(VersionFile.digest == digest, VersionFile.public.is_(True))
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return MediaFacts(*row) if row else None


def blob(digest: str) -> bytes | None:
    """The bytes with this SHA-256, or None."""
    return db.session.execute(select(Blob.data).where(Blob.digest == digest)).scalar()


def source_files(version_id: int) -> dict[str, bytes]:
    """The course folder as it was published: path to bytes, the same text that the digest covers."""
    statement = (
        select(VersionFile.path, Blob.data)
        .join(Blob, Blob.digest == VersionFile.digest)
        .where(VersionFile.version_id == version_id)
        .order_by(VersionFile.path)
    )
    return dict(db.session.execute(statement).all())


def published_texts() -> dict[str, tuple[frozenset[str], bool]]:
    """By course code the digests ever published, and whether the current one came from an account, not a command."""
    rows = db.session.execute(
        select(
            Course.code, CourseVersion.digest, CourseVersion.published_by, Course.current_id == CourseVersion.id
        ).join(CourseVersion, CourseVersion.course_id == Course.id)
    )
    digests: dict[str, set[str]] = {}
    own: dict[str, bool] = {}
    for code, digest, published_by, current in rows:
        digests.setdefault(code, set()).add(digest)
        own[code] = own.get(code, False) or bool(current and published_by is not None)
    return {code: (frozenset(found), own[code]) for code, found in digests.items()}
