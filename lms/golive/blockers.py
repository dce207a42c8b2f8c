"""The people who keep a unit from being ready, and what each lacks, shortest way first. Reads; the view audits."""

from __future__ import annotations

from dataclasses import dataclass

from lms.catalog.queries import catalogue
from lms.golive.frame import Frame, Group
from lms.golive.standing import Assessed
from lms.people.queries import people_by_ids


@dataclass(frozen=True)
class Missing:
    """One thing that a person lacks. `minutes` is the author's estimate for a course, 0 for a level."""

    key: str
    code: str
    title: str
    level: int
    held: int
    minutes: int


@dataclass(frozen=True)
class Blocker:
    """A person who is not ready: who, whether a super-user of the unit, and what is missing."""

    public_id: str
    name: str
    profession: str
    super_user: bool
    lacks: tuple[Missing, ...]
    required: int

    @property
    def minutes(self) -> int:
        """Minutes of the courses that are missing."""
        return sum(each.minutes for each in self.lacks)

    @property
    def way(self) -> tuple[int, int, int]:
        """How far it is: things missing, levels missing, minutes."""
        return len(self.lacks), sum(max(0, each.level - each.held) for each in self.lacks), self.minutes


def blockers(frame: Frame, group: Group) -> tuple[Blocker, ...]:
    """Everybody of a unit who is not ready, those with the shortest way first; two statements."""
    short = [each for each in group.people if not each.ready]
    found = people_by_ids([each.person.person_id for each in short])
    minutes = {each.code: each.minutes for each in catalogue()}
    code = group.unit.code if group.unit else ""
    rows = [
        Blocker(
            found[each.person.person_id].public_id,
            found[each.person.person_id].name,
            each.person.profession,
            code in each.person.super_user_in,
            _missing(frame, each, minutes),
            each.required,
        )
        for each in short
    ]
    return tuple(sorted(rows, key=lambda row: (row.way, row.name.casefold())))


def _missing(frame: Frame, each: Assessed, minutes: dict[str, int]) -> tuple[Missing, ...]:
    return tuple(
        Missing(
            lack.requirement.key,
            lack.requirement.code,
            frame.titles.get(lack.requirement.code, lack.requirement.code),
            lack.requirement.level,
            lack.held,
            minutes.get(lack.requirement.code, 0) if lack.requirement.kind == "course" else 0,
        )
        for lack in each.lacks
    )


def chosen(frame: Frame, public_ids: frozenset[str]) -> frozenset[int] | None:
    """The internal ids of people of the plan chosen by their public ids; None where one is not among those seen."""
    if not public_ids:
        return frozenset()
    shown = {each.person.person_id for group in frame.groups if not group.hidden for each in group.people}
    known = {facts.public_id: key for key, facts in people_by_ids(shown).items()}
    if not public_ids <= known.keys():
        return None
    return frozenset(known[each] for each in public_ids)
