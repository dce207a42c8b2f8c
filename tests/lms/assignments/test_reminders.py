"""Reminders reach the right reader once: the person, the manager after a week, the CMIO in figures."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from lms.assignments.tasks import remind
from lms.assignments.terms import Audience
from lms.db import db
from lms.messages.models import Mail
from tests.support.hospital import TODAY, email_of, make_leave, sample_hospital
from tests.support.signing import make_account
from tests.support.taking import put_course
from tests.support.training import certify, make_rule

DAY = dt.timedelta(days=1)


@pytest.fixture
def hospital(app, clock):
    found = sample_hospital()
    put_course(clock())
    return found


def mails(clock) -> list[tuple[str, str]]:
    """Make the round of the clock's day; returns address and subject of what is new."""
    before = set(db.session.scalars(select(Mail.id)))
    remind(now=clock())
    db.session.commit()
    rows = db.session.execute(select(Mail.id, Mail.to, Mail.subject).order_by(Mail.id))
    return [(row.to, row.subject) for row in rows if row.id not in before]


def test_a_person_is_told_thirty_seven_and_one_day_before_and_when_overdue(hospital, clock) -> None:
    make_rule(TODAY, audience=Audience(unit_id=hospital.units["PHA"]), due_days=40)
    told: dict[int, int] = {}
    for left in range(40, -5, -1):
        clock.now = dt.datetime.combine(TODAY + (40 - left) * DAY, dt.time(9), dt.UTC)
        mine = [subject for to, subject in mails(clock) if to == email_of("E-009")]
        if mine:
            told[left] = len(mine)
    assert told == {30: 1, 7: 1, 1: 1, -1: 1}


def test_a_round_made_twice_sends_nothing_twice(hospital, clock) -> None:
    make_rule(TODAY, due_days=5)
    assert len(mails(clock)) == 11
    assert mails(clock) == []
    clock.move(hours=5)
    assert mails(clock) == []


def test_nobody_is_written_to_at_night_or_on_leave_or_after_completion(hospital, clock) -> None:
    make_rule(TODAY, audience=Audience(unit_id=hospital.units["ED"]), due_days=5)
    make_leave(hospital.people["E-007"], TODAY - DAY, TODAY + 3 * DAY)
    certify(hospital.people["E-008"], clock())
    clock.now = dt.datetime.combine(TODAY, dt.time(4), dt.UTC)
    assert mails(clock) == []
    clock.move(hours=5)
    assert mails(clock) == []
    clock.move(days=4)
    assert [to for to, _ in mails(clock)] == [email_of("E-007")]


def test_a_manager_gets_one_list_a_week_of_what_is_late_for_more_than_a_week(hospital, clock) -> None:
    make_rule(TODAY, audience=Audience(unit_id=hospital.units["MED"]), due_days=1)
    boss = email_of("E-001")
    lists = []
    for n in range(24):
        clock.now = dt.datetime.combine(TODAY + n * DAY, dt.time(9), dt.UTC)
        lists += [n for to, subject in mails(clock) if to == boss and "your people" in subject]
    assert lists[0] == 9, "due on day 1, late for more than seven days on day 9"
    assert lists == [9, 14, 21], "once in each week, which begins on a Monday"
    body = db.session.scalars(select(Mail.body).where(Mail.to == boss, Mail.subject.like("%your people%"))).first()
    assert "Asha Sample" in body
    assert "Ravi" not in body, "not a person of hers"
    assert "Mona" not in body.split("\n", 2)[2], "she is not on her own list"


def test_the_cmio_gets_figures_once_a_month_and_no_name(app, hospital, clock) -> None:
    make_account(app, "cmio@hospital.example", ["cmio"])
    make_rule(TODAY, due_days=0)
    clock.move(days=1)
    assert any(to == "cmio@hospital.example" for to, _ in mails(clock))
    clock.move(days=1)
    assert not any(to == "cmio@hospital.example" for to, _ in mails(clock))
    clock.now = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    assert ("cmio@hospital.example", "Training: 11 people overdue") in mails(clock)
    body = db.session.scalars(select(Mail.body).where(Mail.to == "cmio@hospital.example")).first()
    assert "Overdue: 11, of 11 people" in body
    assert "Sample," not in body.split("\n", 1)[1]
    assert "Asha" not in body
