"""Which rows of which table are about a person. Statements are made from the rules, never from what anybody typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, select

from lms.db import db
from lms.privacy.rules import RULES, Rule


@dataclass(frozen=True)
class Subject:
    """A person as the tables know them. `account_id` and `email` are None where there is none."""

    person_id: int
    public_id: str
    name: str
    account_id: int | None
    emails: frozenset[str]


def subject(person_id: int) -> Subject:
    """The person with everything by which rows point to them. Raises LookupError."""
    person, account = tables()["person"], tables()["account"]
    row = db.session.execute(select(person).where(person.c.id == person_id)).first()
    if row is None:
        raise LookupError(f"No person {person_id}.")
    known = db.session.execute(select(account.c.id, account.c.email).where(account.c.person_id == person_id)).first()
    name = row.display_name or f"{row.given_name} {row.family_name}".strip() or row.email or row.public_id
    emails = {each for each in (row.email, known.email if known else None) if each}
    return Subject(person_id, row.public_id, name, known.id if known else None, frozenset(emails))


def tables() -> dict[str, Table]:
    """Every table of the application by its name."""
    return dict(db.metadata.tables)


def rows_of(name: str, who: Subject) -> ColumnElement[bool]:
    """The condition that picks the rows of a table that are about this person."""
    return _condition(tables()[name], RULES[name], who)


def _condition(table: Table, rule: Rule, who: Subject) -> ColumnElement[bool]:
    columns = [table.c[column] for column in rule.columns]
    if rule.way == "person":
        return or_(*(column == who.person_id for column in columns))
    if rule.way == "account":
        return or_(*(column == who.account_id for column in columns)) if who.account_id else false()
    if rule.way == "address":
        return or_(*(column.in_(sorted(who.emails)) for column in columns)) if who.emails else false()
    if rule.way in ("enrolment", "attempt", "observation", "prior_learning", "evidence", "record_view"):
        owner: Any = tables()[rule.way]
        whose = owner.c.subject_id if rule.way == "record_view" else owner.c.person_id
        mine = select(owner.c.id).where(whose == who.person_id)
        return or_(*(column.in_(mine) for column in columns))
    return false()
