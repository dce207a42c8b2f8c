"""Reading policies and attestations. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from assessments.frontmatter import front_matter, plain
from courses.documents import text_digest
from lms.db import db
from lms.people.queries import in_batches
from lms.policies.facts import AttestationFacts, Mine, PolicyFacts, PolicyPage
from lms.policies.models import Attestation, Policy, PolicyText

_TEXT = (
    PolicyText.id, PolicyText.policy_id, Policy.code, PolicyText.digest, PolicyText.edition, PolicyText.change,
    PolicyText.asked_from, PolicyText.title, PolicyText.summary, PolicyText.language, PolicyText.owner,
    PolicyText.audience, PolicyText.effective, PolicyText.review_by, PolicyText.reattest_months, PolicyText.statement,
    PolicyText.words, PolicyText.published_at, Policy.withdrawn_at,
)  # fmt: skip
_ATTESTED = (
    Attestation.policy_id, Attestation.edition, Attestation.digest, Attestation.statement, Attestation.attested_on,
    Attestation.attested_at,
)  # fmt: skip


def _texts(*more: Any) -> Select[Any]:
    return select(*_TEXT, *more).join(Policy, Policy.id == PolicyText.policy_id)


def _facts(row: Any) -> PolicyFacts:
    values = list(row[: len(_TEXT)])
    values[11] = tuple(values[11])
    return PolicyFacts(*values)


def _newest(until: dt.datetime | None = None) -> Any:
    statement = select(func.max(PolicyText.id)).group_by(PolicyText.policy_id)
    return statement.where(PolicyText.published_at < until) if until else statement


def in_force(*, at: dt.datetime | None = None) -> tuple[PolicyFacts, ...]:
    """The newest text of every policy that is not withdrawn, by title; with `at` as it was just before that moment."""
    held: Any = Policy.withdrawn_at.is_(None)
    if at is not None:
        held = or_(held, Policy.withdrawn_at >= at)
    rows = db.session.execute(_texts().where(PolicyText.id.in_(_newest(at)), held))
    return tuple(sorted((_facts(row) for row in rows), key=lambda each: (each.title.casefold(), each.code)))


def everything() -> tuple[PolicyFacts, ...]:
    """The newest text of every policy ever published, withdrawn ones too, by title."""
    rows = db.session.execute(_texts().where(PolicyText.id.in_(_newest())))
    return tuple(sorted((_facts(row) for row in rows), key=lambda each: (each.title.casefold(), each.code)))


def page(code: str, digest: str | None = None) -> PolicyPage | None:
    """The newest text of a policy, or the one with this digest, with its rendered words."""
    statement = _texts(PolicyText.html, PolicyText.changes_html).where(Policy.code == code)
    if digest is not None:
        statement = statement.where(PolicyText.digest == digest)
    row = db.session.execute(statement.order_by(PolicyText.id.desc()).limit(1)).first()
    return PolicyPage(_facts(row), row.html, row.changes_html) if row else None


def texts(code: str) -> tuple[PolicyFacts, ...]:
    """Every text of a policy, the newest first."""
    rows = db.session.execute(_texts().where(Policy.code == code).order_by(PolicyText.id.desc()))
    return tuple(_facts(row) for row in rows)


def source(code: str, digest: str) -> str | None:
    """The Markdown of a text as it was published."""
    statement = select(PolicyText.source).join(Policy, Policy.id == PolicyText.policy_id)
    return db.session.scalar(statement.where(Policy.code == code, PolicyText.digest == digest))


def known_text(text: str) -> bool:
    """Whether a text was ever published here, or a policy of its code was published by an account."""
    digest = text_digest(text)
    if db.session.scalar(select(PolicyText.id).where(PolicyText.digest == digest).limit(1)) is not None:
        return True
    code = plain(front_matter(text, "policy.md")[0], "code")
    own = select(PolicyText.id).join(Policy, Policy.id == PolicyText.policy_id)
    return db.session.scalar(own.where(Policy.code == code, PolicyText.published_by.is_not(None)).limit(1)) is not None


def mine(person_id: int, texts_in_force: Collection[PolicyFacts] | None = None) -> tuple[Mine, ...]:
    """Every policy in force with what the person attested of it, by title.

    One statement for what was attested, one for the policies where they are not handed in.
    """
    held = in_force() if texts_in_force is None else texts_in_force
    statement = select(*_ATTESTED).where(Attestation.person_id == person_id).order_by(Attestation.attested_at)
    given: dict[int, list[AttestationFacts]] = {}
    for row in db.session.execute(statement) if held else ():
        given.setdefault(row.policy_id, []).append(AttestationFacts(*row))
    found = []
    for each in held:
        of_edition = [one for one in given.get(each.policy_id, ()) if one.edition == each.edition]
        earlier = any(one.edition != each.edition for one in given.get(each.policy_id, ()))
        found.append(Mine(each, of_edition[-1] if of_edition else None, earlier))
    return tuple(found)


def has_attested(person_id: Any) -> ColumnElement[bool]:
    """An expression that is true where the person ever attested a policy; `person_id` is a column or a parameter."""
    return exists().where(Attestation.__table__.c.person_id == person_id)


def stamp() -> tuple[Any, ...]:
    """Expressions whose values change with the policies in force, for whoever keeps what was read of them."""
    text, held = PolicyText.__table__.c, Policy.__table__.c
    withdrawn = select(func.coalesce(func.sum(held.id), 0)).where(held.withdrawn_at.is_not(None))
    return (
        select(func.max(text.id)).scalar_subquery(),
        select(func.max(text.digest)).scalar_subquery(),
        select(func.max(text.published_at)).scalar_subquery(),
        withdrawn.scalar_subquery(),
    )


def attested_by(person_id: int) -> tuple[tuple[str, str, AttestationFacts], ...]:
    """Everything that a person ever attested, the newest first: code, title as it was, and the attestation."""
    rows = db.session.execute(
        select(Policy.code, PolicyText.title, *_ATTESTED)
        .join(Policy, Policy.id == Attestation.policy_id)
        .join(PolicyText, PolicyText.id == Attestation.text_id)
        .where(Attestation.person_id == person_id)
        .order_by(Attestation.attested_at.desc(), Attestation.id.desc())
    )
    return tuple((row[0], row[1], AttestationFacts(*row[2:])) for row in rows)


def attested(
    editions: Collection[tuple[int, str]], on: dt.date, person_ids: Collection[int] | None = None
) -> dict[int, dict[int, dt.date]]:
    """The latest day, up to `on`, on which each of these people attested these (policy id, edition), by policy id.

    With `person_ids` None everybody's.
    """
    found: dict[int, dict[int, dt.date]] = {}
    wanted = dict(editions)
    if not wanted:
        return found
    one_of = or_(*(and_(Attestation.policy_id == key, Attestation.edition == name) for key, name in wanted.items()))
    statement = (
        select(Attestation.person_id, Attestation.policy_id, func.max(Attestation.attested_on))
        .where(one_of, Attestation.attested_on <= on)
        .group_by(Attestation.person_id, Attestation.policy_id)
    )
    parts = [statement]
    if person_ids is not None:
        parts = [statement.where(Attestation.person_id.in_(some)) for some in in_batches(person_ids)]
    for part in parts:
        for person_id, policy_id, day in db.session.execute(part):
            found.setdefault(person_id, {})[policy_id] = day
    return found
