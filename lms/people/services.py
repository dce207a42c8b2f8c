"""Writes of people; each flushes, marks whose standing changed, and never commits.

The unit tree and the posts have files of their own (`units`, `posts`). Knows no feature above.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from lms.audit.services import record
from lms.changes.services import mark_people
from lms.db import db, insert_ignore, public_id
from lms.people.facts import PersonEntry
from lms.people.models import PastProfession, Person
from lms.people.queries import in_batches

__all__ = [
    "PersonEntry",
    "UnknownPerson",
    "add_people",
    "change_people",
    "ensure_person",
    "keep_professions",
    "rename",
]


class UnknownPerson(LookupError):
    """No person has this id."""


def ensure_person(email: str, *, now: dt.datetime) -> int:
    """The person with this e-mail, made where the roster knows none; returns the internal id.

    The e-mail is matched without case. Two callers at once get the same person.
    """
    address = email.strip().lower()
    row = {
        "public_id": public_id(), "email": address, "given_name": "", "family_name": "", "display_name": "",
        "profession": "other",
    }  # fmt: skip
    found = db.session.scalar(select(Person.id).where(Person.email == address))
    if found is None:
        insert_ignore(Person.__table__, [row], ["email"])  # type: ignore[arg-type]
        found = db.session.scalar(select(Person.id).where(Person.email == address))
    if found is None:
        raise RuntimeError("The person that was just written is not there.")
    return int(found)


def rename(person_id: int, given: str, family: str, display: str, *, actor: int | None, now: dt.datetime) -> None:
    """Correct a person's name. `display` is printed as given; empty means both names in order.

    Raises UnknownPerson. Certificates keep the name that they were issued with.
    """
    names = {"given_name": given.strip(), "family_name": family.strip(), "display_name": display.strip()}
    subject = db.session.scalar(
        update(Person).where(Person.id == person_id).values(**names).returning(Person.public_id)
    )
    if subject is None:
        raise UnknownPerson(f"No person has the id {person_id}.")
    db.session.expire_all()
    record("person.rename", "person", subject, actor=actor, now=now)


def add_people(entries: Sequence[PersonEntry]) -> list[int]:
    """Write new people in bulk; returns their internal ids in the same order.

    E-mails and employee numbers must be new; the database refuses the whole call otherwise.
    """
    if not entries:
        return []
    rows = [{**_columns(entry), "public_id": public_id()} for entry in entries]
    statement = insert(Person).returning(Person.id, sort_by_parameter_order=True)
    return [int(person_id) for person_id in db.session.scalars(statement, rows)]


def change_people(
    entries: Mapping[int, PersonEntry], *, today: dt.date, adopted: Collection[int] = frozenset()
) -> None:
    """Set the roster's facts of known people, by internal id, in bulk.

    A changed profession holds from `today`; the earlier one is kept for figures of past days, but
    not of the `adopted`, whose profession nobody knew before.
    """
    if not entries:
        return
    before = _professions(entries)
    other = {i: before[i] for i, entry in entries.items() if i in before and before[i] != entry.profession}
    keep_professions({i: name for i, name in other.items() if i not in adopted}, ends=today - dt.timedelta(days=1))
    _free_unique_values(entries)
    rows = [{"id": person_id, **_columns(entry)} for person_id, entry in entries.items()]
    db.session.execute(update(Person), rows)
    db.session.expire_all()
    mark_people(other)


def _professions(person_ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in in_batches(person_ids):
        rows = db.session.execute(select(Person.id, Person.profession).where(Person.id.in_(some)))
        found.update({int(i): str(profession) for i, profession in rows})
    return found


def keep_professions(professions: Mapping[int, str], *, ends: dt.date) -> None:
    """Remember professions that people had up to and including `ends`.

    A second change on the same day keeps the profession that the day before really had.
    """
    rows = [{"person_id": i, "ends": ends, "profession": name} for i, name in professions.items()]
    for some in in_batches(rows):
        insert_ignore(PastProfession.__table__, some, ["person_id", "ends"])  # type: ignore[arg-type]


def _free_unique_values(entries: Mapping[int, PersonEntry]) -> None:
    """Let two people swap e-mails: values that change hands are freed before they are set."""
    emails = {entry.email for entry in entries.values() if entry.email}
    numbers = {entry.employee_id for entry in entries.values() if entry.employee_id}
    for column, values in ((Person.email, emails), (Person.employee_id, numbers)):
        for some in in_batches(values):
            holders = db.session.execute(select(Person.id, column).where(column.in_(some))).all()
            moving = [i for i, value in holders if i in entries and value != getattr(entries[i], column.key)]
            if moving:
                db.session.execute(update(Person).where(Person.id.in_(moving)).values({column.key: None}))


def _columns(entry: PersonEntry) -> dict[str, Any]:
    return {
        "employee_id": entry.employee_id,
        "given_name": entry.given_name,
        "family_name": entry.family_name,
        "display_name": entry.display_name,
        "email": entry.email,
        "profession": entry.profession,
    }
