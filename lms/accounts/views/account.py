"""The page of one's own account: name, password, devices, API tokens."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts import identity, queries, services, sign_ins
from lms.accounts.forms import ChangePasswordForm, NameForm, TokenForm
from lms.accounts.refusals import AccountRefused, SignInRefused
from lms.accounts.roles import ROLES
from lms.accounts.views.base import blueprint, in_words, retry_after, throttled_words
from lms.db import db
from lms.people import queries as people
from lms.people.services import rename as rename_person
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal


def _account_page(name_form: NameForm | None = None, token_form: TokenForm | None = None, new_token: str = "") -> str:
    who = principal()
    person = people.person(who.person_id)
    if person is None:
        abort(404)
    plain = (f"{person.given_name} {person.family_name}".strip(), person.email)
    printed = "" if person.name in plain else person.name
    names = NameForm(formdata=None, data={"given": person.given_name, "family": person.family_name, "display": printed})
    return render_template(
        "accounts/account.html",
        person=person,
        posts=people.posts_on(person.id, today()),
        roles=[role for role in ROLES if role.code in who.roles],
        name_form=name_form or names,
        token_form=token_form or TokenForm(formdata=None),
        new_token=new_token,
        devices=queries.devices(who.account_id, now(), identity.idle()),
        here=current_user.sign_in_id,
        tokens=queries.tokens(who.account_id),
        base_url=current_app.config["SETTINGS"].base_url,
    )


@blueprint.get("/account")
@access()
def account() -> ResponseReturnValue:
    """Who I am here, where I am signed in, and what may act for me."""
    return _account_page()


@blueprint.post("/account/name")
@access()
def name() -> ResponseReturnValue:
    """Correct one's own name; the roster's names are corrected in the roster."""
    who = principal()
    person = people.person(who.person_id)
    if person is None or person.employee_id is not None:
        abort(403)
    form = NameForm()
    if not form.validate():
        return _account_page(name_form=form), 422
    rename_person(
        who.person_id, form.given.data or "", form.family.data or "", form.display.data or "",
        actor=who.account_id, now=now(),
    )  # fmt: skip
    db.session.commit()
    flash(_("Your name is changed. Certificates keep the name they were issued with."), "good")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/devices/<int:sign_in_id>/revoke")
@access()
def revoke_device(sign_in_id: int) -> ResponseReturnValue:
    """End a sign-in on another device."""
    try:
        sign_ins.revoke(sign_in_id, principal().account_id, now=now())
    except AccountRefused:
        abort(404)
    db.session.commit()
    flash(_("That device is signed out."), "good")
    return redirect(url_for("accounts.account") + "#devices", 303)


@blueprint.post("/account/devices/revoke-others")
@access()
def revoke_others() -> ResponseReturnValue:
    """End every sign-in but this one."""
    ended = sign_ins.revoke_all(principal().account_id, now=now(), keep=current_user.sign_in_id)
    db.session.commit()
    flash(_("Signed out on all other devices.") if ended else _("You were signed in nowhere else."), "good")
    return redirect(url_for("accounts.account") + "#devices", 303)


@blueprint.post("/account/tokens")
@access()
def create_token() -> ResponseReturnValue:
    """Make an API token; it is shown in this one answer and never again."""
    who = principal()
    form = TokenForm()
    if not form.validate():
        return _account_page(token_form=form), 422
    try:
        secret = services.create_token(who.email, form.name.data or "", actor=who.account_id, now=now())
    except AccountRefused as refused:
        form.name.errors = [in_words(refused)]
        return _account_page(token_form=form), 422
    page = _account_page(new_token=secret)
    db.session.commit()
    return page


@blueprint.post("/account/tokens/<int:token_id>/revoke")
@access()
def revoke_token(token_id: int) -> ResponseReturnValue:
    """End one of one's own API tokens."""
    who = principal()
    try:
        services.revoke_token(token_id, who.account_id, actor=who.account_id, now=now())
    except AccountRefused:
        abort(404)
    db.session.commit()
    flash(_("The token is revoked. Whatever used it is refused from now on."), "good")
    return redirect(url_for("accounts.account") + "#tokens", 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@access(unchanged_password=True)
def change_password() -> ResponseReturnValue:
    """Change one's own password; sign-ins on other devices end."""
    form = ChangePasswordForm()
    wait, status = "", 422 if form.is_submitted() else 200
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            services.change_password(
                principal().account_id, form.old.data or "", form.password.data or "",
                sign_in_id=current_user.sign_in_id, address=request.remote_addr, now=now(),
            )  # fmt: skip
        except SignInRefused as refused:
            wait, status, headers = throttled_words(refused), 429, retry_after(refused)
        except AccountRefused as refused:
            if refused.kind == "old":
                db.session.commit()  # the failure counts
                form.old.errors = [in_words(refused)]
            else:
                form.password.errors = [in_words(refused)]
        else:
            db.session.commit()
            flash(_("Your password is changed."), "good")
            return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/change_password.html", form=form, wait=wait), status, headers
