"""Pages of a supervisor: the team, one person, and the signed observation."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.accounts.queries import scope_of
from lms.competency.queries import competencies, profile
from lms.competency.tasks import fold_now
from lms.db import db, public_id
from lms.observations import queries
from lms.observations.forms import ObservationForm
from lms.observations.services import Refused, record
from lms.people.facts import PersonFacts
from lms.people.queries import person_by_public_id, posts_on
from lms.people.scope import Scope
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("observations", __name__, template_folder="templates")


@blueprint.get("/team")
@access("supervisor")
def team() -> ResponseReturnValue:
    """Who is below target, what ends soon, who is away."""
    fold_now(today())
    search = request.args.get("q", "").strip()
    members = queries.team(_scope(), principal().person_id, today())
    shown = [each for each in members if search.casefold() in each.name.casefold()]
    behind = sum(1 for each in members if each.shortfall.missing and not each.away)
    return render_template(
        "observations/team.html", members=shown, everybody=len(members), behind=behind, search=search
    )


@blueprint.get("/team/<person>")
@access("supervisor")
def person(person: str) -> ResponseReturnValue:
    """One person's competence and the form to record what was seen."""
    found = _found(person)
    form = ObservationForm(data={"key": public_id(), "observed_on": today(), "competency": request.args.get("c", "")})
    return _page(found, form)


@blueprint.post("/team/<person>/observations", endpoint="record")
@access("supervisor")
def record_observation(person: str) -> ResponseReturnValue:
    """Record and sign; the same form sent twice is one observation."""
    found = _found(person)
    form = ObservationForm()
    _choices(form)
    if not form.validate_on_submit():
        return _page(found, form), 422
    who = principal()
    try:
        done = record(
            found.id, form.competency.data, form.level.data, form.note.data or "", observer_account=who.account_id,
            observer_person=who.person_id, key=f"form:{who.account_id}:{(form.key.data or public_id())[:60]}",
            observed_on=form.observed_on.data, today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        named = getattr(form, fault.field, form.competency)
        named.errors = [*named.errors, fault.message]
        return _page(found, form), 422
    db.session.commit()
    flash(
        _("Signed: %(code)s at level %(level)s for %(name)s.", code=done.competency, level=done.level, name=found.name),
        "good",
    )
    return redirect(url_for("observations.person", person=person), 303)


def _scope() -> Scope:
    who = principal()
    return scope_of(who.account_id, who.person_id, who.roles, today())


def _found(public: str) -> PersonFacts:
    found = person_by_public_id(public)
    if found is None:
        abort(404)
    units = frozenset(post.unit_id for post in posts_on(found.id, today()))
    demand(_scope().covers_person(found.id, units))
    return found


def _choices(form: ObservationForm) -> None:
    form.competency.choices = [
        ("", _("Choose…")),
        *((each.code, f"{each.code} {each.title}") for each in competencies()),
    ]


def _page(found: PersonFacts, form: ObservationForm) -> str:
    _choices(form)
    rows = profile(found.id, today())
    return render_template(
        "observations/person.html",
        person=found,
        posts=posts_on(found.id, today()),
        needed=[row for row in rows if row.target],
        behind=[row for row in rows if row.level < row.target],
        observed=queries.observed(found.id)[:20],
        form=form,
        own=found.id == principal().person_id,
    )
