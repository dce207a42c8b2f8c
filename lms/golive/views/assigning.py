"""From what-if to assignments: a preview of what each person would be asked, and the one act that asks it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import UnprocessableEntity

from lms.assignments.services import AssignmentRefused
from lms.audit.places import Place
from lms.audit.reading import log_view
from lms.audit.services import record
from lms.db import db
from lms.golive import services
from lms.golive.assigning import Proposal, propose
from lms.golive.blockers import chosen
from lms.golive.frame import Frame
from lms.golive.views.base import READERS, blueprint, framed, kept
from lms.golive.views.supposing import read
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

AHEAD = dt.timedelta(days=7)  # before the go-live, so that whoever is late is noticed
MOST = 500  # people at once
SHOWN = 200
ASKED = ("person", "only", "unit", "add")  # the parts of the address that make the supposition


@blueprint.get("/<plan>/what-if/assign")
@access(*READERS, writes=True)
def assign(plan: str) -> ResponseReturnValue:
    """What the people of a supposition lack, as assignments. Nothing is written; looking at names is recorded."""
    frame = framed(plan)
    _still_ahead(frame)
    proposal = _proposal(frame)
    if proposal.steps:
        who = principal()
        record("golive.people", "golive", plan, actor=who.account_id, now=now(), people=len(proposal.steps))
        seen = [step.person_id for step in proposal.steps[:SHOWN]]
        place = Place("golive-assign", frame.text.name)
        log_view(who.account_id, who.roles, seen, "list", place, own=who.person_id, now=now())
        db.session.commit()
    return _page(frame, proposal, "")


@blueprint.post("/<plan>/what-if/assign", endpoint="make_assignments")
@access(*READERS)
def make_assignments(plan: str) -> ResponseReturnValue:
    """Ask it, as it was shown; the same again asks nothing new."""
    frame = framed(plan)
    _still_ahead(frame)
    shown = _proposal(frame)
    try:
        due_on = dt.date.fromisoformat(request.form.get("due_on", ""))
    except ValueError:
        return _page(frame, shown, _("Give the day as a date such as 2026-12-07.")), 422
    if not today() <= due_on <= frame.text.date:
        return _page(frame, shown, _("Give a day from today to the go-live.")), 422
    if request.form.get("digest") != shown.digest:
        if shown.new:
            return _page(frame, shown, _("What would be assigned changed meanwhile. Look at it again.")), 409
        flash(_("All of this was assigned already."), "good")
        return redirect(_address("golive.what_if", plan), 303)
    try:
        services.assign(frame.plan, shown, due_on, actor=principal().account_id, now=now(), today=today())
    except AssignmentRefused as fault:
        db.session.rollback()
        return _page(frame, shown, str(fault)), 422
    db.session.commit()
    flash(
        ngettext(
            "Assigned to %(num)d person, who sees it on the home page.",
            "Assigned to %(num)d people, who see it on their home page.",
            shown.people,
        ),
        "good",
    )
    return redirect(_address("golive.what_if", plan), 303)


def _still_ahead(frame: Frame) -> None:
    """Only today's figures of a go-live that is still to come lead to assignments."""
    if frame.as_of != today():
        raise UnprocessableEntity(_("Assignments are made from today's figures; open the plan without a date."))
    if frame.text.date < today():
        raise UnprocessableEntity(_("This go-live is over; nothing can be due before it any more."))


def _proposal(frame: Frame) -> Proposal:
    supposed = read(frame)
    trained = chosen(frame, frozenset(supposed.people))
    if trained is None:
        abort(404)
    if not (supposed.people or supposed.only):
        raise UnprocessableEntity(_("Choose people, or what they lack, on the what-if page first."))
    meant = frame.meant(trained, supposed.only or None, supposed.unit or None)
    if len(meant) > MOST:
        raise UnprocessableEntity(
            _("%(n)s people are meant; at most %(most)s at once. Choose a unit.", n=len(meant), most=MOST)
        )
    return propose(frame, meant)


def _page(frame: Frame, proposal: Proposal, fault: str) -> str:
    plan = frame.plan.public_id
    return render_template(
        "golive/assign.html",
        plan=frame.plan,
        proposal=proposal,
        fault=fault,
        due_on=max(today(), frame.text.date - AHEAD),
        most=SHOWN,
        again=_address("golive.make_assignments", plan),
        back=_address("golive.what_if", plan),
        kept=kept(),
    )


def _address(endpoint: str, plan: str) -> str:
    """A page with the same supposition."""
    held: dict[str, Any] = {name: request.args.getlist(name) for name in ASKED if request.args.get(name)}
    return url_for(endpoint, plan=plan, **held)
