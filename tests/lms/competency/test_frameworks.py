"""A framework import keeps every target with its dates, and the same text twice changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from lms.competency import queries
from lms.competency.models import Competency, Framework, Target
from lms.competency.services import FrameworkRefused, import_framework
from lms.db import db
from tests.support.hospital import NOW, TODAY, load_framework, load_small_framework, small_framework

DAY = dt.timedelta(days=1)


def target(subject: str, on: dt.date, code: str = "K1") -> int:
    return queries.target_levels(subject, False, False, on).get(code, 0)


def test_the_products_framework_is_read_whole(app):
    load_framework()
    held = queries.competencies()
    assert [each.code for each in held[:3]] == ["A1", "A2", "A3"]
    assert len(held) == 38
    assert held[0].critical
    assert queries.framework().level_name(3) == "Independent"
    assert queries.target_levels("nurse", False, False, TODAY)["B1"] == 2
    assert queries.target_levels("physician", False, True, TODAY)["C4"] == 4


def test_the_highest_of_profession_and_roles_counts_and_other_needs_nothing(app):
    load_small_framework((3, 2, 1, 4, 2))
    assert queries.target_levels("nurse", False, False, TODAY) == {"K1": 2}
    assert queries.target_levels("nurse", True, True, TODAY) == {"K1": 4}
    assert queries.target_levels("physician", False, True, TODAY) == {"K1": 3}
    assert queries.target_levels("other", False, False, TODAY) == {}


def test_the_same_text_again_changes_nothing_whatever_its_line_ends(app):
    text = small_framework((3, 3, 3, 4, 4))
    first = import_framework(text, "f.yaml", actor=None, now=NOW)
    again = import_framework("\ufeff" + text.replace("\n", "\r\n"), "f.yaml", actor=None, now=NOW + DAY)
    assert (first.new, again.new) == (True, False)
    assert db.session.scalar(select(func.count()).select_from(Framework)) == 1


def test_a_changed_target_holds_from_the_day_of_the_import_and_the_past_keeps_the_old_one(app):
    load_small_framework((3, 3, 3, 4, 4), now=NOW - 10 * DAY)
    load_small_framework((2, 3, 3, 4, 4), edition="2")
    assert target("physician", TODAY - DAY) == 3
    assert target("physician", TODAY) == 2
    assert target("physician", dt.date(2020, 1, 1)) == 3
    closed = db.session.execute(select(Target.ends).where(Target.ends.is_not(None))).scalars().all()
    assert closed == [TODAY - DAY]


def test_two_changes_on_one_day_leave_one_target(app):
    load_small_framework((3, 3, 3, 4, 4), now=NOW - 10 * DAY)
    load_small_framework((2, 3, 3, 4, 4), edition="2")
    load_small_framework((0, 3, 3, 4, 4), edition="3")
    load_small_framework((1, 3, 3, 4, 4), edition="4")
    assert (target("physician", TODAY - DAY), target("physician", TODAY)) == (3, 1)


def test_an_earlier_text_may_come_back_in_force(app):
    load_small_framework((3, 3, 3, 4, 4), now=NOW - 10 * DAY)
    load_small_framework((2, 3, 3, 4, 4), edition="2", now=NOW - 5 * DAY)
    load_small_framework((3, 3, 3, 4, 4))
    assert queries.framework().edition == "1"
    assert [target("physician", TODAY - n * DAY) for n in (6, 5, 1, 0)] == [3, 2, 2, 3]


def test_a_competency_that_is_left_out_retires_and_may_return(app):
    load_small_framework((3, 3, 3, 4, 4), (1, 1, 1, 1, 1), now=NOW - 10 * DAY)
    load_small_framework((3, 3, 3, 4, 4), edition="2")
    assert [each.code for each in queries.competencies()] == ["K1"]
    assert queries.competency("K2").retired_on == TODAY
    assert (target("nurse", TODAY - DAY, "K2"), target("nurse", TODAY, "K2")) == (1, 0)
    load_small_framework((3, 3, 3, 4, 4), (1, 1, 1, 1, 1), edition="3", now=NOW + DAY)
    assert [each.code for each in queries.competencies()] == ["K1", "K2"]
    assert db.session.scalar(select(func.count()).select_from(Competency)) == 2


def test_a_text_with_faults_is_refused_whole_with_every_fault(app):
    text = small_framework((3, 3, 3, 4, 4), (9, 1, 1, 1, 1)).replace("title: A small framework\n", "")
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(text, "f.yaml", actor=None, now=NOW)
    assert len(refused.value.faults) == 2
    assert all(fault.path == "f.yaml" and fault.line for fault in refused.value.faults)
    assert queries.framework() is None
