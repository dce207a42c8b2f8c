"""What the desk of training shows, gathered from the rooms below. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.assignments import queries as assignments
from lms.assignments.compliance import count
from lms.assignments.facts import Book, PersonObligations, Rule, TrainingCounts
from lms.assignments.gathering import of_everybody
from lms.assignments.lines import title
from lms.assignments.obligations import STATES
from lms.assignments.terms import Target
from lms.catalog import queries as catalog
from lms.mandates.facts import Desk, Figures, PersonLine, RuleLine, UnitRow
from lms.mandates.figures import NOBODY, Reader, below, figures, unit_rows
from lms.people.facts import PersonFacts, UnitFacts
from lms.people.queries import people_by_ids, units
from lms.people.spans import professions_on, staff_ids, unit_lines_on
from lms.people.tenure import tenures
from lms.reports.tree import Tree


def desk(reader: Reader, today: dt.date) -> Desk:
    """Every rule with its figures, the most overdue first."""
    book, everybody = of_everybody(today, today=today, personal=False)
    people = [each for each in everybody if reader.counts(each.person_id, each.own_units)]
    names, blocked = {unit.id: unit.name for unit in units()}, catalog.blocked()
    lines = [
        _line(book, rule, names, figures(total(people, rule.public_id), reader.smallest), blocked)
        for rule in book.rules
    ]  # fmt: skip
    lines.sort(key=lambda each: (-_overdue(each), each.title.casefold()))
    kept = {rule.public_id for rule in book.rules}
    ended = [each for each in assignments.rules() if each.public_id not in kept]
    asked = [p for p in people if not p.away and any(o.state != "exempt" for o in p.obligations)]
    behind = sum(1 for p in asked if any(o.mandatory and o.state == "overdue" for o in p.obligations))
    told = behind if len(asked) >= reader.smallest or not asked else None
    return Desk(tuple(lines), tuple(_line(book, rule, names, None, blocked) for rule in ended), told, len(asked))


def _overdue(line: RuleLine) -> int:
    return line.shown.asked.overdue if line.shown and line.shown.asked else 0


def _line(
    book: Book, rule: Rule, names: Mapping[int, str], shown: Figures | None, blocked: Mapping[str, tuple[str, ...]]
) -> RuleLine:
    version = rule.on(book.on) or rule.newest
    unit = names.get(version.audience.unit_id or 0, "")
    return RuleLine(rule, version, title(book, version.target), unit, shown, missing(version.target, blocked))


def missing(target: Target, blocked: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The codes of courses that stand in the way of what is asked, where it is a course that nobody can finish."""
    return blocked.get(target.code, ()) if target.kind == "course" else ()


def total(people: Iterable[PersonObligations], source: str) -> TrainingCounts:
    """The counts of one rule over all of these people."""
    whole = frozenset({0})
    counted = count((replace(each, units=whole) for each in people), None, source)
    return counted.get(0, NOBODY)


@dataclass(frozen=True)
class RulePage:
    """One rule: its line, the units asked for, everybody under it, and who is behind each name."""

    line: RuleLine
    rows: tuple[UnitRow, ...]
    asked: UnitFacts | None
    trail: tuple[UnitFacts, ...]
    people: tuple[PersonObligations, ...]


def rule_page(rule: Rule, reader: Reader, today: dt.date, unit_code: str = "") -> RulePage:
    """A rule with its figures by unit: the unit that the rule is about, or one below it, with those directly below."""
    held = rule if rule.on(today) is not None else None
    book, everybody = of_everybody(today, today=today, rules=[rule] if held else [], personal=False)
    people = tuple(each for each in everybody if each.obligations and reader.counts(each.person_id, each.own_units))
    every_unit = units()
    names = {unit.id: unit.name for unit in every_unit}
    if held is None:
        book = assignments.book(today, today=today, held=[], more=[rule.newest.target])
    whole = total(people, rule.public_id)
    line = _line(book, rule, names, figures(whole, reader.smallest) if held else None, catalog.blocked())
    tree = below(Tree(every_unit), line.version.audience.unit_id)
    asked = tree.by_code(unit_code) if unit_code else None
    if asked is not None and not reader.covers_unit(asked.id):
        asked = None
    rows = unit_rows(tree, count(people, None, rule.public_id), whole, reader, asked)
    if asked is not None and held:
        line = replace(line, shown=next(row.shown for row in rows if row.total))
    return RulePage(line, rows, asked, tuple(tree.line(asked)) if asked else (), people)


def person_lines(people: Sequence[PersonObligations], rule: Rule, today: dt.date) -> tuple[PersonLine, ...]:
    """People under a rule by name, those with most reason to act first. Only for readers who may see names."""
    known = people_by_ids([each.person_id for each in people])
    names = {unit.id: unit.name for unit in units()}
    exempt = {each.person_id: each for each in assignments.exemptions(on=today, rule_id=rule.id)}
    found = [
        PersonLine(
            known[each.person_id],
            tuple(names[unit_id] for unit_id in each.own_units),
            each.obligations[0],
            exempt.get(each.person_id),
        )
        for each in people
    ]
    order = {state: place for place, state in enumerate(STATES)}

    def rank(line: PersonLine) -> tuple[int, dt.date, str]:
        due = line.obligation.due_on or dt.date.max
        return order[line.obligation.state], due, line.person.name.casefold()

    return tuple(sorted(found, key=rank))


@dataclass(frozen=True)
class AudienceRow:
    """Of the people in a policy's audience in a unit, how many attested it and it holds. None where hidden.

    `why` says why: `few` people, or `beside` a group of few that it would give away.
    """

    unit: UnitFacts
    attested: int | None
    of: int | None
    total: bool
    below: bool
    why: str


@dataclass(frozen=True)
class Member:
    """Somebody with a current post: profession and roles, and the units of the posts with all above them."""

    subjects: frozenset[str]
    line: frozenset[int]


def members(reader: Reader, today: dt.date) -> dict[int, Member]:
    """Everybody with a current post whom the reader may count."""
    professions = professions_on(staff_ids(today), today)
    found: dict[int, Member] = {}
    for person_id, posts in tenures(unit_lines_on(today), today).items():
        held = [post for post in posts if post.covers(today)]
        if not held:
            continue
        own = tuple(post.unit_id for post in held)
        line = frozenset().union(*(post.line for post in held))
        if not reader.counts(person_id, own):
            continue
        subjects = {professions.get(person_id, "other")}
        subjects |= {"super-user" for post in held if post.super_user}
        subjects |= {"informaticist" for post in held if post.informaticist}
        found[person_id] = Member(frozenset(subjects), line)
    return found


@dataclass(frozen=True)
class Attested:
    """Who attested a policy: rows by unit, the trail to the unit asked for, and in it the people who have not."""

    rows: tuple[AudienceRow, ...]
    trail: tuple[UnitFacts, ...]
    missing: tuple[PersonFacts, ...]

    @property
    def top(self) -> AudienceRow | None:
        """The row that sums the others up."""
        return next((row for row in self.rows if row.total), None)


def attested(
    audience: frozenset[str],
    holders: frozenset[int],
    everybody: Mapping[int, Member],
    reader: Reader,
    unit_code: str = "",
) -> Attested:
    """Who of the people in a policy's audience attested it, by unit.

    `audience` are professions and roles, `holders` the people whose attestation holds. People on leave count: a policy
    binds them when they return. Names only for readers who may see them.
    """
    tree = Tree(units())
    asked = tree.by_code(unit_code) if unit_code else None
    if asked is not None and not reader.covers_unit(asked.id):
        asked = None
    meant = {key: each.line for key, each in everybody.items() if each.subjects & audience}
    of: dict[int, int] = {}
    done: dict[int, int] = {}
    for person_id, line in meant.items():
        for unit_id in line:
            of[unit_id] = of.get(unit_id, 0) + 1
            done[unit_id] = done.get(unit_id, 0) + (person_id in holders)
    counts = {unit_id: TrainingCounts(people=n, of=n, done=done[unit_id]) for unit_id, n in of.items()}
    whole = TrainingCounts(people=len(meant), of=len(meant), done=sum(1 for key in meant if key in holders))
    rows = tuple(
        AudienceRow(
            row.unit, row.shown.asked.done if row.shown.asked else None,
            row.shown.asked.of if row.shown.asked else None, row.total, row.below, row.shown.why,
        )
        for row in unit_rows(tree, counts, whole, reader, asked)
    )  # fmt: skip
    missing: tuple[PersonFacts, ...] = ()
    if asked is not None and reader.names:
        behind = [key for key, line in meant.items() if asked.id in line and key not in holders]
        missing = tuple(sorted(people_by_ids(behind).values(), key=lambda each: each.name.casefold()))
    return Attested(rows, tuple(tree.line(asked)) if asked else (), missing)
