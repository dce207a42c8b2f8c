"""The one module that knows flask-login: how a request becomes a principal, and how one is signed in and out.

Browsers carry the sign-in's secret in the signed session cookie; scripts a bearer token. The
secret is new at each sign-in and the session is emptied before, so that nothing planted in a
browser beforehand survives.
"""

from __future__ import annotations

import datetime as dt
import logging

from flask import Flask, Response, current_app, g, request, session
from flask_login import login_user, logout_user
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.local import LocalProxy

from lms.accounts import queries
from lms.accounts.models import ApiToken, SignIn
from lms.accounts.principal import SignedIn
from lms.db import db, set_reading
from lms.web.clock import now
from lms.web.extensions import login

log = logging.getLogger("lms.accounts")


class Stranger:
    """Nobody: what a request without a valid sign-in acts as."""

    is_authenticated = False
    is_active = False
    is_anonymous = True
    roles: frozenset[str] = frozenset()

    def get_id(self) -> None:
        """A stranger has no id."""


def install(app: Flask) -> None:
    """Bind the loaders to the application."""
    login.session_protection = None  # a hospital's wireless net changes addresses in mid-session
    login.anonymous_user = Stranger
    login.user_loader(_by_cookie)
    app.before_request(_offer_bearer)
    app.after_request(_touch)


def idle() -> dt.timedelta:
    """After how long without a request a sign-in ends."""
    return dt.timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)


def lasts() -> dt.timedelta:
    """How long a sign-in holds at most."""
    return dt.timedelta(hours=current_app.config["SETTINGS"].session_hours)


def enter(secret: str) -> None:
    """Let this browser act with a sign-in that was just opened; what the session held before is dropped."""
    who = queries.principal_by_sign_in(secret, now(), idle())
    if who is None:
        raise RuntimeError("The sign-in that was just opened is not there.")
    session.clear()
    g.pop("csrf_token", None)
    login_user(who)


def leave() -> str:
    """Let this browser forget its sign-in, everything else of the session too; returns the secret it had."""
    secret = str(session.get("_user_id") or "")
    logout_user()
    session.clear()
    g.pop("csrf_token", None)
    return secret


def _by_cookie(secret: str) -> SignedIn | None:
    who = queries.principal_by_sign_in(secret, now(), idle())
    if who is not None and who.touch:
        g.touch = who
    return who


def _offer_bearer() -> None:
    """On the API the principal is read from the token, at the guard's first question and not before."""
    if request.path.startswith("/api/"):
        g.api_principal = LocalProxy(_by_bearer)


def _by_bearer() -> SignedIn | Stranger:
    if "bearer" not in g:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        found = None
        if scheme.lower() == "bearer" and secret.strip():
            found = queries.principal_by_api_token(secret.strip(), now())
        g.bearer = found or Stranger()
        if found is not None and found.touch:
            g.touch = found
    return g.bearer  # type: ignore[no-any-return]


def _touch(response: Response) -> Response:
    """Note the time of use, at most once a minute, in a transaction of its own.

    A page that only reads holds no write lock, and what a view left uncommitted is lost anyway; so
    the request's transaction ends first. A database that is busy costs a note, not the page.
    """
    who: SignedIn | None = g.pop("touch", None)
    if who is None:
        return response
    db.session.rollback()
    set_reading(False)
    if who.sign_in_id is not None:
        change = update(SignIn).where(SignIn.id == who.sign_in_id).values(seen_at=now())
    else:
        change = update(ApiToken).where(ApiToken.id == who.token_id).values(last_used=now().date())
    try:
        with db.engine.begin() as connection:
            connection.execute(change)
    except OperationalError:
        log.warning("the time of use was not noted: the database is busy")
    return response
