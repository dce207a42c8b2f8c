"""The one guard: every route states who may use it, and a route that states nothing is closed.

A view is decorated with `access(...)`. Before each request the guard reads that rule and
answers 401 (by sending a browser to the sign-in page, by a problem document on the API) or
403. Which people and units a principal may see is asked of the feature's scope, and the
answer is enforced with `demand`, so that refusals look and are logged the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.db import set_reading
from lms.web.principal import principal_or_none

View = TypeVar("View", bound=Callable[..., Any])

STAFF_ROLES = ("learner", "educator", "supervisor", "cmio", "administrator")


@dataclass(frozen=True)
class Rule:
    """Who may use a route. `roles` empty means everybody who is signed in."""

    public: bool = False
    roles: frozenset[str] = frozenset()
    writes: bool = False  # a GET that records something takes the write lock on SQLite
    unchanged_password: bool = False  # open before a demanded password change


PUBLIC = Rule(public=True)


def access(
    *roles: str, public: bool = False, writes: bool = False, unchanged_password: bool = False
) -> Callable[[View], View]:
    """State the rule of a view: `access(public=True)`, `access()` for all signed in, `access("cmio")`."""
    unknown = set(roles) - set(STAFF_ROLES)
    if unknown:
        raise ValueError(f"Unknown role in a rule: {', '.join(sorted(unknown))}.")
    rule = Rule(public, frozenset(roles), writes, unchanged_password)

    def state(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return state


def rule_of(app: Flask, endpoint: str, method: str) -> Rule | None:
    """The stated rule of an endpoint; for a class-based view that of the method, else of the class."""
    view = app.view_functions[endpoint]
    found = getattr(view, "access_rule", None)
    if found is None and (owner := getattr(view, "view_class", None)) is not None:
        handler = getattr(owner, method.lower(), None) or getattr(owner, "get", None)
        found = getattr(handler, "access_rule", None) or getattr(owner, "access_rule", None)
    return found


def demand(allowed: bool) -> None:
    """Refuse with 403 unless the principal's scope allows it."""
    if not allowed:
        abort(403)


def install(app: Flask) -> None:
    """Bind the guard to the application."""
    app.before_request(_check)


def _place() -> str:
    """Where to return after signing in: this page, or for a form the page that it stood on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    referrer = urlsplit(request.referrer or "")
    return referrer.path if referrer.netloc == request.host else "/"


def _check() -> ResponseReturnValue | None:
    if "\x00" in request.path:
        abort(404)  # no name of ours holds a NUL, and PostgreSQL refuses to compare with one
    if request.endpoint is None:
        set_reading(True)
        return None
    rule = rule_of(current_app, request.endpoint, request.method)
    if rule is None:
        current_app.logger.error("route without a stated rule: %s", request.endpoint)
        abort(403)
    set_reading(request.method in ("GET", "HEAD", "OPTIONS") and not rule.writes)
    if rule.public:
        return None
    who = principal_or_none()
    api = request.path.startswith("/api/")
    if who is None:
        if api:
            abort(401)
        return redirect(url_for("accounts.sign_in", next=_place()))
    if rule.roles and not rule.roles & who.roles:
        abort(403)
    if who.must_change and not rule.unchanged_password and not api:
        return redirect(url_for("accounts.change_password"))
    return None
