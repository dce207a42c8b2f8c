"""The sample hospital: the same for the same seed, plausible, harmless to load again, never over real people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from assessments.marking import mark_paper
from courses.reading import read_folder
from lms.accounts.services import create_account
from lms.audit.models import AuditEntry
from lms.catalog.queries import current_version
from lms.cli.demo import CURRICULUM, FRAMEWORK
from lms.competency.folding import check, stored_counts
from lms.competency.services import import_framework
from lms.credentials.desk import current_desk
from lms.credentials.models import Credential
from lms.credentials.services import draw_up
from lms.db import db
from lms.demo.loading import DemoRefused, ForeignHospital, is_sample, load
from lms.demo.staff import SIGN_INS, draw
from lms.items.queries import bank
from lms.people.models import Leave, Person, Post, Unit
from lms.people.queries import unit_by_code
from lms.people.units import UnitEntry, save_units
from lms.publishing.services import publish
from lms.quizzes.models import Attempt, Response
from tests.conftest import NOW

STAFF = 60
COURSES = ("cpoe-safe-orders", "working-through-downtime")


@pytest.fixture
def ready(app: Flask) -> Callable[..., Any]:
    """A database with the framework and two courses, and a function that loads the sample into it."""
    import_framework(FRAMEWORK.read_text(encoding="utf-8"), FRAMEWORK.name, actor=None, now=NOW)
    for name in COURSES:
        publish(read_folder(CURRICULUM / name), name, actor=None, now=NOW)
    db.session.commit()

    def go(staff: int = STAFF, seed: int = 1) -> Any:
        done = load(staff, seed, desk=replace(current_desk(), sample=True), now=NOW)
        db.session.commit()
        return done

    return go


def rows(*, without: dict[str, set[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the sample's tables but the columns that hold secrets or random keys."""
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name in ("sign_in", "blob", "lesson", "bank_item", "bank_document", "version_file"):
            continue
        columns = [c for c in table.columns if c.name not in without.get(table.name, set())]
        found[table.name] = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
    return found


RANDOM = {
    "account": {"public_id", "password_hash"},
    "audit_entry": {"subject"},
    "comparison": {"public_id"},
    "comparison_outcome": {"digest"},
    "concurrent_change": {"public_id"},
    "credential": {"signed"},
    "size_edition": {"mark"},
    "unit_edition": {"mark"},
}


def empty() -> None:
    """Empty every table of this test's own database, the guarded ones too."""
    if db.engine.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        db.session.execute(text(f"truncate {names} restart identity cascade"))
        return
    for name in db.session.scalars(text("select name from sqlite_master where type = 'trigger'")).all():
        db.session.execute(text(f"drop trigger {name}"))
    db.session.execute(text("update course set current_id = null"))
    db.session.execute(text("update unit set parent_id = null"))
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())


def test_the_same_seed_gives_the_same_rows(ready) -> None:
    ready()
    first = rows(without=RANDOM)
    empty()
    db.session.commit()
    import_framework(FRAMEWORK.read_text(encoding="utf-8"), FRAMEWORK.name, actor=None, now=NOW)
    for name in COURSES:
        publish(read_folder(CURRICULUM / name), name, actor=None, now=NOW)
    db.session.commit()
    ready()
    second = rows(without=RANDOM)
    assert first.keys() == second.keys()
    for name in first:
        assert first[name] == second[name], name
    assert len(first["attempt"]) > 50


def test_loading_again_changes_nothing(ready) -> None:
    assert ready().new
    before = rows(without={})
    again = ready()
    assert not again.new
    assert rows(without={}) == before


@pytest.mark.parametrize(("staff", "seed"), [(STAFF + 1, 1), (STAFF, 2)])
def test_another_size_or_seed_is_refused_and_names_what_is_there(ready, staff: int, seed: int) -> None:
    ready()
    with pytest.raises(DemoRefused, match="60 staff, made with seed 1"):
        ready(staff, seed)


def test_it_is_not_loaded_over_another_hospital(ready) -> None:
    save_units([UnitEntry("REAL", "Another Hospital")], today=NOW.date())
    db.session.commit()
    with pytest.raises(ForeignHospital, match="holds a hospital"):
        ready()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 1
    assert not is_sample()


def test_a_number_of_staff_that_is_none_is_refused(ready) -> None:
    with pytest.raises(DemoRefused, match="1 to 2,000,000"):
        ready(0)


def test_without_a_framework_it_says_which_command_comes_first(app: Flask) -> None:
    with pytest.raises(DemoRefused, match="framework import"):
        load(5, 1, desk=current_desk(), now=NOW)


def test_an_account_made_before_becomes_the_sample_person_of_that_address(ready) -> None:
    create_account("cmio@example.org", ["administrator"], password="a-long-sample-door", actor=None, now=NOW)
    create_account("own.admin@example.org", ["administrator"], password="a-long-sample-door", actor=None, now=NOW)
    db.session.commit()
    ready()
    person = db.session.scalars(select(Person).where(Person.email == "cmio@example.org")).one()
    assert (person.employee_id or "").startswith("S")
    assert person.family_name == "Placeholder"


def test_a_hospital_of_one_loads_too(ready) -> None:
    done = ready(1)
    assert done.staff == 1


def test_seven_people_are_enough_for_every_sign_in() -> None:
    people = draw(7, 1, NOW.date())
    assert {person.sign_in for person in people if person.sign_in} == {name for name, *_ in SIGN_INS}


def test_another_seed_gives_other_people() -> None:
    assert draw(50, 1, NOW.date()) == draw(50, 1, NOW.date())
    assert draw(50, 1, NOW.date()) != draw(50, 2, NOW.date())


def test_rollups_of_the_sample_equal_a_recount(ready) -> None:
    ready()
    assert check(today=NOW.date()) == []


def test_certificates_state_what_issuing_them_one_by_one_would_state(ready) -> None:
    ready()
    desk = replace(current_desk(), sample=True)
    found = db.session.scalars(select(Credential).order_by(Credential.id)).all()
    assert len(found) > 30
    for each in found:
        version = current_version(each.course_code)
        assert version is not None
        attempt = each.key.removeprefix("completion:attempt:")
        score = db.session.scalar(select(Attempt.percent).where(Attempt.public_id == attempt))
        on = desk.day(each.issued_at)
        alone = draw_up(each.person_id, version, score, serial=each.serial, on=on, desk=desk)
        assert each.facts == alone.to_json()
        assert each.facts["sample"] is True


def test_attempts_are_scored_as_their_answers_would_be(ready) -> None:
    ready()
    exam_passes = {True: 0, False: 0}
    for attempt in db.session.scalars(select(Attempt).limit(40)):
        answers = {
            r.item: (r.answer or {}).get("value")
            for r in db.session.scalars(select(Response).where(Response.attempt_id == attempt.id))
        }
        book = bank(attempt.version_id)
        scored = mark_paper([book.item(item) for item in attempt.paper], answers, 80)
        assert (str(scored.earned), str(scored.possible)) == (attempt.earned, attempt.possible)
        assert scored.passed == attempt.passed
        exam_passes[bool(attempt.passed)] += 1
    assert all(exam_passes.values())


@pytest.mark.slow
def test_the_sample_of_four_hundred_reads_like_a_hospital(ready) -> None:
    ready(400)
    today = NOW.date()
    root = unit_by_code("EGH")
    assert root is not None
    everybody = stored_counts()[root.id]
    shares = {code: cell.at_target / cell.of for code, cell in everybody.cells.items() if cell.of > 300}
    assert len(shares) > 20
    assert 0.7 <= shares.pop("A5") < 0.82, "the sample hospital asks more in downtime of one of its units"
    assert all(0.78 <= share <= 0.95 for share in shares.values())
    assert 0.84 <= sum(shares.values()) / len(shares) <= 0.92
    by_unit = {}
    for code in ("ED", "ICU"):
        unit = unit_by_code(code)
        assert unit is not None
        cells = stored_counts()[unit.id].cells.values()
        by_unit[code] = sum(c.at_target for c in cells) / sum(c.of for c in cells)
    assert by_unit["ED"] < 0.82 < 0.92 < by_unit["ICU"]
    ends = [d for d in db.session.scalars(select(Credential.valid_until)) if d]
    assert sum(d < today for d in ends) > 50
    assert sum(today <= d <= today + dt.timedelta(days=90) for d in ends) > 20
    assert db.session.scalar(select(func.count()).select_from(Leave)) > 5
    assert db.session.scalar(select(func.count()).select_from(Post).where(Post.ends.is_not(None))) > 40
    passed = [bool(p) for p in db.session.scalars(select(Attempt.passed))]
    assert 0.65 < sum(passed) / len(passed) < 0.85


def test_the_load_stands_in_the_audit_trail(ready) -> None:
    ready()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "demo.load")).one()
    assert entry.detail == {"staff": STAFF, "seed": 1}
