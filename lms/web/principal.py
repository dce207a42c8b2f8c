"""The signed-in principal as the web layer sees it: a protocol, so that no feature is imported."""

from __future__ import annotations

from typing import Protocol, cast

from flask import g
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
    return cast(Principal, g.get("api_principal") or current_user)


def principal_or_none() -> Principal | None:
    """The principal, or None for a stranger."""
    who = g.get("api_principal") or current_user
    return cast(Principal, who) if who.is_authenticated else None
