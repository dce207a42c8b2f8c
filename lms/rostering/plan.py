"""What an import of a roster would do, worked out in full before anything is written."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from lms.people import queries as people
from lms.people.facts import PersonEntry, UnitFacts
from lms.people.posts import LeaveEntry, held_posts
from lms.people.spans import leaves_of
from lms.people.tree import cycles
from lms.people.units import UnitEntry
from lms.rostering.listing import ListedPerson, Roster
from lms.rostering.matching import Changes, Key, Wanted, match
from lms.rostering.words import _

UNKNOWN = -1  # in place of an internal id that the import will give
KINDS = (
    "unit-new", "unit-changed", "person-new", "person-adopted", "person-changed", "post-opened", "post-changed",
    "post-ended", "leave-new", "leave-changed", "leave-ended",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that the import does, in words; `line` is 0 where no line of the files asked for it."""

    kind: str
    subject: str
    detail: str
    file: str = ""
    line: int = 0


@dataclass
class Plan:
    """Everything an import would do. `ended` of `open_before` posts end because no line lists them."""

    roster: Roster
    today: dt.date
    units: list[UnitEntry] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)  # known people by employee number, adopted ones included
    new: list[ListedPerson] = field(default_factory=list)
    changed: dict[int, PersonEntry] = field(default_factory=dict)
    adopted: set[int] = field(default_factory=set)
    unchanged: int = 0
    posts: Changes = field(default_factory=Changes)
    placeholders: dict[int, str] = field(default_factory=dict)  # negative ids stand for new people and units
    managers: dict[int, str] = field(default_factory=dict)  # by line: employee number of a manager still to be written
    leaves: list[tuple[str, dt.date, dt.date | None]] = field(default_factory=list)
    leaves_over: list[LeaveEntry] = field(default_factory=list)  # away until yesterday
    leaves_gone: list[LeaveEntry] = field(default_factory=list)  # never began
    steps: list[Step] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many steps there are of each kind, in a fixed order."""
        found = Counter(step.kind for step in self.steps)
        return {kind: found[kind] for kind in KINDS}

    @property
    def ended_share(self) -> Fraction:
        """The share of these trees' open posts that would end because no line lists them."""
        ended = len(self.posts.ended)
        return Fraction(ended, self.posts.open_before) if self.posts.open_before else Fraction(0)

    @property
    def digest(self) -> str:
        """What the plan would do, in short: the same plan has the same digest."""
        lines = [f"{s.kind}|{s.subject}|{s.detail}|{s.line}" for s in self.steps]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def step(self, kind: str, subject: str, detail: str, line: int = 0, *, unit: bool = False) -> None:
        """Add a step that a line of the units file (`unit`) or of the people file asked for."""
        file = self.roster.units_file if unit else self.roster.people_file
        self.steps.append(Step(kind, subject, detail, file if line else "", line))


def make_plan(roster: Roster, today: dt.date) -> Plan:
    """Compare the files with what is stored. Faults that only this shows are added to the roster."""
    plan = Plan(roster, today)
    stored_units = {unit.code: unit for unit in people.units()}
    _plan_units(plan, stored_units)
    _plan_people(plan)
    _check_managers(plan)
    if any(not fault.warning for fault in roster.faults):
        return plan
    _plan_posts(plan, stored_units)
    _plan_leaves(plan)
    return plan


def _plan_units(plan: Plan, stored: dict[str, UnitFacts]) -> None:
    codes = {unit.id: unit.code for unit in stored.values()}
    _refuse_circles(plan, {code: codes.get(unit.parent_id or 0) for code, unit in stored.items()})
    for unit in plan.roster.units.values():
        plan.units.append(UnitEntry(unit.code, unit.name, unit.parent or None, unit.site))
        held = stored.get(unit.code)
        subject = f"{unit.code} {unit.name}"
        if held is None:
            above = _("below %(parent)s", parent=unit.parent) if unit.parent else _("at the top")
            plan.step("unit-new", subject, above, unit.line, unit=True)
            continue
        parent = codes.get(held.parent_id, "") if held.parent_id else ""
        what = [
            f"{name}: {old or '–'} → {new or '–'}"
            for name, old, new in (
                ("name", held.name, unit.name), ("parent", parent, unit.parent), ("site", held.site, unit.site),
            )
            if old != new
        ]  # fmt: skip
        if what:
            plan.step("unit-changed", subject, "; ".join(what), unit.line, unit=True)


def _refuse_circles(plan: Plan, stored: dict[str, str | None]) -> None:
    """Circles that run through stored units; those within the file are told already."""
    listed = plan.roster.units
    for circle in cycles({**stored, **{code: unit.parent or None for code, unit in listed.items()}}):
        if not listed.keys() >= set(circle):
            line = min(listed[code].line for code in circle if code in listed)
            message = _("With the units that are stored already, units contain each other: %(path)s. Expected one of "
                        "them to have another parent.", path=" → ".join([*circle, circle[0]]))  # fmt: skip
            plan.roster.fault(plan.roster.units_file, line, message)


def _plan_people(plan: Plan) -> None:
    listed = plan.roster.people
    stored = people.entries_of(
        employee_ids=listed.keys(), emails={person.email for person in listed.values() if person.email}
    )
    by_number = {entry.employee_id: person_id for person_id, entry in stored.items() if entry.employee_id}
    by_email = {entry.email: person_id for person_id, entry in stored.items() if entry.email}
    for person in listed.values():
        subject = f"{person.employee_id} {person.name}"
        found, holder = by_number.get(person.employee_id), by_email.get(person.email or "")
        if found is None and holder is not None and stored[holder].employee_id is None:
            found = holder
            plan.adopted.add(holder)
        if holder is not None and holder != found and stored[holder].employee_id not in listed:
            _email_taken(plan, person, stored[holder])
        if found is None:
            plan.new.append(person)
            plan.step("person-new", subject, f"{person.profession}, {person.email or '–'}", person.line)
            continue
        plan.ids[person.employee_id] = found
        entry = PersonEntry(
            person.employee_id, person.given_name, person.family_name, person.email, person.profession,
            stored[found].display_name if person.display_name is None else person.display_name,
        )  # fmt: skip
        if entry == stored[found]:
            plan.unchanged += 1
            continue
        plan.changed[found] = entry
        kind = "person-adopted" if found in plan.adopted else "person-changed"
        plan.step(kind, subject, _fields(stored[found], entry), person.line)


def _fields(old: PersonEntry, new: PersonEntry) -> str:
    names = ("employee_id", "given_name", "family_name", "display_name", "email", "profession")
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return "; ".join(f"{name}: {before or '–'} → {after or '–'}" for name, before, after in pairs if before != after)


def _email_taken(plan: Plan, person: ListedPerson, holder: PersonEntry) -> None:
    name = f"{holder.given_name} {holder.family_name}".strip() or (holder.email or "")
    if holder.employee_id is None:
        message = _("email %(email)s belongs to a person outside the roster, while %(number)s is known by another "
                    "address: expected the address that %(number)s is known by.",
                    email=person.email, number=person.employee_id)  # fmt: skip
    else:
        message = _("email %(email)s belongs to %(holder)s already: expected an address of one person.",
                    email=person.email, holder=f"{holder.employee_id} {name}".strip())  # fmt: skip
    plan.roster.fault(plan.roster.people_file, person.line, message)


def _check_managers(plan: Plan) -> None:
    listed = plan.roster.people
    named = {post.manager for person in listed.values() for post in person.posts if post.manager}
    plan.ids.update(people.ids_by_employee_id(named - listed.keys()))
    for person in listed.values():
        for post in person.posts:
            if post.manager and post.manager not in listed and post.manager not in plan.ids:
                message = _("manager is “%(manager)s”: expected an employee_id of this file or of a known person.",
                            manager=post.manager)  # fmt: skip
                plan.roster.fault(plan.roster.people_file, post.line, message)


def _plan_posts(plan: Plan, stored: dict[str, UnitFacts]) -> None:
    unit_ids = {code: unit.id for code, unit in stored.items()}
    spoken_for = people.subtree_ids(unit_ids[code] for code in plan.roster.units if code in unit_ids)
    wanted: dict[Key, list[Wanted]] = defaultdict(list)
    stand_in: dict[str, int] = {}

    def internal(known: dict[str, int], kind: str, code: str) -> int:
        if code in known:
            return known[code]
        number = stand_in.setdefault(f"{kind} {code}", -2 - len(stand_in))
        plan.placeholders[number] = code
        return number

    for person in plan.roster.people.values():
        person_id = internal(plan.ids, "person", person.employee_id)
        for post in person.posts:
            manager = plan.ids.get(post.manager, UNKNOWN) if post.manager else None
            if manager == UNKNOWN:
                plan.managers[post.line] = post.manager
            key = (person_id, internal(unit_ids, "unit", post.unit), post.title)
            wanted[key].append(Wanted(post.line, post.starts, post.ends, post.super_user, post.informaticist, manager))
    held = held_posts(people={plan.ids[n] for n in plan.roster.people if n in plan.ids}, units=spoken_for)
    plan.posts = match(wanted, held, spoken_for, plan.today)
    _tell_posts(plan, stored)
    _warn_unlisted_units(plan, stored, spoken_for)


def _tell_posts(plan: Plan, stored: dict[str, UnitFacts]) -> None:
    codes = {unit.id: code for code, unit in stored.items()}
    listed = {plan.ids[number]: number for number in plan.roster.people if number in plan.ids}
    strangers = people.people_by_ids({post.entry.person_id for post in plan.posts.ended} - listed.keys())

    def subject(person_id: int, unit_id: int, title: str) -> str:
        number = listed.get(person_id) or plan.placeholders.get(person_id)
        person = plan.roster.people.get(number or "")
        who = f"{number} {person.name}" if person else str(number)
        if number is None and (stranger := strangers.get(person_id)):
            who = f"{stranger.employee_id or stranger.email} {stranger.name}"
        return f"{who}, {title}, {codes.get(unit_id) or plan.placeholders.get(unit_id)}"

    for (person_id, unit_id, title), one in plan.posts.opened:
        dates = _("from %(starts)s", starts=one.starts)
        if one.ends:
            dates += " " + _("until %(ends)s", ends=one.ends)
        plan.step("post-opened", subject(person_id, unit_id, title), dates, one.line)
    for entry, one, what in [*plan.posts.changed.values(), *plan.posts.split.values()]:
        detail = ", ".join(what)
        plan.step("post-changed", subject(entry.person_id, entry.unit_id, entry.title), detail, one.line)
    for post in plan.posts.ended:
        entry = post.entry
        ends = _("not listed, ends %(today)s", today=plan.today)
        plan.step("post-ended", subject(entry.person_id, entry.unit_id, entry.title), ends)


def _warn_unlisted_units(plan: Plan, stored: dict[str, UnitFacts], spoken_for: frozenset[int]) -> None:
    for code, unit in sorted(stored.items()):
        if unit.id in spoken_for and code not in plan.roster.units:
            message = _("The unit %(code)s %(name)s is stored below the listed units, but not listed: it stays, and "
                        "its open posts end.", code=code, name=unit.name)  # fmt: skip
            plan.roster.fault(plan.roster.units_file, 1, message, warning=True)


def _plan_leaves(plan: Plan) -> None:
    held: dict[int, dict[dt.date, dt.date | None]] = defaultdict(dict)
    for leave in leaves_of([plan.ids[n] for n in plan.roster.people if n in plan.ids]):
        held[leave.person_id][leave.starts] = leave.ends
    yesterday = plan.today - dt.timedelta(days=1)
    for person in plan.roster.people.values():
        if person.leaves is None:
            continue
        subject = f"{person.employee_id} {person.name}"
        known = held.get(plan.ids.get(person.employee_id, UNKNOWN), {})
        for first, last in person.leaves.items():
            if first not in known or known[first] != last:
                kind = "leave-changed" if first in known else "leave-new"
                plan.leaves.append((person.employee_id, first, last))
                plan.step(kind, subject, f"{first} – {last or '…'}", person.line)
        for first, last in known.items():
            if first in person.leaves or (last is not None and last < plan.today):
                continue
            gone = LeaveEntry(plan.ids[person.employee_id], first, yesterday)
            (plan.leaves_over if first < plan.today else plan.leaves_gone).append(gone)
            plan.step("leave-ended", subject, _("from %(first)s, not listed any more", first=first), person.line)
