"""What the pages of this room share: the report that an address asks for, and a report as a file."""

from __future__ import annotations

from flask import Response, abort, current_app, request

from lms.audit.tasks import note_export
from lms.outcomes.making import Asked, make
from lms.reports.asking import answered, asked
from lms.reports.exports import FORMATS
from lms.reports.value import Report
from lms.web.clock import now
from lms.web.principal import principal


def asked_report(kind: str, subject: str) -> Report:
    """The report of a kind about a subject, with the dates and the unit of the address; refusals are pages."""
    question = asked(request.args.get("unit") or None)
    found: Report = answered(make, kind, Asked(subject, question, now()))
    return found


def kept(**subject: str) -> dict[str, str]:
    """What links and saved views of the page keep: what it is about, and the dates of the address."""
    names = ("unit", "as_of", "compare_to")
    return subject | {name: request.args[name] for name in names if request.args.get(name)}


def smallest() -> int:
    """The least group of people whose figures are shown."""
    return int(current_app.config["SETTINGS"].small_group)


def file_of(report: Report, form: str, place: str) -> Response:
    """The report as a file of a known format; 404 for another."""
    if form not in FORMATS:
        abort(404)
    kept_signs = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "-") else "-" for sign in place.lower())
    headers = {
        "Content-Disposition": f'attachment; filename="{report.kind}-{kept_signs}-{report.as_of}.{form}"',
        "X-Report-Digest": report.digest,
    }
    body = FORMATS[form].write(report)
    note_export(principal(), "report", report.kind, now(), format=form, about=place, as_of=str(report.as_of))
    return Response(body, mimetype=FORMATS[form].media_type, headers=headers)
