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
from lms.mandates.facts import Desk, PersonLine, RuleLine, UnitRow
from lms.people.facts import PersonFacts, UnitFacts
from lms.people.queries import people_by_ids, units
from lms.people.scope import Scope
from lms.people.spans import professions_on, staff_ids, unit_lines_on
from lms.people.tenure import tenures
from lms.reports.frame import hide
from lms.reports.tree import Tree

SMALLEST = 5
NOBODY = TrainingCounts()


@dataclass(frozen=True)
class Reader:
    """Who looks. `names` says whether people may be named at all; without it figures of every unit are shown."""

    scope: Scope
    names: bool

    def counts(self, person: PersonObligations) -> bool:
        """Whether a person is in the reader's figures."""
        return not self.names or self.scope.covers_person(person.person_id, frozenset(person.own_units))

    def covers_unit(self, unit_id: int) -> bool:
        """Whether the reader may see a unit's figures."""
        return not self.names or self.scope.covers_unit(unit_id)


def shown(counts: TrainingCounts | None, smallest: int = SMALLEST) -> TrainingCounts | None:
    """The counts, or None where they are about too few people; nobody is no secret."""
    if counts is None or counts.people == 0:
        return NOBODY
    return counts if counts.people >= smallest else None


def desk(reader: Reader, today: dt.date) -> Desk:
    """Every rule with its figures, the most overdue first."""
    book, everybody = of_everybody(today, today=today, personal=False)
    people = [each for each in everybody if reader.counts(each)]
    names = {unit.id: unit.name for unit in units()}
    lines = [_line(book, rule, names, shown(total(people, rule.public_id))) for rule in book.rules]
    lines.sort(key=lambda each: (-(each.counts.overdue if each.counts else 0), each.title.casefold()))
    kept = {rule.public_id for rule in book.rules}
    ended = [each for each in assignments.rules() if each.public_id not in kept]
    behind = sum(1 for p in people if any(o.mandatory and o.state == "overdue" for o in p.obligations))
    of = sum(1 for p in people if p.obligations)
    return Desk(
        tuple(lines), tuple(_line(book, rule, names, None) for rule in ended), behind if of >= SMALLEST else None, of
    )


def _line(book: Book, rule: Rule, names: Mapping[int, str], counts: TrainingCounts | None) -> RuleLine:
    version = rule.on(book.on) or rule.newest
    return RuleLine(rule, version, title(book, version.target), names.get(version.audience.unit_id or 0, ""), counts)


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
    """A rule with its figures by unit: the roots, or a unit with those directly below it."""
    held = rule if rule.on(today) is not None else None
    book, everybody = of_everybody(today, today=today, rules=[rule] if held else [], personal=False)
    people = tuple(each for each in everybody if each.obligations and reader.counts(each))
    every_unit = units()
    names = {unit.id: unit.name for unit in every_unit}
    if held is None:
        book = assignments.book(today, today=today, held=[], more=[rule.newest.target])
    line = _line(book, rule, names, shown(total(people, rule.public_id)) if held else None)
    tree = Tree(every_unit)
    asked = tree.by_code(unit_code) if unit_code else None
    if asked is not None and not reader.covers_unit(asked.id):
        asked = None
    counts = count(people, None, rule.public_id)
    rows = unit_rows(tree, counts, reader, asked)
    if asked is not None:
        line = replace(line, counts=next((row.counts for row in rows if row.total), None))
    return RulePage(line, rows, asked, tuple(tree.line(asked)) if asked else (), people)


def unit_rows(
    tree: Tree, counts: Mapping[int, TrainingCounts], reader: Reader, asked: UnitFacts | None
) -> tuple[UnitRow, ...]:
    """A unit with those directly below it, or what the reader sees at the top; small groups and what would give them
    away are hidden, decided from the roots downward."""
    if asked is None:
        everything = not reader.names or reader.scope.everything
        tops = list(tree.roots) if everything else tree.tops(reader.scope.unit_ids)
        asked = tops[0] if len(tops) == 1 else None
        rows = [*tops, *(tree.children(asked.id) if asked else ())]
    else:
        rows = [asked, *tree.children(asked.id)]
    sizes = {"people": {unit_id: each.people for unit_id, each in counts.items()}}
    hidden = hide(tree, tree.split(rows), sizes, SMALLEST)
    return tuple(
        UnitRow(
            unit,
            None if unit.id in hidden else counts.get(unit.id, NOBODY),
            asked is not None and unit.id == asked.id,
            bool(tree.children(unit.id)),
        )
        for unit in rows
        if counts.get(unit.id) or (asked is not None and unit.id == asked.id)
    )


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
    """Of the people in a policy's audience in a unit, how many attested it and it holds. None where hidden."""

    unit: UnitFacts
    attested: int | None
    of: int | None
    total: bool
    below: bool


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
        if not reader.counts(PersonObligations(person_id, line, own, frozenset(), False, ())):
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
    rows = tuple(
        AudienceRow(
            row.unit, row.counts.done if row.counts else None, row.counts.people if row.counts else None, row.total,
            row.below,
        )
        for row in unit_rows(tree, counts, reader, asked)
    )  # fmt: skip
    missing: tuple[PersonFacts, ...] = ()
    if asked is not None and reader.names:
        behind = [key for key, line in meant.items() if asked.id in line and key not in holders]
        missing = tuple(sorted(people_by_ids(behind).values(), key=lambda each: each.name.casefold()))
    return Attested(rows, tuple(tree.line(asked)) if asked else (), missing)
