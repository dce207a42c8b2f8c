"""Pages of the question bank: how far the figures of each course are, and the wish to have them made again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.bank import queries, services
from lms.db import db
from lms.web.clock import now
from lms.web.guard import access

blueprint = Blueprint("bank", __name__, template_folder="templates", url_prefix="/bank")


@blueprint.get("/figures")
@access("educator", "administrator")
def figures() -> ResponseReturnValue:
    """Every course with an assessment, and what its last analysis rests on."""
    return render_template("bank/figures.html", states=[each for each in queries.states() if each.version.exam])


@blueprint.post("/figures/<code>")
@access("educator", "administrator")
def analyse(code: str) -> ResponseReturnValue:
    """Queue the analysis of a course."""
    state = next((each for each in queries.states() if each.version.code == code), None) or abort(404)
    services.ask(state.version.course_id, state.version.id, state.attempts, now=now(), again=True)
    db.session.commit()
    flash(
        _("The figures of %(course)s are made in the background; look again in a minute.", course=state.version.title)
    )
    return redirect(url_for("bank.figures"), 303)
