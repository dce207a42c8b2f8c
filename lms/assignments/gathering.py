"""From the database to obligations: of one person with few statements, or of thousands in bulk. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.assignments import queries
from lms.assignments.calendar import calendar
from lms.assignments.facts import Book, Direct, PersonObligations, Rule
from lms.assignments.obligations import Asked, Obligation, Proof, joined_in, merged, obligation
from lms.assignments.terms import Target
from lms.competency.reaching import reached
from lms.credentials.completed import completed
from lms.people.facts import LeaveSpan
from lms.people.spans import professions_on, staff_ids, unit_lines_on
from lms.people.tenure import Tenure, absences, tenures
from lms.policies.queries import attested

NOTHING = Asked()


@dataclass
class Facts:
    """Everything about people that obligations of a day follow from, by person."""

    held: Mapping[int, Sequence[Tenure]]
    professions: Mapping[int, str]
    leaves: Mapping[int, Sequence[LeaveSpan]] = field(default_factory=dict)
    courses: Mapping[int, Mapping[str, tuple[dt.date, dt.date | None]]] = field(default_factory=dict)
    policies: Mapping[int, Mapping[int, dt.date]] = field(default_factory=dict)
    levels: Mapping[Target, Mapping[int, tuple[dt.date, dt.date | None]]] = field(default_factory=dict)
    directs: Mapping[int, Sequence[Direct]] = field(default_factory=dict)
    exempt: Mapping[int, set[str]] = field(default_factory=dict)


def of_everybody(
    on: dt.date,
    *,
    today: dt.date,
    person_ids: Collection[int] | None = None,
    unit_ids: Collection[int] | None = None,
    rules: Iterable[Rule] | None = None,
    personal: bool = True,
) -> tuple[Book, list[PersonObligations]]:
    """The obligations of everybody with a post on a day, of these people, or of those in exactly these units.

    With `rules` only these, as they stand there; `personal` False leaves direct assignments out. A number of
    statements that does not grow with people, but for one in a thousand where people are named.
    """
    people: Collection[int] | None = person_ids
    if unit_ids is not None:
        here = frozenset(staff_ids(on, unit_ids=unit_ids))
        people = here if person_ids is None else here & frozenset(person_ids)
    asked = queries.directs(on, people) if personal else {}
    more = {each.target for mine in asked.values() for each in mine}
    book = queries.book(on, today=today, held=rules, more=more)
    facts = _facts(book, people)
    facts.directs = asked
    return book, [mine for key in sorted(facts.held) if (mine := derive(book, facts, key)) is not None]


def _facts(book: Book, people: Collection[int] | None) -> Facts:
    on, lines, moment = book.on, unit_lines_on(book.on), calendar()
    held = {key: posts for key, posts in tenures(lines, on, people).items() if any(post.covers(on) for post in posts)}
    some = None if people is None else list(held)
    levels = [version.target for rule in book.rules if (version := rule.on(on)) and version.target.level]
    return Facts(
        held=held,
        professions=professions_on(list(held), on),
        leaves=absences(some),
        courses=completed(book.courses, moment.over(on), moment.day, some),
        policies=attested([(key, edition) for key, (_, edition) in book.policies.items()], on, some),
        levels={target: reached(target.code, target.level or 0, on, some) for target in levels},
        exempt=_exempt(on, some),
    )


def _exempt(on: dt.date, people: Collection[int] | None) -> dict[int, set[str]]:
    """By person the public ids of the rules that they need not follow on a day."""
    found: dict[int, set[str]] = defaultdict(set)
    for each in queries.exemptions(on=on, person_ids=people):
        found[each.person_id].add(each.rule)
    return found


def derive(book: Book, facts: Facts, person_id: int) -> PersonObligations | None:
    """One person's obligations from the facts; None without a post and without anything asked directly."""
    on = book.on
    held = facts.held.get(person_id, ())
    now_held = [post for post in held if post.covers(on)]
    asked = facts.directs.get(person_id, ())
    if not now_held and not asked:
        return None
    profession = facts.professions.get(person_id, "other")
    away = facts.leaves.get(person_id)
    leaves = merged(away) if away else []
    exempt = facts.exempt.get(person_id) or ()
    found: list[Obligation] = []
    for public, version, chain in book.current:
        assigned = joined_in(chain, held, profession, on)
        if assigned is None:
            continue
        found.append(
            obligation(
                public, version.target, version.terms, version.because, assigned, clock_from=version.clock_from,
                asked=book.asked.get(version.target, NOTHING), proofs=_proofs(book, facts, person_id, version.target),
                leaves=leaves, today=on, exempt=public in exempt,
            )
        )  # fmt: skip
    for each in asked:
        found.append(
            obligation(
                each.public_id, each.target, each.terms, each.note, each.assigned_on, clock_from=each.assigned_on,
                asked=book.asked.get(each.target, NOTHING), proofs=_proofs(book, facts, person_id, each.target),
                leaves=leaves, today=on, direct=True, by=each.assigned_by,
            )
        )  # fmt: skip
    return PersonObligations(
        person_id,
        frozenset().union(*(post.line for post in now_held)),
        tuple(dict.fromkeys(post.unit_id for post in now_held)),
        frozenset(post.manager_id for post in now_held if post.manager_id is not None),
        any(starts <= on and (ends is None or on <= ends) for starts, ends in leaves),
        tuple(sorted(found, key=Obligation.order)),
        profession,
    )


def _proofs(book: Book, facts: Facts, person_id: int, target: Target) -> Mapping[str, Proof]:
    """What the person has to show for a target, by code."""
    if target.kind in ("course", "pathway"):
        mine = facts.courses.get(person_id)
        if not mine:
            return {}
        if target.kind == "course":
            held = mine.get(target.code)
            return {target.code: Proof(*held)} if held else {}
        return {code: Proof(*held) for code, held in mine.items()}
    if target.kind == "policy":
        days = facts.policies.get(person_id)
        if not days:
            return {}
        return {
            code: Proof(days[key]) for key, (code, _) in book.policies.items() if code == target.code and key in days
        }
    level = facts.levels.get(target, {}).get(person_id)
    return {target.code: Proof(*level)} if level else {}
