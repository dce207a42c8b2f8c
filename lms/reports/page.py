"""What the workforce page shows, worked out of a frame: findings, statistics, the map's cells. Pure.

The page uses the same builders as the exports, so page and file cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.competency.facts import CompetencyFacts
from lms.people.facts import UnitFacts
from lms.reports.frame import READY, Frame
from lms.reports.kinds import heatmap, readiness
from lms.reports.steps import step
from lms.reports.value import Report
from lms.reports.words import AIM, percent


@dataclass(frozen=True)
class Cell:
    """A cell as the template prints it. `step` is the class of its colour."""

    step: str
    figure: str
    count: str
    url: str
    levels: tuple[int, ...] = ()


@dataclass(frozen=True)
class Row:
    """A unit's row of the map."""

    code: str
    name: str
    url: str
    staff: int
    total: bool  # the unit asked for, which sums the rows below it
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Finding:
    """A fact that may need a decision, with one action."""

    kind: str  # bad, warn or good
    fact: str
    figure: str
    action: str
    url: str


@dataclass(frozen=True)
class WorkforcePage:
    """Everything on the page."""

    frame: Frame
    map: Report
    readiness: Report
    competencies: tuple[CompetencyFacts, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    met: tuple[int, int] | None  # people at every target, of
    ready: tuple[int, int]  # units ready, of units judged
    staff: int
    aim: int = AIM


def chosen_columns(frame: Frame, columns: str) -> tuple[CompetencyFacts, ...]:
    """The competencies of a column choice: critical, all, or a domain's code."""
    if columns == "all":
        return frame.competencies
    chosen = tuple(each for each in frame.competencies if each.domain == columns)
    return chosen or tuple(each for each in frame.competencies if each.critical) or frame.competencies


def workforce_page(
    frame: Frame, *, columns: str, cell_url: Callable[[str, str], str], unit_url: Callable[[str], str]
) -> WorkforcePage:
    """The page of a frame. The url functions take a unit's code, and a competency's."""
    chosen = chosen_columns(frame, columns)
    judged = readiness.build(frame)
    below = frame.rows[1:] if frame.unit and len(frame.rows) > 1 else frame.rows
    units_judged = [row for row in judged.data["units"] if row["of"] and row["code"] in {unit.code for unit in below}]
    top = frame.unit or (frame.rows[0] if len(frame.rows) == 1 else None)
    return WorkforcePage(
        frame=frame,
        map=heatmap.build(frame),
        readiness=judged,
        competencies=chosen,
        rows=tuple(_row(frame, unit, chosen, cell_url, unit_url) for unit in frame.rows),
        findings=_findings(frame, chosen, cell_url, unit_url),
        met=_met(frame, top),
        ready=(sum(1 for row in units_judged if row["is_ready"]), len(units_judged)),
        staff=sum(frame.of(unit.id).staff for unit in ([top] if top else frame.rows)),
    )


def _met(frame: Frame, top: UnitFacts | None) -> tuple[int, int] | None:
    if top is None or READY in frame.hidden.get(top.id, frozenset()):
        return None
    counts = frame.of(top.id)
    return (counts.complete, counts.targeted) if counts.targeted else None


def _row(
    frame: Frame,
    unit: UnitFacts,
    chosen: tuple[CompetencyFacts, ...],
    cell_url: Callable[[str, str], str],
    unit_url: Callable[[str], str],
) -> Row:
    cells = []
    for each in chosen:
        counts = frame.cell(unit.id, each.code)
        if counts is None:
            cells.append(Cell("few", "", "", ""))
        elif not counts.of:
            cells.append(Cell("none", "", "", ""))
        else:
            share = percent(counts.at_target, counts.of)
            count = f"{counts.at_target}/{counts.of}"
            cells.append(Cell(step(share), f"{share}%", count, cell_url(unit.code, each.code), counts.levels))
    total = frame.unit is not None and unit.id == frame.unit.id and len(frame.rows) > 1
    return Row(unit.code, unit.name, unit_url(unit.code), frame.of(unit.id).staff, total, tuple(cells))


def _findings(
    frame: Frame,
    chosen: tuple[CompetencyFacts, ...],
    cell_url: Callable[[str, str], str],
    unit_url: Callable[[str], str],
) -> tuple[Finding, ...]:
    """The two widest gaps among the rows and the best unit, where there is one."""
    below = frame.rows[1:] if frame.unit and len(frame.rows) > 1 else frame.rows
    gaps: list[tuple[int, UnitFacts, CompetencyFacts, int, int]] = []
    for unit in below:
        for each in chosen:
            cell = frame.cell(unit.id, each.code)
            if cell is not None and cell.of and cell.at_target * 100 < 80 * cell.of:
                gaps.append((cell.of - cell.at_target, unit, each, cell.at_target, cell.of))
    gaps.sort(key=lambda gap: -gap[0])
    found = []
    for _, unit, each, at_target, of in gaps[:2]:
        kind = "bad" if at_target * 100 < 65 * of else "warn"
        found.append(Finding(kind, f"{unit.name}: {each.code} {each.title}", f"{at_target}/{of}", "missing",
                             cell_url(unit.code, each.code)))  # fmt: skip
    best = max(
        (unit for unit in below if READY not in frame.hidden.get(unit.id, frozenset()) and frame.of(unit.id).targeted),
        key=lambda unit: frame.of(unit.id).complete / frame.of(unit.id).targeted,
        default=None,
    )
    if best is not None and frame.of(best.id).complete * 100 >= AIM * frame.of(best.id).targeted:
        counts = frame.of(best.id)
        found.append(Finding("good", best.name, f"{counts.complete}/{counts.targeted}", "ready", unit_url(best.code)))
    return tuple(found)
