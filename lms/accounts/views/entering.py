"""Pages for whoever is not signed in yet: sign-in, forgotten password, a link from an e-mail."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.accounts import identity, links, passwords, queries, sign_ins
from lms.accounts.devices import described
from lms.accounts.forms import ForgotForm, NewPasswordForm, SignInForm
from lms.accounts.refusals import AccountRefused, SignInRefused
from lms.accounts.views.base import blueprint, desk, in_words, retry_after, safe_place, throttled_words
from lms.db import db, reading
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal_or_none


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access(public=True)
def sign_in() -> ResponseReturnValue:
    """Sign in and go on where one was headed."""
    place = safe_place(request.args.get("next"))
    form = SignInForm()
    if not form.is_submitted():
        if principal_or_none() is not None:
            return redirect(place)
        return _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        secret = _checked(form.email.data or "", form.password.data or "")
    except SignInRefused as refused:
        db.session.commit()  # the failure counts
        status = 429 if refused.kind == "throttled" else 422
        return _sign_in_page(form, refused), status, retry_after(refused)
    old = identity.leave()
    if old:
        sign_ins.sign_out(old, now=now())
    identity.enter(secret)
    db.session.commit()
    return redirect(place, 303)


def _checked(email: str, password: str) -> str:
    """Open a sign-in. No transaction stands while the password is worked out, so others can write."""
    with reading():
        claimed = sign_ins.claim(email, request.remote_addr, now=now())
        db.session.rollback()
    sign_ins.refuse_if_blocked(claimed)
    right = passwords.matches(claimed.password_hash, password)
    device = described(request.user_agent.string)
    return sign_ins.settle(claimed, right, password, device, now=now(), lasts=identity.lasts())


def _sign_in_page(form: SignInForm, refused: SignInRefused | None = None) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        refused=in_words(refused) if refused else "",
        wait=throttled_words(refused) if refused else "",
        next=request.args.get("next"),
        idle_minutes=int(identity.idle().total_seconds() // 60),
    )


@blueprint.post("/sign-out")
@access(public=True)
def sign_out() -> ResponseReturnValue:
    """End this sign-in, on the server too; whoever is signed out already is sent to the same page."""
    secret = identity.leave()
    if secret:
        sign_ins.sign_out(secret, now=now())
    db.session.commit()
    flash(_("You are signed out. Your work is saved."), "good")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@access(public=True)
def forgot() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether the e-mail is known or not."""
    form = ForgotForm()
    if not form.validate_on_submit():
        page = render_template("accounts/forgot.html", form=form, sent="sent" in request.args, wait="")
        return page, 422 if form.is_submitted() else 200
    try:
        links.ask_reset(form.email.data or "", request.remote_addr, desk(), now=now())
    except SignInRefused as refused:
        page = render_template("accounts/forgot.html", form=form, sent=False, wait=throttled_words(refused))
        return page, 429, retry_after(refused)
    db.session.commit()
    return redirect(url_for("accounts.forgot", sent=1), 303)


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
@access(public=True)
def set_password(token: str) -> ResponseReturnValue:
    """Choose a password with the link of an invitation or a reset."""
    form = NewPasswordForm()
    link = queries.link(token, now())
    if link is None:
        return render_template("accounts/link_gone.html"), 410
    if form.validate_on_submit():
        try:
            email = links.use(token, form.password.data or "", desk(), now=now())
        except AccountRefused as refused:
            db.session.rollback()
            if refused.kind == "link":
                return render_template("accounts/link_gone.html"), 410
            form.password.errors = [in_words(refused)]
        else:
            _forget_browser()
            db.session.commit()
            flash(_("Your password is set. Sign in as %(email)s.", email=email), "good")
            return redirect(url_for("accounts.sign_in"), 303)
    page = render_template("accounts/set_password.html", form=form, link=link)
    return page, 422 if form.is_submitted() else 200


def _forget_browser() -> None:
    """On a shared computer somebody else may still be signed in; the new password is for one's own sign-in."""
    secret = identity.leave()
    if secret:
        sign_ins.sign_out(secret, now=now())
