"""Asking whether somebody is marked, as part of another statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from lms.changes.models import Mark


def is_marked(person_id: Any) -> ColumnElement[bool]:
    """An expression that is true where the person has a mark; `person_id` is a column or a parameter."""
    return exists().where(Mark.__table__.c.person_id == person_id)


def marked() -> Select[Any]:
    """The internal ids of everybody who is marked, each as often as they are."""
    return select(Mark.person_id)
