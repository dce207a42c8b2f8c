"""The signed-in principal as the web layer sees it: a protocol, so that no feature is imported."""

from __future__ import annotations

from typing import Any, Protocol, cast

from flask import g, request
from flask_login import current_user


class Principal(Protocol):
    """Who acts. `is_authenticated` is flask-login's word for signed in."""

    account_id: int
    account_public_id: str
    person_id: int
    name: str
    email: str
    roles: frozenset[str]
    must_change: bool
    is_authenticated: bool


def principal() -> Principal:
    """The signed-in principal; only for views whose rule demands a sign-in."""
    return cast(Principal, _who())


def principal_or_none() -> Principal | None:
    """The principal, or None for a stranger."""
    who = _who()
    return cast(Principal, who) if who is not None and who.is_authenticated else None


def _who() -> Any:
    """On the API only a bearer token counts: a cookie there would need a CSRF token that no client sends."""
    if request.path.startswith("/api/"):
        return g.get("api_principal")
    return current_user
