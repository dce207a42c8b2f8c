"""The bedside: choose the person, the competency, tick, judge, sign; and one observation with what was said of it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.competency.queries import CompetencyStanding, framework, profile
from lms.db import db, public_id
from lms.observations import checklists, coaching, queries, requests, responses
from lms.observations.checklists import ChecklistFacts
from lms.observations.forms import BedsideForm, ReasonForm, listed
from lms.observations.refusals import Refused
from lms.observations.services import HIGHEST, WITH_LOG, record
from lms.observations.views.base import (
    OVERSEERS,
    Subject,
    blueprint,
    delegation_of,
    demand_signer,
    fresh_team,
    refuse,
    scale,
    subject,
    titles,
)
from lms.people.queries import people_by_ids
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

MOST_PEOPLE = 30


@blueprint.get("/team/observe")
@access()
def choose_person() -> ResponseReturnValue:
    """Whom did you watch? Those who asked and those observed last come first."""
    demand_signer()
    found = fresh_team()
    words = request.args.get("q", "").strip()[:100].casefold().split()
    matching = [each for each in found.members if all(word in each.name.casefold() for word in words)]
    recent = queries.recently_observed(principal().account_id)
    place = {person_id: number for number, person_id in enumerate(recent)}
    if not words:
        matching.sort(
            key=lambda each: (
                not any(one.kind == "request" for one in each.waiting),
                place.get(each.id, len(place)),
            )
        )
    return render_template(
        "observations/choose_person.html",
        members=matching[:MOST_PEOPLE],
        more=max(0, len(matching) - MOST_PEOPLE),
        recent=frozenset(recent),
        search=request.args.get("q", "").strip()[:100],
        everybody=len(found.members),
    )


@blueprint.get("/team/<person>/observe")
@access()
def choose_competency(person: str) -> ResponseReturnValue:
    """What did they do? What they asked for first, then what is below target."""
    found = subject(person)
    demand(found.may_sign())
    rows = [row for row in profile(found.person.id, today()) if found.may_sign(row.code)]
    asked = {each.competency for each in requests.open_of(found.person.id)}
    lists = {each.competency for each in checklists.in_use()}
    first = [row for row in rows if row.code in asked]
    below = [row for row in rows if row.code not in asked and row.level < row.target]
    rest = [row for row in rows if row.code not in asked and row.level >= row.target]
    below.sort(key=lambda row: (row.target <= HIGHEST - 1, not row.critical, row.level - row.target))
    return render_template(
        "observations/choose_competency.html", person=found.person, asked=first, below=below, rest=rest, lists=lists
    )


@blueprint.route("/team/<person>/observe/<code>", methods=["GET", "POST"])
@access()
def bedside(person: str, code: str) -> ResponseReturnValue:
    """Tick the checklist, say the level, sign. The same form sent twice is one observation."""
    found = subject(person)
    demand(found.may_sign())
    standing = next((row for row in profile(found.person.id, today()) if row.code == code), None)
    if standing is None:
        abort(404)
    demand(found.may_sign(code))
    form = BedsideForm()
    if request.method == "GET":
        form.process(data={"key": public_id(), "observed_on": today(), "setting": "work"})
        return _bedside(found, standing, form, _list_of(code, request.args.get("list", "")))
    return _sign(found, standing, form)


def _list_of(code: str, wanted: str) -> ChecklistFacts | None:
    """The checklist asked for by its code, else the first of the competency; `none` asks for none."""
    if wanted == "none":
        return None
    found = checklists.in_use(code)
    return next((each for each in found if each.code == wanted), found[0] if found else None)


def _sign(found: Subject, standing: CompetencyStanding, form: BedsideForm) -> ResponseReturnValue:
    shown = checklists.by_digest(form.checklist.data) if form.checklist.data else None
    form.level.choices = listed([(level, name) for level, name, _words in scale(WITH_LOG)])
    if not form.validate_on_submit():
        return _bedside(found, standing, form, shown), 422
    who = principal()
    answers = {
        name.removeprefix("item-"): value[:20] for name, value in request.form.items() if name.startswith("item-")
    }
    try:
        done = record(
            found.person.id, standing.code, form.level.data, form.note.data or "", observer_account=who.account_id,
            observer_person=who.person_id, key=f"form:{who.account_id}:{(form.key.data or public_id())[:60]}",
            observed_on=form.observed_on.data, today=today(), now=now(), setting=form.setting.data,
            checklist=form.checklist.data or "", answers=answers,
            delegation_id=delegation_of(found, standing.code),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "level")
        return _bedside(found, standing, form, shown), 422
    db.session.commit()
    flash(
        _(
            "Signed: %(code)s at level %(level)s for %(name)s. They are asked to confirm.",
            code=done.competency,
            level=done.level,
            name=found.person.name,
        ),
        "good",
    )
    return redirect(url_for("observations.person", person=found.person.public_id), 303)


def _bedside(found: Subject, standing: CompetencyStanding, form: BedsideForm, checklist: ChecklistFacts | None) -> str:
    """The page of the bedside; level 4 is offered where the coaching log is there."""
    log = coaching.log_holds(found.person.id, standing.code, today())
    levels = scale(WITH_LOG if log else HIGHEST)
    form.level.choices = listed([(level, name) for level, name, _words in levels])
    return render_template(
        "observations/bedside.html",
        person=found.person,
        standing=standing,
        form=form,
        checklist=checklist,
        others=[each for each in checklists.in_use(standing.code) if checklist is None or each.code != checklist.code],
        levels=levels,
        short={each.level: each.name for each in frame.levels} if (frame := framework()) else {},
        log=log,
        needed=coaching.NEEDED,
        ticked=request.form,
    )


@blueprint.get("/team/observations/<public>", endpoint="observation")
@access()
def staff_observation(public: str) -> ResponseReturnValue:
    """One observation as its observer, the person's other supervisors and the CMIO see it."""
    return _observation(public, ReasonForm(formdata=None))


def _observation(public: str, form: ReasonForm) -> str:
    found = queries.one(public)
    if found is None:
        abort(404)
    owner = people_by_ids([found.person_id])[found.person_id]
    seen = subject(owner.public_id)
    return render_template(
        "observations/observation.html",
        observation=found,
        said=queries.said_of(found),
        checklist=queries.checklist_of(found),
        person=owner,
        form=form,
        may_withdraw=_may_withdraw(seen, found),
        may_sign=seen.may_sign(found.competency),
        scale={level: name for level, name, _words in scale(5)},
        titles=titles(),
        staff=True,
    )


def _may_withdraw(seen: Subject, found: queries.Observed) -> bool:
    who = principal()
    return found.observer_id == who.account_id or seen.may_sign(found.competency) or bool(OVERSEERS & who.roles)


@blueprint.post("/team/observations/<public>/withdrawal", endpoint="withdraw")
@access()
def withdraw(public: str) -> ResponseReturnValue:
    """Withdraw an observation with a reason; nothing is deleted."""
    found = queries.one(public)
    if found is None:
        abort(404)
    owner = people_by_ids([found.person_id])[found.person_id]
    demand(_may_withdraw(subject(owner.public_id), found) and found.person_id != principal().person_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _observation(public, form), 422
    try:
        responses.withdraw(public, form.reason.data or "", account_id=principal().account_id, now=now())
    except Refused as fault:
        refuse(form, fault, "reason")
        return _observation(public, form), 422
    db.session.commit()
    flash(_("The observation is withdrawn. It stays in the record with your reason."), "good")
    return redirect(url_for("observations.observation", public=public), 303)
