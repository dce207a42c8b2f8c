"""Importing a hospital's roster: read, plan, refuse as a whole or write as a whole. Flushes, never commits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from lms.audit.services import record
from lms.db import lock_named
from lms.people import queries as people
from lms.people.posts import (
    LeaveEntry,
    PostEntry,
    add_posts,
    change_posts,
    end_posts,
    remove_posts,
    set_leaves,
    split_posts,
)
from lms.people.services import PersonEntry, add_people, change_people
from lms.people.units import save_units
from lms.rostering.faults import FileRefused
from lms.rostering.listing import ListedPerson, read_roster
from lms.rostering.plan import Plan, make_plan
from lms.rostering.words import _

ALLOWED_ENDED = Fraction(1, 5)
EVERYTHING = Fraction(1)  # an allowed share that stops nothing


class TooManyEnded(ValueError):
    """The files leave out so many posts that they may not be whole. `plan` is what they would do."""

    def __init__(self, plan: Plan, allowed: Fraction) -> None:
        self.plan = plan
        self.allowed = allowed
        super().__init__(
            _(
                "%(ended)s of %(open)s open posts (%(share)s) are not listed and would end today; at most %(allowed)s "
                "may. If this is meant, allow it with --allow-ended %(option)s.",
                ended=len(plan.posts.ended),
                open=plan.posts.open_before,
                share=per_cent(plan.ended_share),
                allowed=per_cent(allowed),
                option=option_for(plan.ended_share),
            )
        )


def per_cent(share: Fraction) -> str:
    """A share in words, such as 21.4 %; never rounded onto a limit that it exceeds."""
    tenths = share * 1000
    return f"{float(-(-tenths // 1)) / 10:g} %"


def option_for(share: Fraction) -> str:
    """The smallest share in hundredths that allows this one, as the option is written."""
    return f"{float(-(-(share * 100) // 1)) / 100:g}"


def read_share(text: str) -> Fraction:
    """A share written as 0.35 or 35 %; raises ValueError with what was expected."""
    value = text.strip().replace(" ", "").replace("\u00a0", "")
    try:
        share = Fraction(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        expected = _("The share is “%(text)s”: expected a number from 0 to 1, such as 0.35, or per cent, such as 35%%.",
                     text=text)  # fmt: skip
        raise ValueError(expected)
    return share


def plan_roster(units: bytes, people_data: bytes, *, units_file: str, people_file: str, today: dt.date) -> Plan:
    """Work out what the two files would do. Raises FileRefused with every fault of both."""
    known = [unit.code for unit in people.units()]
    roster = read_roster(units, people_data, units_file=units_file, people_file=people_file, known=known)
    plan = make_plan(roster, today)
    errors = [fault for fault in roster.faults if not fault.warning]
    if errors:
        raise FileRefused(roster.faults)
    return plan


def import_roster(
    units: bytes,
    people_data: bytes,
    *,
    units_file: str,
    people_file: str,
    allow_ended: Fraction | None = None,
    expected: str | None = None,
    actor: int | None,
    now: dt.datetime,
    today: dt.date,
) -> Plan:
    """Import the two files; returns the plan that was carried out.

    Raises FileRefused with every fault, TooManyEnded where unlisted posts exceed the allowed share
    (a fifth unless given), PlanChanged where `expected`, the digest of a plan that was shown, is
    not that of the plan now. Nothing is written then.
    """
    lock_named("roster")
    plan = plan_roster(units, people_data, units_file=units_file, people_file=people_file, today=today)
    if expected is not None and plan.digest != expected:
        raise PlanChanged(_("The hospital changed since the plan was shown."))
    refuse_too_many(plan, allow_ended)
    carry_out(plan, actor=actor, now=now)
    return plan


class PlanChanged(ValueError):
    """What the files would do is not what was shown before."""


def refuse_too_many(plan: Plan, allow_ended: Fraction | None) -> None:
    """Raise TooManyEnded where the plan ends more unlisted posts than allowed."""
    allowed = ALLOWED_ENDED if allow_ended is None else allow_ended
    if plan.ended_share > allowed:
        raise TooManyEnded(plan, allowed)


def carry_out(plan: Plan, *, actor: int | None, now: dt.datetime) -> None:
    """Write everything of a plan and leave a note in the audit trail."""
    if not plan.steps:
        return
    unit_ids = save_units(plan.units, today=plan.today)
    # Known people change first: a new one may take over an address that one of them gives up.
    change_people(plan.changed, today=plan.today, adopted=plan.adopted)
    new_ids = add_people([_entry(person) for person in plan.new])
    plan.ids.update({person.employee_id: person_id for person, person_id in zip(plan.new, new_ids, strict=True)})
    _write_posts(plan, unit_ids)
    _write_leaves(plan)
    tops = sorted(unit.code for unit in plan.roster.units.values() if unit.parent not in plan.roster.units)
    subject = " ".join(tops)[:120]
    record("roster.import", "roster", subject, actor=actor, now=now, **{k: v for k, v in plan.counts.items() if v})


def _entry(person: ListedPerson) -> PersonEntry:
    return PersonEntry(
        person.employee_id, person.given_name, person.family_name, person.email, person.profession,
        person.display_name or "",
    )  # fmt: skip


def _write_posts(plan: Plan, unit_ids: dict[str, int]) -> None:
    def manager(line: int, found: int | None) -> int | None:
        return plan.ids[plan.managers[line]] if line in plan.managers else found

    opened = []
    for (person_id, unit_id, title), one in plan.posts.opened:
        person = plan.ids[plan.placeholders[person_id]] if person_id < 0 else person_id
        unit = unit_ids[plan.placeholders[unit_id]] if unit_id < 0 else unit_id
        opened.append(
            PostEntry(
                person, unit, title, one.starts, one.ends, one.super_user, one.informaticist,
                manager(one.line, one.manager_id),
            )
        )  # fmt: skip
    remove_posts(plan.posts.removed)
    changed, split = (
        {
            post_id: replace(entry, manager_id=manager(one.line, one.manager_id))
            for post_id, (entry, one, _what) in some.items()
        }
        for some in (plan.posts.changed, plan.posts.split)
    )
    change_posts(changed)
    split_posts(split, today=plan.today)
    end_posts([post.id for post in plan.posts.ended], last_day=plan.today)
    add_posts(opened)


def _write_leaves(plan: Plan) -> None:
    entries = [LeaveEntry(plan.ids[number], first, last) for number, first, last in plan.leaves]
    set_leaves([*entries, *plan.leaves_over], plan.leaves_gone)
