"""The administrator's people: the list, and one person's posts, account, roles and units."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.accounts import directory, identity, links, queries, services
from lms.accounts.forms import NewAccountForm, RolesForm
from lms.accounts.refusals import AccountRefused
from lms.accounts.roles import BY_CODE, ROLES
from lms.accounts.views.base import blueprint, desk, in_words
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.db import db
from lms.messages.services import BadAddress
from lms.people import queries as persons
from lms.people.facts import PersonFacts
from lms.people.queries import units as all_units
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal


def _text(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()


@blueprint.get("/admin/people")
@access("administrator")
def people() -> ResponseReturnValue:
    """People with the state of their accounts: searched, filtered, page by page."""
    units = {unit.id: unit for unit in all_units()}
    code = _text("unit")
    chosen = next((unit for unit in units.values() if unit.code == code), None)
    wanted = directory.Wanted(
        text=_text("q")[:200],
        unit_ids=persons.subtree_ids([chosen.id]) if chosen else None,
        profession=_text("profession"),
        state=_text("state"),
    )
    kept = {"q": wanted.text, "unit": chosen.code if chosen else "", "profession": wanted.profession}
    kept = {name: value for name, value in {**kept, "state": wanted.state}.items() if value}
    return render_template(
        "accounts/people.html",
        page=directory.people(wanted, today(), cursor=request.args.get("after")),
        wanted=wanted,
        unit=chosen,
        units=units,
        roles=BY_CODE,
        kept=kept,
        after=request.args.get("after"),
    )


@blueprint.route("/admin/people/new", methods=["GET", "POST"])
@access("administrator")
def invite_new() -> ResponseReturnValue:
    """Invite somebody by e-mail, on the roster or not."""
    form = NewAccountForm(data={"roles": ["learner"]})
    if form.validate_on_submit():
        who, moment = principal(), now()
        try:
            account_id = services.create_account(
                form.email.data or "", form.roles.data or (), actor=who.account_id, now=moment
            )
            links.invite(account_id, desk(), actor=who.account_id, now=moment)
        except (AccountRefused, BadAddress) as refused:
            db.session.rollback()
            form.email.errors = [in_words(refused) if isinstance(refused, AccountRefused) else str(refused)]
        else:
            account = queries.account(account_id)
            person = persons.person(account.person_id) if account else None
            db.session.commit()
            flash(_("The invitation is on its way. Its link holds for 7 days."), "good")
            return redirect(url_for("accounts.person", public_id=person.public_id if person else ""), 303)
    return render_template("accounts/invite.html", form=form, roles=ROLES), 422 if form.is_submitted() else 200


def _person(public_id: str) -> PersonFacts:
    found = persons.person_by_public_id(public_id) if public_id.isalnum() else None
    if found is None:
        abort(404)
    return found


def _account(person: PersonFacts) -> queries.AccountFacts:
    found = queries.account_of_person(person.id)
    if found is None:
        abort(409)
    return found


@blueprint.get("/admin/people/<public_id>")
@access("administrator")
def person(public_id: str) -> ResponseReturnValue:
    """One person: posts, account, roles, units. That the record was opened is kept for the person to read."""
    found = _person(public_id)
    note_look(principal(), [found.id], "record", Place("account"), now())
    return _person_page(found)


def _person_page(found: PersonFacts, form: RolesForm | None = None) -> str:
    account = queries.account_of_person(found.id, now())
    posts = persons.all_posts(found.id)
    managers = persons.people_by_ids({post.manager_id for post in posts if post.manager_id is not None})
    granted = queries.granted_unit_ids(account.id) if account else frozenset()
    every = all_units()
    return render_template(
        "accounts/person.html",
        person=found,
        account=account,
        current=[post for post in posts if post.covers(today())],
        earlier=[post for post in posts if not post.covers(today())],
        managers=managers,
        on_leave=persons.on_leave(found.id, today()),
        roles=ROLES,
        form=form or RolesForm(formdata=None, data={"roles": sorted(account.roles) if account else ["learner"]}),
        granted=[unit for unit in every if unit.id in granted],
        units=[unit for unit in every if unit.id not in granted],
        itself=account is not None and account.id == principal().account_id,
        devices=len(queries.devices(account.id, now(), identity.idle())) if account else 0,
        tokens=len(queries.tokens(account.id)) if account else 0,
    )


def _act(public_id: str, act: Callable[[PersonFacts], str]) -> ResponseReturnValue:
    """Do one thing to a person's account, commit it, and go back to the page with a sentence about it."""
    found = _person(public_id)
    try:
        done = act(found)
    except AccountRefused as refused:
        db.session.rollback()
        flash(in_words(refused), "bad")
    except BadAddress as refused:
        db.session.rollback()
        flash(str(refused), "bad")
    else:
        db.session.commit()
        flash(done, "good")
    return redirect(url_for("accounts.person", public_id=public_id), 303)


@blueprint.post("/admin/people/<public_id>/invite")
@access("administrator")
def invite(public_id: str) -> ResponseReturnValue:
    """Send an invitation, and make the account where there is none."""

    def act(person: PersonFacts) -> str:
        who, moment = principal().account_id, now()
        account = queries.account_of_person(person.id)
        if account is None and not person.email:
            raise AccountRefused("email", _("This person has no e-mail. Add it in the roster first."))
        account_id = (
            account.id if account else services.create_account(person.email or "", ["learner"], actor=who, now=moment)
        )
        links.invite(account_id, desk(), actor=who, now=moment)
        return _("The invitation is on its way. Its link holds for 7 days.")

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/reset")
@access("administrator")
def send_reset(public_id: str) -> ResponseReturnValue:
    """Send a link for a new password."""

    def act(person: PersonFacts) -> str:
        links.send_reset(_account(person).id, desk(), actor=principal().account_id, now=now())
        return _("A link for a new password is on its way. It holds for one hour.")

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/roles")
@access("administrator")
def set_roles(public_id: str) -> ResponseReturnValue:
    """Let the account hold exactly the roles that are ticked."""
    form = RolesForm()
    if not form.validate():
        return _person_page(_person(public_id), form), 422

    def act(person: PersonFacts) -> str:
        account = _account(person)
        services.set_roles(account.id, form.roles.data or (), actor=principal().account_id, now=now())
        return _("The roles are saved. They hold from the next page on.")

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/units")
@access("administrator")
def grant_unit(public_id: str) -> ResponseReturnValue:
    """Let a supervisor see one more unit."""

    def act(person: PersonFacts) -> str:
        code = request.form.get("unit", "").replace("\x00", "")
        services.grant_unit(_account(person).id, code, actor=principal().account_id, now=now())
        return _("The unit is granted, with all below it.")

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/units/withdraw")
@access("administrator")
def withdraw_unit(public_id: str) -> ResponseReturnValue:
    """Take a unit back."""

    def act(person: PersonFacts) -> str:
        code = request.form.get("unit", "").replace("\x00", "")
        services.withdraw_unit(_account(person).id, code, actor=principal().account_id, now=now())
        return _("The unit is withdrawn.")

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/email")
@access("administrator")
def follow_email(public_id: str) -> ResponseReturnValue:
    """Let the account sign in with the e-mail that the roster has now."""

    def act(person: PersonFacts) -> str:
        address = services.follow_email(_account(person).id, actor=principal().account_id, now=now())
        return _("The account signs in as %(email)s from now on.", email=address)

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/deactivate")
@access("administrator")
def deactivate(public_id: str) -> ResponseReturnValue:
    """Close the account of a leaver; the records stay."""

    def act(person: PersonFacts) -> str:
        services.deactivate(_account(person).id, actor=principal().account_id, now=now())
        return _("The account is deactivated. Sign-ins and tokens have ended; the records stay.")

    return _act(public_id, act)


@blueprint.post("/admin/people/<public_id>/reactivate")
@access("administrator")
def reactivate(public_id: str) -> ResponseReturnValue:
    """Open a closed account again."""

    def act(person: PersonFacts) -> str:
        services.reactivate(_account(person).id, actor=principal().account_id, now=now())
        return _("The account is open again, with its roles.")

    return _act(public_id, act)
