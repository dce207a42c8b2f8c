"""What time does: rows that the rule no longer keeps go or are emptied, and leavers of long ago are erased.

Running it twice is harmless. What it would do can be asked first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from lms.audit.services import record
from lms.db import db
from lms.privacy.erasure import erase, leavers
from lms.privacy.reach import tables
from lms.privacy.rules import RULES

PORTION = 200  # leavers erased in one run, so that no transaction grows long


@dataclass(frozen=True)
class Due:
    """What the rule asks for in one table: how many rows are deleted or blanked."""

    table: str
    act: str
    rows: int
    days: int


def due(now: dt.datetime, today: dt.date) -> tuple[Due, ...]:
    """What the rule asks for now; writes nothing. The last entry counts leavers to be erased."""
    found = []
    for name, rule in RULES.items():
        if rule.kept is None:
            continue
        number = db.session.scalar(select(func.count()).select_from(tables()[name]).where(_old(name, now))) or 0
        found.append(Due(name, "delete" if rule.kept.blank is None else "blank", number, rule.kept.days))
    return (*found, Due("person", "erase", len(leavers(today)), 0))


def apply(*, now: dt.datetime, today: dt.date) -> tuple[Due, ...]:
    """Do what the rule asks for; returns what was done."""
    done = due(now, today)
    for each in done:
        rule = RULES[each.table]
        if each.act == "erase" or not each.rows or rule.kept is None:
            continue
        table = tables()[each.table]
        if rule.kept.blank is None:
            db.session.execute(delete(table).where(_old(each.table, now)))
        else:
            db.session.execute(update(table).where(_old(each.table, now)).values(rule.kept.blank))
    for person_id in leavers(today)[:PORTION]:
        erase(person_id, actor=None, now=now, today=today, reason="left long ago")
    if any(each.rows for each in done):
        counts = {each.table: each.rows for each in done if each.rows}
        record("privacy.retention", "hospital", "all", actor=None, now=now, **counts)
    return done


def _old(name: str, now: dt.datetime) -> ColumnElement[bool]:
    rule, table = RULES[name], tables()[name]
    assert rule.kept is not None, "only tables with a span are asked"
    old = table.c[rule.kept.column] < now - dt.timedelta(days=rule.kept.days)
    if rule.kept.blank is None:
        return old
    return and_(old, or_(*(table.c[column].is_distinct_from(value) for column, value in rule.kept.blank.items())))
