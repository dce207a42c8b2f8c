"""A person's own competency profile: level against target, and the evidence behind it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.competency.ladder import Rung, rung
from lms.competency.queries import framework, profile
from lms.people.queries import posts_on, units
from lms.web.clock import today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("competency", __name__, template_folder="templates")


@blueprint.get("/record/competencies", endpoint="profile")
@access()
def own_profile() -> ResponseReturnValue:
    """Where I stand in every competency; `?show=B1` opens the evidence of one."""
    person_id = principal().person_id
    rungs = [rung(standing, today()) for standing in profile(person_id, today())]
    facts = framework()
    domains = [
        (domain, [each for each in rungs if each.standing.domain == domain.code])
        for domain in (facts.domains if facts else ())
    ]
    return render_template(
        "competency/profile.html",
        framework=facts,
        domains=domains,
        posts=posts_on(person_id, today()),
        required=sum(1 for each in rungs if each.standing.target),
        reached=sum(1 for each in rungs if each.at_target),
        evidence=any(each.standing.history for each in rungs),
        show=request.args.get("show", ""),
        units={unit.id: unit.name for unit in units()} if any(_local(each) for each in rungs) else {},
    )


def _local(each: Rung) -> bool:
    """Whether a decision of a unit makes the target what it is, so that the page names the unit."""
    return any(reason.unit_id for reason in each.standing.because)
