"""How first attempts at exams went, by course, for rooms above that report it. Never writes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, func, select

from lms.catalog import queries as catalog
from lms.db import db
from lms.quizzes.models import Attempt


@dataclass(frozen=True)
class Firsts:
    """`takers` handed a first attempt in, `passed` of them passed with it."""

    takers: int
    passed: int


def first_attempts(before: dt.datetime) -> dict[str, Firsts]:
    """First attempts that were handed in and marked before a moment, by course."""
    passes: Any = func.sum(cast(Attempt.passed, Integer))
    statement = (
        select(Attempt.version_id, func.count(), passes)
        .where(
            Attempt.number == 1, Attempt.state == "submitted", Attempt.passed.is_not(None),
            Attempt.submitted_at < before,
        )
        .group_by(Attempt.version_id)
    )  # fmt: skip
    rows = db.session.execute(statement).all()
    versions = catalog.versions_by_id(row[0] for row in rows)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for version_id, takers, passed in rows:
        sums[versions[version_id].code][0] += takers
        sums[versions[version_id].code][1] += int(passed or 0)
    return {code: Firsts(*found) for code, found in sums.items()}
