"""Past training becomes evidence: once, under the ceiling of its source, and whole or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from lms.competency import queries as competency
from lms.competency.models import Evidence
from lms.db import db
from lms.rostering.faults import FileRefused
from lms.rostering.training import TrainingChanged, import_training, plan_training
from tests.support.hospital import NOW, TODAY, load_framework, sample_hospital

HEADER = "employee_id,competency,level,source,achieved,document\n"


@pytest.fixture
def hospital(app):
    hospital = sample_hospital()
    load_framework()
    db.session.commit()
    return hospital


def load(lines: str, header: str = HEADER, **more):
    return import_training((header + lines).encode(), "t.csv", actor=None, now=NOW, today=TODAY, **more)


def level(person: int, code: str) -> int:
    return next(each.level for each in competency.profile(person, TODAY) if each.code == code)


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Evidence))


def test_past_training_counts_from_the_day_it_was_achieved(hospital):
    plan = load("E-002,B1,2,test,2026-06-01,LMS 4711\nE-002,A1,3,observation,2026-05-01,Form 12\n")
    assert (len(plan.entries), plan.known, plan.people) == (2, 0, 1)
    assert level(hospital.people["E-002"], "B1") == 2
    assert level(hospital.people["E-002"], "A1") == 3
    ends = db.session.execute(select(Evidence.valid_until, Evidence.document).order_by(Evidence.id)).all()
    assert ends[0] == (dt.date(2027, 6, 1), "LMS 4711")


def test_the_same_content_is_one_piece_within_a_file_and_between_files(hospital):
    text = "E-002,B1,2,test,2026-06-01,x\n"
    plan = load(text + text)
    assert [str(fault) for fault in plan.faults] == ["t.csv:3: warning: The same as line 2: counted once."]
    again = load(text + "E-003,B1,2,test,2026-06-01,x\n")
    assert (len(again.entries), again.known, rows()) == (1, 1, 2)


def test_a_level_above_its_source_is_kept_at_the_ceiling_and_said(hospital):
    plan = load("E-002,B1,5,test,2026-06-01,\nE-002,B2,3,prior,2026-06-01,\nE-002,B4,5,panel,2026-06-01,\n")
    assert [str(fault) for fault in plan.faults] == [
        "t.csv:2: warning: level is 5, but test shows at most 2: kept as 2.",
        "t.csv:3: warning: level is 3, but prior shows at most 2: kept as 2.",
    ]
    assert [level(hospital.people["E-002"], code) for code in ("B1", "B2", "B4")] == [2, 2, 5]


def test_a_hospital_may_say_what_was_signed_off(hospital):
    header = HEADER.strip() + ",signed_off,coaching_log\n"
    load("E-002,B1,4,simulation,2026-06-01,,yes,yes\nE-002,B2,3,observation,2026-06-01,,no,\n", header)
    assert [level(hospital.people["E-002"], code) for code in ("B1", "B2")] == [4, 0]


def test_every_bad_line_is_told_at_once_and_nothing_is_written(hospital):
    with pytest.raises(FileRefused) as refused:
        load(
            "E-999,B1,2,test,2026-06-01,\nE-002,Z9,2,test,2026-06-01,\nE-002,B1,6,test,2026-06-01,\n"
            "E-002,B1,2,rumour,2026-06-01,\nE-002,B1,2,test,1/6/26,\nE-002,B1,2,test,2027-01-01,\n"
            "E-002,B1,2,test,2026-06-01,fine\n"
        )
    assert [str(fault) for fault in refused.value.faults] == [
        "t.csv:2: error: employee_id is “E-999”: expected the number of a known person.",
        "t.csv:3: error: competency is “Z9”: expected a code of the framework, such as A1.",
        "t.csv:4: error: level is “6”: expected 1, 2, 3, 4 or 5.",
        "t.csv:5: error: source is “rumour”: expected one of test, case, simulation, observation, panel, prior, self.",
        "t.csv:6: error: achieved is “1/6/26”: expected a date as year-month-day, such as 2026-02-01.",
        "t.csv:7: error: achieved is 2027-01-01, after today: expected a day in the past.",
    ]
    assert rows() == 0


def test_without_a_framework_the_file_is_refused(app):
    sample_hospital()
    with pytest.raises(FileRefused, match="2 faults"):
        load("E-002,B1,2,test,2026-06-01,\n")


def test_what_was_shown_is_what_is_added(hospital):
    data = (HEADER + "E-002,B1,2,test,2026-06-01,\n").encode()
    plan = plan_training(data, "t.csv", today=TODAY)
    assert rows() == 0
    load("E-002,B1,2,test,2026-06-01,\n")
    with pytest.raises(TrainingChanged):
        import_training(data, "t.csv", expected=plan.digest, actor=None, now=NOW, today=TODAY)
