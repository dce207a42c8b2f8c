"""The access log, and a trail that the database itself keeps from change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from lms.audit.models import AuditEntry, RecordView
from lms.audit.reading import log_view, looks_at
from lms.audit.services import record
from lms.audit.words import WORDS
from lms.competency.models import Evidence
from lms.competency.services import record_evidence
from lms.db import db
from tests.support.hospital import load_framework, make_person
from tests.support.signing import make_account

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def viewer(app):
    """A supervisor with an account."""
    return make_account(app, "sue.visor@example.org", ["supervisor"])


def log(viewer, subjects, what, clock) -> int:
    return log_view(viewer.id, {"learner", "supervisor"}, subjects, what, own=viewer.person_id, now=clock())


def test_a_look_is_kept_with_the_role_that_opened_it_and_a_reload_writes_nothing(viewer, clock) -> None:
    subject = make_person("E-901")
    assert log(viewer, [subject], "record", clock) == 1
    assert log(viewer, [subject], "record", clock) == 0
    clock.move(minutes=20)
    assert log(viewer, [subject], "record", clock) == 1
    assert [(each.role, each.what) for each in looks_at(subject)] == [("supervisor", "record")] * 2


def test_a_list_is_one_look_a_day_for_each_person_on_it(viewer, clock) -> None:
    people = [make_person(f"E-{n}") for n in range(901, 905)]
    assert log(viewer, people, "list", clock) == 4
    clock.move(hours=3)
    assert log(viewer, people, "list", clock) == 0
    clock.move(days=1)
    assert log(viewer, people, "list", clock) == 4


def test_looking_at_oneself_is_not_kept(viewer, clock) -> None:
    assert log(viewer, [viewer.person_id], "record", clock) == 0
    assert db.session.scalar(select(func.count()).select_from(RecordView)) == 0


def test_many_people_at_once_are_all_kept(viewer, clock) -> None:
    people = [make_person(f"E-{n}") for n in range(1000, 2203)]
    assert log(viewer, people, "list", clock) == 1203


@pytest.mark.parametrize("statement", [update(AuditEntry).values(action="account.create"), delete(AuditEntry)])
def test_the_database_refuses_to_change_or_remove_an_entry_of_the_trail(viewer, clock, statement) -> None:
    record("course.publish", "course", "CPOE-101", actor=viewer.id, now=clock())
    db.session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.scalar(select(AuditEntry.action)) == "course.publish"


@pytest.mark.parametrize("statement", [update(Evidence).values(level=2), delete(Evidence)])
def test_the_database_refuses_to_change_or_remove_evidence(viewer, clock, statement) -> None:
    load_framework()
    person = make_person("E-901")
    record_evidence(person, "B1", "test", 1, clock().date(), key="one", actor=viewer.id, now=clock())
    db.session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.scalar(select(Evidence.level)) == 1


def test_every_action_of_the_trail_has_words() -> None:
    used = set()
    for path in (PROJECT / "lms").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"\b_?(?:record|record_audit)\(\s*\"([a-z]+\.[a-z_.-]+)\"", text))
    assert used
    assert used <= set(WORDS), used - set(WORDS)
