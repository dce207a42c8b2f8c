"""Reading what was last reckoned from the answers to items. Never writes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from lms.bank.facts import AnalysisFacts, Figures, State
from lms.bank.models import BankAnalysis, ItemFigures
from lms.catalog import queries as catalog
from lms.db import db
from lms.quizzes import sittings

_ANALYSIS = (
    BankAnalysis.course_id, BankAnalysis.version_id, BankAnalysis.as_of, BankAnalysis.attempts, BankAnalysis.takers,
    BankAnalysis.papers, BankAnalysis.alpha, BankAnalysis.sem, BankAnalysis.model, BankAnalysis.warnings,
    BankAnalysis.digest, BankAnalysis.ability_sd,
)  # fmt: skip
_SHORT = (
    ItemFigures.takers, ItemFigures.shown, ItemFigures.difficulty, ItemFigures.discrimination, ItemFigures.flags,
)  # fmt: skip


def analyses() -> dict[int, AnalysisFacts]:
    """The last analysis of every course that has one."""
    found = {}
    for row in db.session.execute(select(*_ANALYSIS)):
        values = dict(row._mapping)
        found[row.course_id] = AnalysisFacts(**values | {"warnings": tuple(values["warnings"])})
    return found


def states() -> tuple[State, ...]:
    """Every course that learners see, with how far its figures are. Three statements."""
    known, counts = analyses(), sittings.handed_in()
    versions = catalog.versions_by_id(counts)
    attempts: dict[int, int] = {}
    for version_id, count in counts.items():
        course = versions[version_id].course_id
        attempts[course] = attempts.get(course, 0) + count
    return tuple(
        State(each, attempts.get(each.course_id, 0), known.get(each.course_id)) for each in catalog.catalogue()
    )


def figures(course_id: int | None = None) -> Mapping[tuple[int, str], Figures]:
    """The short figures of every item by course and id, or of one course's items. One statement."""
    statement = select(ItemFigures.course_id, ItemFigures.item, *_SHORT)
    rows = db.session.execute(statement if course_id is None else statement.where(ItemFigures.course_id == course_id))
    return {(row[0], row[1]): Figures(row[2], row[3], row[4], row[5], tuple(row[6])) for row in rows}


def of_item(course_id: int, item: str) -> Figures | None:
    """All figures of one item, None where nobody met it as it stands."""
    statement = select(*_SHORT, ItemFigures.figures).where(ItemFigures.course_id == course_id, ItemFigures.item == item)
    row = db.session.execute(statement).first()
    return Figures(row[0], row[1], row[2], row[3], tuple(row[4]), row[5]) if row else None


def places(course_id: int) -> dict[str, tuple[float, float]]:
    """Slope and difficulty of every item of a course that enough people met and that the scale takes."""
    irt_part = ItemFigures.figures["irt"]  # the whole document holds tables that nobody needs here
    rows = db.session.execute(select(ItemFigures.item, irt_part).where(ItemFigures.course_id == course_id)).all()
    found = {}
    for item, irt in rows:
        if irt and irt["enough"] and irt["reason"] is None and irt["b"] is not None and (irt["a"] or 0) > 0:
            found[item] = (float(irt["a"]), float(irt["b"]))
    return found
