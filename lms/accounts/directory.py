"""The administrator's list of people with the state of their accounts: searched, filtered, read page by page."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from lms.accounts.columns import person, post, printed_name
from lms.accounts.models import Account, AccountRole
from lms.db import db

STATES = ("active", "invited", "deactivated", "none")
PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. `unit_ids` None means all; `state` one of STATES or empty."""

    text: str = ""
    unit_ids: frozenset[int] | None = None
    profession: str = ""
    state: str = ""


@dataclass(frozen=True)
class Listed:
    """A line of the list. `state` is one of STATES: invited means an account without a password yet."""

    public_id: str
    name: str
    email: str | None
    employee_id: str | None
    profession: str
    unit_ids: tuple[int, ...]
    state: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Page:
    """Some lines, how many there are in all, and where the next page begins (None at the end)."""

    people: tuple[Listed, ...]
    total: int
    cursor: str | None


def _state_is(state: str) -> ColumnElement[bool]:
    if state == "none":
        return Account.id.is_(None)
    if state == "deactivated":
        return Account.deactivated_at.is_not(None)
    has = Account.password_hash.is_not(None) if state == "active" else Account.password_hash.is_(None)
    return and_(Account.id.is_not(None), Account.deactivated_at.is_(None), has)


def _conditions(wanted: Wanted, on: dt.date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in wanted.text.lower().split()[:8]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        fields = (
            person.c.given_name, person.c.family_name, person.c.display_name, person.c.email, person.c.employee_id,
            Account.email,
        )  # fmt: skip
        found.append(or_(*(func.lower(field).like(pattern, escape="\\") for field in fields)))
    if wanted.unit_ids is not None:
        held = and_(post.c.starts <= on, or_(post.c.ends.is_(None), post.c.ends >= on))
        there = exists().where(post.c.person_id == person.c.id, post.c.unit_id.in_(wanted.unit_ids), held)
        found.append(there)
    if wanted.profession:
        found.append(person.c.profession == wanted.profession)
    if wanted.state in STATES:
        found.append(_state_is(wanted.state))
    return found


def _narrowed(statement: Select, conditions: Iterable[ColumnElement[bool]]) -> Select:
    return statement.select_from(person.outerjoin(Account, Account.person_id == person.c.id)).where(*conditions)


def people(wanted: Wanted, on: dt.date, *, cursor: str | None = None, limit: int = PAGE) -> Page:
    """A page of people by family name; units are those of posts held on this day.

    A cursor that cannot be read begins at the start.
    """
    conditions = _conditions(wanted, on)
    total = db.session.scalar(_narrowed(select(func.count()), conditions)) or 0
    statement = select(
        person.c.id, person.c.public_id, printed_name.label("name"), person.c.email, person.c.employee_id,
        person.c.profession, person.c.family_name, Account.id.label("account_id"), Account.email.label("signs_in"),
        Account.password_hash.is_not(None).label("has_password"), Account.deactivated_at,
    )  # fmt: skip
    after = _read_cursor(cursor)
    if after is not None:
        family, last = after
        behind = and_(person.c.family_name == family, person.c.id > last)
        conditions.append(or_(person.c.family_name > family, behind))
    ordered = _narrowed(statement, conditions).order_by(person.c.family_name, person.c.id).limit(limit + 1)
    rows = db.session.execute(ordered).all()
    more, rows = len(rows) > limit, rows[:limit]
    units = _units([row.id for row in rows], on)
    roles = _roles([row.account_id for row in rows if row.account_id is not None])
    listed = tuple(
        Listed(
            row.public_id, row.name or row.signs_in or "", row.email or row.signs_in, row.employee_id, row.profession,
            units.get(row.id, ()), _state(row), roles.get(row.account_id, frozenset()),
        )
        for row in rows
    )  # fmt: skip
    return Page(listed, total, _write_cursor(rows[-1].family_name, rows[-1].id) if more else None)


def _state(row: object) -> str:
    if row.account_id is None:  # type: ignore[attr-defined]
        return "none"
    if row.deactivated_at is not None:  # type: ignore[attr-defined]
        return "deactivated"
    return "active" if row.has_password else "invited"  # type: ignore[attr-defined]


def _units(person_ids: Collection[int], on: dt.date) -> dict[int, tuple[int, ...]]:
    held = and_(post.c.starts <= on, or_(post.c.ends.is_(None), post.c.ends >= on))
    rows = db.session.execute(
        select(post.c.person_id, post.c.unit_id).where(post.c.person_id.in_(person_ids), held).order_by(post.c.starts)
    )
    found: dict[int, tuple[int, ...]] = {}
    for person_id, unit_id in rows:
        known = found.get(person_id, ())
        found[person_id] = known if unit_id in known else (*known, unit_id)
    return found


def _roles(account_ids: Collection[int]) -> dict[int, frozenset[str]]:
    rows = db.session.execute(
        select(AccountRole.account_id, AccountRole.role).where(AccountRole.account_id.in_(account_ids))
    )
    found: dict[int, frozenset[str]] = {}
    for account_id, role in rows:
        found[account_id] = found.get(account_id, frozenset()) | {role}
    return found


def _write_cursor(family: str, last: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([family, last]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> tuple[str, int] | None:
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeError):
        return None
    match found:
        case [str(family), int(last)] if not isinstance(last, bool) and abs(last) < 2**62 and "\x00" not in family:
            return family, last
    return None
