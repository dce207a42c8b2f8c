"""What saving a rule would do, before it is saved: who joins, who leaves, and why. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from flask_babel import gettext as _

from lms.assignments.facts import PersonObligations, Rule
from lms.assignments.gathering import of_everybody
from lms.assignments.obligations import Obligation
from lms.assignments.terms import Version
from lms.catalog.queries import blocked
from lms.mandates.facts import Change, Preview, UnitChange
from lms.mandates.figures import below
from lms.mandates.queries import missing
from lms.people.facts import UnitFacts
from lms.people.queries import units
from lms.reports.tree import Tree

BEFORE, AFTER = "before", "after"
_DAY = dt.timedelta(days=1)


def preview(rule: Rule | None, version: Version, today: dt.date) -> Preview:
    """Compare the rule as it is (None for a new one) with the rule after `version` is saved today."""
    held = rule.versions if rule else ()
    closed = tuple(each if each.ends is not None else replace(each, ends=today - _DAY) for each in held)
    pair = [Rule(0, BEFORE, held), Rule(0, AFTER, (*closed, version))]
    _book, people = of_everybody(today, today=today, rules=[each for each in pair if each.versions], personal=False)
    names = {unit.id: unit for unit in units()}
    joins, leaves, stays, moved = [], [], 0, 0
    for person in people:
        before = next((each for each in person.obligations if each.source == BEFORE), None)
        after = next((each for each in person.obligations if each.source == AFTER), None)
        if after is not None and before is None:
            joins.append(Change(person.person_id, person.own_units, _joins(version), after.due_on, after.state))
        elif before is not None and after is None:
            leaves.append(Change(person.person_id, person.own_units, _leaves(version, person, names)))
        elif before is not None and after is not None:
            stays += 1
            moved += _differs(before, after)
    late = sum(1 for each in joins if each.state == "overdue")
    tree = Tree(names.values())
    here, there = (
        frozenset(below(tree, each.audience.unit_id).all) for each in (version, held[-1] if held else version)
    )
    by_unit = _by_unit(_posts(joins, here), _posts(leaves, there), names)
    barred = missing(version.target, blocked())
    return Preview(version, tuple(joins), tuple(leaves), stays, moved, late, by_unit, barred)


def _posts(changes: list[Change], unit_ids: frozenset[int]) -> Counter[int]:
    """People by the units of their posts that the rule is about; a second post elsewhere is none of it."""
    return Counter(unit_id for each in changes for unit_id in each.unit_ids if unit_id in unit_ids)


def _differs(before: Obligation, after: Obligation) -> bool:
    return (before.due_on, before.target) != (after.due_on, after.target) and after.state != "done"


def _joins(version: Version) -> str:
    audience = version.audience
    said = []
    if audience.unit_id is not None:
        said.append(_("works in the unit or below it"))
    if audience.professions:
        said.append(_("has one of its professions"))
    if audience.roles:
        said.append(_("has one of its roles"))
    if audience.within_days is not None:
        said.append(_("began recently enough"))
    return ", ".join(said) or _("everybody with a post")


def _leaves(version: Version, person: PersonObligations, names: Mapping[int, UnitFacts]) -> str:
    unit_id = version.audience.unit_id
    if unit_id is not None and unit_id not in person.units:
        return _("does not work in %(unit)s or below it", unit=names[unit_id].name)
    return _("has none of its professions or roles, or began too long ago")


def _by_unit(
    joining: Mapping[int, int], leaving: Mapping[int, int], names: Mapping[int, UnitFacts]
) -> tuple[UnitChange, ...]:
    """Units in which somebody joins or leaves. Nothing is hidden: whoever may save the rule reads the names below."""
    found = [
        UnitChange(names[key], joining.get(key, 0), leaving.get(key, 0)) for key in {*joining, *leaving}
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.unit.name.casefold()))
