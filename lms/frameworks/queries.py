"""What the framework desk shows: the framework with the courses that teach it, decisions and imports with names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from courses.framework import SUBJECTS, Framework
from lms.accounts.queries import people_of_accounts
from lms.catalog import queries as catalog
from lms.competency.editions import Decision, Edition, decisions, history, in_force
from lms.competency.planning import Effect
from lms.people.facts import PersonFacts
from lms.people.queries import people_by_ids, units

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A competency as the desk shows it. `targets` follow SUBJECTS; `courses` are (code, title, level)."""

    code: str
    title: str
    critical: bool
    targets: tuple[int, ...]
    courses: tuple[tuple[str, str, int], ...]
    decided: tuple[Decision, ...]


@dataclass(frozen=True)
class DeskFacts:
    """The framework in force. `domains` are (code, title, lines); `planned` counts decisions that are still ahead."""

    framework: Framework | None
    domains: tuple[tuple[str, str, tuple[Line, ...]], ...]
    competencies: int
    planned: int
    subjects: tuple[str, ...] = SUBJECTS


def desk(today: dt.date) -> DeskFacts:
    """Everything of the desk's first page."""
    framework = in_force(today)
    if framework is None:
        return DeskFacts(None, (), 0, 0)
    taught: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for version in catalog.catalogue():
        for code, level in version.competencies:
            taught[code].append((version.code, version.title, level))
    decided: dict[str, list[Decision]] = defaultdict(list)
    found = decisions(today)
    for each in found:
        if each.state in ("now", "planned") and not (each.state == "now" and each.way == "none"):
            decided[each.code].append(each)
    domains = tuple(
        (
            domain.code, domain.title,
            tuple(
                Line(
                    each.code, each.title, each.critical, tuple(each.targets[subject] for subject in SUBJECTS),
                    tuple(sorted(taught[each.code])), tuple(decided[each.code]),
                )
                for each in domain.competencies
            ),
        )
        for domain in framework.domains
    )  # fmt: skip
    planned = sum(1 for each in found if each.state == "planned")
    return DeskFacts(framework, domains, len(framework.competencies), planned)


def all_decisions(today: dt.date) -> tuple[tuple[Decision, ...], Mapping[int, str]]:
    """Every decision, and by account the name of whoever made one."""
    found = decisions(today)
    return found, _names({each.by for each in found if each.by is not None})


def editions() -> tuple[tuple[Edition, ...], Mapping[int, str]]:
    """Every import that is on record, and by account the name of whoever made one."""
    found = history()
    return found, _names({each.by for each in found if each.by is not None})


def unit_names() -> dict[int, str]:
    """The name of every unit by internal id."""
    return {unit.id: unit.name for unit in units()}


def falling(effect: Effect) -> tuple[PersonFacts, ...]:
    """Who falls below target, by name, the first fifty."""
    people = people_by_ids(effect.falling[:SHOWN])
    return tuple(sorted(people.values(), key=lambda each: (each.family_name, each.given_name, each.id)))


def _names(account_ids: Collection[int]) -> dict[int, str]:
    holders = people_of_accounts(account_ids)
    people = people_by_ids(set(holders.values()))
    return {account: people[person].name for account, person in holders.items() if person in people}
