"""Marks that lower features leave and `competency` folds, so that nothing calls upward.

A mark is only ever inserted here, so writers never wait for each other. Whoever folds reads
marks, works out the people's standing afresh, and deletes exactly the marks that were read.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert

from lms.changes.models import Mark
from lms.db import db


def mark_people(person_ids: Iterable[int]) -> None:
    """Say that these people's posts, leave, targets or evidence changed."""
    rows = [{"person_id": person_id} for person_id in sorted(set(person_ids))]
    if rows:
        db.session.execute(insert(Mark), rows)
