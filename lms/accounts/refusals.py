"""How the rules of access say no: a machine word and a sentence for whoever asked."""

from __future__ import annotations

import datetime as dt


class AccountRefused(ValueError):
    """An act on an account that the rules do not allow; nothing was written."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class SignInRefused(AccountRefused):
    """A sign-in that was not let in. `until` is when to try again, where that is what is wrong."""

    def __init__(self, kind: str, message: str, until: dt.datetime | None = None) -> None:
        super().__init__(kind, message)
        self.until = until
