"""Writes of accounts: create, roles, unit grants, passwords, tokens, leaving and coming back.

Every act takes the acting account and the moment, is written to the audit trail, flushes and
never commits. Sign-ins and e-mail links have files of their own (`sign_ins`, `links`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from lms.accounts import passwords, sign_ins
from lms.accounts.models import ROLES, Account, AccountRole, ApiToken, MailLink, UnitGrant
from lms.accounts.refusals import AccountRefused, SignInRefused
from lms.accounts.secrets import digest, new_secret
from lms.audit.services import record
from lms.db import db, insert_ignore, lock_named, public_id
from lms.people import queries as people
from lms.people.services import ensure_person

__all__ = ["AccountRefused", "SignInRefused", "create_account", "create_token", "sign_in"]

TOKEN_PREFIX = "ia_"  # noqa: S105  (says what kind of secret it is, so that a leaked one is recognised)
MOST_TOKENS = 50


def sign_in(email: str, password: str, device: str, address: str | None, *, now: dt.datetime) -> str:
    """Check an e-mail and password and open a sign-in; returns its secret.

    Raises SignInRefused with the kind "mismatch" (commit then too: the failure is counted) or "throttled".
    """
    claimed = sign_ins.claim(email, address, now=now)
    sign_ins.refuse_if_blocked(claimed)
    right = passwords.matches(claimed.password_hash, password)
    return sign_ins.settle(claimed, right, password, device, now=now)


def checked_email(email: str) -> str:
    """The e-mail in lower case; raises AccountRefused for what is not one plain address."""
    address = email.strip().lower()
    user, _at, domain = address.rpartition("@")
    plain = user and "." in domain.strip(".") and len(address) <= 320 and address.count("@") == 1
    if not plain or any(c.isspace() or c in ",;:<>()[]\"'\\" or not c.isprintable() for c in address):
        raise AccountRefused("email", _("An e-mail address such as name@hospital.org was expected."))
    return address


def _checked_roles(roles: Collection[str]) -> frozenset[str]:
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        expected = ", ".join(ROLES)
        raise AccountRefused(
            "role",
            _("%(what)s is not a role; one of %(expected)s was expected.", what=", ".join(unknown), expected=expected),
        )
    return frozenset(roles)


def create_account(
    email: str,
    roles: Collection[str],
    *,
    password: str | None = None,
    must_change: bool = False,
    actor: int | None,
    now: dt.datetime,
) -> int:
    """Give a person a way to sign in and return the account's id; repeated, it adds roles and changes nothing else.

    The account belongs to the person whom the roster knows by this e-mail, else to a new one.
    Without `password` nobody can sign in until a link by e-mail sets one. Raises AccountRefused for a
    bad e-mail, role or password, and where the person signs in with another e-mail already.
    """
    address, wanted = checked_email(email), _checked_roles(roles)
    known = db.session.scalar(select(Account.id).where(Account.email == address))
    if known is not None:
        _add_roles(known, wanted, actor, now)
        return int(known)
    person = people.person_by_email(address)
    if person is not None:
        other = db.session.scalar(select(Account.email).where(Account.person_id == person.id))
        if other is not None:
            raise AccountRefused("person", _("This person signs in as %(other)s already.", other=other))
    if password is not None:
        _refuse_weak(password, address, person.name if person else "")
    row = {
        "public_id": public_id(), "email": address, "person_id": ensure_person(address, now=now),
        "password_hash": passwords.hashed(password) if password is not None else None,
        "must_change": must_change and password is not None, "locale": "", "created_at": now,
    }  # fmt: skip
    insert_ignore(Account.__table__, [row], ["email"])  # type: ignore[arg-type]
    account_id, subject = db.session.execute(
        select(Account.id, Account.public_id).where(Account.email == address)
    ).one()
    record("account.create", "account", subject, actor=actor, now=now)
    _add_roles(account_id, wanted, actor, now)
    return int(account_id)


def _refuse_weak(password: str, email: str, name: str) -> None:
    fault = passwords.fault(password, email=email, name=name)
    if fault:
        raise AccountRefused("password", fault)


def _add_roles(account_id: int, roles: Collection[str], actor: int | None, now: dt.datetime) -> None:
    added = sorted(set(roles) - _roles_of(account_id))
    if added:
        rows = [{"account_id": account_id, "role": role} for role in added]
        insert_ignore(AccountRole.__table__, rows, ["account_id", "role"])  # type: ignore[arg-type]
        record("account.roles", "account", _subject(account_id), actor=actor, now=now, added=added)


def _roles_of(account_id: int) -> frozenset[str]:
    return frozenset(db.session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id)))


def follow_email(account_id: int, *, actor: int | None, now: dt.datetime) -> str:
    """Let the account sign in with the e-mail that its person has now, after the roster changed it; returns it.

    Raises AccountRefused where the person has none, or another account signs in with it.
    """
    subject = _subject(account_id)
    person_id = db.session.scalar(select(Account.person_id).where(Account.id == account_id))
    person = people.person(person_id) if person_id is not None else None
    address = checked_email(person.email or "" if person else "")
    other = select(Account.id).where(Account.email == address, Account.id != account_id)
    if db.session.scalar(other) is not None:
        raise AccountRefused("taken", _("Another account signs in with this e-mail."))
    db.session.execute(update(Account).where(Account.id == account_id).values(email=address))
    record("account.email", "account", subject, actor=actor, now=now)
    return address


def _subject(account_id: int) -> str:
    found = db.session.scalar(select(Account.public_id).where(Account.id == account_id))
    if found is None:
        raise AccountRefused("unknown", _("This account was not found."))
    return found


def set_roles(account_id: int, roles: Collection[str], *, actor: int | None, now: dt.datetime) -> None:
    """Let the account hold exactly these roles; a supervisor's unit grants go with that role.

    Raises AccountRefused("last-administrator") rather than leave nobody to look after accounts.
    """
    wanted = _checked_roles(roles)
    subject = _subject(account_id)
    lock_named("administrators")
    held = _roles_of(account_id)
    if wanted == held:
        return
    if "administrator" in held - wanted:
        _refuse_last_administrator(account_id)
    gone = delete(AccountRole).where(AccountRole.account_id == account_id, AccountRole.role.not_in(wanted))
    db.session.execute(gone)
    rows = [{"account_id": account_id, "role": role} for role in sorted(wanted - held)]
    insert_ignore(AccountRole.__table__, rows, ["account_id", "role"])  # type: ignore[arg-type]
    if "supervisor" not in wanted:
        db.session.execute(delete(UnitGrant).where(UnitGrant.account_id == account_id))
    changed = {"added": sorted(wanted - held), "removed": sorted(held - wanted)}
    record("account.roles", "account", subject, actor=actor, now=now, **changed)


def _refuse_last_administrator(account_id: int) -> None:
    others = db.session.scalar(
        select(func.count())
        .select_from(AccountRole)
        .join(Account, Account.id == AccountRole.account_id)
        .where(
            AccountRole.role == "administrator", Account.id != account_id, Account.deactivated_at.is_(None),
            Account.password_hash.is_not(None),
        )
    )  # fmt: skip
    if not others:
        raise AccountRefused(
            "last-administrator",
            _("This is the last administrator who can sign in. Give another person the role first."),
        )


def grant_unit(account_id: int, unit_code: str, *, actor: int | None, now: dt.datetime) -> None:
    """Let a supervisor see and sign off a unit with all below it; repeated, it changes nothing."""
    subject = _subject(account_id)
    unit = people.unit_by_code(unit_code)
    if unit is None:
        raise AccountRefused("unit", _("No unit has this code."))
    if "supervisor" not in _roles_of(account_id):
        raise AccountRefused("role", _("Units are granted to supervisors; give the role first."))
    granted = select(UnitGrant.unit_id).where(UnitGrant.account_id == account_id, UnitGrant.unit_id == unit.id)
    if db.session.scalar(granted) is None:
        row = {"account_id": account_id, "unit_id": unit.id}
        insert_ignore(UnitGrant.__table__, [row], ["account_id", "unit_id"])  # type: ignore[arg-type]
        record("account.grant", "account", subject, actor=actor, now=now, unit=unit.code)


def withdraw_unit(account_id: int, unit_code: str, *, actor: int | None, now: dt.datetime) -> None:
    """Take a granted unit back; one that was not granted is no fault."""
    subject = _subject(account_id)
    unit = people.unit_by_code(unit_code)
    if unit is None:
        raise AccountRefused("unit", _("No unit has this code."))
    db.session.execute(delete(UnitGrant).where(UnitGrant.account_id == account_id, UnitGrant.unit_id == unit.id))
    record("account.withdraw-grant", "account", subject, actor=actor, now=now, unit=unit.code)


def set_password(
    account_id: int, password: str, *, actor: int | None, now: dt.datetime, keep: int | None = None
) -> None:
    """Give the account a new password; every sign-in but `keep` ends, and open links stop working.

    Raises AccountRefused("password") where the rule does not take it.
    """
    row = db.session.execute(select(Account.email, Account.person_id).where(Account.id == account_id)).one()
    person = people.person(row.person_id)
    _refuse_weak(password, row.email, person.name if person else "")
    values = {"password_hash": passwords.hashed(password), "must_change": False}
    db.session.execute(update(Account).where(Account.id == account_id).values(**values))
    sign_ins.revoke_all(account_id, now=now, keep=keep)
    open_links = update(MailLink).where(MailLink.account_id == account_id, MailLink.used_at.is_(None))
    db.session.execute(open_links.values(used_at=now))
    record("account.password", "account", _subject(account_id), actor=actor, now=now)


def change_password(
    account_id: int, old: str, new: str, *, sign_in_id: int | None, address: str | None, now: dt.datetime
) -> None:
    """Change one's own password; ends the sign-ins elsewhere. Raises AccountRefused, "old" if `old` is not right.

    A wrong old password counts as a failed sign-in, so that an open session is no way to guess it.
    """
    email, kept = db.session.execute(select(Account.email, Account.password_hash).where(Account.id == account_id)).one()
    claimed = sign_ins.claim(email, address, now=now)
    sign_ins.refuse_if_blocked(claimed)
    if not passwords.matches(kept, old):
        sign_ins.note_failure(claimed, now)
        raise AccountRefused("old", _("This is not your present password."))
    if old == new:
        raise AccountRefused("password", _("This is your present password. Choose another."))
    set_password(account_id, new, actor=account_id, now=now, keep=sign_in_id)


def deactivate(account_id: int, *, actor: int | None, now: dt.datetime) -> None:
    """Close the account of a leaver: sign-ins, tokens and links end, the records stay."""
    subject = _subject(account_id)
    lock_named("administrators")
    if "administrator" in _roles_of(account_id):
        _refuse_last_administrator(account_id)
    active = (Account.id == account_id, Account.deactivated_at.is_(None))
    if not getattr(db.session.execute(update(Account).where(*active).values(deactivated_at=now)), "rowcount", 0):
        return
    sign_ins.revoke_all(account_id, now=now)
    live = update(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    db.session.execute(live.values(revoked_at=now))
    open_links = update(MailLink).where(MailLink.account_id == account_id, MailLink.used_at.is_(None))
    db.session.execute(open_links.values(used_at=now))
    record("account.deactivate", "account", subject, actor=actor, now=now)


def reactivate(account_id: int, *, actor: int | None, now: dt.datetime) -> None:
    """Open the account again, with its roles and password; sign-ins and tokens that ended stay ended."""
    subject = _subject(account_id)
    closed = (Account.id == account_id, Account.deactivated_at.is_not(None))
    if getattr(db.session.execute(update(Account).where(*closed).values(deactivated_at=None)), "rowcount", 0):
        record("account.reactivate", "account", subject, actor=actor, now=now)


def create_token(email: str, name: str, *, actor: int | None, now: dt.datetime) -> str:
    """Make an API token that acts as the account with this e-mail; returned once, kept as a hash.

    Raises AccountRefused where no active account has the e-mail, or the name is empty.
    """
    account = db.session.execute(
        select(Account.id, Account.public_id).where(
            Account.email == email.strip().lower(), Account.deactivated_at.is_(None)
        )
    ).first()
    if account is None:
        raise AccountRefused("unknown", _("No active account has the e-mail %(what)s.", what=email.strip()))
    label = " ".join(name.split())
    if not label or len(label) > 120:
        raise AccountRefused("name", _("A name of 1 to 120 characters was expected; it says what the token is for."))
    live = (ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
    if (db.session.scalar(select(func.count()).select_from(ApiToken).where(*live)) or 0) >= MOST_TOKENS:
        raise AccountRefused(
            "tokens", _("This account has %(most_tokens)s tokens; revoke one first.", most_tokens=MOST_TOKENS)
        )
    secret = new_secret(TOKEN_PREFIX)
    db.session.execute(
        insert(ApiToken).values(token_hash=digest(secret), account_id=account.id, name=label, created_at=now)
    )
    record("token.create", "account", account.public_id, actor=actor, now=now)
    return secret


def revoke_token(token_id: int, account_id: int, *, actor: int | None, now: dt.datetime) -> None:
    """End an API token of this account; raises AccountRefused if it is not the account's."""
    mine = (ApiToken.id == token_id, ApiToken.account_id == account_id)
    if db.session.scalar(select(ApiToken.id).where(*mine)) is None:
        raise AccountRefused("unknown", _("This token was not found."))
    db.session.execute(update(ApiToken).where(*mine, ApiToken.revoked_at.is_(None)).values(revoked_at=now))
    record("token.revoke", "account", _subject(account_id), actor=actor, now=now)
