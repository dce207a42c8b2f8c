"""One person of the team: standing, what was observed, what waits, the quick form, and a panel's judgement."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.audit.places import Place
from lms.audit.reading import log_view
from lms.competency.ladder import rung
from lms.competency.queries import competencies, profile
from lms.db import db, public_id
from lms.observations import coaching, panels, prior, queries, requests
from lms.observations.forms import ObservationForm, PanelForm, PriorSignForm, listed
from lms.observations.refusals import Refused
from lms.observations.services import record
from lms.observations.views.base import Subject, blueprint, delegation_of, refuse, scale, subject
from lms.people.queries import people_by_ids
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal


@blueprint.get("/team/<person>", endpoint="person")
@access(writes=True)
def show(person: str) -> ResponseReturnValue:
    """One person's competence and record, and the quick form to record what was seen."""
    found = subject(person)
    who = principal()
    place = Place("competence")
    log_view(who.account_id, who.roles, [found.person.id], "record", place, own=who.person_id, now=now())
    db.session.commit()
    form = ObservationForm(data={"key": public_id(), "observed_on": today(), "competency": request.args.get("c", "")})
    return _page(found, form)


@blueprint.post("/team/<person>/observations", endpoint="record")
@access()
def record_observation(person: str) -> ResponseReturnValue:
    """Record and sign; the same form sent twice is one observation."""
    found = subject(person)
    demand(found.may_sign())
    form = ObservationForm()
    _choices(found, form)
    if not form.validate_on_submit():
        return _page(found, form), 422
    who = principal()
    demand(found.may_sign(form.competency.data))
    try:
        done = record(
            found.person.id, form.competency.data, form.level.data, form.note.data or "",
            observer_account=who.account_id, observer_person=who.person_id,
            key=f"form:{who.account_id}:{(form.key.data or public_id())[:60]}", observed_on=form.observed_on.data,
            today=today(), now=now(), delegation_id=delegation_of(found, form.competency.data),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "competency")
        return _page(found, form), 422
    db.session.commit()
    flash(
        _(
            "Signed: %(code)s at level %(level)s for %(name)s.",
            code=done.competency,
            level=done.level,
            name=found.person.name,
        ),
        "good",
    )
    return redirect(url_for("observations.person", person=person), 303)


def _choices(found: Subject, form: ObservationForm) -> None:
    form.competency.choices = listed(
        [
            ("", _("Choose…")),
            *((each.code, f"{each.code} {each.title}") for each in competencies() if found.may_sign(each.code)),
        ]
    )
    form.level.choices = listed([(level, f"{name}: {words}") for level, name, words in scale(4)])


def _page(found: Subject, form: ObservationForm) -> str:
    _choices(found, form)
    rungs = [rung(row, today()) for row in profile(found.person.id, today())]
    observed = queries.observed(found.person.id)
    entries = coaching.entries_of_coach(found.person.id)
    return render_template(
        "observations/person.html",
        person=found.person,
        posts=found.posts,
        needed=[each for each in rungs if each.standing.target],
        behind=[each for each in rungs if each.standing.level < each.standing.target],
        observed=observed[:30],
        disputed=[each for each in observed if each.state == "disputed"],
        requests=requests.open_of(found.person.id),
        coached=entries[:20],
        coached_people=people_by_ids({each.person_id for each in entries[:20]}),
        prior=prior.of_person(found.person.id),
        panels=panels.of_person(found.person.id),
        sign_form=PriorSignForm(formdata=None),
        form=form,
        subject=found,
        own=found.person.id == principal().person_id,
    )


@blueprint.post("/team/prior/<public>/sign-off", endpoint="sign_prior")
@access()
def sign_prior(public: str) -> ResponseReturnValue:
    """Sign off a piece of prior learning, once its document was looked at."""
    piece = prior.one(public)
    if piece is None:
        abort(404)
    owner = people_by_ids([piece.person_id])[piece.person_id]
    found = subject(owner.public_id)
    demand(found.may_sign(piece.competency))
    form = PriorSignForm()
    who = principal()
    if not form.validate_on_submit():
        flash(_("Choose the level that the document shows."), "bad")
        return redirect(url_for("observations.person", person=owner.public_id) + "#prior", 303)
    try:
        prior.sign_off(public, form.level.data, account_id=who.account_id, person_id=who.person_id, now=now())
    except Refused as fault:
        flash(fault.message, "bad")
        return redirect(url_for("observations.person", person=owner.public_id) + "#prior", 303)
    db.session.commit()
    flash(_("Signed off: %(code)s.", code=piece.competency), "good")
    return redirect(url_for("observations.person", person=owner.public_id), 303)


@blueprint.route("/team/<person>/panel", methods=["GET", "POST"])
@access("cmio", "administrator")
def panel(person: str) -> ResponseReturnValue:
    """Record what a panel decided of somebody: members and minutes are the evidence."""
    found = subject(person)
    form = PanelForm()
    form.competency.choices = listed(
        [
            ("", _("Choose…")),
            *((each.code, f"{each.code} {each.title}") for each in competencies()),
        ]
    )
    form.level.choices = listed([(level, f"{name}: {words}") for level, name, words in scale(5)])
    who = principal()
    if request.method == "GET":
        form.process(data={"key": public_id(), "held_on": today(), "competency": request.args.get("c", ""), "level": 5})
        return render_template("observations/panel.html", person=found.person, form=form)
    if not form.validate_on_submit():
        return render_template("observations/panel.html", person=found.person, form=form), 422
    try:
        panels.record(
            found.person.id, form.competency.data, form.level.data, form.held_on.data,
            (form.members.data or "").splitlines(), form.minutes.data or "",
            key=f"form:{who.account_id}:{(form.key.data or public_id())[:60]}", account_id=who.account_id,
            recorder=who.person_id, today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "competency")
        return render_template("observations/panel.html", person=found.person, form=form), 422
    db.session.commit()
    flash(_("The panel’s decision is recorded."), "good")
    return redirect(url_for("observations.person", person=person), 303)
