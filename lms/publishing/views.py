"""Pages of educators: the courses they publish, an upload with its messages, and what publishing changes."""

from __future__ import annotations

import io
import re
import zipfile

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.learning import queries as learning
from lms.publishing import services
from lms.publishing.changes import changes
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("publishing", __name__, template_folder="templates")


@blueprint.get("/teach")
@access("educator", "administrator")
def courses() -> ResponseReturnValue:
    """The list of courses with edition, versions and learners, and the form for an upload."""
    return _courses()


@blueprint.post("/teach")
@access("educator", "administrator")
def upload() -> ResponseReturnValue:
    """Take a zip of a course folder, keep it, and show what the author's check says of it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _courses(_("No file was chosen. Choose a zip of the course folder.")), 422
    data = file.read()
    try:
        services.files_of(data)
    except ValueError as fault:
        return _courses(_("The file could not be read: %(why)s Nothing was stored.", why=_sentence(fault))), 422
    public_id = services.keep_upload(principal().account_id, file.filename, data, now=now())
    db.session.commit()
    return redirect(url_for("publishing.draft", public_id=public_id), 303)


@blueprint.get("/teach/uploads/<public_id>")
@access("educator", "administrator")
def draft(public_id: str) -> ResponseReturnValue:
    """The messages about an upload and, where nothing stands against it, what publishing would change."""
    actor = principal().account_id
    if (code := services.published_as(public_id, actor)) is not None:
        return render_template("publishing/done.html", code=code, current=catalog.current_version(code))
    name, data = services.upload(public_id, actor) or abort(404)
    folder, files = services.folder_of(data, _folder(name))
    checked = services.check(files, folder)
    missing = services.prerequisite_advice(files, folder)
    old = found = None
    learners = 0
    if checked.published is not None:
        old = catalog.current_version(checked.published.course.code)
        pages = catalog.lesson_pages(old.id) if old else ()
        found = changes(old, pages, items.bank(old.id if old else 0), checked.published)
        learners = learning.learner_counts().get(old.course_id, 0) if old else 0
    return render_template(
        "publishing/draft.html",
        name=name,
        public_id=public_id,
        checked=checked,
        faults=[*checked.errors, *missing, *checked.warnings],
        missing=missing,
        old=old,
        found=found,
        learners=learners,
    )


@blueprint.post("/teach/uploads/<public_id>/publish")
@access("educator", "administrator")
def publish(public_id: str) -> ResponseReturnValue:
    """Publish an upload that has no errors; its bytes are gone afterwards, and the same form again changes nothing."""
    actor = principal().account_id
    if (code := services.published_as(public_id, actor)) is not None:
        return redirect(url_for("publishing.course", code=code), 303)
    name, data = services.upload(public_id, actor) or abort(404)
    folder, files = services.folder_of(data, _folder(name))
    try:
        done = services.publish(files, folder, actor=actor, now=now())
    except services.PublishRefused:
        return redirect(url_for("publishing.draft", public_id=public_id), 303)
    services.mark_published(public_id, actor, done.code)
    db.session.commit()
    if done.new:
        flash(_("Published. Learners see %(code)s, edition %(edition)s, from now on.", **_words(done)), "good")
    else:
        flash(_("Nothing changed: exactly this text of %(code)s was published before.", **_words(done)))
    return redirect(url_for("publishing.course", code=done.code), 303)


@blueprint.get("/teach/<code>")
@access("educator", "administrator")
def course(code: str) -> ResponseReturnValue:
    """One course with all its versions."""
    found = catalog.course(code) or abort(404)
    versions = catalog.versions_of(code)
    current = next((each for each in versions if each.id == found.current_id), None)
    return render_template(
        "publishing/course.html",
        course=found,
        versions=versions,
        current=current,
        lessons=catalog.lessons(current.id) if current else (),
        bank=items.bank(current.id) if current else None,
        learners=learning.learner_counts().get(found.id, 0),
    )


@blueprint.get("/teach/<code>/export")
@access("educator", "administrator")
def export(code: str) -> ResponseReturnValue:
    """The course folder as it was published, as a zip; `?version=2` for an earlier one."""
    versions = catalog.versions_of(code)
    wanted = request.args.get("version", type=int)
    current = catalog.course(code)
    found = next(
        (v for v in versions if (v.sequence == wanted if wanted else current and v.id == current.current_id)), None
    )
    if found is None:
        abort(404)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in catalog.source_files(found.id).items():
            # A fixed date, so that the same version is the same file whenever it is fetched.
            archive.writestr(zipfile.ZipInfo(f"{code.lower()}/{path}", (1980, 1, 1, 0, 0, 0)), data)
    name = f"{code.lower()}-{re.sub(r'[^A-Za-z0-9.]+', '-', found.edition)}-{found.sequence}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(out.getvalue(), mimetype="application/zip", headers=headers)


def _courses(message: str = "") -> str:
    found = catalog.courses()
    current = catalog.versions_by_id(each.current_id for each in found if each.current_id)
    return render_template(
        "publishing/courses.html",
        courses=found,
        current=current,
        learners=learning.learner_counts(),
        message=message,
    )


def _folder(name: str) -> str:
    return re.sub(r"\.zip\Z", "", name, flags=re.IGNORECASE) or "course"


def _sentence(fault: ValueError) -> str:
    text = str(fault).strip()
    return text if text.endswith(".") else f"{text}."


def _words(done: services.Published) -> dict[str, str]:
    return {"code": done.code, "edition": done.edition}
