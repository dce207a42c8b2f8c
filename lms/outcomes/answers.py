"""What the pages of this room share: the date that is asked for, and a report as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import Response, abort, current_app, request
from werkzeug.exceptions import UnprocessableEntity

from lms.outcomes.paper import outcome_pdf
from lms.reports.dates import BadDate, read_date
from lms.reports.exports import FORMATS
from lms.reports.value import Report
from lms.web.clock import now, today


def asked_date() -> dt.date:
    """The as-of date of the address; 422 with what was expected for another."""
    try:
        return read_date(request.args.get("as_of", ""), today())
    except BadDate as fault:
        raise UnprocessableEntity(str(fault)) from None


def known_at(as_of: dt.date) -> dt.datetime:
    """The last moment of the as-of day, in UTC: what was known later changes no report of that day."""
    return min(now(), dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), dt.UTC))


def smallest() -> int:
    """The least group of people whose figures are shown."""
    return int(current_app.config["SETTINGS"].small_group)


def file_of(report: Report, form: str, charts: Sequence[tuple[str, str]], place: str) -> Response:
    """The report as a file of a known format; 404 for another."""
    if form not in FORMATS:
        abort(404)
    content = outcome_pdf(report, charts) if form == "pdf" else FORMATS[form].write(report)
    kept = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "-") else "-" for sign in place.lower())
    headers = {
        "Content-Disposition": f'attachment; filename="{report.kind}-{kept}-{report.as_of}.{form}"',
        "X-Report-Digest": report.digest,
    }
    return Response(content, mimetype=FORMATS[form].media_type, headers=headers)
