"""The reports at a glance, and the views that people save, open, send to themselves and delete."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.board import saved, services
from lms.board.base import blueprint
from lms.board.glance import glance
from lms.board.papers import NAMES, address, choices, label, page_of
from lms.db import db
from lms.reports.asking import READERS, answered, current
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.get("/workforce/reports")
@access(*READERS)
def overview() -> ResponseReturnValue:
    """Every report as one sentence with its finding, the saved views, and the board pack."""
    question = replace(current(None), opened=True)
    names = choices(question.scope)
    return render_template(
        "board/overview.html",
        found=answered(glance, tuple(names), question, now()),
        names=names,
        views=saved.views_of(principal().account_id),
        question=question,
        page_of=page_of,
        label=label,
    )


@blueprint.post("/workforce/views")
@access(*READERS)
def save() -> ResponseReturnValue:
    """Keep a report with its filters under a name."""
    kind = request.form.get("kind", "")
    filters = {name: request.form.get(name, "") for name in services.PARAMETERS}
    if filters["as_of"] == today().isoformat():
        filters["as_of"] = ""  # a view of today is to be one of every day
    try:
        services.save_view(principal().account_id, request.form.get("name", ""), kind, filters, now=now())
    except services.ViewRefused as fault:
        db.session.rollback()
        held = {name: value for name, value in filters.items() if value}
        back = address(kind, **held) if kind in NAMES else url_for("board.overview")
        name = request.form.get("name", "")
        return render_template("board/save.html", error=str(fault), name=name, kind=kind, held=held, back=back), 422
    db.session.commit()
    flash(_("The view is saved."), "good")
    return redirect(url_for("board.overview") + "#views", 303)


@blueprint.get("/workforce/views/<view>")
@access(*READERS)
def view(view: str) -> ResponseReturnValue:
    """Open a view of one's own."""
    found = saved.view(view, principal().account_id) or abort(404)
    return redirect(address(found.kind, **found.filters), 303)


@blueprint.post("/workforce/views/<view>/delete")
@access(*READERS)
def delete(view: str) -> ResponseReturnValue:
    """Delete a view of one's own; of what is gone already there is nothing to say."""
    services.delete_view(view, principal().account_id, now=now())
    db.session.commit()
    flash(_("The view is deleted."), "good")
    return redirect(url_for("board.overview") + "#views", 303)


@blueprint.post("/workforce/views/<view>/schedule")
@access(*READERS)
def schedule(view: str) -> ResponseReturnValue:
    """Send a view of one's own weekly, monthly or not at all."""
    try:
        wanted = request.form.get("schedule", "")
        known = services.schedule_view(view, principal().account_id, wanted, now=now(), today=today())
    except services.ViewRefused as fault:
        db.session.rollback()
        flash(str(fault), "bad")
        return redirect(url_for("board.overview") + "#views", 303)
    if not known:
        abort(404)
    db.session.commit()
    flash(_("The e-mail is set."), "good")
    return redirect(url_for("board.overview") + "#views", 303)
