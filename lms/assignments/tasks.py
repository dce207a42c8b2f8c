"""The daily round of reminders. May run twice and on two workers: what went out is written down under its key."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from lms.accounts.queries import accounts_with_role
from lms.assignments import letters
from lms.assignments.facts import Book, PersonObligations, Tally
from lms.assignments.gathering import of_everybody
from lms.assignments.queries import reminded
from lms.assignments.reminders import day_key, due_for, for_managers, month_key, week_key
from lms.assignments.services import note_reminders, tidy_reminders
from lms.db import db, reading
from lms.jobs.registry import every
from lms.people.queries import people_by_ids
from lms.web.clock import local

EARLIEST_HOUR = 6  # in the hospital's zone; nobody is woken by a reminder


@every(1800, "assignments.remind")
def remind(*, now: dt.datetime) -> None:
    """Make the round of a day once, after six in the morning."""
    moment = local(now)
    if moment.hour < EARLIEST_HOUR or reminded([day_key(moment.date())]):
        return
    db.session.rollback()
    with reading():  # much is read, and no write lock is held meanwhile
        book, people = of_everybody(moment.date(), today=moment.date())
        db.session.rollback()
    make_round(book, people, today=moment.date(), now=now)


def make_round(book: Book, people: list[PersonObligations], *, today: dt.date, now: dt.datetime) -> int:
    """Queue everything that is to go out on a day; returns how many e-mails. Flushes, the caller commits."""
    sent = _to_people(book, people, today, now) + _to_managers(book, people, today, now)
    sent += _to_readers(people, today, now)
    note_reminders([day_key(today)], now=now)
    tidy_reminders(now=now)
    return sent


def _base_url() -> str:
    return str(current_app.config["SETTINGS"].base_url)


def _to_people(book: Book, people: list[PersonObligations], today: dt.date, now: dt.datetime) -> int:
    found = {each.person_id: due for each in people if (due := due_for(each, today))}
    old = reminded([each.key for due in found.values() for each in due])
    fresh = {key: [each for each in due if each.key not in old] for key, due in found.items()}
    known = people_by_ids([key for key, due in fresh.items() if due])
    sent = 0
    for person_id, holder in known.items():
        key = f"assign:{holder.public_id}:{today.isoformat()}"
        sent += letters.to_person(holder, fresh[person_id], book, base_url=_base_url(), key=key, now=now)
        note_reminders([each.key for each in fresh[person_id]], now=now)
    return sent


def _to_managers(book: Book, people: list[PersonObligations], today: dt.date, now: dt.datetime) -> int:
    lists = for_managers(people, today)
    keys = {manager: week_key(manager, today) for manager in lists}
    old = reminded(keys.values())
    away = {each.person_id for each in people if each.away}
    wanted = [manager for manager, key in keys.items() if key not in old and manager not in away]
    known = people_by_ids({*wanted, *(person for manager in wanted for person, _ in lists[manager])})
    sent = 0
    for manager in wanted:
        rows = sorted(((known[key], late) for key, late in lists[manager]), key=lambda row: row[0].name.casefold())
        mail = f"assign-team:{known[manager].public_id}:{keys[manager][-7:]}"
        sent += letters.to_manager(known[manager], rows, book, base_url=_base_url(), key=mail, now=now)
        note_reminders([keys[manager]], now=now)
    return sent


def _to_readers(people: list[PersonObligations], today: dt.date, now: dt.datetime) -> int:
    readers = accounts_with_role("cmio")
    keys = {account: month_key(account, today) for account, _ in readers}
    old = reminded(keys.values())
    fresh = [(account, person) for account, person in readers if keys[account] not in old]
    known = people_by_ids([person for _, person in fresh])
    tally = Tally()
    for each in people:
        for one in each.obligations:
            if one.mandatory:
                tally.add(each.person_id, one.state)
    counts = tally.counts()
    sent = 0
    for account, person in fresh if counts.people else ():
        holder = known[person]
        mail = f"assign-figures:{holder.public_id}:{today:%Y-%m}"
        sent += letters.to_reader(holder, counts, today, base_url=_base_url(), key=mail, now=now)
        note_reminders([keys[account]], now=now)
    return sent
