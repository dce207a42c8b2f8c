"""Reading what reports are built from. Never writes; fold before asking for today's figures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select

from lms.competency.facts import CompetencyFacts, PersonStanding, UnitCounts
from lms.competency.ledger import not_withdrawn
from lms.competency.models import Evidence, ProfessionRollup, ProfessionStaff, Rollup, UnitStaff
from lms.competency.queries import counts, people_on, standings
from lms.competency.reckoning import Tally
from lms.competency.rollups import CELL, STAFF
from lms.competency.rollups import counts_of as kept_counts
from lms.competency.snapshot import Snapshot, snapshot
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.models import Post
from lms.people.queries import in_batches, units
from lms.people.scope import Scope
from lms.people.spans import unit_lines_on
from lms.reports.frame import Frame, hide, sizes_of
from lms.reports.tree import Tree

PROFESSIONS = ("physician", "nurse", "pharmacist", "other")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _of_units(cell: Any, head: Any) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """Statements of units' heads, of their cells, and of their cells without those who fall below target later."""
    cells, heads = cell.__table__.c, head.__table__.c
    chosen = [cells.unit_id.in_(_IDS)]
    named = [heads.unit_id.in_(_IDS)]
    if "profession" in cells:
        chosen.append(cells.profession == bindparam("profession"))
        named.append(heads.profession == bindparam("profession"))
    order = (cells.unit_id, cells.competency_id)
    return (
        select(heads.unit_id, *(heads[name] for name in STAFF)).where(*named).order_by(heads.unit_id),
        select(*order, *(cells[name] for name in CELL)).where(*chosen).order_by(*order),
        select(*order, *(cells[name] for name in CELL[:7])).where(*chosen).order_by(*order),
    )


_EVERYBODY = _of_units(Rollup, UnitStaff)
_PROFESSION = _of_units(ProfessionRollup, ProfessionStaff)

Rows = list[tuple[int, ...]]


class ReportRefused(Exception):
    """The report cannot be made. `kind` is unknown-unit (404), scope (403) or profession (422)."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Question:
    """What is asked of a report. `flat` shows every unit without units below it instead of direct children.

    Without `unit` the rows are all roots; with `opened` a single root is taken as the unit asked for, as a page
    does. `people`, `cover` and `endings` are what a kind of report needs beside the counts.
    """

    unit: str | None
    as_of: dt.date
    today: dt.date
    scope: Scope
    profession: str | None = None
    flat: bool = False
    opened: bool = False
    smallest: int = 5
    people: bool = False
    cover: bool = False
    endings: bool = False


@dataclass(frozen=True)
class Plan:
    """A question laid over the unit tree: which rows are shown, and which units are needed to decide what is hidden.

    `only` are the people that are counted where the reader may not see all of a unit, else None.
    """

    question: Question
    tree: Tree
    asked: UnitFacts | None
    rows: tuple[UnitFacts, ...]
    parents: tuple[UnitFacts, ...]
    needed: frozenset[int]
    only: frozenset[int] | None

    @property
    def folded(self) -> bool:
        """Whether the rollups alone answer it."""
        return self.question.as_of == self.question.today and self.only is None


def plan(question: Question) -> Plan:
    """Lay a question over the tree. Raises ReportRefused for an unknown unit or one outside the scope."""
    if question.profession not in (None, *PROFESSIONS):
        raise ReportRefused("profession", "The profession is physician, nurse, pharmacist or other.")
    tree = _tree(question)
    scope = question.scope
    asked = None
    only = None
    if question.unit is not None:
        asked = tree.by_code(question.unit)
        if asked is None:
            raise ReportRefused("unknown-unit", f"There is no unit with the code {question.unit}.")
        if not scope.covers_unit(asked.id):
            only = _managed_in(asked, tree, question)
        tops: Sequence[UnitFacts] = [asked]
    elif scope.everything:
        tops = tree.roots
    elif scope.unit_ids:
        tops = tree.tops(scope.unit_ids)
    else:
        only = scope.person_ids
        tops = tree.roots if only else []
    if question.opened and len(tops) == 1:
        asked = tops[0]
    rows = tree.rows(tops, asked is not None, question.flat)
    parents = tree.split(rows)
    needed = {unit.id for unit in [*rows, *tree.roots]} | {c.id for p in parents for c in tree.children(p.id)}
    return Plan(question, tree, asked, tuple(rows), tuple(parents), frozenset(needed), only)


_last: list[Tree] = []


def _present(now: tuple[UnitFacts, ...]) -> Tree:
    """The tree of units as they are; thousands of units are hung into it once, while none of them changes."""
    held = _last[0] if _last else None
    if held is None or held.units is not now:
        held = Tree(now)
        _last[:] = [held]
    return held


def _tree(question: Question) -> Tree:
    if question.as_of == question.today:
        return _present(units())
    lines = unit_lines_on(question.as_of)
    return Tree(units(), {unit_id: line[1] if len(line) > 1 else None for unit_id, line in lines.items()})


def _managed_in(asked: UnitFacts, tree: Tree, question: Question) -> frozenset[int]:
    """The people the reader manages, where any of them works in this unit; else the unit is refused."""
    below = {unit.id for unit in tree.subtree(asked)}
    held = select(Post.person_id, Post.unit_id).where(_held_on(question.as_of))
    for some in in_batches(question.scope.person_ids):
        for _, unit_id in db.session.execute(held.where(Post.person_id.in_(some))):
            if unit_id in below:
                return question.scope.person_ids
    raise ReportRefused("scope", "This unit is not among those you may see.")


def read_folded(planned: Plan) -> tuple[Rows, Rows]:
    """The rollups of the units needed as plain tuples, which also say whether a kept frame still holds."""
    asked = planned.question
    heads, cells, fewer = _EVERYBODY if asked.profession is None else _PROFESSION
    values: dict[str, Any] = {"ids": sorted(planned.needed)}
    if asked.profession is not None:
        values["profession"] = asked.profession
    return _tuples(heads, values), _tuples(cells if asked.endings else fewer, values)


def _tuples(statement: Select[Any], values: dict[str, Any]) -> Rows:
    """The driver's own tuples: a map has more than a thousand rows, and wrapping each costs as much as reading it."""
    result = db.session.connection().execute(statement, values)
    assert result.cursor is not None, "a select has a cursor"
    rows: Rows = list(result.cursor.fetchall())
    result.close()
    return rows


def counts_of(read: tuple[Rows, Rows]) -> dict[int, UnitCounts]:
    """The rollups as counts by unit."""
    return kept_counts(*read)


def frame(question: Question) -> Frame:
    """Gather the figures. Raises ReportRefused for an unknown unit or one outside the scope."""
    planned = plan(question)
    people = _people(planned) if question.people or planned.only is not None else ()
    return framed(planned, snapshot(), _figures(planned, people), people)


def _figures(planned: Plan, people: Iterable[PersonStanding]) -> Mapping[int, UnitCounts]:
    """The counts of the units needed; of the people handed in where the reader may see no others."""
    question = planned.question
    if planned.only is not None:
        tally = Tally()
        for each in people:
            mine = planned.needed.intersection(each.units)
            tally.add(each.levels, each.targets, mine, compliant=each.compliant, endings=each.endings)
        return tally.counts([each.code for each in snapshot().everything])
    if planned.folded:
        return counts_of(read_folded(planned))
    return counts(
        question.as_of, today=question.today, unit_ids=planned.needed, profession=question.profession,
        ahead=question.endings, shown=[unit.id for unit in planned.rows],
    )  # fmt: skip


def framed(
    planned: Plan, known: Snapshot, found: Mapping[int, UnitCounts], people: tuple[PersonStanding, ...] = ()
) -> Frame:
    """The frame of a plan and its counts, with what stays hidden."""
    question, competencies = planned.question, known.current
    sizes = sizes_of(found, [each.code for each in competencies])
    result = Frame(
        as_of=question.as_of,
        today=question.today,
        unit=planned.asked,
        rows=planned.rows,
        counts=found,
        hidden=hide(planned.tree, planned.parents, sizes, question.smallest),
        competencies=competencies,
        filters=_filters(planned),
        smallest=question.smallest,
        people=people,
    )
    return replace(result, super_users=super_users(planned, found)) if question.cover else result


def _filters(planned: Plan) -> tuple[tuple[str, str], ...]:
    filters = [("unit", planned.asked.code if planned.asked else "all")]
    if planned.question.profession:
        filters.append(("profession", planned.question.profession))
    if planned.question.flat:
        filters.append(("rows", "lowest units"))
    if planned.only is not None:
        filters.append(("people", "those you manage"))
    return tuple(filters)


def _people(planned: Plan) -> tuple[PersonStanding, ...]:
    """Everybody who counts in a unit that is needed, as far as the reader may see them."""
    question = planned.question
    if question.as_of == question.today:
        return standings(unit_ids=planned.needed, profession=question.profession, person_ids=planned.only)
    found = people_on(
        question.as_of, unit_ids=planned.needed, profession=question.profession, person_ids=planned.only
    )  # fmt: skip
    return tuple(found)


def _held_on(on: dt.date) -> ColumnElement[bool]:
    return and_(Post.starts <= on, or_(Post.ends.is_(None), Post.ends >= on))


def super_users(planned: Plan, found: Mapping[int, UnitCounts]) -> dict[int, int]:
    """Super-users of every profession with a current post in each shown unit's subtree, each person once."""
    question = planned.question
    shown = [unit.id for unit in planned.rows]
    if planned.only is not None:
        return _managed_cover(planned)
    if question.profession is not None:
        found = counts(question.as_of, today=question.today, unit_ids=shown, ahead=False)
    return {unit_id: found[unit_id].super_users for unit_id in shown if unit_id in found}


def _managed_cover(planned: Plan) -> dict[int, int]:
    """Of the people the reader manages, the super-users in each shown unit's subtree."""
    held = select(Post.unit_id, Post.person_id).where(Post.super_user.is_(True), _held_on(planned.question.as_of))
    found: dict[int, set[int]] = defaultdict(set)
    for some in in_batches(planned.only or ()):
        for unit_id, person_id in db.session.execute(held.where(Post.person_id.in_(some))):
            at: int | None = unit_id
            while at is not None:
                found[at].add(person_id)
                at = planned.tree.parents.get(at)
    return {unit.id: len(found[unit.id]) for unit in planned.rows if unit.id in found}


def carrying(
    levels: Mapping[int, int], competency: CompetencyFacts, as_of: dt.date
) -> dict[int, tuple[str, dt.date, dt.date | None]]:
    """Of each person (with their level) the newest unexpired evidence at that level: source, achieved, valid until."""
    found: dict[int, tuple[str, dt.date, dt.date | None]] = {}
    columns = (Evidence.person_id, Evidence.source, Evidence.level, Evidence.achieved_on, Evidence.valid_until)
    conditions = (
        Evidence.competency_id == competency.id,
        Evidence.passed.is_(True),
        not_withdrawn(),
        Evidence.achieved_on <= as_of,
        or_(Evidence.valid_until.is_(None), Evidence.valid_until >= as_of),
    )
    for some in in_batches(list(levels)):
        statement = select(*columns).where(Evidence.person_id.in_(some), *conditions).order_by(Evidence.achieved_on)
        for person_id, source, level, achieved, until in db.session.execute(statement):
            if level == levels[person_id]:
                found[person_id] = (source, achieved, until)
    return found


def current_posts(person_ids: Collection[int], on: dt.date) -> dict[int, list[int]]:
    """The units of these people's posts on a day."""
    found: dict[int, list[int]] = defaultdict(list)
    for some in in_batches(list(person_ids)):
        held = select(Post.person_id, Post.unit_id).where(Post.person_id.in_(some), _held_on(on))
        for person_id, unit_id in db.session.execute(held.order_by(Post.starts, Post.id)):
            found[person_id].append(unit_id)
    return found
