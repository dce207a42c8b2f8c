"""Rules, attestations, exemptions and one direct assignment of the sample hospital; rules follow what is published."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update

from lms.accounts.queries import account_by_email
from lms.assignments.models import AssignmentRule, AssignmentVersion, DirectAssignment, Exemption
from lms.assignments.terms import Audience, Target, Terms
from lms.catalog import queries as catalog
from lms.db import db
from lms.demo.rows import BATCH, Rows, code_of, noon
from lms.demo.staff import SamplePerson
from lms.pathways import queries as pathways
from lms.policies import queries as policies
from lms.policies.facts import PolicyFacts
from lms.policies.models import Attestation, PolicyText

CLINICAL = frozenset({"physician", "nurse", "pharmacist"})
ASKED_DAYS = 28  # so long ago the policies were published
SHARES = {"EMR-USE": 0.72, "COPY-PASTE": 0.35}
ATTESTS = {"EMR-USE": ("pharmacist", "physician"), "COPY-PASTE": ("pharmacist",)}
LEAVES_OPEN = ("nurse",)  # a sign-in that has something to read
REASONS = (
    "Passed the same course at a partner hospital this year.",
    "Does not use order entry in this post.",
    "Returns to clinical work in spring.",
)


@dataclass(frozen=True)
class SampleRule:
    """A rule of the sample; `ages` are the days since each version began, the oldest first, with its days of grace."""

    target: Target
    audience: Audience
    terms: Terms
    because: str
    ages: tuple[tuple[int, int], ...]
    unit: str = ""


def _rules(today: dt.date) -> tuple[SampleRule, ...]:
    return (
        SampleRule(
            Target("course", "CPOE-101"), Audience(professions=CLINICAL),
            Terms(due_days=30, follows_expiry=True),
            "Everybody who orders, verifies or gives medicines takes it before doing so alone.", ((500, 7), (120, 14)),
        ),
        SampleRule(
            Target("course", "DOWN-101"), Audience(), Terms(due_on=today + dt.timedelta(days=19), due_days=21),
            "The downtime exercise of acute care is on the day after.", ((30, 0),), "ACU",
        ),
        SampleRule(
            Target("pathway", "FIRST-WEEK"), Audience(roles=frozenset({"clinician"}), within_days=14), Terms(),
            "New colleagues learn the record before they depend on it.", ((21, 5),),
        ),
        SampleRule(
            Target("policy", "EMR-USE"), Audience(), Terms(due_days=30), "Whoever has a sign-in is bound by it.",
            ((ASKED_DAYS, 7),),
        ),
        SampleRule(
            Target("pathway", "SUPER-USER"), Audience(roles=frozenset({"super-user"})), Terms(mandatory=False),
            "It makes the hours beside colleagues easier.", ((90, 0),),
        ),
    )  # fmt: skip


def write_training(
    people: Sequence[SamplePerson], ids: Mapping[int, int], units: Mapping[str, int], seed: int, today: dt.date,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Write the rules whose targets are published, and what sample people did about them."""
    made = {
        each.target.code: _write_rule(each, units, seed, today) for each in _rules(today) if _published(each.target)
    }
    _attest(people, ids, seed, today)
    if "CPOE-101" in made:
        _exempt(people, ids, made["CPOE-101"], seed, today)
    _assign(people, ids, seed, today, now)


def _published(target: Target) -> bool:
    if target.kind == "course":
        return catalog.current_version(target.code) is not None
    if target.kind == "pathway":
        return pathways.pathway(target.code) is not None
    return any(each.code == target.code for each in policies.in_force())


def _write_rule(rule: SampleRule, units: Mapping[str, int], seed: int, today: dt.date) -> int:
    public = code_of("rule", seed, rule.target.code)
    statement = insert(AssignmentRule).values(public_id=public).returning(AssignmentRule.id)
    rule_id = int(db.session.execute(statement).scalar_one())
    starts = [today - dt.timedelta(days=age) for age, _ in rule.ages]
    for number, (begin, (_, grace)) in enumerate(zip(starts, rule.ages, strict=True)):
        ends = starts[number + 1] - dt.timedelta(days=1) if number + 1 < len(starts) else None
        terms, audience = rule.terms, rule.audience
        db.session.execute(
            insert(AssignmentVersion).values(
                key=code_of(public, number), rule_id=rule_id, sequence=number + 1, starts=begin, ends=ends,
                clock_from=starts[0], target_kind=rule.target.kind, target_code=rule.target.code, level=None,
                kind="mandatory" if terms.mandatory else "recommended",
                unit_id=units.get(rule.unit), professions=sorted(audience.professions), roles=sorted(audience.roles),
                within_days=audience.within_days, due_on=terms.due_on, due_days=terms.due_days,
                recur_months=None, follows_expiry=terms.follows_expiry, window_days=90, grace_days=grace,
                because=rule.because, made_at=noon(begin), made_by=None,
            )
        )  # fmt: skip
    return rule_id


@dataclass
class _Attesting:
    """Rows of attestations of one policy."""

    policy: PolicyFacts
    rows: Rows = field(default_factory=lambda: Rows(Attestation))


def _attest(people: Sequence[SamplePerson], ids: Mapping[int, int], seed: int, today: dt.date) -> None:
    """The policies were published some weeks ago; most people in their audience have confirmed them since."""
    published = today - dt.timedelta(days=ASKED_DAYS)
    for policy in policies.in_force():
        if policy.published_at.date() < published:
            continue
        back = update(PolicyText).where(PolicyText.id == policy.id)
        db.session.execute(back.values(published_at=noon(published), asked_from=published))
        books = _Attesting(policy)
        rng = random.Random(f"attest:{seed}:{policy.code}")  # noqa: S311  (a sample, not a secret)
        for person in people:
            lot, age = rng.random(), rng.randint(1, ASKED_DAYS - 2)
            if person.left or person.profession not in policy.audience or person.sign_in in LEAVES_OPEN:
                continue
            if lot < SHARES.get(policy.code, 0.5) or person.sign_in in ATTESTS.get(policy.code, ()):
                day = max(today - dt.timedelta(days=age), published)
                books.rows.add(
                    public_id=code_of("attest", seed, policy.code, person.number), person_id=ids[person.number],
                    policy_id=policy.policy_id, text_id=policy.id, edition=policy.edition, digest=policy.digest,
                    statement=policy.statement, attested_on=day, attested_at=noon(day),
                )  # fmt: skip
            if len(books.rows.waiting) >= BATCH:
                books.rows.write()
        books.rows.write()


def _exempt(people: Sequence[SamplePerson], ids: Mapping[int, int], rule_id: int, seed: int, today: dt.date) -> None:
    """About one in a hundred clinicians is exempt for a time."""
    rng = random.Random(f"exempt:{seed}")  # noqa: S311  (a sample, not a secret)
    rows = Rows(Exemption)
    for person in people:
        lot, age = rng.random(), rng.randint(5, 100)
        if lot > 0.012 or person.left or person.sign_in or person.profession not in CLINICAL:
            continue
        starts = max(today - dt.timedelta(days=age), person.posts[0].starts)
        rows.add(
            public_id=code_of("exempt", seed, person.number), rule_id=rule_id, person_id=ids[person.number],
            starts=starts, ends=today + dt.timedelta(days=180 - age), reason=REASONS[person.number % len(REASONS)],
            granted_by=None, granted_at=noon(starts),
        )  # fmt: skip
    rows.write()


def _assign(
    people: Sequence[SamplePerson], ids: Mapping[int, int], seed: int, today: dt.date, now: dt.datetime
) -> None:
    """The supervisor asked the nurse for a course before a new task."""
    nurse = next((each for each in people if each.sign_in == "nurse"), None)
    supervisor = account_by_email("supervisor@example.org")
    if nurse is None or supervisor is None or catalog.current_version("EHR-101") is None:
        return
    known = select(DirectAssignment.id).where(DirectAssignment.person_id == ids[nurse.number])
    if db.session.scalar(known) is None:
        day = today - dt.timedelta(days=3)
        db.session.execute(
            insert(DirectAssignment).values(
                public_id=code_of("direct", seed, nurse.number), person_id=ids[nurse.number], target_kind="course",
                target_code="EHR-101", kind="mandatory", assigned_on=day, due_on=today + dt.timedelta(days=12),
                note="Before you look after the new bay with others.", assigned_by=supervisor.id,
                assigned_at=min(noon(day), now), open_key=1,
            )
        )  # fmt: skip
