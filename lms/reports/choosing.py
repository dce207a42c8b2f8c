"""Counts under a choice of competencies: from the kept ones where they say it, else from the ledger. Reads only.

Being at every target of a choice is no sum of cells. Of one competency it is its cell, and of the critical ones it
is kept; of a domain the database counts the evidence in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.competency.facts import CompetencyFacts, UnitCounts
from lms.competency.queries import counts, counts_by_profession, recount
from lms.competency.snapshot import Snapshot
from lms.reports.frame import CRITICAL, READY
from lms.reports.masks import Sizes, sizes_of_rows
from lms.reports.parting import parted
from lms.reports.picks import CRITICAL_ONES
from lms.reports.plans import Plan

Found = tuple[Mapping[int, UnitCounts], Sizes | None, Mapping[int, frozenset[str]] | None]


def counted(planned: Plan, known: Snapshot, chosen: Sequence[CompetencyFacts]) -> Found:
    """Counts by unit; for a profession also the sizes that decide what stays hidden, or what does."""
    question = planned.question
    shown = [unit.id for unit in planned.rows]
    if _is_kept(planned, chosen):
        found = counts(
            question.as_of, today=question.today, unit_ids=shown if question.profession else planned.needed,
            profession=question.profession,
        )  # fmt: skip
        narrow = {unit_id: _narrow(held, question.competencies, chosen) for unit_id, held in found.items()}
        return narrow, None, _hidden(planned, known, chosen) if question.profession else None
    codes, ahead = [each.code for each in chosen], bool(question.endings)
    if question.profession is None:
        return recount(question.as_of, unit_ids=planned.needed, ahead=ahead, shown=shown, codes=codes), None, None
    parts = counts_by_profession(question.as_of, ahead=ahead, shown=shown, codes=codes)
    return parts[question.profession], sizes_of_parts(parts, codes), None


def sizes_of_parts(parts: Mapping[str, Mapping[int, UnitCounts]], codes: Sequence[str]) -> Sizes:
    """How many people of each profession have a target, in every unit, from the counts of each profession."""
    return sizes_of_rows(
        (
            (profession, unit_id, what, people)
            for profession, units in parts.items()
            for unit_id, held in units.items()
            for what, people in (
                *((code, cell.of) for code, cell in held.cells.items()),
                ("targeted", held.targeted),
                ("critical", held.critical),
            )
            if people
        ),
        codes,
    )


def _is_kept(planned: Plan, chosen: Sequence[CompetencyFacts]) -> bool:
    """Whether the kept counts say everything; of several competencies it is not kept who falls below one of them."""
    asked = planned.question
    critical = asked.competencies == CRITICAL_ONES and not asked.endings
    return asked.as_of == asked.today and (len(chosen) == 1 or critical)


def _narrow(held: UnitCounts, choice: str, chosen: Sequence[CompetencyFacts]) -> UnitCounts:
    """The counts as if only the chosen targets were there."""
    cells = {each.code: held.cells[each.code] for each in chosen if each.code in held.cells}
    if len(chosen) > 1:
        return replace(held, cells=cells, targeted=held.critical, complete=held.compliant)
    cell, critical = held.cell(chosen[0].code), chosen[0].critical
    return replace(
        held, cells=cells, targeted=cell.of, complete=cell.at_target, ending=cell.ending,
        critical=cell.of if critical else 0, compliant=cell.at_target if critical else 0,
    )  # fmt: skip


def _hidden(planned: Plan, known: Snapshot, chosen: Sequence[CompetencyFacts]) -> dict[int, frozenset[str]]:
    """What stays hidden of a profession: being at every target is about the people of the one, or the critical ones."""
    asked = planned.question
    assert asked.profession is not None, "a profession was asked for"
    codes = {each.code for each in chosen}
    found = {}
    for unit_id, names in parted(planned, known).hidden(planned.rows, asked.profession).items():
        hidden = set(names & codes)
        if (names & codes) if len(chosen) == 1 else CRITICAL in names:
            hidden |= {READY, CRITICAL} if len(chosen) > 1 or chosen[0].critical else {READY}
        found[unit_id] = frozenset(hidden)
    return found
