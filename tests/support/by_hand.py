"""Counting a hospital by hand, person by person, in the plainest words; what rollups are measured against."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy import select

from assessments import mastery
from lms.competency.facts import SPANS, CellCounts, UnitCounts
from lms.competency.models import Competency, Evidence, EvidenceWithdrawal, Target, TargetChange, TargetWithdrawal
from lms.db import db
from lms.people.models import Leave, Person, Post, Unit

DAY = dt.timedelta(days=1)


def counted_by_hand(on: dt.date, profession: str | None = None) -> dict[int, UnitCounts]:
    """The counts of a day from the rows, person by person, in the plainest words; not for past trees."""
    parents = dict(map(tuple, db.session.execute(select(Unit.id, Unit.parent_id))))
    codes = dict(map(tuple, db.session.execute(select(Competency.id, Competency.code))))
    vital = set(db.session.scalars(select(Competency.id).where(Competency.critical, Competency.retired_on.is_(None))))
    found: dict[int, dict] = defaultdict(lambda: {"heads": [0] * 6, "ends": [0] * 4, "cells": {}})
    for person in db.session.scalars(select(Person)):
        if profession not in (None, person.profession):
            continue
        every = list(db.session.scalars(select(Post).where(Post.person_id == person.id)))
        leaves = list(db.session.scalars(select(Leave).where(Leave.person_id == person.id)))
        posts = [post for post in every if holds(post, on)]
        for unit in above({post.unit_id for post in posts if post.super_user}, parents):
            found[unit]["heads"][5] += 1
        if any(holds(leave, on) for leave in leaves) or not posts:
            continue
        needs = needs_by_hand(person.profession, posts, parents, on)
        has = {competency: level_by_hand(person.id, competency, on) for competency in needs}
        met = {competency for competency in needs if has[competency] >= needs[competency]}
        falls = {each: fall_by_hand(person.id, each, needs[each], every, leaves, on) for each in met}
        critical = vital & set(needs)
        heads = (
            True,
            bool(needs),
            bool(needs) and met == set(needs),
            bool(critical),
            bool(critical) and critical <= met,
        )
        for unit in above({post.unit_id for post in posts}, parents):
            counts = found[unit]
            for number, yes in enumerate(heads):
                counts["heads"][number] += yes
            for number in range(4):
                counts["ends"][number] += any(first <= number for first in falls.values())
            for competency, level in has.items():
                cell = counts["cells"].setdefault(codes[competency], [0, 0, [0] * 6, [0] * 4])
                cell[0] += 1
                cell[1] += competency in met
                cell[2][level] += 1
                for number in range(4):
                    cell[3][number] += falls.get(competency, 4) <= number
    return {
        unit: UnitCounts(
            *c["heads"][:3],
            {code: CellCounts(of, at, tuple(n), tuple(ends)) for code, (of, at, n, ends) in c["cells"].items()},
            *c["heads"][3:],
            tuple(c["ends"]),
        )
        for unit, c in found.items()
    }


def needs_by_hand(profession: str, posts: list, parents: dict, on: dt.date) -> dict[int, int]:
    """The highest of all posts and roles: the framework's level, met by each unit's decision from the root down."""
    gone = set(db.session.scalars(select(TargetWithdrawal.change_id)))
    changes = list(db.session.scalars(select(TargetChange).order_by(TargetChange.starts, TargetChange.id)))
    changes = [c for c in changes if c.starts <= on and c.id not in gone]
    targets = [t for t in db.session.scalars(select(Target)) if holds(t, on)]
    needs: dict[int, int] = {}
    for post in posts:
        line = [post.unit_id]
        while parents[line[-1]] is not None:
            line.append(parents[line[-1]])
        subjects = [profession, *["super-user"] * post.super_user, *["informaticist"] * post.informaticist]
        for competency in db.session.scalars(select(Competency.id)):
            for subject in subjects:
                mine = [t.level for t in targets if (t.competency_id, t.subject) == (competency, subject)]
                level = max(mine, default=0)
                for unit in [None, *reversed(line)]:
                    key = (competency, subject, unit)
                    said = [c for c in changes if (c.competency_id, c.subject, c.unit_id) == key]
                    if said and said[-1].way != "none":
                        level = said[-1].level if said[-1].way == "exactly" else max(level, said[-1].level)
                needs[competency] = max(needs.get(competency, 0), level)
    return {competency: level for competency, level in needs.items() if level}


def fall_by_hand(person_id: int, competency: int, need: int, posts: list, leaves: list, on: dt.date) -> int:
    """Which span is the first after which the level is below the need, 4 for none."""
    for number, span in enumerate(SPANS):
        day = on + span * DAY
        present = any(holds(post, day) for post in posts) and not any(holds(leave, day) for leave in leaves)
        if present and level_by_hand(person_id, competency, day, achieved_by=on) < need:
            return number
    return 4


def above(units: set[int], parents: dict[int, int | None]) -> set[int]:
    found = set()
    for unit in units:
        at: int | None = unit
        while at is not None:
            found.add(at)
            at = parents[at]
    return found


def holds(row, on: dt.date) -> bool:
    return row.starts <= on and (row.ends is None or row.ends >= on)


def level_by_hand(person_id: int, competency_id: int, on: dt.date, achieved_by: dt.date | None = None) -> int:
    rows = db.session.scalars(
        select(Evidence).where(
            Evidence.person_id == person_id,
            Evidence.competency_id == competency_id,
            Evidence.achieved_on <= (achieved_by or on),
            Evidence.id.not_in(select(EvidenceWithdrawal.evidence_id)),
        )
    )
    points = [
        mastery.EvidencePoint(
            r.source, r.level, r.achieved_on, r.valid_until, r.recorded_at, r.signed_off, r.coaching_log, r.passed
        )
        for r in rows
    ]
    return mastery.standing(points, on).level
