"""Reading rules, direct assignments and exemptions as they were on a day. Never writes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from lms.accounts.columns import account as _account
from lms.accounts.columns import person as _person
from lms.accounts.columns import printed_name
from lms.assignments.calendar import calendar
from lms.assignments.facts import Book, Direct, ExemptionFacts, Rule
from lms.assignments.models import AssignmentRule, AssignmentVersion, DirectAssignment, Exemption, ReminderSent
from lms.assignments.obligations import Asked, Step
from lms.assignments.terms import Audience, Target, Terms, Version
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.competency import queries as competency
from lms.db import db
from lms.pathways import queries as pathways
from lms.pathways.queries import PathwayFacts
from lms.people.queries import in_batches
from lms.policies import queries as policies
from lms.policies.facts import PolicyFacts

_V = AssignmentVersion
_D = DirectAssignment
_E = Exemption


def _version(row: Any) -> Version:
    return Version(
        sequence=row.sequence,
        starts=row.starts,
        ends=row.ends,
        clock_from=row.clock_from,
        target=Target(row.target_kind, row.target_code, row.level),
        audience=Audience(row.unit_id, frozenset(row.professions), frozenset(row.roles), row.within_days),
        terms=Terms(
            row.kind == "mandatory", row.due_on, row.due_days, row.recur_months, row.follows_expiry, row.window_days,
            row.grace_days,
        ),
        because=row.because,
    )  # fmt: skip


_VERSIONS = (
    select(AssignmentRule.public_id, *(column for column in _V.__table__.c if column.name not in ("id", "key")))
    .join(AssignmentRule, AssignmentRule.id == _V.rule_id)
    .order_by(_V.rule_id, _V.sequence)
)


def rules() -> tuple[Rule, ...]:
    """Every rule that ever was, with all its versions. One statement."""
    found: dict[int, tuple[str, list[Version]]] = {}
    for row in db.session.execute(_VERSIONS):
        found.setdefault(row.rule_id, (row.public_id, []))[1].append(_version(row))
    return tuple(Rule(key, public, tuple(versions)) for key, (public, versions) in found.items())


def rule(public_id: str) -> Rule | None:
    """The rule with this opaque id."""
    rows = db.session.execute(_VERSIONS.where(AssignmentRule.public_id == public_id)).all()
    return Rule(rows[0].rule_id, public_id, tuple(_version(row) for row in rows)) if rows else None


def version_by_key(key: str) -> str | None:
    """The public id of the rule whose version came from the form with this key."""
    statement = select(AssignmentRule.public_id).join(_V, _V.rule_id == AssignmentRule.id)
    return db.session.scalar(statement.where(_V.key == key))


def directs(on: dt.date, person_ids: Collection[int] | None = None) -> dict[int, list[Direct]]:
    """What was asked of single people on a day, by person; of everybody with None."""
    statement = _direct_statement().where(_D.assigned_on <= on, or_(_D.ended_on.is_(None), _D.ended_on > on))
    parts = [statement]
    if person_ids is not None:
        parts = [statement.where(_D.person_id.in_(some)) for some in in_batches(person_ids)]
    found: dict[int, list[Direct]] = defaultdict(list)
    for part in parts:
        for row in db.session.execute(part):
            found[row.person_id].append(_direct(row))
    return found


def _direct_statement() -> Any:
    return (
        select(
            _D.public_id, _D.person_id, _D.target_kind, _D.target_code, _D.kind, _D.due_on, _D.note, _D.assigned_on,
            printed_name.label("assigned_by"),
        )
        .outerjoin(_account, _account.c.id == _D.assigned_by)
        .outerjoin(_person, _person.c.id == _account.c.person_id)
        .order_by(_D.id)
    )  # fmt: skip


def _direct(row: Any) -> Direct:
    return Direct(
        row.public_id, row.person_id, Target(row.target_kind, row.target_code),
        Terms(row.kind == "mandatory", row.due_on), row.note, row.assigned_on, row.assigned_by or "",
    )  # fmt: skip


def direct(public_id: str) -> Direct | None:
    """The direct assignment with this opaque id, ended or not."""
    row = db.session.execute(_direct_statement().where(_D.public_id == public_id)).first()
    return _direct(row) if row else None


def exemptions(
    *, on: dt.date | None = None, rule_id: int | None = None, person_ids: Collection[int] | None = None
) -> tuple[ExemptionFacts, ...]:
    """Exemptions, those that hold on a day with `on`, of a rule, of people."""
    statement = (
        select(_E.public_id, AssignmentRule.public_id, _E.person_id, _E.starts, _E.ends, _E.reason)
        .join(AssignmentRule, AssignmentRule.id == _E.rule_id)
        .order_by(_E.starts.desc(), _E.id.desc())
    )
    if on is not None:
        statement = statement.where(_E.starts <= on, _E.ends >= on)
    if rule_id is not None:
        statement = statement.where(_E.rule_id == rule_id)
    parts = [statement]
    if person_ids is not None:
        parts = [statement.where(_E.person_id.in_(some)) for some in in_batches(person_ids)]
    return tuple(ExemptionFacts(*row) for part in parts for row in db.session.execute(part))


def reminded(keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys under which a reminder went out already."""
    found: set[str] = set()
    for some in in_batches(list(keys)):
        found.update(db.session.scalars(select(ReminderSent.key).where(ReminderSent.key.in_(some))))
    return frozenset(found)


def has_direct(person_id: Any) -> ColumnElement[bool]:
    """An expression that is true where something is asked of the person directly."""
    return exists().where(_D.__table__.c.person_id == person_id, _D.__table__.c.open_key == 1)


def has_exemption(person_id: Any) -> ColumnElement[bool]:
    """An expression that is true where the person was ever exempt from a rule."""
    return exists().where(_E.__table__.c.person_id == person_id)


def stamp() -> tuple[Any, ...]:
    """Expressions whose values change with the rules."""
    version = _V.__table__.c
    return (
        select(func.max(version.id)).scalar_subquery(),
        select(func.count(version.ends)).scalar_subquery(),
        select(func.max(version.made_at)).scalar_subquery(),
        select(func.max(AssignmentRule.__table__.c.public_id)).scalar_subquery(),
    )


def book(
    on: dt.date,
    *,
    today: dt.date,
    held: Iterable[Rule] | None = None,
    more: Iterable[Target] = (),
    courses: Iterable[VersionFacts] | None = None,
    in_force: Iterable[PolicyFacts] | None = None,
    paths: Iterable[PathwayFacts] | None = None,
) -> Book:
    """What obligations of a day follow from. `more` are targets beside those of the rules.

    What the caller has read already can be handed in: the rules, the catalogue, the policies and pathways of the day.
    """
    at = None if on == today else calendar().over(on)
    known = tuple(rules() if held is None else held)
    kept = tuple(each for each in known if each.on(on) is not None)
    wanted = {version.target for each in kept if (version := each.on(on))} | set(more)
    kinds = {target.kind for target in wanted}
    asked: dict[Target, Asked] = {}
    editions: dict[int, tuple[str, str]] = {}
    needed = {target.code for target in wanted if target.kind == "course"}
    titles = {Target("course", each.code): each.title for each in (catalog.catalogue() if courses is None else courses)}
    offered = {target.code for target in titles}
    if "pathway" in kinds:
        for each in pathways.pathways(at=at) if paths is None else paths:
            target = Target("pathway", each.code)
            titles[target] = each.title
            asked[target] = Asked(steps=_steps(each, offered))
            if target in wanted:
                needed.update(code for step in each.steps for code in step.courses)
    if "policy" in kinds:
        for policy in policies.in_force(at=at) if in_force is None else in_force:
            target = Target("policy", policy.code)
            titles[target] = policy.title
            asked[target] = Asked(since=policy.asked_from, again_months=policy.reattest_months)
            if target in wanted:
                editions[policy.policy_id] = (policy.code, policy.edition)
    if "competency" in kinds:
        names = {one.code: one.title for one in competency.competencies()}
        titles |= {target: names.get(target.code, target.code) for target in wanted if target.kind == "competency"}
    return Book(on, kept, asked, titles, editions, frozenset(needed))


def _steps(pathway: PathwayFacts, offered: Collection[str]) -> tuple[Step, ...]:
    """The steps of a pathway that can be taken: a course that is not offered here is asked of nobody."""
    found = []
    for step in pathway.steps:
        courses = tuple(code for code in step.courses if code in offered)
        if courses:
            found.append(Step(courses, min(step.need, len(courses)), step.due_days))
    return tuple(found)
