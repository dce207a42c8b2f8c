"""What the privacy pages show: looks and acts with the names of those who looked and acted. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lms.accounts.queries import people_of_accounts
from lms.audit.places import words_of
from lms.audit.queries import EntryFacts, Wanted, entries
from lms.audit.reading import Look, looks, looks_at
from lms.people.queries import people_by_ids
from lms.privacy.subjects import Subject, details, subjects

PAGE = 50


@dataclass(frozen=True)
class NamedLook:
    """A look with the names of viewer and subject, and its places in words with the time of each."""

    look: Look
    viewer: str
    subject: str
    places: tuple[tuple[str, dt.datetime], ...]


@dataclass(frozen=True)
class NamedEntry:
    """An act with the name of who acted, empty for a command or the worker, and what and whom it was about."""

    entry: EntryFacts
    actor: str
    subject: Subject
    details: tuple[tuple[str, str], ...]


def looks_at_me(person_id: int, before: int | None) -> tuple[NamedLook, ...]:
    """Who opened my record, the latest first; one more than a page where there is more."""
    return _named(looks_at(person_id, before=before, limit=PAGE + 1))


def all_looks(subject_id: int | None, viewer_id: int | None, before: int | None) -> tuple[NamedLook, ...]:
    """Looks of all, the latest first, narrowed where asked."""
    return _named(looks(subject_id=subject_id, viewer_id=viewer_id, before=before, limit=PAGE + 1))


def trail(wanted: Wanted, before: int | None) -> tuple[NamedEntry, ...]:
    """The audit trail, the latest first."""
    found = entries(wanted, before=before, limit=PAGE + 1)
    names = _names({each.actor_id for each in found if each.actor_id is not None})
    about = subjects(found)
    return tuple(
        NamedEntry(each, names.get(each.actor_id or 0, ""), about[each.subject_kind, each.subject], details(each))
        for each in found
    )


def _named(found: tuple[Look, ...]) -> tuple[NamedLook, ...]:
    viewers = _names({each.viewer_id for each in found})
    subjects = people_by_ids({each.subject_id for each in found})
    return tuple(
        NamedLook(each, viewers.get(each.viewer_id, ""), subjects[each.subject_id].name, _places(each))
        for each in found
    )


def _places(look: Look) -> tuple[tuple[str, dt.datetime], ...]:
    said = ((words_of(each.code, each.about, each.unit), each.at) for each in look.places)
    return tuple((words, at) for words, at in said if words)


def _names(account_ids: set[int]) -> dict[int, str]:
    people = people_of_accounts(account_ids)
    named = people_by_ids(people.values())
    return {account: named[person].name for account, person in people.items()}
