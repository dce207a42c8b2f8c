"""The board pack: chosen reports of a date under one cover, in one click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import UnprocessableEntity

from lms.competency.tasks import fold_now
from lms.reports.asking import READERS, answered, asked, blueprint, readable
from lms.reports.exports import FORMATS
from lms.reports.making import make
from lms.reports.pack import Pack, pack_pdf, pack_xlsx
from lms.web.clock import today
from lms.web.guard import access

WRITERS: dict[str, Callable[[Pack], bytes]] = {"pdf": pack_pdf, "xlsx": pack_xlsx}


@blueprint.get("/workforce/pack.<format>")
@access(*READERS)
def pack(format: str) -> ResponseReturnValue:
    """The pack of the reports named in the address, or of all that the reader may open; pdf or xlsx."""
    write = WRITERS.get(format) or abort(404)
    fold_now(today())
    question = replace(asked(request.args.get("unit") or None), opened=True)
    kinds = readable(question)
    chosen = request.args.getlist("kind") or list(kinds)
    unknown = [name for name in chosen if name not in kinds]
    if unknown:
        raise UnprocessableEntity(
            _("%(what)r is no report for you; the reports are %(other)s.", what=unknown[0][:40], other=", ".join(kinds))
        )
    reports = tuple(answered(make, name, question) for name in kinds if name in chosen)
    made = Pack(current_app.config["SETTINGS"].hospital, question.as_of, reports)
    headers = {
        "Content-Disposition": f'attachment; filename="board-pack-{question.as_of}.{format}"',
        "X-Report-Digest": made.digest,
    }
    return Response(write(made), mimetype=FORMATS[format].media_type, headers=headers)
