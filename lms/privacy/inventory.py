"""The inventory of personal data, from what every model says of itself and from the stated rule."""

from __future__ import annotations

from dataclasses import dataclass

from lms.db import Base
from lms.privacy.rules import RULES


@dataclass(frozen=True)
class Entry:
    """A table, what it holds of people in the words of its model, and what becomes of it."""

    table: str
    holds: str
    erased: str
    kept: str


def inventory() -> tuple[Entry, ...]:
    """Every table of the application by name."""
    found = []
    for mapper in Base.registry.mappers:
        text = " ".join((mapper.class_.__doc__ or "").split())
        holds = text.partition("pii:")[2].strip().rstrip(".") or "not stated"
        name = mapper.local_table.name  # type: ignore[attr-defined]
        rule = RULES.get(name)
        act = "" if rule is None else rule.erase if isinstance(rule.erase, str) else "emptied: " + ", ".join(rule.erase)
        days = f"{rule.kept.days} days" if rule and rule.kept else ""
        found.append(Entry(name, holds, act, days))
    return tuple(sorted(found, key=lambda each: each.table))


def unruled() -> tuple[str, ...]:
    """Tables that hold personal data by their model's own words and have no rule."""
    return tuple(each.table for each in inventory() if not each.holds.startswith("none") and each.table not in RULES)
