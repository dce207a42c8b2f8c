"""A learner's home and record."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.competency.glance import glance
from lms.credentials.queries import of_person
from lms.dashboard.queries import home as gather
from lms.evaluations.queries import offers
from lms.learning.queries import my_courses
from lms.policies.queries import attested_by
from lms.standards.queries import waiting_for
from lms.standards.services import PANEL_ROLES
from lms.web.clock import local, now, today
from lms.web.desks import MANAGING, desks_for
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("dashboard", __name__, template_folder="templates")


@blueprint.get("/")
@access()
def home() -> ResponseReturnValue:
    """What to do next, what is due, where I stand."""
    who = principal()
    found = gather(who.person_id, now(), today())
    return render_template(
        "dashboard/home.html",
        home=found,
        greeting=_greeting(),
        evaluations=offers(who.person_id, now()) if found.finished else (),
        panels=waiting_for(who.account_id) if who.roles & PANEL_ROLES else (),  # learners sit on none: not asked
    )


@blueprint.get("/record")
@access()
def record() -> ResponseReturnValue:
    """Certificates, courses and competence, for good."""
    person_id = principal().person_id
    needed = glance(person_id, today())
    return render_template(
        "dashboard/record.html",
        credentials=[(each, each.status(today())) for each in of_person(person_id)],
        courses=my_courses(person_id),
        policies=attested_by(person_id),
        required=len(needed),
        at_target=sum(1 for row in needed if row.level >= row.target),
    )


@blueprint.get("/manage")
@access(*MANAGING)
def manage() -> ResponseReturnValue:
    """The desks that this person's roles open, each with what it is for."""
    return render_template("dashboard/manage.html", groups=desks_for(principal().roles))


def _greeting() -> str:
    hour = local(now()).hour
    if 5 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")
