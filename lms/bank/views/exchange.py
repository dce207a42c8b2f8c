"""Pages where questions come in and go out: a dry run first, then a file or a draft of a course."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.archive import pack
from assessments.exchange.conversion import FORMATS, ExchangeError, Import, Record
from lms.bank import exchanging, listing
from lms.bank.listing import Filter
from lms.bank.views.base import blueprint
from lms.catalog import queries as catalog
from lms.competency import queries as competency
from lms.db import db
from lms.publishing import services as publishing
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.get("/import")
@access("educator", "administrator")
def bring() -> ResponseReturnValue:
    """Choose a file of questions."""
    return _asked("")


@blueprint.post("/import", endpoint="take")
@access("educator", "administrator")
def take_file() -> ResponseReturnValue:
    """Read the file once, to say at once where it cannot be; keep it for the account that brought it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _refused(_("No file was chosen. Choose a file of questions.")), 422
    data = file.read()
    try:
        exchanging.look(file.filename, data)
    except ExchangeError as fault:
        return _refused(_("The file could not be read: %(why)s. Nothing was kept.", why=str(fault).rstrip("."))), 422
    key = publishing.keep_questions(principal().account_id, file.filename, data, now=now())
    db.session.commit()
    return redirect(url_for("bank.report", key=key), 303)


@blueprint.get("/import/<key>")
@access("educator", "administrator")
def report(key: str) -> ResponseReturnValue:
    """What would come in, question by question. Nothing is added yet."""
    name, found = _kept(key)
    return _report(key, name, found)


@blueprint.get("/import/<key>/markdown")
@access("educator", "administrator")
def markdown(key: str) -> ResponseReturnValue:
    """The questions of the file as Markdown, to be put into a course by hand."""
    _name, found = _kept(key)
    data, suffix = exchanging.as_markdown(found)
    return _file(data, f"questions{suffix}", suffix)


@blueprint.post("/import/<key>/draft")
@access("educator", "administrator")
def draft(key: str) -> ResponseReturnValue:
    """Make a draft of a course with these questions; its check and its publication come after."""
    name, found = _kept(key)
    version = catalog.current_version(request.form.get("course", ""))
    level = request.form.get("level", "")
    try:
        if version is None:
            raise exchanging.ExchangeRefused(_("Choose the course that the questions are for."))
        done = exchanging.draft(
            version, found, name, request.form.get("competency", ""),
            int(level) if level in ("1", "2", "3", "4", "5") else None,
        )  # fmt: skip
    except exchanging.ExchangeRefused as fault:
        return _report(key, name, found, str(fault)), 422
    folder = version.code.lower()
    data = pack({f"{folder}/{path}": content for path, content in done.files.items()})
    upload = publishing.keep_upload(principal().account_id, f"{folder}.zip", data, now=now())
    db.session.commit()
    said = ngettext("One question was added in %(path)s.", "%(num)d questions were added in %(path)s.", done.count,
                    path=done.path)  # fmt: skip
    if done.renamed:
        pairs = ", ".join(f"{old} → {new}" for old, new in done.renamed.items())
        said += " " + _("Ids that the course has already got a number: %(pairs)s.", pairs=pairs)
    flash(said, "good")
    return redirect(url_for("publishing.draft", public_id=upload), 303)


@blueprint.get("/export")
@access("educator", "administrator")
def export() -> ResponseReturnValue:
    """What a course's questions, or some of them, would lose in a format, before the file is fetched."""
    version, wanted, target, chosen = _chosen()
    try:
        made = exchanging.write(version, wanted, target)
    except exchanging.ExchangeRefused as fault:
        return render_template("bank/export.html", version=version, error=str(fault), formats=_formats(), target=target,
                               chosen=chosen, record=None, rows=(), chosen_url=""), 422  # fmt: skip
    return render_template(
        "bank/export.html", version=version, error="", formats=_formats(), target=target, chosen=chosen,
        record=made.record, rows=_rows(made.record), chosen_url=url_for("bank.fetch", **chosen),  # type: ignore[arg-type]
    )  # fmt: skip


@blueprint.get("/export/file")
@access("educator", "administrator")
def fetch() -> ResponseReturnValue:
    """The file itself."""
    version, wanted, target, _ignored = _chosen()
    try:
        made = exchanging.write(version, wanted, target)
    except exchanging.ExchangeRefused:
        abort(404)
    return _file(made.data, f"{version.code.lower()}-{target}{made.suffix}", made.suffix)


def _chosen() -> tuple[catalog.VersionFacts, frozenset[str], str, dict[str, str]]:
    names = Filter.__dataclass_fields__
    wanted = Filter(**{name: request.args.get(name, "").strip()[:200] for name in names})
    version = catalog.current_version(wanted.course) or abort(404)
    target = request.args.get("format", "moodle-xml")
    chosen = {name: value for name in names if (value := getattr(wanted, name))} | {"format": target}
    found = frozenset(each.item.id for each in listing.entries(version.code) if wanted.matches(each))
    return version, found, target, chosen


def _kept(key: str) -> tuple[str, Import]:
    name, data = publishing.questions(key, principal().account_id) or abort(404)
    return name, exchanging.look(name, data)


def _refused(message: str) -> str:
    return _asked(message)


def _asked(message: str) -> str:
    return render_template("bank/bring.html", formats=[one.label for one in FORMATS.values()], message=message)


def _report(key: str, name: str, found: Import, error: str = "") -> str:
    return render_template(
        "bank/report.html", key=key, name=name, record=found.record, rows=_rows(found.record), error=error,
        source=FORMATS[found.record.source].label, kept=len(found.bank.items), typed=request.form,
        courses=[(each.code, f"{each.title} ({each.code})") for each in catalog.catalogue()],
        competencies=[(each.code, f"{each.code} {each.title}") for each in competency.competencies()],
    )  # fmt: skip


def _rows(record: Record) -> list[tuple[str, str, str]]:
    """The report as rows of a list: what did not come over stands first, then what changed."""
    kinds = {"refused": "bad", "changed": "warn", "imported": "good"}
    words = {"refused": _("Refused"), "changed": _("Changed"), "imported": _("As it is")}
    order = list(kinds)
    rows = sorted(record.outcomes, key=lambda one: order.index(one.status))
    return [
        (kinds[one.status], words[one.status], ": ".join([one.title or one.id, "; ".join(one.reasons)]).rstrip(": "))
        for one in rows
    ]


def _formats() -> list[tuple[str, str]]:
    return [(name, FORMATS[name].label) for name in exchanging.TARGETS]


def _file(data: bytes, name: str, suffix: str) -> Response:
    kind = exchanging.MEDIA_TYPES.get(suffix, "application/octet-stream")
    return Response(data, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
