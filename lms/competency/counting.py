"""Counting the ledger inside the database: any day, any units, without reading a person into the process.

The statement says the rule of `assessments.mastery` once more, in the database's words: for each source
the latest evidence that holds, the highest of these against the target of the day. It shares no line
with the fold, and so it is what the rollups are proved against, and what answers for past days. Only
counts come out, so memory grows with the units asked for and not with staff.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CTE, Select, and_, case, distinct, func, literal, null, or_, select, union_all

from assessments import mastery
from lms.competency.facts import SPANS, UnitCounts
from lms.competency.ledger import not_withdrawn
from lms.competency.models import SOURCES, Evidence
from lms.competency.needs import Needs, Staffing, staffing
from lms.competency.reckoning import CELL, STAFF, unit_counts
from lms.competency.snapshot import Snapshot, snapshot
from lms.db import among, db, numbers, whole_tables
from lms.people.facts import PROFESSIONS
from lms.people.presence import leaves_ahead, people_of, posts_ahead, posts_on
from lms.people.spans import unit_lines_on

Counts = dict[str, dict[int, UnitCounts]]  # by profession, and of everybody under an empty name
_FEW = 20_000
NEED = ("role", "competency_id", "target", "critical")


class _Parts(NamedTuple):
    """Named parts of the statement."""

    held: CTE  # posts of the day
    above: CTE  # unit, and each wanted unit that it is or stands below
    seats: CTE  # person, role, wanted unit; `whole` where the units above it are listed too
    cells: CTE  # person, competency, level, target, and the first span after which it is below


class _Evidence(NamedTuple):
    """Which evidence is read: known by when, to look ahead or not, of people in which units and about what only."""

    known_by: dt.datetime | None
    ahead: bool
    below: list[int] | None
    about: list[int] | None  # competencies


def count(
    on: dt.date,
    *,
    unit_ids: Collection[int] | None = None,
    shown: Collection[int] | None = None,
    known_by: dt.datetime | None = None,
    ahead: bool = True,
    codes: Collection[str] | None = None,
    levels: bool = True,
) -> Counts:
    """Counts of units' subtrees on a day, of all units or of these, for everybody and for each profession.

    With `codes` only targets in these competencies count, as if nobody had others. Without `levels` cells say
    how many people have a target and no more.

    With `shown` the evidence is read only of people below these units; of the others it is then told
    how many people count and have a target, which is what decides about small groups, and all of them
    stand at level 0. `known_by` leaves out evidence that was recorded later. Without `ahead` nobody is
    looked for who falls below target later. Units in which nobody counts are left out.
    """
    frame = snapshot()
    lines = unit_lines_on(on)
    wanted = frozenset(lines) if unit_ids is None else frozenset(unit_ids)
    kept = {unit_id: [above for above in line if above in wanted] for unit_id, line in lines.items()}
    below = None if shown is None or wanted <= frozenset(shown) else _below(lines, frozenset(shown))
    inside = None if all(kept.values()) else [unit_id for unit_id, line in kept.items() if line]
    with whole_tables():
        held = _held(on, inside)
        staffed = staffing(held, lines, frame, on)
        about = None
        if codes is not None:
            staffed = Staffing(staffed.people, staffed.needs.only({frame.order[code] for code in codes}))
            about = [frame.everything[frame.order[code]].id for code in codes]
        parts = _parts(on, held, kept, staffed, frame, _Evidence(known_by, ahead, below, about))
        answer = _Answer(kept, staffed.needs, frame)
        for row in db.session.execute(_statement(parts, staffed.needs, frame, levels)):
            answer.take(*row)
    return answer.counts()


def _held(on: dt.date, inside: Collection[int] | None) -> CTE:
    """The posts of the day, of everybody or of those who have one of them in these units."""
    if inside is None:
        return posts_on(on).cte("held")
    where = numbers("wanted", ("unit_id",), [(unit_id,) for unit_id in inside])
    return posts_on(on, select(where.c.unit_id)).cte("held")


def _below(lines: Mapping[int, tuple[int, ...]], shown: frozenset[int]) -> list[int] | None:
    """The units below those shown, None where these are all units."""
    found = [unit_id for unit_id, line in lines.items() if not shown.isdisjoint(line)]
    return None if len(found) == len(lines) else found


def _parts(
    on: dt.date,
    held: CTE,
    kept: Mapping[int, Sequence[int]],
    staffed: Staffing,
    frame: Snapshot,
    read: _Evidence,
) -> _Parts:
    pairs = [(unit_id, each) for unit_id, line in kept.items() for each in line]
    above = numbers("above", ("unit_id", "wanted_id"), pairs)
    lowest = numbers("lowest", ("unit_id", "wanted_id"), [(unit_id, line[0]) for unit_id, line in kept.items() if line])
    staff = _staff(staffed.people, on, read.ahead)
    seats = union_all(
        select(staff.c.person_id, staff.c.role, literal(0).label("whole"), lowest.c.wanted_id)
        .join(lowest, lowest.c.unit_id == staff.c.lowest)
        .where(staff.c.lowest == staff.c.highest),
        # Whoever has posts in several units counts once in each unit above them.
        select(staff.c.person_id, staff.c.role, literal(1), above.c.wanted_id)
        .join(held, held.c.person_id == staff.c.person_id)
        .join(above, above.c.unit_id == held.c.unit_id)
        .where(staff.c.lowest != staff.c.highest)
        .distinct(),
    ).cte("seats")
    return _Parts(held, above, seats, _cells(staff, on, staffed.needs.digits, frame, read))


def _staff(people: Select[Any], on: dt.date, ahead: bool) -> CTE:
    """Everybody who counts on the day: role, lowest and highest unit id, and presence after each span."""
    if not ahead:
        return people.cte("staff")
    days = [on + dt.timedelta(days=span) for span in SPANS]
    here, gone = posts_ahead(on, days).cte("here"), leaves_ahead(on, days).cte("gone")
    there = people.cte("counted")
    flags = [here.c[f"d{n}"] * (1 - func.coalesce(gone.c[f"d{n}"], 0)) for n in range(len(SPANS))]
    statement = select(there, *(flag.label(f"p{n}") for n, flag in enumerate(flags)))
    statement = statement.join(here, here.c.person_id == there.c.person_id)
    return statement.outerjoin(gone, gone.c.person_id == there.c.person_id).cte("staff")


def _ceiling() -> Any:
    """The ceiling of a piece of evidence, as `mastery.ceiling` has it; 0 where it shows nothing."""
    cases: list[Any] = []
    kinds = [(signed, log) for signed in (True, False) for log in (True, False)]
    for source in SOURCES:
        ceilings = {kind: mastery.ceiling(source, *kind) for kind in kinds}
        if len(set(ceilings.values())) == 1:
            cases.append((Evidence.source == source, ceilings[kinds[0]]))
            continue
        for (signed, log), highest in ceilings.items():
            held = and_(Evidence.source == source, Evidence.signed_off.is_(signed), Evidence.coaching_log.is_(log))
            cases.append((held, highest))
    return case(*cases, else_=0)


def _cells(staff: CTE, on: dt.date, needs: Sequence[str], frame: Snapshot, read: _Evidence) -> CTE:
    """By person and required competency the level, and the first span after which it is below target."""
    critical = frozenset(frame.critical)
    rows = [
        (role, frame.everything[place].id, int(target), int(place in critical))
        for role, digits in enumerate(needs)
        for place, target in enumerate(digits)
        if target != "0"
    ]
    ceiling = _ceiling()
    level = case((Evidence.level > ceiling, ceiling), else_=Evidence.level)
    newest = func.row_number().over(
        partition_by=(Evidence.person_id, Evidence.competency_id, Evidence.source),
        order_by=(Evidence.achieved_on.desc(), Evidence.recorded_at.desc(), level.desc()),
    )
    present = [staff.c[f"p{n}"] for n in range(len(SPANS))] if read.ahead else []
    live = (
        # The age within its source and the level in one number: the least of them is the newest, and says its level.
        select(
            Evidence.person_id, Evidence.competency_id, Evidence.source, Evidence.valid_until, staff.c.role,
            *present, (newest * 10 + level).label("held"),
        )
        .join(staff, staff.c.person_id == Evidence.person_id)
        .where(
            Evidence.passed.is_(True), Evidence.achieved_on <= on, not_withdrawn(read.known_by),
            or_(Evidence.valid_until.is_(None), Evidence.valid_until >= on), ceiling > 0,
        )
    )  # fmt: skip
    if read.known_by is not None:
        live = live.where(Evidence.recorded_at <= read.known_by)
    if read.about is not None:
        live = live.where(among(Evidence.competency_id, read.about))
    if read.below is not None:
        inside = numbers("inside", ("unit_id",), [(unit_id,) for unit_id in read.below])
        people = people_of(on, select(inside.c.unit_id))
        few = db.session.scalars(people.limit(_FEW + 1)).all()
        # The ledger of a few is found by its index; for many it is read through.
        live = live.where(among(Evidence.person_id, set(few)) if len(few) <= _FEW else Evidence.person_id.in_(people))
    return _needed(_levels(live.cte("live"), on, read.ahead), numbers("need", NEED, rows), read.ahead)


def _levels(live: CTE, on: dt.date, ahead: bool) -> CTE:
    """By person and competency the level on the day, and with `ahead` after each span."""
    days = [on + dt.timedelta(days=span) for span in SPANS] if ahead else []
    then = [func.min(case((or_(live.c.valid_until.is_(None), live.c.valid_until >= day), live.c.held))) for day in days]
    names = ("role", *(f"p{n}" for n in range(len(days))))
    keys = (live.c.person_id, live.c.competency_id)
    source = (
        select(
            *keys,
            *(func.min(live.c[name]).label(name) for name in names),
            func.min(live.c.held).label("now"),
            *(each.label(f"t{n}") for n, each in enumerate(then)),
        )
        .group_by(*keys, live.c.source)
        .cte("source")
    )
    return (
        select(
            source.c.person_id,
            source.c.competency_id,
            *(func.min(source.c[name]).label(name) for name in names),
            func.max(source.c.now % 10).label("level"),
            *(func.coalesce(func.max(source.c[f"t{n}"] % 10), 0).label(f"l{n}") for n in range(len(days))),
        )
        .group_by(source.c.person_id, source.c.competency_id)
        .cte("levels")
    )


def _needed(levels: CTE, need: CTE, ahead: bool) -> CTE:
    """The levels held against the targets. Joined last: before, a planner that knows no numbers makes all pairs."""
    c, target = levels.c, need.c.target
    falls = [
        (and_(c.level >= target, c[f"p{n}"] == 1, c[f"l{n}"] < target), n + 1)
        for n in range(len(SPANS) if ahead else 0)
    ]
    fall = case(*falls, else_=0) if falls else literal(0)
    return (
        select(c.person_id, c.competency_id, c.level, target, need.c.critical, fall.label("fall"))
        .join(need, and_(need.c.role == c.role, need.c.competency_id == c.competency_id))
        .cte("cell")
    )


def _statement(parts: _Parts, needs: Needs, frame: Snapshot, levels: bool) -> Any:
    """Rows of (what, whole, unit, role, competency, level, number, three counts, people by span)."""
    cells = [_levels_by_unit(parts, needs)] if levels else []
    return union_all(_heads(parts), _met(parts, needs.digits, frame), *cells, _cover(parts))


def _heads(parts: _Parts) -> Select[Any]:
    """How many people of each role count; nobody's evidence is needed for it."""
    seats = parts.seats
    keys = (seats.c.whole, seats.c.wanted_id, seats.c.role)
    numbers_of: list[Any] = [func.count(), null(), null(), *(null() for _ in SPANS)]
    columns: list[Any] = [literal(0).label("what"), *keys, literal(0), literal(0), *numbers_of]
    return select(*columns).group_by(*keys)


def _met(parts: _Parts, needs: Sequence[str], frame: Snapshot) -> Select[Any]:
    """Of people with evidence in what their role needs: how many meet all of it, and who falls below some of it."""
    cells, seats = parts.cells, parts.seats
    good = cells.c.level >= cells.c.target
    met = (
        select(
            cells.c.person_id,
            func.sum(case((good, 1), else_=0)).label("met"),
            func.sum(case((good, cells.c.critical), else_=0)).label("critical"),
            func.min(case((cells.c.fall > 0, cells.c.fall))).label("fall"),
        )
        .group_by(cells.c.person_id)
        .cte("met")
    )
    roles = [
        (
            role,
            sum(target != "0" for target in digits),
            sum(digits[place] != "0" for place in frame.critical),
        )
        for role, digits in enumerate(needs)
    ]
    role = numbers("required", ("role", "needed", "critical"), roles)
    return (
        select(
            literal(3), seats.c.whole, seats.c.wanted_id, seats.c.role, literal(0), literal(0), literal(0),
            func.sum(case((met.c.met == role.c.needed, 1), else_=0)),
            func.sum(case((met.c.critical == role.c.critical, 1), else_=0)),
            *(func.sum(case((met.c.fall <= n, 1), else_=0)) for n in range(1, len(SPANS) + 1)),
        )
        .join(met, met.c.person_id == seats.c.person_id)
        .join(role, role.c.role == seats.c.role)
        .group_by(seats.c.whole, seats.c.wanted_id, seats.c.role)
    )  # fmt: skip


def _levels_by_unit(parts: _Parts, needs: Needs) -> Select[Any]:
    cells, seats = parts.cells, parts.seats
    falls = [func.sum(case((and_(cells.c.fall > 0, cells.c.fall <= n), 1), else_=0)) for n in range(1, len(SPANS) + 1)]
    profession = needs.profession(seats.c.role).label("profession")
    return (
        select(
            literal(1), seats.c.whole, seats.c.wanted_id, profession, cells.c.competency_id, cells.c.level,
            func.count(), func.sum(case((cells.c.level >= cells.c.target, 1), else_=0)), null(), *falls,
        )
        .join(seats, seats.c.person_id == cells.c.person_id)
        .group_by(seats.c.whole, seats.c.wanted_id, profession, cells.c.competency_id, cells.c.level)
    )  # fmt: skip


def _cover(parts: _Parts) -> Select[Any]:
    held, above = parts.held, parts.above
    return (
        select(
            literal(2), literal(1), above.c.wanted_id, held.c.profession, literal(0), literal(0),
            func.count(distinct(held.c.person_id)), null(), null(), *(null() for _ in SPANS),
        )
        .join(above, above.c.unit_id == held.c.unit_id)
        .where(held.c.super_user == 1)
        .group_by(above.c.wanted_id, held.c.profession)
    )  # fmt: skip


class _Answer:
    """The rows of the statement, added up along the tree."""

    def __init__(self, kept: Mapping[int, Sequence[int]], needs: Needs, frame: Snapshot) -> None:
        self.kept, self.needs, self.frame = kept, needs, frame
        self.required = [[p for p, target in enumerate(digits) if target != "0"] for digits in needs.digits]
        self.critical = [any(digits[place] != "0" for place in frame.critical) for digits in needs.digits]
        self.staff: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0] * STAFF)
        self.cells: dict[tuple[str, int], dict[int, list[int]]] = defaultdict(dict)

    def take(self, what: int, whole: int, unit_id: int, who: int, competency_id: int, level: int, *found: Any) -> None:
        """Add a row to its unit, and where `whole` is 0 to every wanted unit above."""
        profession = PROFESSIONS[self.needs.profession(who) if what in (0, 3) else who]
        for place in ("", profession):
            for each in (unit_id,) if whole else self.kept[unit_id]:
                if what == 0:
                    self._head((place, each), who, found[0])
                elif what == 3:
                    self._meet((place, each), who, *found)
                elif what == 1:
                    self._level((place, each), competency_id, level, *found)
                else:
                    self.staff[place, each][5] += found[0]

    def _head(self, key: tuple[str, int], role: int, people: int) -> None:
        staff = self.staff[key]
        staff[0] += people
        staff[1] += people if self.required[role] else 0
        staff[3] += people if self.critical[role] else 0
        for place in self.required[role]:
            cell = self.cells[key].setdefault(place, [0] * CELL)
            cell[0] += people
            cell[2] += people  # at level 0, until the rows of levels say otherwise

    def _meet(self, key: tuple[str, int], role: int, _: int, complete: int, compliant: int, *falls: int) -> None:
        staff = self.staff[key]
        staff[2] += complete
        staff[4] += compliant if self.critical[role] else 0
        for number, fall in enumerate(falls):
            staff[6 + number] += fall or 0

    def _level(
        self, key: tuple[str, int], competency_id: int, level: int, people: int, good: int, _: None, *falls: int
    ) -> None:
        cell = self.cells[key].setdefault(self.frame.places[competency_id], [0] * CELL)
        cell[1] += good
        cell[2] -= people
        cell[2 + level] += people
        for number, fall in enumerate(falls):
            cell[8 + number] += fall

    def counts(self) -> Counts:
        """What was added up, by profession and unit."""
        codes = [each.code for each in self.frame.everything]
        found: Counts = defaultdict(dict)
        for (profession, unit_id), staff in sorted(self.staff.items()):
            cells = {
                codes[p]: cell for p, cell in sorted(self.cells.get((profession, unit_id), {}).items()) if any(cell)
            }
            found[profession][unit_id] = unit_counts(staff, cells)
        return dict(found)
