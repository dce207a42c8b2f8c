"""Reads of access: who a secret belongs to, what an account holds and may see. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, select, union_all

from lms.accounts.columns import person, printed_name
from lms.accounts.models import Account, AccountRole, ApiToken, Delegation, MailLink, SignIn, UnitGrant
from lms.accounts.principal import SignedIn
from lms.accounts.secrets import digest
from lms.db import Instant, db
from lms.people import queries as people
from lms.people.scope import Lent, Scope, SignOff

IDLE = dt.timedelta(minutes=60)
TOUCH = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class AccountFacts:
    """An account as pages and commands may know it."""

    id: int
    public_id: str
    email: str
    person_id: int
    roles: frozenset[str]
    has_password: bool
    must_change: bool
    created_at: dt.datetime
    last_sign_in: dt.datetime | None
    deactivated_at: dt.datetime | None
    locale: str = ""
    invited_until: dt.datetime | None = None

    @property
    def state(self) -> str:
        """One of active, invited (has a link, no password yet), waiting (neither) and deactivated."""
        if self.deactivated_at is not None:
            return "deactivated"
        if self.has_password:
            return "active"
        return "invited" if self.invited_until else "waiting"


@dataclass(frozen=True)
class Device:
    """A live sign-in."""

    id: int
    device: str
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True)
class TokenFacts:
    """An API token; its secret is not kept."""

    id: int
    name: str
    created_at: dt.datetime
    last_used: dt.date | None


@dataclass(frozen=True)
class LinkFacts:
    """A link sent by e-mail that still works, and whom it is for."""

    id: int
    purpose: str
    account_id: int
    email: str
    name: str
    expires_at: dt.datetime
    locale: str


# Statements of every request: of tables and not of rows, and built once, because making one
# costs more than running it.
_account_t, _role_t = Account.__table__.c, AccountRole.__table__.c
_sign_in_t, _token_t = SignIn.__table__.c, ApiToken.__table__.c


def _who(secrets: Any, *more: Any) -> Select:
    return (
        select(
            _account_t.id.label("account_id"), _account_t.public_id, _account_t.person_id, _account_t.email,
            _account_t.must_change, _account_t.locale, printed_name.label("name"), _role_t.role, *more,
        )
        .select_from(secrets)
        .join(Account.__table__, _account_t.id == secrets.c.account_id)
        .join(person, person.c.id == _account_t.person_id)
        .outerjoin(AccountRole.__table__, _role_t.account_id == _account_t.id)
        .where(secrets.c.token_hash == bindparam("hash"), secrets.c.revoked_at.is_(None))
        .where(_account_t.deactivated_at.is_(None))
    )  # fmt: skip


_BY_SIGN_IN = _who(SignIn.__table__, _sign_in_t.id.label("sign_in_id"), _sign_in_t.seen_at).where(
    _sign_in_t.expires_at > bindparam("now", type_=Instant),
    _sign_in_t.seen_at > bindparam("idle_since", type_=Instant),
)
_BY_TOKEN = _who(ApiToken.__table__, _token_t.id.label("token_id"), _token_t.last_used)


def principal_by_sign_in(token: str, now: dt.datetime, idle: dt.timedelta = IDLE) -> SignedIn | None:
    """Whose live sign-in this secret is, with one statement; None if revoked, expired or idle for `idle`."""
    values = {"hash": digest(token), "now": now, "idle_since": now - idle}
    rows = db.session.execute(_BY_SIGN_IN, values).all()
    if not rows:
        return None
    first = rows[0]
    return SignedIn(
        first.account_id, first.public_id, first.person_id, first.name or first.email, first.email,
        frozenset(row.role for row in rows if row.role), first.must_change, first.locale,
        sign_in_id=first.sign_in_id, token=token, touch=now - first.seen_at >= TOUCH,
    )  # fmt: skip


def principal_by_api_token(token: str, now: dt.datetime) -> SignedIn | None:
    """Whose API token this secret is, with one statement; None if revoked or its account is deactivated."""
    rows = db.session.execute(_BY_TOKEN, {"hash": digest(token)}).all()
    if not rows:
        return None
    first = rows[0]
    return SignedIn(
        first.account_id, first.public_id, first.person_id, first.name or first.email, first.email,
        frozenset(row.role for row in rows if row.role), first.must_change, first.locale,
        token_id=first.token_id, touch=first.last_used != now.date(),
    )  # fmt: skip


def scope_of(account_id: int, person_id: int, roles: Collection[str], on: dt.date) -> Scope:
    """Which units and people the holder of these roles may see on this day.

    The CMIO and administrators see everything; a supervisor the units granted to the account, with
    all below them, and the people managed in a post of that day; everybody else nobody but themselves,
    which no scope is needed for.
    """
    if {"cmio", "administrator"} & set(roles):
        return Scope(everything=True)
    if "supervisor" not in roles:
        return Scope()
    granted = people.below(select(UnitGrant.unit_id).where(UnitGrant.account_id == account_id)).subquery()
    managed = people.managed_by(person_id, on).subquery()
    both = union_all(
        select(literal("unit").label("kind"), granted.c[0].label("id")),
        select(literal("person").label("kind"), managed.c[0].label("id")),
    )
    found: dict[str, set[int]] = {"unit": set(), "person": set()}
    for kind, each in db.session.execute(both):
        found[kind].add(each)
    return Scope(unit_ids=frozenset(found["unit"]), person_ids=frozenset(found["person"]))


def sign_off_of(account_id: int, person_id: int, roles: Collection[str], on: dt.date) -> SignOff:
    """Whose work an account may sign off on a day: the only place that says so.

    A supervisor signs for the units granted and the people managed, a supervisor who is CMIO or administrator
    too for everybody; others, and supervisors beyond that, for what a colleague lent them. What is lent
    reaches no further than the lender's own scope on that day, and is not lent on.
    """
    own = scope_of(account_id, person_id, roles, on) if "supervisor" in roles else Scope()
    held = select(
        Delegation.id, Delegation.from_id, Delegation.person_id, Delegation.unit_id, Delegation.competencies
    ).where(
        Delegation.to_id == account_id, Delegation.revoked_at.is_(None), Delegation.starts <= on, Delegation.ends >= on
    )
    lent: list[Lent] = []
    scopes: dict[int, Scope] = {}
    for row in db.session.execute(held.order_by(Delegation.id)).all():
        if row.from_id not in scopes:
            scopes[row.from_id] = _own_sign_off(row.from_id, on)
        reach = _lent(row.person_id, row.unit_id, scopes[row.from_id], on)
        if reach != Scope():
            lent.append(Lent(row.id, reach, frozenset(row.competencies)))
    return SignOff(own, tuple(lent))


def _own_sign_off(account_id: int, on: dt.date) -> Scope:
    """What an account may sign by its own office; nothing once it is deactivated or no supervisor's any more."""
    found = account(account_id)
    if found is None or found.deactivated_at is not None or "supervisor" not in found.roles:
        return Scope()
    return scope_of(found.id, found.person_id, found.roles, on)


def _lent(person_id: int | None, unit_id: int | None, lender: Scope, on: dt.date) -> Scope:
    """The part of what was lent that the lender may sign."""
    if person_id is not None:
        units = frozenset(post.unit_id for post in people.posts_on(person_id, on))
        return Scope(person_ids=frozenset({person_id})) if lender.covers_person(person_id, units) else Scope()
    wanted = people.subtree_ids([unit_id] if unit_id is not None else [])
    return Scope(unit_ids=wanted if lender.everything else wanted & lender.unit_ids)


def _account(condition: ColumnElement[bool], now: dt.datetime | None) -> AccountFacts | None:
    row = db.session.execute(select(Account).where(condition)).scalar_one_or_none()
    if row is None:
        return None
    roles = db.session.scalars(select(AccountRole.role).where(AccountRole.account_id == row.id)).all()
    invited = None
    if now is not None and row.password_hash is None:
        invited = db.session.scalar(
            select(func.max(MailLink.expires_at)).where(
                MailLink.account_id == row.id, MailLink.used_at.is_(None), MailLink.expires_at > now
            )
        )
    return AccountFacts(
        row.id, row.public_id, row.email, row.person_id, frozenset(roles), row.password_hash is not None,
        row.must_change, row.created_at, row.last_sign_in, row.deactivated_at, row.locale, invited,
    )  # fmt: skip


def account(account_id: int, now: dt.datetime | None = None) -> AccountFacts | None:
    """The account with this internal id; with `now` also whether an invitation is open."""
    return _account(Account.id == account_id, now)


def account_by_email(email: str) -> AccountFacts | None:
    """The account that signs in with this e-mail, matched without case."""
    return _account(Account.email == email.strip().lower(), None)


def account_of_person(person_id: int, now: dt.datetime | None = None) -> AccountFacts | None:
    """The account of a person, if there is one."""
    return _account(Account.person_id == person_id, now)


def names_of(account_ids: Collection[int]) -> dict[int, str]:
    """The printed names of the holders of these accounts."""
    statement = (
        select(Account.id, printed_name)
        .join(person, person.c.id == Account.person_id)
        .where(Account.id.in_(sorted(set(account_ids))))
    )
    return {account_id: name or "" for account_id, name in db.session.execute(statement)}


def accounts_with_role(role: str) -> tuple[tuple[int, int], ...]:
    """Account and person of everybody who holds a role and may sign in, by account."""
    rows = db.session.execute(
        select(Account.id, Account.person_id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == role, Account.deactivated_at.is_(None))
        .order_by(Account.id)
    )
    return tuple((row.id, row.person_id) for row in rows)


def devices(account_id: int, now: dt.datetime, idle: dt.timedelta = IDLE) -> tuple[Device, ...]:
    """The live sign-ins of an account, the last used first."""
    live = and_(SignIn.revoked_at.is_(None), SignIn.expires_at > now, SignIn.seen_at > now - idle)
    rows = db.session.execute(
        select(SignIn.id, SignIn.device, SignIn.created_at, SignIn.seen_at, SignIn.expires_at)
        .where(SignIn.account_id == account_id, live)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return tuple(Device(*row) for row in rows)


def tokens(account_id: int) -> tuple[TokenFacts, ...]:
    """The API tokens of an account that still work, the newest first."""
    rows = db.session.execute(
        select(ApiToken.id, ApiToken.name, ApiToken.created_at, ApiToken.last_used)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    )
    return tuple(TokenFacts(*row) for row in rows)


def granted_unit_ids(account_id: int) -> frozenset[int]:
    """The units granted to a supervisor, without those below them."""
    return frozenset(db.session.scalars(select(UnitGrant.unit_id).where(UnitGrant.account_id == account_id)))


def link(secret: str, now: dt.datetime) -> LinkFacts | None:
    """The link of an e-mail with this secret, or None when unknown, used, too old, or its account deactivated."""
    row = db.session.execute(
        select(
            MailLink.id, MailLink.purpose, MailLink.account_id, Account.email, printed_name, MailLink.expires_at,
            Account.locale,
        )
        .join(Account, Account.id == MailLink.account_id)
        .join(person, person.c.id == Account.person_id)
        .where(
            MailLink.token_hash == digest(secret), MailLink.used_at.is_(None), MailLink.expires_at > now,
            Account.deactivated_at.is_(None),
        )
    ).first()  # fmt: skip
    return LinkFacts(*row) if row else None


def person_of_account(public: str) -> int | None:
    """The person behind the account with this public id, or None."""
    return db.session.scalar(select(Account.person_id).where(Account.public_id == public))


def people_of_accounts(account_ids: Collection[int]) -> dict[int, int]:
    """The person behind each of these accounts, by internal ids."""
    found: dict[int, int] = {}
    for some in people.in_batches(account_ids):
        rows = db.session.execute(select(Account.id, Account.person_id).where(Account.id.in_(some)))
        found.update({row[0]: row[1] for row in rows})
    return found
