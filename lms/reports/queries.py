"""Reading what reports are built from. Never writes; fold before asking for today's figures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select

from lms.competency.endings import endings_in
from lms.competency.facts import PersonStanding, UnitCounts
from lms.competency.models import Rollup, UnitStaff
from lms.competency.queries import counts, counts_by_profession, people_on, standings
from lms.competency.reckoning import Tally
from lms.competency.rollups import CELL, STAFF
from lms.competency.rollups import counts_of as kept_counts
from lms.competency.snapshot import Snapshot, snapshot
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.models import Post
from lms.people.queries import in_batches, units
from lms.people.spans import unit_lines_on
from lms.reports import words
from lms.reports.choosing import counted, sizes_of_parts
from lms.reports.demand import MOST_SEATED, demand, months_ahead
from lms.reports.frame import Frame, compliance_of, hide, sizes_of
from lms.reports.gathering import GATHERERS
from lms.reports.leveling import moved_by_decision, moved_of_people, told_moves, veiled_moves
from lms.reports.masks import Sizes, both, mask, sizes_of_people
from lms.reports.parting import parted
from lms.reports.picks import masked, picked
from lms.reports.plans import PROFESSIONS, Plan, Question, ReportRefused, refuse_later
from lms.reports.tree import Tree

_CELLS = Rollup.__table__.c
_HEADS = UnitStaff.__table__.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ORDER = (_CELLS.unit_id, _CELLS.competency_id)
_STAFF_OF = (
    select(_HEADS.unit_id, *(_HEADS[name] for name in STAFF)).where(_HEADS.unit_id.in_(_IDS)).order_by(_HEADS.unit_id)
)
# Without those who fall below target later, whom only the people's own evidence tells month by month.
_CELLS_OF = select(*_ORDER, *(_CELLS[name] for name in CELL[:7])).where(_CELLS.unit_id.in_(_IDS)).order_by(*_ORDER)

Rows = list[tuple[int, ...]]


def plan(question: Question) -> Plan:
    """Lay a question over the tree. Raises ReportRefused for an unknown unit or one outside the scope."""
    if question.profession not in (None, *PROFESSIONS):
        raise ReportRefused("profession", _("The profession is physician, nurse, pharmacist or other."))
    refuse_later(question)
    if question.whole and not question.scope.everything:
        raise ReportRefused("scope", _("This report is for those who answer for the whole hospital."))
    if question.competencies and not picked(snapshot().current, question.competencies):
        raise ReportRefused(
            "competencies",
            _(
                "%(what)r chooses no competency; `critical`, or the code of a domain or competency, was expected.",
                what=question.competencies[:40],
            ),
        )
    tree = _tree(question)
    scope = question.scope
    asked = None
    only = None
    if question.unit is not None:
        asked = tree.by_code(question.unit)
        if asked is None:
            raise ReportRefused("unknown-unit", _("There is no unit with the code %(unit)s.", unit=question.unit))
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
    return _laid(question, tree, asked, tree.rows(tops, asked is not None, question.flat), only)


def _laid(
    question: Question, tree: Tree, asked: UnitFacts | None, rows: Sequence[UnitFacts], only: frozenset[int] | None
) -> Plan:
    """The plan that shows these rows, with the units that must be counted to know what stays hidden."""
    return Plan(question, tree, asked, tuple(rows), tuple(tree.split(rows)), tree.needed(rows), only)


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
        for _person, unit_id in db.session.execute(held.where(Post.person_id.in_(some))):
            if unit_id in below:
                return question.scope.person_ids
    raise ReportRefused("scope", _("This unit is not among those you may see."))


def read_folded(planned: Plan) -> tuple[Rows, Rows]:
    """The rollups of the units needed as plain tuples, which also say whether a kept frame still holds."""
    ids = {"ids": sorted(planned.needed)}
    return _tuples(_STAFF_OF, ids), _tuples(_CELLS_OF, ids)


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
    """Gather the figures. Raises ReportRefused for an unknown unit or one outside the scope, and for bad filters."""
    planned = plan(question)
    found = _frame(planned)
    if question.compare_to is None:
        return _with_moves(planned, found) if found.trend else found
    earlier = replace(question, as_of=question.compare_to, compare_to=None)
    then = _frame(_laid(earlier, _tree(earlier), planned.asked, planned.rows, planned.only))
    hidden = both(found.hidden, then.hidden)
    compared = replace(found, hidden=hidden, before=replace(then, hidden=hidden))
    return compared if question.gathers else _by_one_target(planned, earlier, compared)


def _with_moves(planned: Plan, found: Frame) -> Frame:
    """A trend with the targets that moved between its first day and its last."""
    lines = unit_lines_on(found.as_of)
    moves = told_moves(snapshot(), lines, planned, since=found.trend[0].day)
    return replace(found, moved=moved_by_decision(moves, lines, found)) if moves else found


def _by_one_target(planned: Plan, earlier: Question, compared: Frame) -> Frame:
    """With the earlier figures held to the targets of the date, where a target moved between the two."""
    assert compared.before is not None, "a comparison was asked for"
    lines = unit_lines_on(planned.question.as_of)
    moves = told_moves(snapshot(), lines, planned, since=earlier.as_of)
    if not moves:
        return compared
    if sum(compared.before.of(root.id).staff for root in planned.tree.roots) > MOST_SEATED:
        return replace(compared, moved=moved_by_decision(moves, lines, compared))
    asked = replace(earlier, needs_on=planned.question.as_of, cover=False)
    laid = _laid(asked, _tree(asked), planned.asked, planned.rows, planned.only)
    everyone = _people(laid)
    level = _of_people(laid, snapshot(), everyone)
    veiled = both(both(compared.hidden, level.hidden), veiled_moves(laid, everyone, compared))
    return replace(compared, level=replace(level, hidden=veiled), moved=moved_of_people(moves, lines, level))


def _frame(planned: Plan) -> Frame:
    known = snapshot()
    if planned.counted:
        return _counted(planned, known)
    return _of_people(planned, known, _people(planned))


def _of_people(planned: Plan, known: Snapshot, everyone: tuple[PersonStanding, ...]) -> Frame:
    """The frame of the people who count, where they were read one by one."""
    question = planned.question
    people = tuple(each for each in everyone if question.profession in (None, each.profession))
    if planned.folded:
        found: Mapping[int, UnitCounts] = counts_of(read_folded(planned))
    else:
        tally = Tally()
        for person in people:
            tally.add(person.levels, person.targets, planned.needed.intersection(person.units))
        found = tally.counts([each.code for each in known.everything])
    return framed(planned, known, found, people, everyone)


def _counted(planned: Plan, known: Snapshot) -> Frame:
    """The frame where counts of units answer, of today or another day, of everybody or a profession."""
    question = planned.question
    shown = [unit.id for unit in planned.rows]
    ahead = bool(question.endings)
    found: Mapping[int, UnitCounts]
    if question.competencies:
        found, sizes, veiled = counted(planned, known, picked(known.current, question.competencies))
        return framed(planned, known, found, sizes=sizes, hidden=veiled)
    if question.profession is not None and question.as_of == question.today:
        hidden = parted(planned, known).hidden(planned.rows, question.profession)
        found = counts(question.as_of, today=question.today, unit_ids=shown, profession=question.profession)
        return framed(planned, known, found, hidden=hidden)
    if question.profession is not None:
        parts = counts_by_profession(question.as_of, ahead=ahead, shown=shown)
        sizes = sizes_of_parts(parts, [each.code for each in known.current])
        return framed(planned, known, parts[question.profession], sizes=sizes)
    if planned.folded and not ahead:
        found = counts_of(read_folded(planned))
    else:
        found = counts(question.as_of, today=question.today, unit_ids=planned.needed, ahead=ahead, shown=shown)
    return framed(planned, known, found)


def framed(
    planned: Plan,
    known: Snapshot,
    found: Mapping[int, UnitCounts],
    people: tuple[PersonStanding, ...] = (),
    everyone: tuple[PersonStanding, ...] = (),
    sizes: Sizes | None = None,
    hidden: Mapping[int, frozenset[str]] | None = None,
) -> Frame:
    """The frame of a plan and its counts, with what stays hidden.

    `people` are those counted, `everyone` the same of all professions where one was asked for; `sizes`
    say how many these are where nobody was read, and `hidden` what stays hidden where that is known.
    """
    question, competencies = planned.question, picked(known.current, planned.question.competencies)
    critical = [each.code for each in competencies if each.critical]
    codes = [each.code for each in competencies]
    compliance = compliance_of(people, critical) if people else _compliance(found)
    if hidden is not None:
        pass
    elif question.profession is not None:
        split = sizes_of_people(everyone, codes, critical) if sizes is None else sizes
        hidden = mask(planned.tree, planned.parents, split, question.smallest, question.profession)
    else:
        hidden = hide(planned.tree, planned.parents, sizes_of(found, codes, compliance), question.smallest)
    result = Frame(
        as_of=question.as_of,
        today=question.today,
        unit=planned.asked,
        rows=planned.rows,
        counts=found,
        hidden=hidden,
        competencies=competencies,
        filters=_filters(planned),
        smallest=question.smallest,
        people=people,
        compliance=compliance,
        profession=question.profession,
        choice=question.competencies,
    )
    if question.cover:
        result = replace(result, super_users=super_users(planned, found))
    if question.endings:
        result = _seats(planned, result) if planned.counted else _ending(planned, result)
    if question.gathers:
        result = replace(result, **GATHERERS[question.gathers](planned, everyone))
    return result


def _compliance(found: Mapping[int, UnitCounts]) -> dict[int, tuple[int, int]]:
    """By unit the kept counts of people with a critical target, and of those at all of theirs."""
    return {unit_id: (held.critical, held.compliant) for unit_id, held in found.items() if held.critical}


def _ending(planned: Plan, found: Frame) -> Frame:
    """With what runs out, in the spans of the report and month by month for the seats to plan."""
    question = planned.question
    months = months_ahead(question.as_of)
    spans = (question.endings, tuple(days for _, days in months))
    soon, monthly = endings_in(found.people, spans, on=question.as_of, folded=planned.folded)
    codes = {each.code for each in found.competencies}
    kept = {key: {code: day for code, day in mine.items() if code in codes} for key, mine in soon.items()}
    here = [each for each in found.people if planned.rows and planned.rows[0].id in each.units]
    return replace(found, endings=kept, demand=demand(here, monthly, months, _planned_codes(found)))


def _planned_codes(found: Frame) -> set[str]:
    """The competencies of which seats and sign-offs of the first row may be told."""
    return {each.code for each in found.competencies if found.top and not found.hides(found.top.id, each.code)}


def _seats(planned: Plan, found: Frame) -> Frame:
    """With the seats to plan of the first unit, where its people are few enough to be read for it."""
    question = planned.question
    if not planned.rows or found.of(planned.rows[0].id).staff > MOST_SEATED:
        return found
    months = months_ahead(question.as_of)
    inside, today = [planned.rows[0].id], question.as_of == question.today
    here = (
        standings(unit_ids=inside, profession=question.profession)
        if today
        else tuple(people_on(question.as_of, unit_ids=inside, profession=question.profession))
    )
    days = tuple(ahead for _month, ahead in months)
    (monthly,) = endings_in(here, (days,), on=question.as_of, folded=today)
    return replace(found, demand=demand(here, monthly, months, _planned_codes(found)))


def _filters(planned: Plan) -> tuple[tuple[str, str], ...]:
    asked = planned.question
    filters = [("unit", planned.asked.code if planned.asked else "all")]
    if asked.profession:
        filters.append(("profession", asked.profession))
    if asked.competencies:
        filters.append(("competencies", asked.competencies))
    if asked.compare_to:
        filters.append(("compared with", asked.compare_to.isoformat()))
    if asked.flat:
        filters.append(("rows", words.LOWEST))
    if planned.only is not None:
        filters.append(("people", words.MANAGED))
    if asked.behind and asked.today in (asked.as_of, asked.compare_to):
        filters.append(("not counted anew yet", words.behind(asked.behind)))
    return tuple(filters)


def _people(planned: Plan) -> tuple[PersonStanding, ...]:
    """Everybody who counts, of every profession, as far as the reader may see them, with the targets asked about.

    With a profession the whole hospital is read: whether its figures may be shown depends on the others.
    """
    question = planned.question
    wanted = None if question.profession else planned.needed
    if question.as_of == question.today and not question.needs_on:
        people: Iterable[PersonStanding] = standings(unit_ids=wanted, person_ids=planned.only)
    else:
        people = people_on(question.as_of, unit_ids=wanted, person_ids=planned.only, needs_on=question.needs_on)
    if not question.competencies:
        return tuple(people)
    known = snapshot()
    places = frozenset(known.order[each.code] for each in picked(known.current, question.competencies))
    return tuple(
        replace(each, targets=masked(each.targets, places), former=masked(each.former, places)) for each in people
    )


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


def current_posts(person_ids: Collection[int], on: dt.date) -> dict[int, list[int]]:
    """The units of these people's posts on a day."""
    found: dict[int, list[int]] = defaultdict(list)
    for some in in_batches(list(person_ids)):
        held = select(Post.person_id, Post.unit_id).where(Post.person_id.in_(some), _held_on(on))
        for person_id, unit_id in db.session.execute(held.order_by(Post.starts, Post.id)):
            found[person_id].append(unit_id)
    return found
