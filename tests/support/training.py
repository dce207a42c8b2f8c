"""Training in tests: policies and pathways as texts, certificates without a quiz, rules with few words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lms.assignments import services
from lms.assignments.terms import Audience, Target, Terms
from lms.catalog.queries import current_version
from lms.credentials.desk import current_desk
from lms.credentials.services import issue
from lms.db import db, public_id
from lms.policies import services as policies

COURSE = Target("course", "SAFE-101")
POLICY = """\
---
code: {code}
title: {title}
summary: What it is about.
edition: "{edition}"
owner: The office of samples
audience: [{audience}]
effective: {effective}
review_by: 2030-01-01
{more}
---

{text}

## What changed in this edition {{#changes}}

{changes}
"""

PATHWAY = """\
---
code: FIRST-DAYS
title: Your first days
summary: What to take before you are alone.
edition: "1"
audience: [nurse]
steps:
  - {course: SAFE-101, due_days: 2}
  - {title: More of it, courses: [MORE-101, LATE-101], need: 1, due_days: 10}
---

Begin with the first step.
"""


def policy_text(code: str = "USE-1", *, months: int | None = 12, **changes: Any) -> str:
    """The Markdown of a sample policy."""
    words: Mapping[str, Any] = {
        "code": code, "title": "Use of the record", "edition": "1", "audience": "nurse, physician",
        "effective": "2026-01-01", "text": "Use it well.", "changes": "This is the first edition.",
    } | changes  # fmt: skip
    return POLICY.format(more=f"reattest_months: {months}" if months else "language: en", **words)


def put_policy(now: dt.datetime, text: str | None = None, **changes: Any) -> policies.Published:
    """Publish a sample policy and commit."""
    done = policies.publish(text or policy_text(**changes), "policy.md", actor=None, now=now, today=now.date())
    db.session.commit()
    return done


def certify(person_id: int, now: dt.datetime, code: str = "SAFE-101") -> str:
    """Issue a certificate as a completion would, and commit; returns its serial."""
    version = current_version(code)
    assert version is not None
    key = f"completion:test:{person_id}:{code}:{now.isoformat()}"
    found = issue(person_id, version, None, key=key, actor=None, now=now, desk=current_desk())
    db.session.commit()
    return found.serial


def make_rule(
    today: dt.date,
    *,
    target: Target = COURSE,
    audience: Audience | None = None,
    public: str | None = None,
    because: str = "",
    **terms: Any,
) -> str:
    """Make or change a rule and commit; without terms it is mandatory within 30 days."""
    now = dt.datetime.combine(today, dt.time(9), dt.UTC)
    made = services.save_rule(
        target, audience or Audience(), Terms(**(terms or {"due_days": 30})), because, public=public, key=public_id(),
        actor=None, now=now, today=today,
    )  # fmt: skip
    db.session.commit()
    return made
