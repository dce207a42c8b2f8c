"""After any sequence of writes the rollups are what a recount of the ledger gives."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from assessments import mastery
from lms.changes.services import any_marks
from lms.competency import queries, services
from lms.competency.facts import SPANS, CellCounts, UnitCounts
from lms.competency.folding import stored_counts
from lms.competency.models import Competency, Evidence, Rollup, Standing, Target
from lms.competency.snapshot import forget
from lms.db import db
from lms.people.models import Leave, Person, Post, Unit
from lms.people.posts import change_posts, end_posts, held_posts, split_posts
from lms.people.services import PersonEntry, change_people
from lms.people.units import UnitEntry, save_units
from tests.support.hospital import (
    NOW,
    TODAY,
    load_framework,
    load_small_framework,
    make_leave,
    make_person,
    make_post,
    make_unit,
    sample_hospital,
)

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
        subjects = {person.profession}
        subjects |= {"super-user" for p in posts if p.super_user} | {"informaticist" for p in posts if p.informaticist}
        needs = needs_by_hand(subjects, on)
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


def needs_by_hand(subjects: set[str], on: dt.date) -> dict[int, int]:
    needs: dict[int, int] = {}
    for target in db.session.scalars(select(Target).where(Target.subject.in_(subjects))):
        if holds(target, on):
            needs[target.competency_id] = max(needs.get(target.competency_id, 0), target.level)
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
        )
    )
    points = [
        mastery.EvidencePoint(
            r.source, r.level, r.achieved_on, r.valid_until, r.recorded_at, r.signed_off, r.coaching_log, r.passed
        )
        for r in rows
    ]
    return mastery.standing(points, on).level


def prove(today: dt.date) -> None:
    services.fold(today=today)
    by_hand = counted_by_hand(today)
    assert stored_counts() == by_hand
    assert queries.recount(today) == by_hand
    for profession in ("physician", "nurse", "other"):
        by_hand = counted_by_hand(today, profession)
        assert stored_counts(profession=profession) == by_hand
        assert queries.recount(today, profession=profession) == by_hand
    assert services.check(today=today) == []
    assert not services.outstanding(today)


def observe(person_id: int, code: str, level: int, achieved: dt.date, key: str, **more: bool) -> bool:
    return services.record_evidence(
        person_id, code, "observation", level, achieved, key=key, actor=None, now=NOW, signed_off=True, **more
    )


class World:
    """A hospital of three people that random acts change; its day only moves on."""

    def __init__(self) -> None:
        forget()
        self.today = TODAY - 700 * DAY
        self.number = 0
        load_small_framework((3, 2, 1, 3, 3), (0, 2, 0, 1, 4), now=self.now)
        self.units = [make_unit("U1"), make_unit("U2", parent="U1"), make_unit("U3", parent="U1")]
        self.people = [make_person(f"P{n}", profession=p) for n, p in enumerate(("physician", "nurse", "other"))]

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.combine(self.today, dt.time(10), tzinfo=dt.UTC)

    def act(self, kind: int, who: int, what: int, when: int) -> None:
        person, unit, day = self.people[who % 3], self.units[what % 3], self.today + (when - 30) * DAY
        self.number += 1
        acts = (
            self.evidence, self.evidence, self.evidence, self.post, self.post, self.split, self.end, self.leave,
            self.profession, self.move, self.targets, self.correct, self.pass_time, self.pass_time,
        )  # fmt: skip
        acts[kind % len(acts)](person, unit, what, day)

    def evidence(self, person, unit, what, day):
        source = mastery.SOURCES[what % 7]
        services.record_evidence(
            person, f"K{1 + what % 2}", source, what % 6, day, key=f"k{self.number}", actor=None, now=self.now,
            passed=what % 5 != 0, signed_off=what % 3 != 0, coaching_log=what % 4 == 0,
        )  # fmt: skip

    def post(self, person, unit, what, day):
        roles = ("", "super-user", "informaticist")[what % 3]
        make_post(person, unit, f"T{self.number}", roles=roles, starts=day, ends=day + what * DAY if what % 2 else None)

    def _held(self, person):
        posts = held_posts(people=[person])
        return [post for post in posts if post.entry.ends is None or post.entry.ends > self.today]

    def split(self, person, unit, what, day):
        for post in self._held(person)[:1]:
            if post.entry.starts < self.today:
                entry = post.entry
                changed = type(entry)(
                    entry.person_id, entry.unit_id, entry.title, entry.starts, entry.ends, not entry.super_user
                )
                split_posts({post.id: changed}, today=self.today)

    def correct(self, person, unit, what, day):
        for post in self._held(person)[:1]:
            e = post.entry
            change_posts({post.id: type(e)(e.person_id, unit, e.title, e.starts, e.ends, e.super_user, True)})

    def end(self, person, unit, what, day):
        end_posts([post.id for post in self._held(person)[:1]], last_day=self.today)

    def leave(self, person, unit, what, day):
        if not db.session.execute(select(Leave.id).where(Leave.person_id == person, Leave.starts == day)).first():
            make_leave(person, day, day + what * DAY if what % 3 else None)

    def profession(self, person, unit, what, day):
        name = ("physician", "nurse", "other")[what % 3]
        row = db.session.execute(select(Person.employee_id, Person.email).where(Person.id == person)).one()
        change_people({person: PersonEntry(row.employee_id, "A", "B", row.email, name)}, today=self.today)

    def move(self, person, unit, what, day):
        parent = ("U1", "U2", None)[what % 3]
        save_units([UnitEntry("U3", "U3", parent)], today=self.today)

    def targets(self, person, unit, what, day):
        load_small_framework((what % 5, 2, 1, 3, 3), (1, 2, what % 4, 1, 4), edition=str(what), now=self.now)

    def pass_time(self, person, unit, what, day):
        self.today += (1 + what * 7) * DAY


acts = st.lists(
    st.tuples(st.integers(0, 13), st.integers(0, 2), st.integers(0, 40), st.integers(0, 60), st.booleans()),
    min_size=1, max_size=14,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_after_any_sequence_of_writes_the_rollups_equal_the_recount(app, sequence):
    world = World()
    past: dict[dt.date, dict[int, UnitCounts]] = {}
    try:
        for *act, look in sequence:
            world.act(*act)
            if look:
                prove(world.today)
        prove(world.today)
        kept = stored_counts()
        services.rebuild(today=world.today)
        assert stored_counts() == kept
        past[world.today] = kept
    finally:
        db.session.rollback()
        forget()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_what_is_written_later_about_later_days_leaves_past_figures_alone(app, sequence):
    """Posts, professions, roles, targets and the tree are dated; only late entries about past days move the past."""
    world = World()
    make_post(world.people[0], world.units[1], "Old", starts=world.today - 10 * DAY)
    make_post(world.people[1], world.units[2], "Old", starts=world.today - 10 * DAY)
    try:
        for kind, who, what, when, _ in sequence:
            if kind % 14 == 11:  # a correction is meant to reach the past
                continue
            yesterday = world.today - DAY
            before = queries.recount(yesterday)
            world.act(kind, who, what, max(when, 30))
            assert queries.recount(yesterday) == before
    finally:
        db.session.rollback()
        forget()


def test_passing_moves_the_levels_and_a_sign_off_moves_the_share(app):
    hospital = sample_hospital(commit=False)
    load_framework()
    asha, unit = hospital.people["E-002"], hospital.units["MED-A"]

    def cell():
        services.fold(today=TODAY)
        return stored_counts([unit])[unit].cell("B1")

    assert cell() == CellCounts(4, 0, (4, 0, 0, 0, 0, 0))
    services.record_evidence(asha, "B1", "test", 2, TODAY, key="attempt:1", actor=None, now=NOW)
    assert cell() == CellCounts(4, 0, (3, 0, 1, 0, 0, 0))
    assert observe(asha, "B1", 3, TODAY, "observation:1")
    assert cell() == CellCounts(4, 1, (3, 0, 0, 1, 0, 0))
    assert not observe(asha, "B1", 3, TODAY, "observation:1")
    assert cell() == CellCounts(4, 1, (3, 0, 0, 1, 0, 0))


def test_a_person_with_two_posts_counts_once_in_every_row(app):
    load_small_framework((1, 1, 1, 1, 1))
    top, left, right = make_unit("TOP"), make_unit("L", parent="TOP"), make_unit("R", parent="TOP")
    person = make_person("X-1")
    make_post(person, left, "One")
    make_post(person, right, "Two")
    services.fold(today=TODAY)
    assert {unit: counts.staff for unit, counts in stored_counts().items()} == {top: 1, left: 1, right: 1}


def test_leave_expiry_and_a_future_post_change_the_counts_on_their_day_without_a_write(app):
    load_small_framework((2, 2, 2, 2, 2))
    unit, person, later = make_unit("W"), make_person("X-1"), make_person("X-2")
    make_post(person, unit)
    make_post(later, unit, starts=TODAY + 5 * DAY)
    make_leave(person, TODAY + 10 * DAY, TODAY + 11 * DAY)
    services.record_evidence(person, "K1", "test", 2, TODAY, key="t", actor=None, now=NOW)

    def figures(days: int) -> tuple[int, int]:
        services.fold(today=TODAY + days * DAY)
        counts = stored_counts().get(unit, queries.NOBODY)
        return counts.staff, counts.cell("K1").at_target

    assert [figures(n) for n in (0, 4, 5, 9, 10, 11, 12)] == [
        (1, 1), (1, 1), (2, 1), (2, 1), (1, 0), (1, 0), (2, 1)
    ]  # fmt: skip
    held_until = mastery.valid_until(TODAY, critical=True)
    assert figures((held_until - TODAY).days) == (2, 1)
    assert figures((held_until - TODAY).days + 1) == (2, 0)


def test_a_profession_without_targets_is_staff_and_never_compliant(app):
    load_small_framework((2, 2, 2, 2, 2))
    unit, person = make_unit("W"), make_person("X-1", profession="other")
    make_post(person, unit)
    services.fold(today=TODAY)
    assert stored_counts()[unit] == UnitCounts(1, 0, 0, {})


def test_the_check_finds_a_wrong_rollup_and_changes_nothing(app):
    sample_hospital(commit=False)
    load_framework()
    services.fold(today=TODAY)
    db.session.execute(update(Rollup).where(Rollup.unit_id == 1).values(at_target=Rollup.at_target + 1))
    db.session.commit()
    before = (stored_counts(), any_marks())
    make_leave(1, TODAY)
    differences = services.check(today=TODAY)
    assert len(differences) == 38
    assert str(differences[0]).startswith("SGH A1: rollup CellCounts(of=9, at_target=1")
    assert any_marks()
    assert stored_counts() == before[0]
    db.session.rollback()
    services.rebuild(today=TODAY)
    assert services.check(today=TODAY) == []


def test_a_fold_with_a_limit_leaves_the_rest_marked(app):
    sample_hospital(commit=False)
    load_framework()
    assert services.fold(today=TODAY, limit=4) == 4
    assert services.outstanding(TODAY)
    assert services.fold(today=TODAY) == 7
    assert services.fold(today=TODAY) == 0


def test_todays_counts_of_one_profession_equal_a_recount(app):
    hospital = sample_hospital(commit=False)
    load_framework()
    observe(hospital.people["E-003"], "A1", 3, TODAY, "o:1")
    services.fold(today=TODAY)
    for profession in ("nurse", "physician", "other"):
        units = [hospital.units["SGH"], hospital.units["MED"]]
        today = queries.counts(TODAY, today=TODAY, unit_ids=units, profession=profession)
        assert today == queries.recount(TODAY, unit_ids=units, profession=profession)
        assert today[units[0]].staff > 0
    assert queries.counts(TODAY, today=TODAY) == queries.recount(TODAY)
    assert queries.counts(TODAY - DAY, today=TODAY) == queries.recount(TODAY - DAY)
    assert db.session.scalar(select(Standing.units).where(Standing.person_id == hospital.people["E-003"]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"competency_code": "Z9"}, "'Z9' is not a competency"),
        ({"source": "rumour"}, "'rumour' is not a source; expected one of test, case"),
        ({"level": 6}, "The level is 6; 0 to 5 was expected"),
    ],
)
def test_evidence_that_cannot_be_kept_is_refused_with_what_was_expected(app, change, words):
    load_small_framework((2, 2, 2, 2, 2))
    facts = {"competency_code": "K1", "source": "test", "level": 2, "achieved_on": TODAY, "key": "k"} | change
    with pytest.raises(services.EvidenceRefused, match=words):
        services.record_evidence(make_person("X-1"), actor=None, now=NOW, **facts)
