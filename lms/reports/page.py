"""What the workforce page shows, worked out of a frame: findings, statistics, the map's cells. Pure.

The page uses the same figures and builders as the exports, so page and file cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from lms.competency.facts import SPANS, CellCounts, CompetencyFacts
from lms.people.facts import UnitFacts
from lms.reports.frame import READY, Frame, Moved
from lms.reports.kinds.heatmap import compared
from lms.reports.kinds.readiness import is_ready
from lms.reports.steps import step
from lms.reports.words import AIM, percent, percent_reached

MOST_GAPS = 2
SOON = 90  # days
LOW = 80  # per cent; below it a gap is worth a decision


@dataclass(frozen=True)
class Cell:
    """A cell as the template prints it. `step` is the class of its colour, `few` or `none` without figures."""

    step: str
    share: int = 0
    at_target: int = 0
    of: int = 0
    url: str = ""
    levels: tuple[int, ...] = ()
    change: int | None = None  # points since the date compared with, by the target of the date
    moved: Moved | None = None  # how the target moved since then


@dataclass(frozen=True)
class Row:
    """A unit's row of the map."""

    name: str
    url: str
    staff: int
    total: bool  # the unit asked for, which sums the rows below it
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Finding:
    """A fact that may need a decision, with one action. `code` and `title` name the competency of a gap."""

    kind: str  # bad, warn or good
    unit: str
    at_target: int
    of: int
    url: str
    code: str = ""
    title: str = ""
    change: int | None = None
    moved: Moved | None = None

    @property
    def share(self) -> int:
        """The whole percentage, rounded as the cell rounds it, so that sentence and cell agree."""
        return percent(self.at_target, self.of)


@dataclass(frozen=True)
class Ready:
    """A unit's readiness: people at every target and of how many; `of` None where hidden."""

    name: str
    url: str
    ready: int
    of: int | None
    share: int
    staff: int = 0


@dataclass(frozen=True)
class WorkforcePage:
    """Everything on the page that comes from figures."""

    frame: Frame
    competencies: tuple[CompetencyFacts, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    readiness: tuple[Ready, ...]
    met: tuple[int, int, int] | None  # people at every target, of, per cent
    ready: tuple[int, int]  # units ready, of units judged
    veiled: int  # units that may not be judged here, because their figures are hidden
    lowest: Finding | None  # the critical competency with the lowest share in the top unit
    staff: int
    ending: tuple[int, int] | None  # people who fall below a target within 90 days, of those with one
    aim: int = AIM


@dataclass(frozen=True)
class Addresses:
    """Where rows and cells lead; `query` keeps the filters and begins with ? where it is not empty."""

    unit: Callable[[str], str]  # of a unit's code, without query
    query: str = ""

    def row(self, code: str) -> str:
        """The page of a unit."""
        return self.unit(code) + self.query

    def cell(self, unit: str, code: str) -> str:
        """The people behind a cell."""
        return f"{self.unit(unit)}/{quote(code, safe='')}{self.query}"


def chosen_columns(frame: Frame, columns: str) -> tuple[CompetencyFacts, ...]:
    """The competencies of a column choice: critical, all, or a domain's code."""
    if columns == "all":
        return frame.competencies
    chosen = tuple(each for each in frame.competencies if each.domain == columns)
    return chosen or tuple(each for each in frame.competencies if each.critical) or frame.competencies


def workforce_page(frame: Frame, columns: str, to: Addresses) -> WorkforcePage:
    """The page of a frame."""
    chosen = chosen_columns(frame, columns)
    top = frame.unit or (frame.rows[0] if len(frame.rows) == 1 else None)
    readiness = tuple(_ready(frame, unit, to) for unit in frame.below)
    judged = [is_ready(each.ready, each.of) for each in readiness if each.of]
    return WorkforcePage(
        frame=frame,
        competencies=chosen,
        rows=tuple(_row(frame, unit, chosen, to) for unit in frame.rows),
        findings=_findings(frame, chosen, to),
        readiness=readiness,
        met=_met(frame, top),
        ready=(sum(judged), len(judged)),
        veiled=sum(1 for each in readiness if each.of is None),
        lowest=_lowest(frame, top, to),
        ending=_ending(frame, top),
        staff=sum(frame.of(unit.id).staff for unit in ([top] if top else frame.rows)),
    )


def _met(frame: Frame, top: UnitFacts | None) -> tuple[int, int, int] | None:
    if top is None or frame.hides(top.id, READY):
        return None
    counts = frame.of(top.id)
    if not counts.targeted:
        return None
    return counts.complete, counts.targeted, percent_reached(counts.complete, counts.targeted)


def _ending(frame: Frame, top: UnitFacts | None) -> tuple[int, int] | None:
    """Who falls below a target soon, where it is kept: of today, of people who were not read one by one."""
    if top is None or frame.people or frame.as_of != frame.today or frame.hides(top.id, READY):
        return None
    counts = frame.of(top.id)
    return (counts.ending[SPANS.index(SOON)], counts.targeted) if counts.targeted else None


def _ready(frame: Frame, unit: UnitFacts, to: Addresses) -> Ready:
    if frame.hides(unit.id, READY):
        return Ready(unit.name, to.row(unit.code), 0, None, 0, frame.of(unit.id).staff)
    ready, of = frame.of(unit.id).complete, frame.of(unit.id).targeted
    return Ready(unit.name, to.row(unit.code), ready, of, percent_reached(ready, of))


def _row(frame: Frame, unit: UnitFacts, chosen: tuple[CompetencyFacts, ...], to: Addresses) -> Row:
    counts, hidden = frame.of(unit.id), frame.hidden.get(unit.id, ())
    cells = []
    for each in chosen:
        cell = counts.cell(each.code)
        if each.code in hidden:
            cells.append(Cell("few"))
        elif not cell.of:
            cells.append(Cell("none"))
        else:
            share = percent(cell.at_target, cell.of)
            url = to.cell(unit.code, each.code)
            change, moved = _change(frame, unit, each)
            cells.append(Cell(step(share), share, cell.at_target, cell.of, url, cell.levels, change, moved))
    total = frame.unit is not None and unit.id == frame.unit.id and len(frame.rows) > 1
    return Row(unit.name, to.row(unit.code), counts.staff, total, tuple(cells))


def _change(frame: Frame, unit: UnitFacts, each: CompetencyFacts) -> tuple[int | None, Moved | None]:
    """The change of a cell's percentage in points, None where there is none to give; and how its target moved."""
    if frame.before is None:
        return None, None
    points = compared(frame, unit, each)["change"]
    return points if isinstance(points, int) else None, frame.moved.get(unit.id, {}).get(each.code)


def _gap(kind: str, unit: UnitFacts, each: CompetencyFacts, cell: CellCounts, to: Addresses) -> Finding:
    url = to.cell(unit.code, each.code)
    return Finding(kind, unit.name, cell.at_target, cell.of, url, each.code, each.title)


def _lowest(frame: Frame, top: UnitFacts | None, to: Addresses) -> Finding | None:
    """The critical competency that the smallest share of the top unit has reached."""
    found: tuple[CompetencyFacts, CellCounts] | None = None
    for each in frame.competencies if top else ():
        cell = frame.cell(top.id, each.code) if each.critical and top else None
        if (
            cell is not None
            and cell.of
            and (found is None or cell.at_target * found[1].of < found[1].at_target * cell.of)
        ):
            found = (each, cell)
    return _gap("", top, found[0], found[1], to) if top and found else None


def _findings(frame: Frame, chosen: tuple[CompetencyFacts, ...], to: Addresses) -> tuple[Finding, ...]:
    """The widest gaps among the rows, each of another unit, and the best unit where one reaches the aim."""
    gaps: list[tuple[int, UnitFacts, CompetencyFacts, CellCounts]] = []
    for unit in frame.below:
        for each in chosen:
            cell = frame.cell(unit.id, each.code)
            if cell is not None and cell.of and percent(cell.at_target, cell.of) < LOW:
                gaps.append((cell.of - cell.at_target, unit, each, cell))
    gaps.sort(key=lambda gap: -gap[0])
    found: list[Finding] = []
    for _, unit, each, cell in gaps:
        if len(found) < MOST_GAPS and unit.name not in {other.unit for other in found}:
            far = step(percent(cell.at_target, cell.of)) == "far"
            change, moved = _change(frame, unit, each)
            gap = _gap("bad" if far else "warn", unit, each, cell, to)
            found.append(replace(gap, change=change, moved=moved))
    judged = [unit for unit in frame.below if frame.of(unit.id).targeted and not frame.hides(unit.id, READY)]
    best = max(judged, key=lambda unit: frame.of(unit.id).complete / frame.of(unit.id).targeted, default=None)
    if best is not None and is_ready(frame.of(best.id).complete, frame.of(best.id).targeted):
        counts = frame.of(best.id)
        found.append(Finding("good", best.name, counts.complete, counts.targeted, to.row(best.code)))
    return tuple(found)
