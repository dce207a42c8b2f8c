"""The board pack: chosen reports of a date under one cover, in one click."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnprocessableEntity

from lms.audit.tasks import note_export
from lms.board.base import blueprint
from lms.board.pack import WRITERS, Pack
from lms.board.papers import choices, named
from lms.reports.asking import READERS, answered, current
from lms.reports.exports import FORMATS
from lms.reports.making import Frames
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.get("/workforce/pack.<format>")
@access(*READERS)
def pack(format: str) -> ResponseReturnValue:
    """The pack of the reports named in the address, or of all that the reader may open; pdf or xlsx."""
    write = WRITERS.get(format) or abort(404)
    question = replace(current(request.args.get("unit") or None), opened=True)
    names = choices(question.scope)
    chosen = request.args.getlist("kind") or list(names)
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise UnprocessableEntity(f"{unknown[0][:40]!r} is no report for you; the reports are {', '.join(names)}.")
    frames: Frames = {}
    reports = tuple(answered(named, name, question, now(), frames) for name in names if name in chosen)
    made = Pack(current_app.config["SETTINGS"].hospital, question.as_of, reports)
    headers = {
        "Content-Disposition": f'attachment; filename="board-pack-{question.as_of}.{format}"',
        "X-Report-Digest": made.digest,
    }
    body = write(made)
    said = {"format": format, "unit": question.unit or "", "as_of": str(question.as_of)}
    note_export(principal(), "report", "board-pack", now(), **said, reports=", ".join(each.kind for each in reports))
    return Response(body, mimetype=FORMATS[format].media_type, headers=headers)
