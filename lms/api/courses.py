"""Courses, enrolments and lesson completion."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from lms.api.document import problems, refuse
from lms.api.paging import listed, page
from lms.catalog import queries as catalog
from lms.catalog.facts import LessonFacts, VersionFacts
from lms.credentials.desk import current_desk
from lms.db import db
from lms.learning import queries as learning
from lms.learning.facts import EnrolmentFacts, LessonState
from lms.learning.services import UnknownCourse, UnknownLesson, complete_lesson, enrol
from lms.people.queries import person
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("api-courses", __name__, url_prefix="/api/v1", description="Courses and learning")


class ClaimSchema(Schema):
    """A competency with the level that a course reaches."""

    code = fields.String(required=True)
    level = fields.Integer(required=True)


class CourseSchema(Schema):
    """A course in the catalogue."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    edition = fields.String(required=True)
    digest = fields.String(required=True, metadata={"description": "of the published version"})
    language = fields.String(required=True)
    audience = fields.List(fields.String(), required=True)
    minutes = fields.Integer(required=True)
    valid_months = fields.Integer(required=True, allow_none=True)
    competencies = fields.List(fields.Nested(ClaimSchema), required=True)
    prerequisites = fields.List(fields.String(), required=True)


class LessonSchema(Schema):
    """A lesson of a course as the caller stands in it."""

    slug = fields.String(required=True)
    title = fields.String(required=True)
    position = fields.Integer(required=True)
    minutes = fields.Integer(required=True)
    completed_at = fields.DateTime(required=True, allow_none=True)


class ExamSchema(Schema):
    """The rules of an exam. Times are in hours and minutes as named; 0 attempts means no limit."""

    title = fields.String(required=True)
    pass_percent = fields.Float(required=True)
    attempts = fields.Integer(required=True)
    wait_hours = fields.Integer(required=True)
    time_limit = fields.Integer(required=True, allow_none=True)
    open = fields.String(required=True)
    confidence = fields.Boolean(required=True)
    feedback = fields.String(required=True)


class EnrolmentSchema(Schema):
    """The caller's enrolment."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    enrolled_at = fields.DateTime(required=True)
    completed_at = fields.DateTime(required=True, allow_none=True)


class WholeCourseSchema(CourseSchema):
    """A course with its lessons and exam as the caller stands in it."""

    overview_html = fields.String(required=True)
    objectives = fields.List(fields.String(), required=True)
    responsibilities = fields.List(fields.String(), required=True)
    authors = fields.List(fields.Dict(), required=True)
    lessons = fields.List(fields.Nested(LessonSchema), required=True)
    exam = fields.Nested(ExamSchema, required=True, allow_none=True)
    enrolment = fields.Nested(EnrolmentSchema, required=True, allow_none=True)


class CompletionSchema(Schema):
    """A completed lesson, and what its completion led to."""

    slug = fields.String(required=True)
    completed_at = fields.DateTime(required=True)
    course_completed = fields.Boolean(required=True)
    credential = fields.Dict(required=True, allow_none=True)


def course_json(version: VersionFacts) -> dict[str, Any]:
    """A version as the catalogue lists it."""
    return {
        "code": version.code,
        "title": version.title,
        "summary": version.summary,
        "edition": version.edition,
        "digest": version.digest,
        "language": version.language,
        "audience": list(version.audience),
        "minutes": version.minutes,
        "valid_months": version.valid_months,
        "competencies": [{"code": code, "level": level} for code, level in version.competencies],
        "prerequisites": list(version.prerequisites),
    }


def enrolment_json(enrolment: EnrolmentFacts) -> dict[str, Any]:
    """An enrolment as the API shows it."""
    done = enrolment.completed_at
    return {
        "id": enrolment.public_id,
        "course": enrolment.code,
        "enrolled_at": enrolment.enrolled_at.isoformat(),
        "completed_at": done.isoformat() if done else None,
    }


@blueprint.get("/courses")
@access()
@listed(blueprint, CourseSchema)
@problems(blueprint, 401, 422)
def list_courses() -> Response:
    """All courses open to learners, those for the caller's profession first."""
    me = person(principal().person_id)
    profession = me.profession if me else "other"
    rows = sorted(catalog.catalogue(), key=lambda v: (profession not in v.audience, v.title.casefold(), v.code))
    return page(rows, lambda version: version.code, course_json)


@blueprint.get("/courses/<string:code>")
@access()
@blueprint.alt_response(200, schema=WholeCourseSchema)
@problems(blueprint, 401, 404)
def show_course(code: str) -> Response:
    """One course with lessons, exam rules and the caller's progress."""
    place = learning.place(principal().person_id, code)
    version = catalog.version(place.version_id) if place else None
    if place is None or version is None:
        raise refuse(404, "Unknown course", f"There is no open course with the code {code!r}.")
    body = course_json(version) | {
        "overview_html": version.overview_html,
        "objectives": list(version.objectives),
        "responsibilities": list(version.responsibilities),
        "authors": [dict(author) for author in version.authors],
        "lessons": [_lesson(lesson, place.progress.get(lesson.slug)) for lesson in catalog.lessons(version.id)],
        "exam": _exam(version),
        "enrolment": enrolment_json(place.enrolment) if place.enrolment else None,
    }
    return jsonify(body)


def _lesson(lesson: LessonFacts, state: LessonState | None) -> dict[str, Any]:
    done = state.completed_at if state else None
    return {
        "slug": lesson.slug,
        "title": lesson.title,
        "position": lesson.position,
        "minutes": lesson.minutes,
        "completed_at": done.isoformat() if done else None,
    }


def _exam(version: VersionFacts) -> dict[str, Any] | None:
    exam = version.exam
    if exam is None:
        return None
    return {
        "title": exam.title,
        "pass_percent": float(exam.pass_percent),
        "attempts": exam.attempts,
        "wait_hours": exam.wait_hours,
        "time_limit": exam.time_limit,
        "open": exam.open,
        "confidence": exam.confidence,
        "feedback": exam.feedback,
    }


@blueprint.post("/courses/<string:code>/enrolments")
@access()
@blueprint.alt_response(201, schema=EnrolmentSchema)
@problems(blueprint, 401, 404)
def enrol_me(code: str) -> tuple[Response, int]:
    """Enrol the caller; the same enrolment when repeated."""
    try:
        enrolment = enrol(principal().person_id, code, now=now())
    except UnknownCourse:
        raise refuse(404, "Unknown course", f"There is no open course with the code {code!r}.") from None
    db.session.commit()
    return jsonify(enrolment_json(enrolment)), 201


@blueprint.put("/courses/<string:code>/lessons/<string:slug>/completion")
@access()
@blueprint.alt_response(200, schema=CompletionSchema)
@problems(blueprint, 401, 404)
def complete(code: str, slug: str) -> Response:
    """Complete a lesson; enrols the caller where they are not yet. Repeating it changes nothing."""
    who = principal()
    try:
        enrolment = enrol(who.person_id, code, now=now())
        done = complete_lesson(enrolment.id, slug, now=now(), actor=who.account_id, desk=current_desk())
    except UnknownCourse:
        raise refuse(404, "Unknown course", f"There is no open course with the code {code!r}.") from None
    except UnknownLesson:
        raise refuse(404, "Unknown lesson", f"The course {code} has no lesson {slug!r}.") from None
    state = learning.progress(enrolment.id)[slug]
    db.session.commit()
    moment = state.completed_at or now()
    credential = {"serial": done.serial} if done.serial else None
    return jsonify(slug=slug, completed_at=moment.isoformat(), course_completed=done.course, credential=credential)
