"""Whatever rosters come one after the other, the hospital says afterwards what the last one said."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.competency import queries as competency
from lms.competency import services
from lms.competency.folding import stored_counts
from lms.competency.snapshot import forget
from lms.db import db
from lms.people.models import Person, Post, Unit
from lms.rostering.faults import FileRefused
from lms.rostering.services import import_roster, plan_roster
from tests.support.hospital import NOW, TODAY, load_small_framework

HEADER = (
    "employee_id,given_name,family_name,email,profession,unit,post,roles,manager,starts,ends,leave_from,leave_until"
)
UNITS = "ABC"
DAYS = [TODAY + dt.timedelta(days=n) for n in (-400, -40, -1, 0, 1, 40)]

posts = st.tuples(
    st.sampled_from(UNITS), st.sampled_from(["Nurse", "Lead"]), st.sampled_from(["", "super-user", "informaticist"]),
    st.sampled_from(DAYS), st.one_of(st.none(), st.sampled_from(DAYS)),
).filter(lambda post: post[4] is None or post[4] >= post[3])  # fmt: skip
people = st.tuples(
    st.sampled_from(["nurse", "physician", "other"]),
    st.integers(0, 3),  # which of four addresses
    st.lists(posts, min_size=1, max_size=3, unique_by=lambda post: (post[0], post[1], post[3])),
    st.one_of(st.none(), st.sampled_from(DAYS)),
)
rosters = st.dictionaries(st.integers(0, 3), people, min_size=1, max_size=4)
parents = st.sampled_from([("", "A", "A"), ("", "A", "B"), ("C", "A", ""), ("", "", "A")])


def files(roster, up) -> tuple[bytes, bytes]:
    units = "code,name,parent,site\n" + "".join(f"{u},Unit {u},{p},\n" for u, p in zip(UNITS, up, strict=True))
    lines = [HEADER]
    for place, (number, (profession, address, held, leave)) in enumerate(sorted(roster.items())):
        email = f"a{(address + place) % 4}@h.example" if len({a for _, a, _, _ in roster.values()}) == 1 else (
            f"n{number}@h.example"
        )  # fmt: skip
        lines += [
            f"E{number},Sample,Person,{email},{profession},{u},{t},{r},,{s},{e or ''},{leave or ''},"
            for u, t, r, s, e in held
        ]
    return units.encode(), "\n".join([*lines, ""]).encode()


def held_on(day: dt.date) -> set[tuple[str, str, str, bool, bool]]:
    rows = db.session.execute(
        select(Person.employee_id, Unit.code, Post.title, Post.super_user, Post.informaticist)
        .join(Post, Post.person_id == Person.id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.starts <= day, (Post.ends.is_(None)) | (Post.ends >= day))
    )
    return {tuple(row) for row in rows}


def listed_on(roster, day: dt.date) -> set[tuple[str, str, str, bool, bool]]:
    return {
        (f"E{number}", unit, title, roles == "super-user", roles == "informaticist")
        for number, (_, _, held, _) in roster.items()
        for unit, title, roles, starts, ends in held
        if starts <= day and (ends is None or ends >= day)
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(rosters, parents, st.integers(0, 45)), min_size=1, max_size=4))
def test_after_any_rosters_the_posts_ahead_are_those_of_the_last_one(app, sequence):
    forget()
    today = TODAY
    load_small_framework((3, 2, 1, 4, 4), (0, 1, 0, 2, 2))
    try:
        for roster, up, wait in sequence:
            units, listing = files(roster, up)
            names = {"units_file": "u", "people_file": "p", "today": today}
            try:
                import_roster(units, listing, allow_ended=Fraction(1), actor=None, now=NOW, **names)
            except FileRefused as refused:
                if any("belongs to" not in fault.message for fault in refused.faults if not fault.warning):
                    raise  # only a known person's address may stand against these rosters
                continue
            for ahead in (1, 41, 400):
                day = today + dt.timedelta(days=ahead)
                assert held_on(day) == listed_on(roster, day)
            assert listed_on(roster, today) <= held_on(today)
            again = plan_roster(units, listing, **names)
            assert [(step.kind, step.subject, step.detail) for step in again.steps] == []
            services.fold(today=today)
            assert stored_counts() == competency.recount(today)
            today += dt.timedelta(days=wait)
    finally:
        db.session.rollback()
        forget()
