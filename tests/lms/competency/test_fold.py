"""After any sequence of writes the rollups are what a recount of the ledger gives."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, update

from assessments import mastery
from lms.changes.services import any_marks
from lms.competency import queries, services
from lms.competency.facts import CellCounts, UnitCounts
from lms.competency.folding import stored_counts
from lms.competency.models import Rollup, Standing
from lms.competency.snapshot import forget
from lms.db import db
from tests.support.by_hand import counted_by_hand
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
from tests.support.world import DAY, World, acts


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


@pytest.mark.parametrize("step", ["_take_out", "_keep", "move"])
def test_a_folder_that_dies_half_way_leaves_everything_to_the_next(app, monkeypatch, step):
    hospital = sample_hospital()
    load_framework()
    services.fold(today=TODAY)
    db.session.commit()
    observe(hospital.people["E-003"], "A1", 3, TODAY, "o:1")
    db.session.commit()
    before = stored_counts()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"lms.competency.folding.{step}", die)
    with pytest.raises(KeyboardInterrupt):
        services.fold(today=TODAY)
    db.session.rollback()
    assert stored_counts() == before
    assert any_marks()
    monkeypatch.undo()
    assert services.fold(today=TODAY) == 1
    assert services.check(today=TODAY) == []
    assert stored_counts() != before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_what_is_written_later_about_later_days_leaves_past_figures_alone(app, sequence):
    """Posts, professions, roles, targets and the tree are dated; only late entries about past days move the past."""
    world = World()
    make_post(world.people[0], world.units[1], "Old", starts=world.today - 10 * DAY)
    make_post(world.people[1], world.units[2], "Old", starts=world.today - 10 * DAY)
    try:
        for kind, who, what, when, _ in sequence:
            if kind in (11, 14):  # corrections and withdrawals are meant to reach the past
                continue
            yesterday = world.today - DAY
            before = queries.recount(yesterday, ahead=False)  # who will be at work later may well change
            world.act(kind, who, what, max(when, 30))
            assert queries.recount(yesterday, ahead=False) == before
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
