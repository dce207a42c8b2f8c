"""Reads of units, people and posts, each a statement or two of Core that returns frozen facts.

Knows no feature above it. A post covers both its first and its last day. "Current" always means
on a day that the caller names.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.engine import Row

from lms.db import db
from lms.people.facts import PersonEntry, PersonFacts, PostFacts, UnitFacts
from lms.people.models import Leave, Person, Post, Unit, UnitEdition, UnitTree

_T = TypeVar("_T")
_PERSON = (
    Person.id, Person.public_id, Person.employee_id, Person.given_name, Person.family_name,
    Person.display_name, Person.email, Person.profession,
)  # fmt: skip
# Asked for on every page: made of the table and built once, which costs a third of the mapped form.
_TABLE: Any = Person.__table__
_BY_ID = select(*(_TABLE.c[column.key] for column in _PERSON)).where(_TABLE.c.id == bindparam("person"))
_EDITION = select(UnitEdition.__table__.c.mark)
_KEPT = 4
_kept: OrderedDict[tuple[str, str], tuple[UnitFacts, ...]] = OrderedDict()
_lock = Lock()
_UNIT = (Unit.id, Unit.code, Unit.name, Unit.site, Unit.parent_id)


def _held_on(on: dt.date) -> ColumnElement[bool]:
    return and_(Post.starts <= on, or_(Post.ends.is_(None), Post.ends >= on))


def printed_name(given: str, family: str, display: str, email: str | None) -> str:
    """The name as it is printed: as given by the roster, else both names, else the e-mail."""
    return display or f"{given} {family}".strip() or (email or "")


def _person(row: Row[*tuple[Any, ...]]) -> PersonFacts:
    return PersonFacts(
        id=row.id,
        public_id=row.public_id,
        employee_id=row.employee_id,
        name=printed_name(row.given_name, row.family_name, row.display_name, row.email),
        given_name=row.given_name,
        family_name=row.family_name,
        email=row.email,
        profession=row.profession,
    )


def _one_person(condition: ColumnElement[bool]) -> PersonFacts | None:
    row = db.session.execute(select(*_PERSON).where(condition)).first()
    return _person(row) if row else None


def person(person_id: int) -> PersonFacts | None:
    """The person with this internal id."""
    row = db.session.connection().execute(_BY_ID, {"person": person_id}).first()
    return _person(row) if row else None


def person_by_public_id(public_id: str) -> PersonFacts | None:
    """The person with this opaque id of addresses and the API."""
    return _one_person(Person.public_id == public_id)


def person_by_employee_id(employee_id: str) -> PersonFacts | None:
    """The person with this employee number; outer space is forgiven."""
    return _one_person(Person.employee_id == employee_id.strip())


def person_by_email(email: str) -> PersonFacts | None:
    """The person with this e-mail, matched without case."""
    return _one_person(Person.email == email.strip().lower())


def people_by_ids(person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """Many people at once, by internal id; unknown ids are left out."""
    found: dict[int, PersonFacts] = {}
    for some in in_batches(person_ids):
        for row in db.session.execute(select(*_PERSON).where(Person.id.in_(some))):
            found[row.id] = _person(row)
    return found


def ids_by_employee_id(employee_ids: Collection[str]) -> dict[str, int]:
    """Internal ids by employee number, for the numbers that are known."""
    found: dict[str, int] = {}
    for some in in_batches(employee_ids):
        rows = db.session.execute(select(Person.employee_id, Person.id).where(Person.employee_id.in_(some)))
        found.update({str(number): person_id for number, person_id in rows})
    return found


def ids_by_public_id(public_ids: Collection[str]) -> dict[str, int]:
    """Internal ids by opaque id, for those that are known."""
    found: dict[str, int] = {}
    for some in in_batches(public_ids):
        rows = db.session.execute(select(Person.public_id, Person.id).where(Person.public_id.in_(some)))
        found.update({row[0]: row[1] for row in rows})
    return found


def entries_of(*, employee_ids: Collection[str] = (), emails: Collection[str] = ()) -> dict[int, PersonEntry]:
    """What the roster states of people with any of these employee numbers or e-mails, by internal id."""
    columns = (
        Person.id, Person.employee_id, Person.given_name, Person.family_name, Person.email, Person.profession,
        Person.display_name,
    )  # fmt: skip
    found: dict[int, PersonEntry] = {}
    for column, values in ((Person.employee_id, employee_ids), (Person.email, emails)):
        for some in in_batches(values):
            for row in db.session.execute(select(*columns).where(column.in_(some))):
                found[row.id] = PersonEntry(
                    row.employee_id, row.given_name, row.family_name, row.email, row.profession, row.display_name
                )
    return found


def search(text: str = "", *, after: tuple[str, int] | None = None, limit: int = 50) -> tuple[PersonFacts, ...]:
    """People whose name, e-mail or employee number contains every word, by family name.

    `after` is the (family name, id) of the last person shown; the next page starts behind it.
    """
    statement = select(*_PERSON).order_by(Person.family_name, Person.id).limit(limit)
    for word in text.lower().split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        fields = (Person.given_name, Person.family_name, Person.display_name, Person.email, Person.employee_id)
        statement = statement.where(or_(*(func.lower(field).like(pattern, escape="\\") for field in fields)))
    if after is not None:
        family, last = after
        behind = or_(Person.family_name > family, and_(Person.family_name == family, Person.id > last))
        statement = statement.where(behind)
    return tuple(_person(row) for row in db.session.execute(statement))


def posts_on(person_id: int, on: dt.date) -> tuple[PostFacts, ...]:
    """The posts that the person holds on this day, the oldest first."""
    return _posts(_post_statement().where(Post.person_id == person_id, _held_on(on)))


def all_posts(person_id: int) -> tuple[PostFacts, ...]:
    """Every post of the person, past and future ones too, the oldest first."""
    return _posts(_post_statement().where(Post.person_id == person_id))


def _post_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.unit_id, Unit.code, Unit.name, Post.title, Post.super_user, Post.informaticist,
            Post.manager_id, Post.starts, Post.ends,
        )
        .join(Unit, Unit.id == Post.unit_id)
        .order_by(Post.starts, Post.id)
    )  # fmt: skip


def _posts(statement: Select[*tuple[Any, ...]]) -> tuple[PostFacts, ...]:
    return tuple(PostFacts(*row) for row in db.session.execute(statement))


def _units(statement: Select[*tuple[Any, ...]]) -> tuple[UnitFacts, ...]:
    return tuple(UnitFacts(*row) for row in db.session.execute(statement.order_by(Unit.name, Unit.code)))


def unit_by_code(code: str) -> UnitFacts | None:
    """The unit with this code, exactly as the roster writes it."""
    return next(iter(_units(select(*_UNIT).where(Unit.code == code.strip()))), None)


def unit(unit_id: int) -> UnitFacts | None:
    """The unit with this internal id."""
    return next(iter(_units(select(*_UNIT).where(Unit.id == unit_id))), None)


def units() -> tuple[UnitFacts, ...]:
    """Every unit, by name. Kept in the process for as long as no unit changes, since maps of figures ask each time."""
    mark = db.session.connection().execute(_EDITION).scalar()
    if mark is None:
        return _units(select(*_UNIT))
    key = (str(db.engine.url), str(mark))
    with _lock:
        held = _kept.get(key)
        if held is not None:
            _kept.move_to_end(key)
            return held
    found = _units(select(*_UNIT))
    if db.session.connection().execute(_EDITION).scalar() != mark:
        return found  # it changed while it was read
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def roots() -> tuple[UnitFacts, ...]:
    """The units without a parent, by name."""
    return _units(select(*_UNIT).where(Unit.parent_id.is_(None)))


def children(unit_id: int) -> tuple[UnitFacts, ...]:
    """The direct children of a unit, by name."""
    return _units(select(*_UNIT).where(Unit.parent_id == unit_id))


def ancestors(unit_id: int) -> tuple[UnitFacts, ...]:
    """The unit and everything above it, the root first."""
    statement = (
        select(*_UNIT)
        .join(UnitTree, UnitTree.ancestor_id == Unit.id)
        .where(UnitTree.unit_id == unit_id)
        .order_by(UnitTree.depth.desc())
    )
    return tuple(UnitFacts(*row) for row in db.session.execute(statement))


def subtree_ids(unit_ids: Iterable[int]) -> frozenset[int]:
    """These units and everything below them."""
    wanted = list(unit_ids)
    if not wanted:
        return frozenset()
    statement = select(UnitTree.unit_id).where(UnitTree.ancestor_id.in_(wanted))
    return frozenset(db.session.scalars(statement))


def below(unit_ids: Any) -> Select[Any]:
    """A statement for the ids of units and everything below them; `unit_ids` is a list or a statement of ids."""
    return select(UnitTree.unit_id).where(UnitTree.ancestor_id.in_(unit_ids))


def managed_by(person_id: int, on: dt.date) -> Select[Any]:
    """A statement for the ids of those whom a person manages, as `managed_people` answers it."""
    return select(Post.person_id).where(Post.manager_id == person_id, Post.person_id != person_id, _held_on(on))


def managed_people(person_id: int, on: dt.date) -> frozenset[int]:
    """People whose manager, in a post held on this day, is this person (directly, not through others)."""
    statement = select(Post.person_id).where(Post.manager_id == person_id, _held_on(on))
    return frozenset(db.session.scalars(statement)) - {person_id}


def people_in(unit_ids: Iterable[int], on: dt.date) -> tuple[PersonFacts, ...]:
    """People with a post on this day in one of exactly these units (resolve subtrees before), by name."""
    wanted = list(unit_ids)
    if not wanted:
        return ()
    there = select(Post.person_id).where(Post.unit_id.in_(wanted), _held_on(on))
    statement = select(*_PERSON).where(Person.id.in_(there))
    rows = db.session.execute(statement.order_by(Person.family_name, Person.given_name, Person.id))
    return tuple(_person(row) for row in rows)


def staff_count(on: dt.date) -> int:
    """How many people have a post on this day, on leave or not."""
    statement = select(func.count(Post.person_id.distinct())).where(_held_on(on))
    return int(db.session.scalar(statement) or 0)


def on_leave(person_id: int, on: dt.date) -> bool:
    """Whether the person is away on this day."""
    statement = select(Leave.id).where(
        Leave.person_id == person_id, Leave.starts <= on, or_(Leave.ends.is_(None), Leave.ends >= on)
    )
    return db.session.execute(statement.limit(1)).first() is not None


def in_batches(values: Collection[_T], size: int = 1000) -> Iterator[list[_T]]:
    """The values in lists short enough for one statement's parameters."""
    ordered = list(values)
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]
