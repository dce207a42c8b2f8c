"""How people stand with what is mandatory for them on a day: each person once, in the state furthest behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from lms.assignments.facts import Book, PersonObligations
from lms.assignments.gathering import of_everybody
from lms.assignments.obligations import Obligation
from lms.assignments.terms import Target

ORDER = ("overdue", "grace", "waiting", "done")  # the furthest behind first
_STATES = {"overdue": "overdue", "grace": "grace", "due": "waiting", "soon": "waiting", "open": "waiting"}


@dataclass(frozen=True)
class Standing:
    """A person with a current post of whom something is mandatory.

    `asked` are the mandatory obligations that are asked now: none while on leave, and none from which the person is
    exempt.
    """

    person: PersonObligations
    asked: tuple[Obligation, ...]

    @cached_property
    def by_target(self) -> Mapping[Target, str]:
        """By target the state furthest behind: two rules may ask for the same."""
        found: dict[Target, str] = {}
        for each in self.asked:
            state = _STATES.get(each.state, "done")
            held = found.get(each.target, "done")
            found[each.target] = min(state, held, key=ORDER.index)
        return found

    @property
    def counts(self) -> bool:
        """Whether anything is asked now."""
        return bool(self.asked)

    @property
    def state(self) -> str:
        """The state furthest behind; `done` where everything is."""
        return min(self.by_target.values(), key=ORDER.index, default="done")


def mandatory_standings(
    on: dt.date,
    *,
    today: dt.date,
    person_ids: Collection[int] | None = None,
    unit_ids: Collection[int] | None = None,
) -> tuple[Book, tuple[Standing, ...]]:
    """Everybody of whom something is mandatory on a day; a past day is rebuilt.

    With `person_ids` only these people, with `unit_ids` only who has a post in exactly one of these units.
    """
    book, everybody = of_everybody(on, today=today, person_ids=person_ids, unit_ids=unit_ids)
    found = []
    for person in everybody:
        mandatory = [each for each in person.obligations if each.mandatory]
        if mandatory and person.units:
            asked = () if person.away else tuple(each for each in mandatory if each.state != "exempt")
            found.append(Standing(person, asked))
    return book, tuple(found)
