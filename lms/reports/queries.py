"""Reading what reports are built from. Never writes; fold before asking for today's figures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from lms.competency.endings import endings
from lms.competency.facts import PersonStanding
from lms.competency.queries import competencies, counts, people_on, standings
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.models import Post, UnitTree
from lms.people.queries import units
from lms.people.scope import Scope
from lms.reports.frame import READY, Frame, hide


class ReportRefused(Exception):
    """The report cannot be made. `kind` is unknown-unit (404), scope (403) or profession (422)."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Question:
    """What is asked of a report. `flat` shows every unit without units below it instead of direct children."""

    unit: str | None
    as_of: dt.date
    today: dt.date
    scope: Scope
    profession: str | None = None
    flat: bool = False
    smallest: int = 5
    people: bool = False
    endings: tuple[int, ...] = ()  # spans in days


class _Tree:
    """The units as they stand, in order of code."""

    def __init__(self) -> None:
        self.all = {unit.id: unit for unit in units()}
        self.below: dict[int | None, list[UnitFacts]] = defaultdict(list)
        for unit in self.all.values():
            parent = unit.parent_id if unit.parent_id in self.all else None
            self.below[parent].append(unit)

    def children(self, unit_id: int) -> list[UnitFacts]:
        return self.below.get(unit_id, [])

    def line(self, unit: UnitFacts) -> list[UnitFacts]:
        """The unit's ancestors and itself, the highest first."""
        line = [unit]
        while line[0].parent_id in self.all:
            line.insert(0, self.all[line[0].parent_id])
        return line

    def subtree(self, unit: UnitFacts) -> list[UnitFacts]:
        """The unit and all below it, parents before children."""
        found = [unit]
        for each in found:
            found += self.children(each.id)
        return found


def frame(question: Question) -> Frame:
    """Gather the figures. Raises ReportRefused for an unknown unit or one outside the scope."""
    tree = _Tree()
    asked = _asked(tree, question)
    tops = [asked] if asked else _tops(tree, question.scope)
    if question.flat:
        shown = [unit for top in tops for unit in tree.subtree(top) if not tree.children(unit.id)]
        shown = tops + [unit for unit in shown if unit not in tops]
        parents = [unit for top in tops for unit in tree.line(top)[:-1] + tree.subtree(top) if tree.children(unit.id)]
    else:
        shown = [asked, *tree.children(asked.id)] if asked else tops
        parents = [unit for top in tops for unit in (tree.line(top) if asked else tree.line(top)[:-1])]
    parents = list(dict.fromkeys(parents))
    roots = tree.below[None]
    needed = {unit.id for unit in [*shown, *roots, *parents]} | {c.id for p in parents for c in tree.children(p.id)}
    found = counts(question.as_of, today=question.today, unit_ids=needed, profession=question.profession)
    known = competencies()
    measures = [READY, *(each.code for each in known)]
    people = _people(question, shown) if question.people or question.endings else ()
    return Frame(
        as_of=question.as_of,
        today=question.today,
        unit=asked,
        rows=tuple(shown),
        counts=found,
        hidden=hide(parents, roots, tree.children, found, measures, question.smallest),
        competencies=known,
        filters=_filters(asked, question),
        smallest=question.smallest,
        people=people,
        super_users=super_users([unit.id for unit in shown], question.as_of) if question.people else None,
        endings=_endings(people, question),
    )


def _asked(tree: _Tree, question: Question) -> UnitFacts | None:
    if question.profession not in (None, "physician", "nurse", "pharmacist", "other"):
        raise ReportRefused("profession", "The profession is physician, nurse, pharmacist or other.")
    if question.unit is None:
        return None
    found = next((unit for unit in tree.all.values() if unit.code == question.unit), None)
    if found is None:
        raise ReportRefused("unknown-unit", f"There is no unit with the code {question.unit}.")
    if not question.scope.covers_unit(found.id):
        raise ReportRefused("scope", "This unit is not among those you may see.")
    return found


def _tops(tree: _Tree, scope: Scope) -> list[UnitFacts]:
    """All roots, or for a supervisor the highest of the granted units."""
    if scope.everything:
        return tree.below[None]
    granted = [unit for unit in tree.all.values() if unit.id in scope.unit_ids]
    return [unit for unit in granted if unit.parent_id not in scope.unit_ids]


def _filters(asked: UnitFacts | None, question: Question) -> tuple[tuple[str, str], ...]:
    filters = [("unit", asked.code if asked else "all")]
    if question.profession:
        filters.append(("profession", question.profession))
    if question.flat:
        filters.append(("rows", "lowest units"))
    return tuple(filters)


def _endings(people: Sequence[PersonStanding], question: Question) -> Mapping[int, Mapping[str, int]] | None:
    if not question.endings:
        return None
    return endings(people, question.endings, on=question.as_of, folded=question.as_of == question.today)


def _people(question: Question, shown: list[UnitFacts]) -> tuple[PersonStanding, ...]:
    wanted = frozenset(unit.id for unit in shown)
    if question.as_of == question.today:
        return standings(unit_ids=wanted, profession=question.profession)
    return tuple(people_on(question.as_of, unit_ids=wanted, profession=question.profession))


def super_users(unit_ids: list[int], on: dt.date) -> dict[int, int]:
    """Super-users with a current post in each unit's subtree, each person once."""
    rows = db.session.execute(
        select(UnitTree.ancestor_id, func.count(func.distinct(Post.person_id)))
        .join(Post, Post.unit_id == UnitTree.unit_id)
        .where(
            UnitTree.ancestor_id.in_(unit_ids),
            Post.super_user.is_(True),
            Post.starts <= on,
            or_(Post.ends.is_(None), Post.ends >= on),
        )
        .group_by(UnitTree.ancestor_id)
    )
    return {row.ancestor_id: row[1] for row in rows}
