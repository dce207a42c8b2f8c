"""Lending the right to sign off: given by a supervisor for people or a unit, for a time, and revoked.

Who may be lent to is a question of competence and asked above; here stand the dates, the scope of the giver and
the trail. Flushes, never commits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from lms.accounts.models import Account, AccountRole, Delegation, UnitGrant
from lms.accounts.queries import AccountFacts, scope_of, sign_off_of
from lms.accounts.queries import account as account_facts
from lms.accounts.refusals import AccountRefused
from lms.audit.services import record
from lms.db import db, insert_ignore, public_id
from lms.people import queries as people

LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class DelegationFacts:
    """What was lent by whom to whom. Exactly one of person and unit is there; no competencies means all."""

    id: int
    public_id: str
    from_account: int
    from_person: int
    to_account: int
    to_person: int
    person_id: int | None
    unit_id: int | None
    competencies: tuple[str, ...]
    starts: dt.date
    ends: dt.date
    given_at: dt.datetime
    revoked_at: dt.datetime | None

    def holds(self, on: dt.date) -> bool:
        """Whether it is in force on a day, as far as dates and revocation go."""
        return self.revoked_at is None and self.starts <= on <= self.ends


def delegate(
    giver: AccountFacts,
    to_account: int,
    *,
    person_id: int | None = None,
    unit_id: int | None = None,
    competencies: Collection[str] = (),
    starts: dt.date,
    ends: dt.date,
    key: str,
    today: dt.date,
    now: dt.datetime,
) -> str:
    """Lend the right to sign off; returns the public id, the first one's where `key` repeats.

    Raises AccountRefused with the kinds `scope`, `dates` and `to`.
    """
    if to_account == giver.id:
        raise AccountRefused("to", _("You may sign for these people already."))
    if not starts <= ends:
        raise AccountRefused("dates", _("The last day is before the first."))
    if ends < today:
        raise AccountRefused("dates", _("The last day is over already."))
    if ends - starts > LONGEST:
        raise AccountRefused("dates", _("At most a year can be lent at a time; lend again when it is over."))
    _refuse_outside(giver, person_id, unit_id, today)
    if person_id is not None and person_id == _person_of(to_account):
        raise AccountRefused("to", _("Nobody signs off their own competence."))
    row = {
        "public_id": public_id(), "key": key, "from_id": giver.id, "to_id": to_account, "person_id": person_id,
        "unit_id": unit_id, "competencies": sorted(competencies), "starts": starts, "ends": ends, "given_at": now,
        "revoked_at": None,
    }  # fmt: skip
    new = insert_ignore(Delegation.__table__, [row], ["key"]) > 0  # type: ignore[arg-type]
    found = db.session.scalars(select(Delegation.public_id).where(Delegation.key == key)).one()
    if new:
        record(
            "delegation.give", "delegation", found, actor=giver.id, now=now, to=to_account, person=person_id,
            unit=unit_id, competencies=sorted(competencies), starts=starts.isoformat(), ends=ends.isoformat(),
        )  # fmt: skip
    return found


def _refuse_outside(giver: AccountFacts, person_id: int | None, unit_id: int | None, today: dt.date) -> None:
    """Only what is one's own can be lent: never what was itself lent."""
    if (person_id is None) == (unit_id is None):
        raise AccountRefused("scope", _("Choose either one person or one unit."))
    own = scope_of(giver.id, giver.person_id, giver.roles, today) if "supervisor" in giver.roles else None
    if own is None:
        raise AccountRefused("scope", _("Only a supervisor can lend the right to sign off."))
    if unit_id is not None and not own.covers_unit(unit_id):
        raise AccountRefused("scope", _("This unit is not among those that you sign off."))
    if person_id is not None:
        units = frozenset(post.unit_id for post in people.posts_on(person_id, today))
        if not own.covers_person(person_id, units):
            raise AccountRefused("scope", _("This person is not among those that you sign off."))


def _person_of(account_id: int) -> int | None:
    found = account_facts(account_id)
    return found.person_id if found else None


def revoke(public: str, *, by: AccountFacts, now: dt.datetime) -> bool:
    """Take back what was lent, at once; by the giver, the CMIO or an administrator. Repeated, nothing changes.

    Returns whether there is such a delegation that this account may revoke.
    """
    row = db.session.execute(
        select(Delegation.id, Delegation.from_id, Delegation.revoked_at).where(Delegation.public_id == public)
    ).first()
    if row is None or (row.from_id != by.id and not {"cmio", "administrator"} & by.roles):
        return False
    if row.revoked_at is None:
        db.session.execute(update(Delegation).where(Delegation.id == row.id).values(revoked_at=now))
        record("delegation.revoke", "delegation", public, actor=by.id, now=now)
    return True


def given_by(account_id: int, on: dt.date) -> tuple[DelegationFacts, ...]:
    """What an account has lent and is not over, the newest first."""
    return _read(Delegation.from_id == account_id, on)


def lent_to(account_id: int, on: dt.date) -> tuple[DelegationFacts, ...]:
    """What an account was lent and is not over, the newest first."""
    return _read(Delegation.to_id == account_id, on)


def in_force(on: dt.date) -> tuple[DelegationFacts, ...]:
    """Everything that is lent and not over, for the CMIO."""
    return _read(Delegation.id > 0, on)


def _read(which: ColumnElement[bool], on: dt.date) -> tuple[DelegationFacts, ...]:
    giver, taker = aliased(Account), aliased(Account)
    statement = (
        select(
            Delegation.id, Delegation.public_id, Delegation.from_id, giver.person_id, Delegation.to_id, taker.person_id,
            Delegation.person_id, Delegation.unit_id, Delegation.competencies, Delegation.starts, Delegation.ends,
            Delegation.given_at, Delegation.revoked_at,
        )
        .join(giver, giver.id == Delegation.from_id)
        .join(taker, taker.id == Delegation.to_id)
        .where(which, Delegation.revoked_at.is_(None), Delegation.ends >= on)
        .order_by(Delegation.id.desc())
    )  # fmt: skip
    rows: Iterator[tuple[Any, ...]] = (tuple(row) for row in db.session.execute(statement))
    return tuple(DelegationFacts(*(*row[:8], tuple(row[8]), *row[9:])) for row in rows)


def count_lent() -> Any:
    """A statement that counts what a person was lent and may use; parameters `person` and `today`."""
    loan, holder = Delegation.__table__.c, Account.__table__.c
    return (
        select(func.count(loan.id))
        .join_from(Delegation.__table__, Account.__table__, holder.id == loan.to_id)
        .where(
            holder.person_id == bindparam("person"), loan.revoked_at.is_(None),
            loan.starts <= bindparam("today"), loan.ends >= bindparam("today"),
        )
    )  # fmt: skip


def signers_of(person_id: int, on: dt.date) -> tuple[AccountFacts, ...]:
    """The accounts that may sign off this person on a day: supervisors of unit and post, and whom they lent it to."""
    posts = people.posts_on(person_id, on)
    units = frozenset(post.unit_id for post in posts)
    above = {each.id for unit_id in units for each in people.ancestors(unit_id)}
    managers = {post.manager_id for post in posts if post.manager_id}
    near = or_(
        Account.id.in_(select(UnitGrant.account_id).where(UnitGrant.unit_id.in_(above))),
        Account.person_id.in_(managers),
    )
    supervisor = Account.id.in_(select(AccountRole.account_id).where(AccountRole.role == "supervisor"))
    lent = Account.id.in_(
        select(Delegation.to_id).where(
            Delegation.revoked_at.is_(None), Delegation.starts <= on, Delegation.ends >= on,
            or_(Delegation.person_id == person_id, Delegation.unit_id.in_(above)),
        )
    )  # fmt: skip
    statement = select(Account.id).where(
        Account.deactivated_at.is_(None), Account.person_id != person_id, or_(near & supervisor, lent)
    )
    found = []
    for account_id in db.session.scalars(statement.order_by(Account.id)).all():
        facts = account_facts(account_id)
        if facts and sign_off_of(facts.id, facts.person_id, facts.roles, on).covers(person_id, units):
            found.append(facts)
    return tuple(found)
