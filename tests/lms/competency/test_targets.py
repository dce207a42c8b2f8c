"""A hospital's own targets by unit, role and day: what applies to whom, and what a change would do."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from courses.framework import default_framework, read_framework
from courses.frameworkfiles import KINDS, write_file
from lms.competency import queries, services
from lms.competency.editions import decisions, history, in_force, is_the_hospitals, was_imported
from lms.competency.models import TargetChange
from lms.competency.planning import preview, preview_import
from lms.competency.services import TargetRefused, import_framework, set_target, wish, withdraw
from lms.db import db
from tests.support.hospital import (
    NOW,
    TODAY,
    load_framework,
    load_small_framework,
    make_leave,
    make_post,
    sample_hospital,
    small_framework,
)

DAY = dt.timedelta(days=1)
LATER = TODAY + 30 * DAY


@pytest.fixture
def hospital(app):
    """The sample hospital; a nurse needs K1 at 2, a super-user at 4."""
    load_small_framework((3, 2, 1, 4, 2), (1, 1, 1, 1, 1), now=NOW - 100 * DAY)
    return sample_hospital()


def decide(code="K1", subject="nurse", unit="", way="at-least", level="3", starts="", reason="Asked for.", **more):
    today = more.get("today", TODAY)
    asked = wish(code, subject, unit, way, level, str(starts), today=today)
    moment = dt.datetime.combine(today, dt.time(10), tzinfo=dt.UTC)
    return set_target(asked, reason, actor=None, now=moment, today=today)


def need(person: int, on: dt.date = TODAY, code: str = "K1") -> int:
    return next(each.target for each in queries.profile(person, on) if each.code == code)


def prove(today: dt.date = TODAY) -> None:
    services.fold(today=today)
    assert services.check(today=today) == []
    assert not services.outstanding(today)


def test_a_units_target_holds_below_it_and_nowhere_else(hospital):
    decide(unit="MED", level="3")
    assert need(hospital.people["E-003"]) == 3  # MED-A
    assert need(hospital.people["E-005"]) == 3  # MED-B
    assert need(hospital.people["E-008"]) == 2  # Emergency
    assert need(hospital.people["E-002"]) == 3  # a physician: the framework
    prove()


def test_at_least_never_lowers_and_exactly_does(hospital):
    decide(unit="ED", level="1")
    assert need(hospital.people["E-008"]) == 2
    decide(unit="ED", way="exactly", level="1")
    assert need(hospital.people["E-008"]) == 1
    decide(unit="ED", way="none")
    assert need(hospital.people["E-008"]) == 2
    prove()


def test_the_nearest_unit_has_the_last_word(hospital):
    decide(unit="MED", way="exactly", level="1")
    decide(unit="MED-A", level="4")
    decide(unit="", level="5")
    assert need(hospital.people["E-003"]) == 4  # 5 for the hospital, exactly 1 in Medicine, at least 4 on the ward
    assert need(hospital.people["E-005"]) == 1
    assert need(hospital.people["E-008"]) == 5
    prove()


def test_the_highest_of_roles_and_posts_still_counts(hospital):
    decide(unit="MED-A", way="exactly", level="1")
    assert need(hospital.people["E-004"]) == 4  # a super-user there
    make_post(hospital.people["E-003"], hospital.units["ED"], "Second post")
    assert need(hospital.people["E-003"]) == 2  # as a nurse in Emergency
    prove()


def test_a_role_counts_in_the_unit_of_its_own_post(hospital):
    decide(subject="super-user", unit="ED", level="5")
    make_post(hospital.people["E-004"], hospital.units["ED"], "Nurse, not super-user there")
    assert need(hospital.people["E-004"]) == 4
    prove()


def test_a_planned_change_holds_from_its_day_and_is_folded_on_it(hospital):
    services.fold(today=TODAY)
    decide(unit="ED", level="4", starts=LATER)
    prove()
    person = hospital.people["E-008"]
    assert [need(person, LATER - DAY), need(person, LATER)] == [2, 4]
    assert services.outstanding(LATER)
    prove(LATER)
    assert next(s for s in queries.standings() if s.person_id == person).target("K1") == 4


def test_a_planned_change_can_be_withdrawn_and_a_standing_one_cannot(hospital):
    planned = decide(unit="ED", level="4", starts=LATER)
    assert withdraw(planned.public_id, actor=None, now=NOW, today=TODAY)
    assert not withdraw(planned.public_id, actor=None, now=NOW, today=TODAY)
    assert need(hospital.people["E-008"], LATER) == 2
    standing = decide(unit="ED", level="4")
    with pytest.raises(TargetRefused, match="decide anew"):
        withdraw(standing.public_id, actor=None, now=NOW, today=TODAY)
    with pytest.raises(TargetRefused, match="not known"):
        withdraw("nothing", actor=None, now=NOW, today=TODAY)
    assert [each.state for each in decisions(TODAY)] == ["withdrawn", "now"]


def test_the_same_decision_twice_stands_once_and_past_days_keep_theirs(hospital):
    first = decide(unit="ED", level="4")
    again = decide(unit="ED", level="4")
    assert (again.public_id, first.new, again.new) == (first.public_id, True, False)
    decide(unit="ED", level="5", today=LATER)
    person = hospital.people["E-008"]
    assert [need(person, day) for day in (TODAY - DAY, TODAY, LATER - DAY, LATER)] == [2, 4, 4, 5]
    assert [(e.state, e.last) for e in decisions(LATER)] == [("now", None), ("over", LATER - DAY)]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("code", {"code": "Z9"}),
        ("subject", {"subject": "chef"}),
        ("unit", {"unit": "NOWHERE"}),
        ("way", {"way": "sometimes"}),
        ("level", {"level": "6"}),
        ("level", {"level": "0"}),
        ("level", {"level": "٣"}),
        ("starts", {"starts": "tomorrow"}),
        ("starts", {"starts": TODAY - DAY}),
        ("starts", {"starts": "9999-01-01"}),
        ("reason", {"reason": " "}),
        ("reason", {"reason": "x" * 501}),
    ],
)
def test_what_cannot_stand_is_refused_by_its_field(hospital, field, wrong):
    with pytest.raises(TargetRefused) as refused:
        decide(**wrong)
    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(TargetChange)) == 0


def test_the_database_keeps_decisions_and_editions_from_change(hospital):
    decide(unit="ED")
    db.session.commit()
    for statement in (
        "update target_change set level = 1",
        "delete from target_change",
        "delete from framework_edition",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_a_decision_that_is_rolled_back_is_forgotten_by_this_process(hospital):
    person = hospital.people["E-008"]
    decide(unit="ED", level="5")
    assert need(person) == 5
    db.session.rollback()
    assert need(person) == 2
    decide(unit="ED", level="3")
    assert need(person) == 3


def test_a_profile_says_as_whom_and_where_a_target_applies(hospital):
    def reasons(person):
        found = queries.profile(hospital.people[person], TODAY)[0].because
        return [(each.subject, each.unit_id) for each in found]

    assert reasons("E-008") == [("nurse", None)]
    decide(unit="ED", level="4")
    assert reasons("E-008") == [("nurse", hospital.units["ED"])]
    assert reasons("E-004") == [("super-user", None)]


def test_a_preview_counts_who_needs_something_else_and_who_falls_below(hospital):
    services.record_evidence(
        hospital.people["E-003"], "K1", "observation", 2, TODAY - DAY, key="a", actor=None, now=NOW, signed_off=True
    )
    services.record_evidence(
        hospital.people["E-005"], "K1", "observation", 3, TODAY - DAY, key="b", actor=None, now=NOW, signed_off=True
    )
    make_leave(hospital.people["E-001"], TODAY)
    found = preview(wish("K1", "nurse", "MED", "at-least", "3", str(LATER), today=TODAY))
    assert (found.affected, found.raised, found.lowered, found.relieved) == (2, 2, 0, 0)  # a super-user needs 4 anyway
    assert found.falling == (hospital.people["E-003"],)
    assert found.short == 0
    assert {each.unit_id: (each.affected, each.falling) for each in found.units} == {
        hospital.units["MED-A"]: (1, 1), hospital.units["MED-B"]: (1, 0),
    }  # fmt: skip
    lowered = preview(wish("K1", "nurse", "ED", "exactly", "0", "", today=TODAY))
    assert (lowered.affected, lowered.lowered, lowered.relieved, lowered.falling) == (1, 1, 1, ())
    assert db.session.scalar(select(func.count()).select_from(TargetChange)) == 0


def test_a_preview_says_what_then_comes_true(hospital):
    asked = wish("K1", "nurse", "MED", "at-least", "5", "", today=TODAY)
    services.fold(today=TODAY)
    before = {each.person_id: each.target("K1") for each in queries.standings()}
    found = preview(asked)
    set_target(asked, "Asked for.", actor=None, now=NOW, today=TODAY)
    services.fold(today=TODAY)
    after = {each.person_id: each.target("K1") for each in queries.standings()}
    assert found.affected == sum(1 for each in before if before[each] != after[each]) > 0


def test_the_framework_in_force_is_the_one_that_was_imported(app):
    load_framework()
    assert in_force(TODAY) == default_framework()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_imported_alike(app, kind):
    import_framework(write_file(default_framework(), kind, NOW), "f", actor=None, now=NOW)
    assert in_force(TODAY) == default_framework()


def test_the_shipped_framework_gives_way_to_the_hospitals_own(app):
    assert not is_the_hospitals("SMALL")
    load_small_framework((3, 2, 1, 4, 2))
    shipped = small_framework((3, 2, 1, 4, 2))
    assert was_imported(shipped.replace("\n", "\r\n"))
    assert not was_imported(small_framework((3, 2, 1, 4, 2), edition="2"))
    assert not is_the_hospitals("SMALL")
    assert is_the_hospitals("CIW")


def test_history_keeps_each_import_with_what_it_changed(app):
    load_small_framework((3, 2, 1, 4, 2), now=NOW - 10 * DAY)
    load_small_framework((3, 3, 1, 4, 2), (1, 1, 1, 1, 1), edition="2")
    newest, first = history()
    assert (first.edition, first.changes) == ("1", None)
    assert [each.code for each in newest.changes.added] == ["K2"]
    assert [(e.subject, e.before, e.after) for e in newest.changes.targets] == [("nurse", 2, 3)]


def test_a_retired_competency_takes_its_decisions_with_it_and_the_past_keeps_them(hospital):
    person = hospital.people["E-008"]
    decide(code="K2", unit="ED", level="4", today=TODAY)
    decide(code="K2", unit="ED", level="5", starts=LATER)
    load_small_framework((3, 2, 1, 4, 2), edition="2", now=NOW + DAY)
    load_small_framework((3, 2, 1, 4, 2), (1, 1, 1, 1, 1), edition="3", now=NOW + 2 * DAY)
    assert [need(person, TODAY + n * DAY, "K2") for n in (0, 2, 40)] == [4, 1, 1]
    prove(TODAY + 2 * DAY)


def test_a_dry_run_of_an_import_counts_and_writes_nothing(hospital):
    read, _ = read_framework(small_framework((3, 3, 1, 4, 2), (1, 1, 1, 1, 1), (1, 0, 0, 0, 0)), "f")
    found = preview_import(read, TODAY)
    nurses = {"E-001", "E-003", "E-005", "E-008"}
    assert found.affected >= len(nurses)
    assert found.lowered == 0
    assert len(history()) == 1
    same, _ = read_framework(small_framework((3, 2, 1, 4, 2), (1, 1, 1, 1, 1)), "f")
    assert preview_import(same, TODAY).affected == 0
