"""Writing policies and attestations: a text once, an attestation once a day at most.

A text never changes. Other words under the same edition are a correction, for which attestations go on holding;
another edition is a material change and is attested again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from assessments.model import Fault
from courses import policies as reader
from lms.audit.services import record
from lms.competency.queries import competencies, framework
from lms.db import db, insert_ignore, lock_named, public_id
from lms.policies import queries
from lms.policies.facts import AttestationFacts, Mine
from lms.policies.models import Attestation, Policy, PolicyText

LONGEST_REASON = 1000


class PolicyRefused(Exception):
    """The file is not published; `faults` say where and what was expected."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults if fault.severity == "error"))
        self.faults = tuple(faults)


class AttestRefused(ValueError):
    """The attestation is not taken; the message says why."""


@dataclass(frozen=True)
class Published:
    """What publishing did. `change` is first, material, correction or unchanged."""

    code: str
    title: str
    edition: str
    change: str
    warnings: tuple[Fault, ...]


def publish(text: str, path: str, *, actor: int | None, now: dt.datetime, today: dt.date) -> Published:
    """Publish a policy from its Markdown; the newest text again changes nothing, a withdrawn policy comes back.

    A text of long ago is not brought back under its old edition, because that would say that nothing changed since.
    Raises PolicyRefused; nothing is written then.
    """
    frame = framework()
    codes = [each.code for each in competencies()] if frame else None
    responsibilities = tuple(frame.responsibilities) if frame else None
    policy, faults = reader.read_policy(text, path, codes, responsibilities)
    if policy is None:
        raise PolicyRefused(faults)
    lock_named(f"policy:{policy.code}")
    insert_ignore(Policy.__table__, [{"code": policy.code}], ["code"])  # type: ignore[arg-type]
    row = db.session.execute(select(Policy.id, Policy.withdrawn_at).where(Policy.code == policy.code)).one()
    earlier = queries.texts(policy.code)
    change = _change(policy, earlier, path)
    if row.withdrawn_at is not None:
        back = update(Policy).where(Policy.id == row.id)
        db.session.execute(back.values(withdrawn_at=None, withdrawn_by=None, reason=None))
        record("policy.restore", "policy", policy.code, actor=actor, now=now)
    if change != "unchanged":
        asked_from = earlier[0].asked_from if change == "correction" else max(policy.effective, today)
        values = _values(policy, text) | {
            "policy_id": row.id, "change": change, "asked_from": asked_from, "published_at": now, "published_by": actor,
        }  # fmt: skip
        db.session.execute(insert(PolicyText).values(values))
        record("policy.publish", "policy", policy.code, actor=actor, now=now, edition=policy.edition, change=change)
    warnings = tuple(fault for fault in faults if fault.severity != "error")
    return Published(policy.code, policy.title, policy.edition, change, warnings)


def _change(policy: reader.Policy, earlier: Sequence[queries.PolicyFacts], path: str) -> str:
    if not earlier:
        return "first"
    found = reader.change(earlier[0].edition, earlier[0].digest, policy)
    if found == "material" and policy.edition in {each.edition for each in earlier}:
        message = f"the edition {policy.edition} was published before {earlier[0].edition}: expected a new edition"
        raise PolicyRefused([Fault(path, 1, 1, "error", message)])
    if found == "correction" and policy.digest in {each.digest for each in earlier}:
        message = "this very text was corrected since: expected the newest text with what is to change in it"
        raise PolicyRefused([Fault(path, 1, 1, "error", message)])
    return found


def _values(policy: reader.Policy, text: str) -> dict[str, object]:
    return {
        "digest": policy.digest, "edition": policy.edition, "title": policy.title, "summary": policy.summary,
        "language": policy.language, "owner": policy.owner, "audience": list(policy.audience),
        "effective": policy.effective, "review_by": policy.review_by, "reattest_months": policy.reattest_months,
        "competencies": list(policy.competencies), "responsibilities": list(policy.responsibilities),
        "statement": policy.statement, "words": policy.words, "html": policy.html,
        "changes_html": policy.changes_html, "source": text,
    }  # fmt: skip


def attest(
    person_id: int, code: str, digest: str, *, actor: int | None, now: dt.datetime, today: dt.date
) -> AttestationFacts:
    """Take a person's word for the text with this digest; while it holds, a repeat returns the first one.

    Raises AttestRefused for a text that is not in force, also where another came while this one was read.
    """
    held = next((each for each in queries.mine(person_id) if each.policy.code == code), None)
    if held is None:
        raise AttestRefused(_("This policy is not in force."))
    policy = held.policy
    if policy.digest != digest:
        raise AttestRefused(_("The text changed while you read it. Please read what changed and confirm this text."))
    if held.attested is not None and not held.waits(today):
        return held.attested
    row = {
        "public_id": public_id(), "person_id": person_id, "policy_id": policy.policy_id, "text_id": policy.id,
        "edition": policy.edition, "digest": digest, "statement": policy.statement, "attested_on": today,
        "attested_at": now,
    }  # fmt: skip
    keys = ["person_id", "policy_id", "edition", "attested_on"]
    if insert_ignore(Attestation.__table__, [row], keys):  # type: ignore[arg-type]
        record("policy.attest", "policy", code, actor=actor, now=now, edition=policy.edition, digest=digest)
    given = next(each for each in queries.mine(person_id) if each.policy.code == code).attested
    assert given is not None, "an attestation was just written"
    return given


def withdraw(code: str, reason: str, *, actor: int | None, now: dt.datetime) -> None:
    """Take a policy out of force for a stated reason; attestations stay. Again is harmless. Raises ValueError."""
    why = " ".join(reason.replace("\0", "").split())
    if not why:
        raise ValueError("Say why the policy is withdrawn.")
    if len(why) > LONGEST_REASON:
        raise ValueError(f"The reason is longer than {LONGEST_REASON} characters.")
    out = update(Policy).where(Policy.code == code, Policy.withdrawn_at.is_(None))
    done = db.session.execute(out.values(withdrawn_at=now, withdrawn_by=actor, reason=why))
    if getattr(done, "rowcount", 0):
        record("policy.withdraw", "policy", code, actor=actor, now=now)


def waiting(mine: Sequence[Mine], subjects: frozenset[str], on: dt.date) -> tuple[Mine, ...]:
    """Of a person's policies those that wait for them: in their audience and not attested, or not for long any more.

    `subjects` are the profession and the roles that the person holds. Pure.
    """
    return tuple(each for each in mine if each.waits(on) and subjects & set(each.policy.audience))
