"""Erasing a person: names, addresses and free text go; numbers without a name stay, and so do certificates.

What goes and what stays is said by `rules`, table by table. Nothing that figures are counted from goes, so a past
figure is the same before and after, and the rollups stay equal to the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select, update

from lms.accounts.queries import account_of_person
from lms.accounts.services import deactivate
from lms.audit.services import record
from lms.db import db
from lms.people.queries import posts_on
from lms.privacy.models import Erasure
from lms.privacy.reach import Subject, rows_of, subject, tables
from lms.privacy.rules import LEAVERS_AFTER, RULES


class ErasureRefused(ValueError):
    """The person cannot be erased; the message says why and what would let it be."""


@dataclass(frozen=True)
class Step:
    """What happens to the rows of one table: deleted, blanked or kept, and how many there are."""

    table: str
    act: str
    rows: int
    why: str = ""


def plan(person_id: int) -> tuple[Step, ...]:
    """What erasing this person would do, table by table; writes nothing. Raises LookupError."""
    return tuple(_count(name, subject(person_id)) for name in RULES)


def erase(
    person_id: int, *, actor: int | None, now: dt.datetime, today: dt.date, reason: str = "", force: bool = False
) -> tuple[Step, ...]:
    """Erase a person and return what was done; again is harmless. Raises ErasureRefused and LookupError.

    Somebody with a current post is refused without `force` and a reason: their record is in use.
    """
    who = subject(person_id)
    if db.session.get(Erasure, person_id) is not None:
        return ()
    if posts_on(person_id, today) and not (force and reason.strip()):
        raise ErasureRefused(
            _(
                "This person has a current post, so the record is in use. "
                "End the post with the roster first, or force it with a reason."
            )
        )
    if actor is not None and actor == who.account_id:
        raise ErasureRefused(_("Nobody erases themselves here. Ask a colleague who is entitled to."))
    steps = plan(person_id)
    account = account_of_person(person_id)
    if account is not None and account.deactivated_at is None:
        deactivate(account.id, actor=actor, now=now)
    # The address goes last: it is how rows of the post office are found.
    for name in sorted(RULES, key=lambda each: each in ("person", "account")):
        _apply(name, who)
    if account is not None:
        accounts = tables()["account"]
        address = f"erased-{account.public_id}@erased.invalid"
        db.session.execute(update(accounts).where(accounts.c.id == account.id).values(email=address))
    db.session.add(Erasure(person_id=person_id, erased_at=now, erased_by=actor, reason=" ".join(reason.split())[:300]))
    db.session.flush()
    db.session.expire_all()
    record("privacy.erase", "person", who.public_id, actor=actor, now=now, forced=force)
    return steps


def leavers(today: dt.date, after: int = LEAVERS_AFTER) -> tuple[int, ...]:
    """People whose last post ended so many days ago and who are not erased yet, by their internal ids."""
    post, person, gone = tables()["post"], tables()["person"], tables()["erasure"]
    last = (
        select(post.c.person_id)
        .group_by(post.c.person_id)
        .having(func.count() == func.count(post.c.ends), func.max(post.c.ends) < today - dt.timedelta(days=after))
    )
    statement = select(person.c.id).where(person.c.id.in_(last), person.c.id.not_in(select(gone.c.person_id)))
    return tuple(db.session.scalars(statement.order_by(person.c.id)))


def _count(name: str, who: Subject) -> Step:
    rule, table = RULES[name], tables()[name]
    number = db.session.scalar(select(func.count()).select_from(table).where(rows_of(name, who))) or 0
    act = rule.erase if isinstance(rule.erase, str) else "blank"
    return Step(name, act, number, rule.why)


def _apply(name: str, who: Subject) -> None:
    rule, table = RULES[name], tables()[name]
    if rule.erase == "keep":
        return
    if rule.erase == "delete":
        db.session.execute(delete(table).where(rows_of(name, who)))
        return
    values: Mapping[str, Any] = rule.erase  # type: ignore[assignment]
    filled = or_(*(table.c[column].is_distinct_from(value) for column, value in values.items()))
    db.session.execute(update(table).where(rows_of(name, who), filled).values(values))
