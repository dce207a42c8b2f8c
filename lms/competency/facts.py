"""What the rest of the house may know of competence: frozen values, no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CompetencyFacts:
    """A competency of the framework in force, or a retired one kept for the record."""

    id: int
    code: str
    title: str
    domain: str
    critical: bool
    position: int
    retired_on: dt.date | None


@dataclass(frozen=True)
class DomainFacts:
    """A group of competencies and the responsibilities it serves."""

    code: str
    title: str
    responsibilities: tuple[str, ...]


@dataclass(frozen=True)
class LevelFacts:
    """One step of the scale, 1 to 5; `evidence` says in words what it takes."""

    level: int
    name: str
    evidence: str


@dataclass(frozen=True)
class FrameworkFacts:
    """The framework in force. `responsibilities` maps codes such as R1 to titles."""

    id: int
    code: str
    title: str
    edition: str
    digest: str
    levels: tuple[LevelFacts, ...]
    responsibilities: Mapping[str, str]
    domains: tuple[DomainFacts, ...]

    def level_name(self, level: int) -> str:
        """The name of a level, such as Independent; empty for 0."""
        return next((each.name for each in self.levels if each.level == level), "")


@dataclass(frozen=True)
class EvidenceFacts:
    """A piece of the ledger. `counts` says whether it holds up its source's level on the day asked for.

    `level` is under the source's ceiling, `stated` what the source itself said; `basis` names what it
    rests on, such as `observation:…`. A withdrawn piece stays, with the day and the reason.
    """

    public_id: str
    source: str
    level: int
    passed: bool
    signed_off: bool
    coaching_log: bool
    achieved_on: dt.date
    valid_until: dt.date | None
    recorded_at: dt.datetime
    document: str
    counts: bool
    stated: int = 0
    basis: str = ""
    withdrawn_at: dt.datetime | None = None
    withdrawn_because: str = ""


@dataclass(frozen=True)
class TargetReason:
    """Why a target applies: as whom, and the unit whose own target decides; None: the framework or the hospital."""

    subject: str
    unit_id: int | None


@dataclass(frozen=True)
class CompetencyStanding:
    """A person's standing in one competency on a day.

    `sources` is the level that each source supports, never averaged. `valid_until` is the last
    day of the present level as far as known evidence goes, None without an end or without a
    level. `history` is every piece of evidence up to the day, the newest first. `renewed_by` is the
    source that holds the level up now and so would renew it, empty without a level. `because` are
    the roles that need the target, all of them where several need the same.
    """

    code: str
    title: str
    domain: str
    critical: bool
    level: int
    target: int
    sources: dict[str, int]
    valid_until: dt.date | None
    history: tuple[EvidenceFacts, ...]
    renewed_by: str = ""
    because: tuple[TargetReason, ...] = ()


SPANS = (30, 60, 90, 365)  # days ahead for which it is kept who will have fallen below target
NONE_END = (0, 0, 0, 0)


@dataclass(frozen=True)
class CellCounts:
    """People of a unit's subtree whose target in a competency is above 0, and where they stand.

    `levels` counts them by level 0 to 5 and adds up to `of`. `ending` counts those at target now
    who will not be, as far as is known, after each of SPANS.
    """

    of: int = 0
    at_target: int = 0
    levels: tuple[int, ...] = (0, 0, 0, 0, 0, 0)
    ending: tuple[int, ...] = NONE_END


@dataclass(frozen=True)
class UnitCounts:
    """Counts of a unit's subtree; a person with two posts in it counts once.

    `staff` have a current post and are not on leave; `targeted` of these have a target above 0
    in anything; `complete` of the targeted are at every one of their targets. `cells` holds the
    competencies with `of` above 0, by code. `critical` have a target in a critical competency of the
    framework in force and `compliant` of these are at all of them. `super_users` hold a super-user post,
    on leave or not. `ending` counts people who fall below some target, after each of SPANS.
    """

    staff: int
    targeted: int
    complete: int
    cells: Mapping[str, CellCounts]
    critical: int = 0
    compliant: int = 0
    super_users: int = 0
    ending: tuple[int, ...] = NONE_END

    def cell(self, code: str) -> CellCounts:
        """The counts of one competency; all zero where nobody has a target."""
        return self.cells.get(code, CellCounts())


NOBODY = UnitCounts(0, 0, 0, {})


@dataclass(frozen=True)
class PersonStanding:
    """A counted person: the units (ancestors included) in which they count, levels and targets.

    `compliant` is None without a critical target; `cover` are the units of super-user posts;
    `endings` has a digit per competency: 0, or which of SPANS is the first that ends below target.
    `former` are the targets of the day itself where `targets` are those of another.
    """

    person_id: int
    profession: str
    units: tuple[int, ...]
    levels: str
    targets: str
    order: Mapping[str, int]  # competency code → place of its digit
    compliant: bool | None = None
    cover: tuple[int, ...] = ()
    endings: str = ""
    former: str = ""

    def level(self, code: str) -> int:
        """The level in a competency, 0 where there is none."""
        return _digit(self.levels, self.order.get(code))

    def target(self, code: str) -> int:
        """The target in a competency, 0 where nothing is required."""
        return _digit(self.targets, self.order.get(code))


def _digit(digits: str, place: int | None) -> int:
    return int(digits[place]) if place is not None and place < len(digits) else 0
