"""Pages of learners: the catalogue, a course, its lessons with their checks, and a course on paper."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.model import AnswerError
from lms.catalog import frames
from lms.catalog import queries as catalog
from lms.catalog.facts import LessonPage, VersionFacts
from lms.competency import queries as competency
from lms.credentials.desk import current_desk
from lms.credentials.summaries import Summary, summaries
from lms.db import db
from lms.items import answers
from lms.items import pages as widgets
from lms.items import queries as items
from lms.learning import checks, queries, services
from lms.learning.facts import MyCourse, Place, all_done, is_done, resume
from lms.learning.notes import notes
from lms.people import queries as people
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.icons import icon
from lms.web.principal import principal

blueprint = Blueprint("learning", __name__, template_folder="templates")
blueprint.register_blueprint(widgets.blueprint)


@blueprint.get("/courses")
@access()
def catalogue() -> ResponseReturnValue:
    """Every course, those for the person's profession first; `?q=` filters by words."""
    words = request.args.get("q", "").strip()[:100]
    person = people.person(principal().person_id)
    profession = person.profession if person else "other"
    mine = {each.version.code: each for each in queries.my_courses(principal().person_id)}
    found = [version for version in catalog.catalogue() if _holds(version, words)]
    meant = [version for version in found if profession in version.audience]
    others = [version for version in found if profession not in version.audience]
    return render_template(
        "learning/catalogue.html", words=words, profession=profession, meant=meant, others=others, mine=mine
    )


def _holds(version: VersionFacts, words: str) -> bool:
    text = " ".join((version.code, version.title, version.summary, *version.objectives)).casefold()
    return all(word in text for word in words.casefold().split())


@blueprint.get("/courses/<code>")
@access()
def course(code: str) -> ResponseReturnValue:
    """What the course is, what it counts towards, and where the person stands in it."""
    place = queries.place(principal().person_id, code) or abort(404)
    version = catalog.version(place.version_id) or abort(404)
    lessons = catalog.lessons(version.id)
    done = place.enrolment is not None and all_done(lessons, place.progress)
    completions = queries.completions(place.enrolment.id) if place.enrolment else ()
    mine = MyCourse(place.enrolment, version, lessons, place.progress) if place.enrolment else None
    return render_template(
        "learning/course.html",
        version=version,
        lessons=lessons,
        mine=mine,
        progress=place.progress,
        is_done=is_done,
        lessons_done=done,
        completion=completions[0] if completions else None,
        first=lessons[0].slug if lessons else None,
        questions=_questions(version),
        bank_size=len(items.bank(version.id).items),
        competencies={each.code: each for each in competency.competencies()},
        prerequisites=_prerequisites(version),
        notes=notes(principal().person_id, code, today()),
        renewal=_renewal(code) if version.exam else None,
    )


def _renewal(code: str) -> Summary | None:
    """The person's newest certificate of the course, where it is time to renew it."""
    held = next((each for each in summaries(principal().person_id) if each.course_code == code and each.standing), None)
    return held if held and held.renewable(today()) else None


def _questions(version: VersionFacts) -> int:
    if version.exam is None:
        return 0
    return sum(draw.count for draw in version.exam.draws) or answers.askable(items.bank(version.id))


def _prerequisites(version: VersionFacts) -> list[tuple[str, str | None, bool]]:
    """Code, title where it is published, and whether the person has completed it."""
    if not version.prerequisites:
        return []
    completed = queries.completed_codes(principal().person_id, version.prerequisites)
    titles = {each.code: each.title for each in catalog.catalogue()}
    return [(code, titles.get(code), code in completed) for code in version.prerequisites]


@blueprint.post("/courses/<code>/enrol")
@access()
def enrol(code: str) -> ResponseReturnValue:
    """Enrol, which may be repeated, and open the first lesson."""
    try:
        enrolment = services.enrol(principal().person_id, code, now=now())
    except services.UnknownCourse:
        abort(404)
    version = catalog.current_version(code)
    lessons = catalog.lessons(version.id) if version else ()
    at = resume(lessons, queries.progress(enrolment.id), enrolment)
    db.session.commit()
    if at is None:
        return redirect(url_for("learning.course", code=code), 303)
    return redirect(url_for("learning.lesson", code=code, slug=at[0], _anchor=at[1]), 303)


@blueprint.get("/courses/<code>/lessons/<slug>")
@access(writes=True)
def lesson(code: str, slug: str) -> ResponseReturnValue:
    """A lesson; records the visit and, with `?at=`, the heading at which the person reads."""
    place = queries.place(principal().person_id, code) or abort(404)
    page = catalog.lesson(place.version_id, slug) or abort(404)
    if place.enrolment is None:
        return _not_enrolled(code)
    at = _heading(page, request.args.get("at"))
    enrolment = place.enrolment
    kept = at or (enrolment.last_place if enrolment.last_slug == slug else None)
    services.visit(enrolment.id, slug, kept, first=slug not in place.progress, now=now())
    html = _lesson_page(place, page, kept)
    db.session.commit()
    return html


@blueprint.post("/courses/<code>/lessons/<slug>/place")
@access()
def keep_place(code: str, slug: str) -> ResponseReturnValue:
    """Keep the heading at which the person reads; sent by the page while it is scrolled."""
    place = queries.place(principal().person_id, code) or abort(404)
    page = catalog.lesson(place.version_id, slug) or abort(404)
    at = _heading(page, request.form.get("at"))
    if place.enrolment is not None:
        services.visit(place.enrolment.id, slug, at, first=slug not in place.progress, now=now())
        db.session.commit()
    return "", 204


def _heading(page: LessonPage, wanted: str | None) -> str | None:
    return wanted if wanted in {key for key, _title, _level in page.outline} else None


def _not_enrolled(code: str) -> ResponseReturnValue:
    flash(_("Start the course to open its lessons."))
    return redirect(url_for("learning.course", code=code), 303)


def _lesson_page(place: Place, page: LessonPage, at: str | None, refused: checks.Refused | None = None) -> str:
    version = catalog.version(place.version_id) or abort(404)
    lessons = catalog.lessons(version.id)
    given = queries.check_answers(place.enrolment.id, version.digest) if page.checks and place.enrolment else {}
    finished = [is_done(place.progress, each.slug) for each in lessons]
    by_position = {each.position: each for each in lessons}
    context = {
        "version": version,
        "lessons": lessons,
        "page": page,
        "done": is_done(place.progress, page.slug),
        "previous": by_position.get(page.position - 1),
        "following": by_position.get(page.position + 1),
    }
    frame = frames.frame(version.id, "learning/lesson.html", (page.slug, context["done"]), context)
    slots = {f"here-{key}": ' aria-current="location"' if key == at else "" for key, _title, _level in page.outline}
    tick = icon("check", label=_("Done"), cls="done") if any(finished) else ""
    for each, done in zip(lessons, finished, strict=True):
        slots[f"sign-{each.position}"] = tick if done else f'<span aria-hidden="true">{each.position}</span>'
    slots["meter"] = str(round(100 * sum(finished) / max(1, len(finished))))
    slots["body"] = checks.body(version, page, given, refused)
    return frame.fill(slots)


@blueprint.post("/courses/<code>/lessons/<slug>/complete")
@access()
def complete(code: str, slug: str) -> ResponseReturnValue:
    """Complete a lesson and go on to what comes next."""
    enrolment = queries.enrolment(principal().person_id, code)
    if enrolment is None:
        return _not_enrolled(code)
    try:
        done = services.complete_lesson(
            enrolment.id, slug, now=now(), actor=principal().account_id, desk=current_desk()
        )
    except services.UnknownLesson:
        abort(404)
    to = url_for("learning.course", code=code) if done.course else _after(code, slug, enrolment.id)
    db.session.commit()
    if done.course:
        flash(_("You completed the course. Your certificate is ready."), "good")
    return redirect(to, 303)


def _after(code: str, slug: str, enrolment_id: int) -> str:
    """The next lesson that is still open, else the exam, else the course."""
    version = catalog.current_version(code) or abort(404)
    lessons = catalog.lessons(version.id)
    progress = queries.progress(enrolment_id)
    slugs = [each.slug for each in lessons]
    ahead = slugs[slugs.index(slug) + 1 :] + slugs[: slugs.index(slug)] if slug in slugs else slugs
    following = next((each for each in ahead if not is_done(progress, each)), None)
    if following:
        return url_for("learning.lesson", code=code, slug=following)
    return url_for("quizzes.start", code=code) if version.exam else url_for("learning.course", code=code)


@blueprint.post("/courses/<code>/lessons/<slug>/checks/<item>")
@access()
def check(code: str, slug: str, item: str) -> ResponseReturnValue:
    """Take the answer to a knowledge check and go back to it; the page shows the feedback there."""
    place = queries.place(principal().person_id, code) or abort(404)
    page = catalog.lesson(place.version_id, slug) or abort(404)
    version = catalog.version(place.version_id) or abort(404)
    if place.enrolment is None:
        return _not_enrolled(code)
    if item not in page.checks:
        abort(404)
    try:
        value, right = checks.judge(version, item, request.form)
    except AnswerError as fault:
        return _lesson_page(place, page, None, checks.Refused(item, str(fault), request.form)), 422
    services.save_check(place.enrolment.id, item, value, right, version.digest, now=now())
    db.session.commit()
    return redirect(url_for("learning.lesson", code=code, slug=slug, _anchor=f"check-{item}"), 303)


@blueprint.get("/courses/<code>/print")
@access()
def paper(code: str) -> ResponseReturnValue:
    """All lessons of a course on one page, to print or to read away from a network."""
    place = queries.place(principal().person_id, code) or abort(404)
    if place.enrolment is None:
        return _not_enrolled(code)
    version = catalog.version(place.version_id) or abort(404)
    lessons = catalog.lessons(version.id)
    pages = [(page, checks.plain(page, lessons)) for page in catalog.lesson_pages(version.id)]
    return render_template("learning/paper.html", version=version, pages=pages)
