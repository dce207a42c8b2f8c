"""One person's obligations and policies today, with the few statements that a home page can spend.

Rules, policies, pathways and the catalogue change rarely: they are kept in the process under a stamp that one small
statement reads, together with whether the person has leave, exemptions, attestations or anything asked directly at all.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, select

from lms.assignments import queries
from lms.assignments.calendar import calendar
from lms.assignments.facts import Book, PersonObligations, Rule
from lms.assignments.gathering import Facts, derive
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.competency.reaching import reached
from lms.credentials.summaries import Summary, summaries
from lms.db import db
from lms.pathways import queries as pathways
from lms.pathways.queries import PathwayFacts
from lms.people.tenure import absences, is_ever_away, tenures_of
from lms.policies import queries as policies
from lms.policies.facts import Mine, PolicyFacts
from lms.policies.services import waiting

KEPT = 8
_PERSON: Any = bindparam("person")
_COLUMNS = (*queries.stamp(), *policies.stamp(), *pathways.stamp(), *catalog.stamp())
_STAMP = select(
    queries.has_direct(_PERSON).label("asked"),
    queries.has_exemption(_PERSON).label("exempt"),
    policies.has_attested(_PERSON).label("attested"),
    is_ever_away(_PERSON).label("away"),
    *(column.label(f"stamp{n}") for n, column in enumerate(_COLUMNS)),
)
_FLAGS = 4


@dataclass(frozen=True)
class _Shelf:
    """What is kept under a stamp."""

    rules: tuple[Rule, ...]
    policies: tuple[PolicyFacts, ...]
    pathways: tuple[PathwayFacts, ...]
    courses: tuple[VersionFacts, ...]


@dataclass(frozen=True)
class Personal:
    """What a person has to do, and which policies wait for them that no obligation names.

    `completed` holds by course the day of the latest completion and the last day of its certificate.
    """

    book: Book
    obligations: PersonObligations | None
    policies: tuple[Mine, ...]
    waiting: tuple[Mine, ...]
    completed: Mapping[str, tuple[dt.date, dt.date | None]]
    courses: tuple[VersionFacts, ...]  # the catalogue


_kept: OrderedDict[tuple[Any, ...], _Shelf] = OrderedDict()
_lock = Lock()


def personal(
    person_id: int,
    profession: str,
    today: dt.date,
    *,
    certificates: Sequence[Summary] | None = None,
) -> Personal:
    """What waits for one person today. The certificates can be handed in where they were read."""
    row = db.session.connection().execute(_STAMP, {"person": person_id}).one()
    shelf = _shelf(tuple(row)[_FLAGS:])
    asked = queries.directs(today, [person_id]).get(person_id, []) if row.asked else []
    held = tenures_of(person_id, today) if shelf.rules or shelf.policies or asked else ()
    if row.attested:
        mine = policies.mine(person_id, shelf.policies)
    else:
        mine = tuple(Mine(each, None, False) for each in shelf.policies)
    book = queries.book(
        today, today=today, held=shelf.rules, more={each.target for each in asked},
        courses=shelf.courses, in_force=shelf.policies, paths=shelf.pathways,
    )  # fmt: skip
    done = _completed(summaries(person_id) if certificates is None else certificates)
    exempt = queries.exemptions(on=today, person_ids=[person_id]) if row.exempt and book.rules else ()
    levels = [version.target for rule in book.rules if (version := rule.on(today)) and version.target.level]
    facts = Facts(
        held={person_id: held},
        professions={person_id: profession},
        leaves=absences([person_id]) if row.away else {},
        courses={person_id: done},
        policies={person_id: {each.policy.policy_id: each.attested.attested_on for each in mine if each.attested}},
        levels={target: reached(target.code, target.level or 0, today, [person_id]) for target in levels},
        directs={person_id: asked},
        exempt={person_id: {each.rule for each in exempt}},
    )
    obligations = derive(book, facts, person_id)
    now_held = [post for post in held if post.covers(today)]
    subjects = {profession} if now_held else set()
    subjects |= {"super-user" for post in now_held if post.super_user}
    subjects |= {"informaticist" for post in now_held if post.informaticist}
    named = {each.target.code for each in obligations.obligations} if obligations else set()
    others = [each for each in waiting(mine, frozenset(subjects), today) if each.policy.code not in named]
    return Personal(book, obligations, mine, tuple(others), done, shelf.courses)


def _shelf(stamp: tuple[Any, ...]) -> _Shelf:
    key = (str(db.engine.url), *map(str, stamp))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _Shelf(queries.rules(), policies.in_force(), pathways.pathways(), catalog.catalogue())
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _completed(certificates: Sequence[Summary]) -> Mapping[str, tuple[dt.date, dt.date | None]]:
    """The latest standing certificate of each course: the day of completion and its last day."""
    day = calendar().day
    found: dict[str, tuple[dt.date, dt.date | None]] = {}
    for each in certificates:
        if not each.standing or each.issued_at is None:
            continue
        done = each.first_issued or day(each.issued_at)
        if each.course_code not in found or found[each.course_code][0] < done:
            found[each.course_code] = (done, each.valid_until)
    return found
