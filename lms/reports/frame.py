"""The figures that every kind of report starts from: units, their counts, and what stays hidden. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.competency.facts import NOBODY, CellCounts, CompetencyFacts, PersonStanding, UnitCounts
from lms.people.facts import UnitFacts
from lms.reports.suppression import hidden_children
from lms.reports.tree import Tree

READY = "*ready"  # the measure "at every target", beside the competency codes
CRITICAL = "*critical"  # the measure "at target in every critical competency"
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TrendPoint:
    """One day of a trend: by unit the people with a target and how many are at all of theirs; what is hidden."""

    day: dt.date
    counts: Mapping[int, tuple[int, int]]  # of, met
    hidden: frozenset[int]


@dataclass(frozen=True)
class Demand:
    """Renewals by month: `months` are (first day shown, days from the date to the last of the month).

    `seats` counts people by month's place and course; `signing` those whom no course renews, by
    month's place and competency. Both are of the first row. `titles` names the courses.
    """

    months: tuple[tuple[dt.date, int], ...]
    seats: Mapping[tuple[int, str], int]
    signing: Mapping[tuple[int, str], int]
    titles: Mapping[str, str]


@dataclass(frozen=True)
class SureAnswers:
    """Sure and wrong: by unit and competency (takers, people sure and wrong, answers sure and wrong).

    `items` the same for items of the first row, as (course, item, competency, stem).
    """

    cells: Mapping[int, Mapping[str, tuple[int, int, int]]]
    items: tuple[tuple[tuple[str, str, str, str], tuple[int, int, int]], ...]
    takers: Mapping[int, int]


@dataclass(frozen=True)
class ExamQuality:
    """What the items of a course's exam show: flags counted over those with enough takers."""

    code: str
    title: str
    takers: int
    items: int
    judged: int
    flags: Mapping[str, int]
    flagged: int  # items with at least one flag that asks for a look
    alpha: float | None


@dataclass(frozen=True)
class LearningTime:
    """Estimated minutes: by unit, by (unit, month's place), and of the first row by profession."""

    months: tuple[dt.date, ...]
    minutes: Mapping[int, float]
    monthly: Mapping[tuple[int, int], float]
    learners: Mapping[int, int]
    professions: Mapping[str, tuple[int, float]]  # people on duty, minutes
    veiled: frozenset[str]  # professions of the first row that may not be shown
    staff: Mapping[int, int]


@dataclass(frozen=True)
class TrainingState:
    """Mandatory training: by unit the people counted in each state, and those left out; of the first row by target.

    `asked` goes by (kind, code, level) of what is asked, `titles` names it. States are words of
    `assignments.standings.ORDER`.
    """

    people: Mapping[int, Mapping[str, int]]
    left_out: Mapping[int, int]
    asked: Mapping[tuple[str, str, int], Mapping[str, int]]
    titles: Mapping[tuple[str, str, int], str]


@dataclass(frozen=True)
class Moved:
    """How targets moved between two dates: `way` is raised, lowered or changed; `on` the last day of a change."""

    way: str
    on: dt.date


@dataclass(frozen=True)
class Frame:
    """What a report is built from.

    `rows` are the units shown, the unit asked for first. `hidden` names, by unit id, the measures
    (competency codes, READY, CRITICAL) whose cell may not be shown. `compliance` gives by unit id
    the people with a critical target and how many of these meet all of them; it and `people` are
    filled only for kinds that count persons. `super_users` counts current posts in each shown
    unit's subtree. `endings` gives by person id and competency the days until it falls below target.
    `before` is the same question on the date to compare with; what is hidden in one is hidden in
    both. `moved` gives by unit id and measure how the targets moved between the two and when last;
    `level` is `before` held to the targets of the date, None where nothing moved or it was not
    reckoned. `choice` is the choice of competencies, empty for all. The rest is what single kinds are
    made of.
    """

    as_of: dt.date
    today: dt.date
    unit: UnitFacts | None
    rows: tuple[UnitFacts, ...]
    counts: Mapping[int, UnitCounts]
    hidden: Mapping[int, frozenset[str]]
    competencies: tuple[CompetencyFacts, ...]
    filters: tuple[tuple[str, str], ...]
    smallest: int
    people: tuple[PersonStanding, ...] = ()
    compliance: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    super_users: Mapping[int, int] | None = None
    endings: Mapping[int, Mapping[str, int]] | None = None
    before: Frame | None = None
    level: Frame | None = None
    moved: Mapping[int, Mapping[str, Moved]] = field(default_factory=dict)
    profession: str | None = None
    choice: str = ""
    demand: Demand | None = None
    trend: tuple[TrendPoint, ...] = ()
    answers: SureAnswers | None = None
    exams: tuple[ExamQuality, ...] = ()
    learning: LearningTime | None = None
    training: TrainingState | None = None

    def of(self, unit_id: int) -> UnitCounts:
        """The counts of a unit's subtree, all zero where nobody counts."""
        return self.counts.get(unit_id, NOBODY)

    def hides(self, unit_id: int, measure: str) -> bool:
        """Whether a unit's figures of a measure may not be shown."""
        return measure in self.hidden.get(unit_id, NOTHING)

    def cell(self, unit_id: int, code: str) -> CellCounts | None:
        """The counts of one competency, None where they stay hidden."""
        return None if self.hides(unit_id, code) else self.of(unit_id).cell(code)

    @property
    def top(self) -> UnitFacts | None:
        """The first row: the unit asked for, or the first root."""
        return self.rows[0] if self.rows else None

    @property
    def below(self) -> tuple[UnitFacts, ...]:
        """The rows to compare with each other: those below the unit asked for, which only sums them up."""
        return self.rows[1:] if self.unit and len(self.rows) > 1 else self.rows


def compliance_of(people: Iterable[PersonStanding], critical: Sequence[str]) -> dict[int, tuple[int, int]]:
    """By unit, people with a target in any of these competencies, and how many are at all of theirs."""
    of: dict[int, int] = {}
    met: dict[int, int] = {}
    for person in people:
        needed = [code for code in critical if person.target(code)]
        if not needed:
            continue
        good = all(person.level(code) >= person.target(code) for code in needed)
        for unit_id in person.units:
            of[unit_id] = of.get(unit_id, 0) + 1
            met[unit_id] = met.get(unit_id, 0) + good
    return {unit_id: (count, met[unit_id]) for unit_id, count in of.items()}


def sizes_of(
    counts: Mapping[int, UnitCounts], codes: Iterable[str], compliance: Mapping[int, tuple[int, int]]
) -> dict[str, dict[int, int]]:
    """By measure and unit, how many people the measure is about."""
    sizes: dict[str, dict[int, int]] = {code: {} for code in codes}
    sizes[READY] = {unit_id: held.targeted for unit_id, held in counts.items()}
    sizes[CRITICAL] = {unit_id: of for unit_id, (of, _) in compliance.items()}
    for unit_id, held in counts.items():
        for code, cell in held.cells.items():
            if code in sizes:
                sizes[code][unit_id] = cell.of
    return sizes


def hide(
    tree: Tree, parents: Sequence[UnitFacts], sizes: Mapping[str, Mapping[int, int]], smallest: int
) -> dict[int, frozenset[str]]:
    """Which measures of which units stay hidden. `parents` are split into rows, the highest first."""
    hidden: dict[int, set[str]] = {}
    known: dict[tuple[int, ...], frozenset[int]] = {}  # many measures are about the same people
    order = [*tree.roots, *(child for parent in parents for child in tree.children(parent.id))]
    for measure, mine in sizes.items():
        key = tuple(mine.get(unit.id, 0) for unit in order)
        if key not in known:
            known[key] = _hide(tree, parents, mine, smallest)
        for unit_id in known[key]:
            hidden.setdefault(unit_id, set()).add(measure)
    return {unit_id: frozenset(names) for unit_id, names in hidden.items()}


def _hide(tree: Tree, parents: Sequence[UnitFacts], sizes: Mapping[int, int], smallest: int) -> frozenset[int]:
    hidden: set[int] = {unit.id for unit in tree.roots if 0 < sizes.get(unit.id, 0) < smallest}
    twice: dict[int, int] = {}  # of a hidden unit, people whom a sibling counts too and so may give away
    for parent in parents:
        children = {child.code: child.id for child in tree.children(parent.id)}
        held = {code: sizes.get(unit_id, 0) for code, unit_id in children.items()}
        size = sizes.get(parent.id, 0) - twice.get(parent.id, 0)
        found = {children[code] for code in hidden_children(size, parent.id in hidden, held, smallest)}
        over = max(0, sum(held.values()) - size)
        twice |= dict.fromkeys(found, over)
        hidden |= found
    return frozenset(hidden)
