"""The signed-in principal: loaded with one statement, handed to the web layer as its protocol."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SignedIn:
    """An account with a live sign-in or API token. `sign_in_id` is None for a token, `token_id` for a sign-in.

    `touch` says that the time of use is older than it may be and should be written down.
    """

    account_id: int
    account_public_id: str
    person_id: int
    name: str
    email: str
    roles: frozenset[str]
    must_change: bool
    locale: str
    sign_in_id: int | None = None
    token: str = field(default="", repr=False)
    token_id: int | None = None
    touch: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What flask-login keeps in the session cookie: the sign-in's secret, never the account."""
        return self.token
