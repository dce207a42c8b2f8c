"""Lending the right to sign off: what is lent and by whom, a form to lend, a button to take it back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.accounts import delegations
from lms.accounts.queries import AccountFacts, account, account_by_email
from lms.competency.queries import competencies
from lms.db import db, public_id
from lms.observations.delegating import lend
from lms.observations.forms import DelegationForm, listed
from lms.observations.refusals import Refused
from lms.observations.views.base import OVERSEERS, blueprint, demand_signer, refuse, sign_off
from lms.people.placed import placed
from lms.people.queries import people_by_ids, person_by_public_id, unit_by_code, units
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal


def _me() -> AccountFacts:
    found = account(principal().account_id)
    assert found is not None, "the principal has an account"
    return found


@blueprint.get("/team/delegations", endpoint="delegations")
@access()
def show() -> ResponseReturnValue:
    """What I lent, what was lent to me, and the form; the CMIO sees everything that is lent."""
    if not OVERSEERS & principal().roles:
        demand_signer()
    form = DelegationForm(
        formdata=None, data={"key": public_id(), "starts": today(), "scope": request.args.get("for", "")}
    )
    return _page(form)


def _page(form: DelegationForm) -> str:
    who, day = principal(), today()
    given, lent = delegations.given_by(who.account_id, day), delegations.lent_to(who.account_id, day)
    everything = delegations.in_force(day) if OVERSEERS & who.roles else ()
    people = {
        one
        for each in (*given, *lent, *everything)
        for one in (each.from_person, each.to_person, each.person_id)
        if one
    }
    _choices(form)
    return render_template(
        "observations/delegations.html",
        given=given,
        lent=lent,
        everything=[each for each in everything if each not in given and each not in lent],
        people=people_by_ids(people),
        units={unit.id: unit for unit in units()},
        form=form,
        may_lend="supervisor" in who.roles,
    )


def _choices(form: DelegationForm) -> None:
    """One's own units first, then the people; nothing that was itself lent."""
    own = sign_off().own
    found = [(f"unit:{unit.code}", unit.name) for unit in units() if own.covers_unit(unit.id)][:300]
    people = placed(own.unit_ids, own.person_ids, today()).values()
    found += [
        (f"person:{each.person.public_id}", each.person.name)
        for each in people
        if each.person.id != principal().person_id
    ][:500]
    form.scope.choices = listed([("", _("Choose…")), *found])
    form.competencies.choices = listed([(each.code, f"{each.code} {each.title}") for each in competencies()])


@blueprint.post("/team/delegations", endpoint="delegate")
@access("supervisor")
def delegate() -> ResponseReturnValue:
    """Lend the right to sign off; the same form sent twice lends once."""
    form = DelegationForm()
    _choices(form)
    if not form.validate_on_submit():
        return _page(form), 422
    kind, _sep, name = form.scope.data.partition(":")
    person = person_by_public_id(name) if kind == "person" else None
    unit = unit_by_code(name) if kind == "unit" else None
    try:
        lend(
            _me(), account_by_email(form.to.data or ""), person_id=person.id if person else None,
            unit_id=unit.id if unit else None, wanted=form.competencies.data or (), starts=form.starts.data,
            ends=form.ends.data, key=f"form:{principal().account_id}:{(form.key.data or public_id())[:60]}",
            today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "to")
        return _page(form), 422
    db.session.commit()
    flash(_("Lent. You can take it back here at any time."), "good")
    return redirect(url_for("observations.delegations"), 303)


@blueprint.post("/team/delegations/<public>/revocation", endpoint="revoke")
@access()
def revoke(public: str) -> ResponseReturnValue:
    """Take back what was lent, at once."""
    demand(bool({"supervisor", *OVERSEERS} & principal().roles))
    if not delegations.revoke(public, by=_me(), now=now()):
        abort(404)
    db.session.commit()
    flash(_("Taken back. What was signed until now stays."), "good")
    return redirect(url_for("observations.delegations"), 303)
