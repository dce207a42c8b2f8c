"""Links sent by e-mail to set a password: an invitation (7 days) or a reset (1 hour), each works once.

Only the hash of a link is kept. Whether an e-mail is known is never told to whoever asks.
"""

from __future__ import annotations

import datetime as dt

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update

from lms.accounts import letters, queries, services, throttle
from lms.accounts.letters import Desk
from lms.accounts.models import MailLink
from lms.accounts.refusals import AccountRefused, SignInRefused
from lms.accounts.secrets import digest, new_secret
from lms.audit.services import record
from lms.db import db
from lms.messages.services import send
from lms.people import queries as people

INVITATION = dt.timedelta(days=7)
DEFAULT_LOCALE = "en"  # of e-mails to people who have chosen none
RESET = dt.timedelta(hours=1)
MOST_RESETS = 3  # e-mails for one account within the throttle's window
MOST_ASKED = 20  # requests from one network address within it


def invite(account_id: int, desk: Desk, *, actor: int | None, now: dt.datetime) -> None:
    """Send an invitation; raises AccountRefused where the account is closed or has a password already."""
    account = queries.account(account_id)
    if account is None or account.deactivated_at is not None:
        raise AccountRefused("deactivated", _("This account is deactivated; open it again first."))
    if account.has_password:
        raise AccountRefused("has-password", _("This person has chosen a password already; send a reset link."))
    secret = _open(account.id, "invite", INVITATION, now)
    with force_locale(account.locale or DEFAULT_LOCALE):
        subject, body = letters.invitation(desk, _name(account.person_id, account.email), secret, INVITATION.days)
    send(account.email, subject, body, now=now)
    record("account.invite", "account", account.public_id, actor=actor, now=now)


def send_reset(account_id: int, desk: Desk, *, actor: int | None, now: dt.datetime) -> None:
    """Send a link for a new password; raises AccountRefused where the account is closed."""
    account = queries.account(account_id)
    if account is None or account.deactivated_at is not None:
        raise AccountRefused("deactivated", _("This account is deactivated; open it again first."))
    secret = _open(account.id, "reset", RESET, now)
    minutes = int(RESET.total_seconds() // 60)
    with force_locale(account.locale or DEFAULT_LOCALE):
        subject, body = letters.reset(desk, _name(account.person_id, account.email), secret, minutes)
    send(account.email, subject, body, now=now)
    record("account.reset", "account", account.public_id, actor=actor, now=now)


def ask_reset(email: str, address: str | None, desk: Desk, *, now: dt.datetime) -> None:
    """Somebody forgot a password: send a link if the e-mail is known, and tell nobody whether it is.

    Raises SignInRefused("throttled") for a network address that asks too often. An account that was
    just written to is not written to again, silently, so that nobody's inbox can be filled.
    """
    key = throttle.address_key(address, "forgot")
    until = throttle.blocked_until({key: MOST_ASKED}, now)
    if until is not None:
        raise SignInRefused("throttled", _("There were too many requests for a new password."), until)
    throttle.note([key], now)
    account = queries.account_by_email(email)
    if account is None or account.deactivated_at is not None:
        return
    recent = select(func.count()).where(
        MailLink.account_id == account.id, MailLink.purpose == "reset", MailLink.created_at > now - throttle.WINDOW
    )
    if (db.session.scalar(recent) or 0) < MOST_RESETS:
        send_reset(account.id, desk, actor=None, now=now)


def use(secret: str, password: str, desk: Desk, *, now: dt.datetime) -> str:
    """Set the password that a link is for; the link and all others of the account stop working.

    Returns the account's e-mail. Raises AccountRefused: "link" when it does not work (any more),
    "password" when the rule does not take the password; the link can then be used again.
    """
    found = queries.link(secret, now)
    if found is None:
        raise AccountRefused("link", _("This link does not work any more."))
    mine = (MailLink.id == found.id, MailLink.used_at.is_(None))
    if not getattr(db.session.execute(update(MailLink).where(*mine).values(used_at=now)), "rowcount", 0):
        raise AccountRefused("link", _("This link does not work any more."))
    services.set_password(found.account_id, password, actor=found.account_id, now=now)
    throttle.forget(throttle.email_key(found.email))
    if found.purpose == "reset":
        with force_locale(found.locale or DEFAULT_LOCALE):
            subject, body = letters.changed(desk, found.name or found.email)
        send(found.email, subject, body, now=now)
    return found.email


def _open(account_id: int, purpose: str, holds: dt.timedelta, now: dt.datetime) -> str:
    secret = new_secret()
    db.session.execute(
        insert(MailLink).values(
            token_hash=digest(secret), account_id=account_id, purpose=purpose, created_at=now, expires_at=now + holds
        )
    )
    return secret


def _name(person_id: int, email: str) -> str:
    person = people.person(person_id)
    return person.name if person else email
