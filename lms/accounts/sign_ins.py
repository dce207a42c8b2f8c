"""Signing in and out: three steps, so that no transaction stands while the password is worked out.

`claim` reads, `passwords.matches` computes, `settle` writes. Unknown e-mails, accounts without a
password and deactivated ones take the same way and get the same answer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from lms.accounts import passwords, throttle
from lms.accounts.models import Account, ApiToken, MailLink, SignIn
from lms.accounts.refusals import AccountRefused, SignInRefused
from lms.accounts.secrets import digest, new_secret
from lms.audit.services import record
from lms.db import db

LASTS = dt.timedelta(hours=12)
KEEP = dt.timedelta(days=30)
DEVICE_LENGTH = 120


@dataclass(frozen=True)
class Claim:
    """Who somebody says to be. The hash is None where there is nobody to sign in."""

    email_key: str
    address_key: str
    account_id: int | None
    public_id: str
    password_hash: str | None = field(repr=False)
    blocked_until: dt.datetime | None


def claim(email: str, address: str | None, *, now: dt.datetime) -> Claim:
    """Look up an e-mail for signing in. Only reads; never says whether the e-mail is known."""
    by_email, by_address = throttle.email_key(email), throttle.address_key(address)
    until = throttle.blocked_until({by_email: throttle.PER_EMAIL, by_address: throttle.PER_ADDRESS}, now)
    row = db.session.execute(
        select(Account.id, Account.public_id, Account.password_hash).where(
            Account.email == email.strip().lower(), Account.deactivated_at.is_(None)
        )
    ).first()
    if row is None:
        return Claim(by_email, by_address, None, "", None, until)
    return Claim(by_email, by_address, row.id, row.public_id, row.password_hash, until)


def refuse_if_blocked(claimed: Claim) -> None:
    """Raise SignInRefused("throttled") where too many tries failed of late."""
    if claimed.blocked_until is not None:
        raise SignInRefused("throttled", _("There were too many tries that failed."), claimed.blocked_until)


def settle(
    claimed: Claim, right: bool, password: str, device: str, *, now: dt.datetime, lasts: dt.timedelta = LASTS
) -> str:
    """Write down how a try went: a new sign-in, whose secret is returned, or a failure.

    Raises SignInRefused("mismatch") after counting the failure, which the caller commits.
    `lasts` is how long the sign-in holds at most.
    """
    refuse_if_blocked(claimed)
    if not right or claimed.account_id is None or claimed.password_hash is None:
        note_failure(claimed, now)
        raise SignInRefused("mismatch", _("E-mail and password do not match."))
    throttle.forget(claimed.email_key)
    values: dict[str, object] = {"last_sign_in": now}
    if passwords.is_outdated(claimed.password_hash):
        values["password_hash"] = passwords.hashed(password)
    still = (Account.id == claimed.account_id, Account.deactivated_at.is_(None))
    db.session.execute(update(Account).where(*still).values(**values))
    record("account.sign-in", "account", claimed.public_id, actor=claimed.account_id, now=now)
    return begin(claimed.account_id, device, now=now, lasts=lasts)


def note_failure(claimed: Claim, now: dt.datetime) -> None:
    """Count a failure for the e-mail and the network address."""
    throttle.note([claimed.email_key, claimed.address_key], now)


def begin(account_id: int, device: str, *, now: dt.datetime, lasts: dt.timedelta = LASTS) -> str:
    """Open a sign-in for an account that has proved itself, and return its secret."""
    secret = new_secret()
    db.session.execute(
        insert(SignIn).values(
            token_hash=digest(secret), account_id=account_id, device=device[:DEVICE_LENGTH], created_at=now,
            seen_at=now, expires_at=now + lasts,
        )
    )  # fmt: skip
    return secret


def sign_out(secret: str, *, now: dt.datetime) -> None:
    """End the sign-in with this secret; an unknown or ended one is no fault."""
    live = (SignIn.token_hash == digest(secret), SignIn.revoked_at.is_(None))
    db.session.execute(update(SignIn).where(*live).values(revoked_at=now))


def revoke(sign_in_id: int, account_id: int, *, now: dt.datetime) -> None:
    """End a sign-in of this account on another device; raises AccountRefused if it is not the account's."""
    mine = (SignIn.id == sign_in_id, SignIn.account_id == account_id)
    if db.session.scalar(select(SignIn.id).where(*mine)) is None:
        raise AccountRefused("unknown", _("This sign-in was not found."))
    db.session.execute(update(SignIn).where(*mine, SignIn.revoked_at.is_(None)).values(revoked_at=now))


def revoke_all(account_id: int, *, now: dt.datetime, keep: int | None = None) -> int:
    """End every sign-in of an account but `keep`; returns how many ended."""
    live = update(SignIn).where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
    if keep is not None:
        live = live.where(SignIn.id != keep)
    return int(getattr(db.session.execute(live.values(revoked_at=now)), "rowcount", 0))


def tidy(now: dt.datetime) -> None:
    """Forget sign-ins, links and tokens that ended more than 30 days ago, and old failures."""
    old = now - KEEP
    db.session.execute(delete(SignIn).where((SignIn.expires_at < old) | (SignIn.revoked_at < old)))
    db.session.execute(delete(MailLink).where((MailLink.expires_at < old) | (MailLink.used_at < old)))
    db.session.execute(delete(ApiToken).where(ApiToken.revoked_at < old))
    throttle.tidy(now)
