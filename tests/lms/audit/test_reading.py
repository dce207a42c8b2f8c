"""The access log, and a trail that the database itself keeps from change."""

from __future__ import annotations

import datetime as dt
import re
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DatabaseError

from lms.audit.models import AuditEntry, RecordView, RecordViewPlace
from lms.audit.places import WORDS as PLACES
from lms.audit.places import Place, words_of
from lms.audit.reading import log_view, looks, looks_at
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


WARD = Place("team", unit="Ward 3")
PLAN = Place("golive", "Cutover 1", "Ward 3")


def log(viewer, subjects, what, clock, place=WARD) -> int:
    return log_view(viewer.id, {"learner", "supervisor"}, subjects, what, place, own=viewer.person_id, now=clock())


def places(subject: int) -> list[list[tuple[str, str, str]]]:
    """Where each look at somebody was, the latest look first."""
    return [[(each.code, each.about, each.unit) for each in look.places] for look in looks_at(subject)]


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


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
    assert (count(RecordView), count(RecordViewPlace)) == (0, 0)


def test_many_people_at_once_are_all_kept_with_the_list_they_stood_on(viewer, clock) -> None:
    people = [make_person(f"E-{n}") for n in range(1000, 2203)]
    assert log(viewer, people, "list", clock) == 1203
    assert count(RecordViewPlace) == 1203


def test_a_look_says_on_which_list_it_was_and_a_repeat_adds_nothing(viewer, clock) -> None:
    subject = make_person("E-901")
    for _time in range(3):
        log(viewer, [subject], "list", clock)
        clock.move(minutes=1)
    assert places(subject) == [[("team", "", "Ward 3")]]
    assert [each.places for each in looks(viewer_id=viewer.id)] == [each.places for each in looks_at(subject)]


def test_another_list_on_the_same_day_is_the_same_look_at_one_more_place_with_its_own_time(viewer, clock) -> None:
    subject = make_person("E-901")
    first = clock()
    assert log(viewer, [subject], "list", clock) == 1
    clock.move(minutes=10)
    assert log(viewer, [subject], "list", clock, PLAN) == 0
    assert places(subject) == [[("team", "", "Ward 3"), ("golive", "Cutover 1", "Ward 3")]]
    (look,) = looks_at(subject)
    assert [each.at - first for each in look.places] == [dt.timedelta(), dt.timedelta(minutes=10)]


def test_a_place_belongs_to_the_look_of_its_own_day_viewer_and_kind(app, viewer, clock) -> None:
    subject, other = make_person("E-901"), make_account(app, "olga.other@example.org", ["supervisor"])
    log(viewer, [subject], "list", clock)
    log(other, [subject], "list", clock, PLAN)
    log(viewer, [subject], "export", clock, PLAN)
    clock.move(days=1)
    log(viewer, [subject], "list", clock, Place("behind", unit="Ward 4"))
    plan, ward = ("golive", "Cutover 1", "Ward 3"), ("team", "", "Ward 3")
    assert places(subject) == [[("behind", "", "Ward 4")], [plan], [plan], [ward]]


def test_a_long_list_is_kept_in_as_many_statements_as_a_short_one(viewer, clock) -> None:
    people = [make_person(f"E-{n}") for n in range(901, 951)]
    asked: list[str] = []

    def note(*row) -> None:
        asked.append(row[2])

    db.session.flush()
    event.listen(db.engine, "before_cursor_execute", note)
    log(viewer, people, "list", clock)
    first = len(asked)
    log(viewer, people, "list", clock)
    event.remove(db.engine, "before_cursor_execute", note)
    assert (first, len(asked) - first) == (3, 1), asked
    assert asked[-1].startswith("SELECT"), "a page opened again writes nothing"


def test_a_very_long_title_is_cut_and_a_look_at_it_stays_one(viewer, clock) -> None:
    subject, long = make_person("E-901"), Place("attempts", "Ä" * 1000)
    log(viewer, [subject], "list", clock, long)
    log(viewer, [subject], "list", clock, long)
    assert places(subject) == [[("attempts", "Ä" * 300, "")]]


def test_looks_of_before_places_were_kept_are_read_without_one(viewer, clock) -> None:
    subject = make_person("E-901")
    old = RecordView(at=clock(), viewer_id=viewer.id, subject_id=subject, what="list", role="supervisor", span=1)
    db.session.add(old)
    db.session.flush()
    assert places(subject) == [[]]


def test_a_look_that_goes_takes_its_places_along(viewer, clock) -> None:
    log(viewer, [make_person("E-901")], "list", clock)
    db.session.execute(delete(RecordView))
    assert count(RecordViewPlace) == 0


def test_a_place_is_said_in_words_with_the_names_as_they_were_seen(app) -> None:
    with app.test_request_context():
        assert words_of("team", "", "Ward 3") == "the team list, Ward 3"
        assert words_of("heat-map", "Orders at 100% {}", "") == "the people behind “Orders at 100% {}” in the heat map"
        assert words_of("gone", "x", "y") == ""
        assert all(words_of(code, "A", "B") for code in PLACES)


def test_a_place_that_has_no_words_is_refused() -> None:
    with pytest.raises(ValueError, match="No place"):
        Place("somewhere")


def test_every_place_that_has_words_is_one_of_a_page() -> None:
    used = set()
    for path in (PROJECT / "lms").rglob("*.py"):
        used |= set(re.findall(r"\bPlace\(\s*\"([a-z-]+)\"", path.read_text(encoding="utf-8")))
    assert used == set(PLACES)


def test_two_at_the_same_moment_keep_one_look_at_one_place(app, viewer, clock) -> None:
    people = [make_person(f"E-{n}") for n in range(901, 941)]
    db.session.commit()
    moment, start, faults = clock(), threading.Barrier(4), []

    def open_list(order: int) -> None:
        with app.app_context():
            try:
                start.wait(timeout=20)
                for _time in range(5):
                    seen = people if order % 2 else people[::-1]
                    log_view(viewer.id, {"supervisor"}, seen, "list", WARD, own=viewer.person_id, now=moment)
                    db.session.commit()
            except Exception as fault:  # Whatever it is, it is the finding.
                faults.append(fault)

    threads = [threading.Thread(target=open_list, args=(order,)) for order in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert (count(RecordView), count(RecordViewPlace)) == (40, 40)


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
