"""Erasure, retention and the copy for the owner, by the stated rule."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from sqlalchemy import String, Text, func, select

from lms.accounts.services import create_account
from lms.audit.places import Place
from lms.audit.reading import log_view
from lms.competency.queries import recount
from lms.competency.services import check, fold
from lms.credentials.desk import current_desk
from lms.credentials.queries import of_person
from lms.db import db
from lms.messages.services import send
from lms.observations.services import record as observe
from lms.people.models import Person, Post
from lms.privacy import erasure, retention
from lms.privacy.copy import copy_of
from lms.privacy.inventory import inventory, unruled
from lms.privacy.reach import tables
from lms.privacy.rules import RULES
from lms.quizzes import allowances, challenges
from lms.quizzes.models import Response
from tests.support.courses import CODE
from tests.support.hospital import TODAY, load_framework, make_person, make_post, make_unit
from tests.support.signing import make_account
from tests.support.taking import put_course, read_all, take

MARKER = "Zyxwvut"
ADDRESS = "zyxwvut.sample@example.org"


@pytest.fixture
def leaver(app, clock) -> int:
    """Somebody who left last week, with a trace in every corner: name, address, words of theirs, a certificate."""
    load_framework()
    unit = make_unit("WARD")
    found = make_person("E-ZYXWVUT", MARKER, f"{MARKER}son", "nurse", ADDRESS)
    make_post(found, unit, starts=TODAY - dt.timedelta(days=900), ends=TODAY - dt.timedelta(days=7))
    colleague = make_account(app, "sue.visor@example.org", ["supervisor"])
    create_account(ADDRESS, ["learner"], password="a long enough one", actor=None, now=clock())
    put_course(clock())
    read_all(found, CODE, clock())
    attempt = take(found, CODE, clock(), wrong=1).attempt
    challenges.challenge(attempt, attempt.paper[0], f"{MARKER} objects.", now=clock())
    allowances.ask(found, f"{MARKER} asks.", now=clock())
    observe(
        found, "B1", 3, f"{MARKER} did it alone.", observer_account=colleague.id, observer_person=colleague.person_id,
        key=None, observed_on=TODAY, today=TODAY, now=clock(),
    )  # fmt: skip
    send(ADDRESS, f"Hello {MARKER}", "words", now=clock())
    place = Place("competence", unit=f"Ward of {MARKER}")  # a label may say anything
    log_view(colleague.id, {"supervisor"}, [found], "record", place, own=colleague.person_id, now=clock())
    fold(today=TODAY)
    db.session.commit()
    return found


def everywhere(marker: str) -> set[str]:
    """The columns of the whole database that hold a text, outside permanent certificates."""
    found = set()
    for name, table in tables().items():
        for column in table.columns:
            if name == "credential" or (not isinstance(column.type, String | Text) and "JSON" not in str(column.type)):
                continue
            rows = db.session.execute(select(column).where(column.is_not(None))).scalars()
            if any(marker.lower() in str(value).lower() for value in rows):
                found.add(f"{name}.{column.name}")
    return found


def rows(name: str) -> int:
    return db.session.scalar(select(func.count()).select_from(tables()[name])) or 0


def erase(person: int, clock, **words):
    done = erasure.erase(person, actor=None, now=clock(), today=TODAY, **words)
    db.session.commit()
    return done


def test_every_table_with_personal_data_has_a_rule() -> None:
    assert unruled() == ()
    assert {each.table for each in inventory()} == set(tables())
    assert set(RULES) <= set(tables())


def test_no_rule_names_a_column_that_is_not_there() -> None:
    for name, rule in RULES.items():
        named = {*rule.columns, *rule.secret, *(rule.erase if not isinstance(rule.erase, str) else ())}
        named |= {rule.kept.column, *(rule.kept.blank or ())} if rule.kept else set()
        assert named <= {column.name for column in tables()[name].columns}, name


def test_after_erasure_nothing_of_a_leaver_is_left_anywhere_but_on_their_certificates(leaver, clock) -> None:
    assert {"person.given_name", "observation.note", "mail.subject", "challenge.words"} <= everywhere(MARKER)
    erase(leaver, clock, reason="asked for it")
    assert everywhere(MARKER) == set()
    (kept,) = of_person(leaver)
    assert kept.facts.name == f"{MARKER} {MARKER}son"
    assert kept.status(TODAY) == "valid"


def test_figures_are_the_same_before_and_after_an_erasure(leaver, clock) -> None:
    past = TODAY - dt.timedelta(days=30)
    before = recount(past), recount(TODAY)
    erase(leaver, clock)
    assert (recount(past), recount(TODAY)) == before
    fold(today=TODAY)
    assert not check(today=TODAY)


def test_a_plan_says_what_would_happen_and_changes_nothing(leaver, clock) -> None:
    steps = {step.table: step for step in erasure.plan(leaver)}
    assert (steps["observation"].act, steps["observation"].rows) == ("blank", 1)
    assert (steps["credential"].act, steps["credential"].why != "") == ("keep", True)
    assert everywhere(MARKER)


def test_erasing_twice_is_harmless(leaver, clock) -> None:
    assert erase(leaver, clock)
    assert erase(leaver, clock) == ()


def test_somebody_with_a_current_post_is_erased_only_by_force_and_with_a_reason(leaver, clock) -> None:
    db.session.execute(Post.__table__.update().values(ends=None))
    for words in ({}, {"force": True}, {"reason": "asked"}):
        with pytest.raises(erasure.ErasureRefused, match="current post"):
            erase(leaver, clock, **words)
    assert erase(leaver, clock, force=True, reason="a court said so")


def test_nobody_erases_themselves(app, clock) -> None:
    account = make_account(app, ADDRESS, ["administrator"])
    with pytest.raises(erasure.ErasureRefused, match="themselves"):
        erasure.erase(account.person_id, actor=account.id, now=clock(), today=TODAY)


def test_the_copy_holds_the_owner_s_rows_and_certificates_and_no_secret_or_stranger(leaver, app, clock) -> None:
    make_person("E-902", "Other", "Person", "nurse", "other.person@example.org")
    book = zipfile.ZipFile(io.BytesIO(copy_of(leaver, actor=None, now=clock(), desk=current_desk())))
    data = json.loads(book.read("data.json"))
    (serial,) = [each.serial for each in of_person(leaver)]
    assert book.read(f"certificates/{serial}.pdf").startswith(b"%PDF")
    assert data["observation"][0]["note"] == f"{MARKER} did it alone."
    (look,), (place,) = data["record_view"], data["record_view_place"]
    assert (place["view_id"], place["place"], place["unit"]) == (look["id"], "competence", f"Ward of {MARKER}")
    assert len(data["response"]) == 6
    text = json.dumps(data)
    assert "other.person" not in text
    assert "password_hash" not in text
    assert "token_hash" not in text


def test_time_empties_answers_and_keeps_their_scores(leaver, clock) -> None:
    scores = db.session.scalars(select(Response.score)).all()
    clock.move(days=3 * 365 + 1)
    retention.apply(now=clock(), today=clock().date())
    db.session.commit()
    assert set(db.session.scalars(select(Response.answer))) == {None}
    assert db.session.scalars(select(Response.score)).all() == scores
    assert all(each.rows == 0 for each in retention.due(clock(), clock().date()))


def test_after_erasure_it_is_known_who_looked_but_no_longer_on_which_list(leaver, app, clock) -> None:
    viewer = make_account(app, "olga.other@example.org", ["supervisor"])
    log_view(viewer.id, {"supervisor"}, [leaver], "list", Place("team"), own=viewer.person_id, now=clock())
    erase(leaver, clock)
    assert rows("record_view") == 2
    assert rows("record_view_place") == 0


def test_after_two_years_neither_a_look_nor_its_places_are_kept(leaver, app, clock) -> None:
    viewer = make_account(app, "olga.other@example.org", ["supervisor"])
    for place in (Place("team"), Place("behind", unit="Ward 3")):
        log_view(viewer.id, {"supervisor"}, [leaver], "list", place, own=viewer.person_id, now=clock())
        clock.move(hours=2)
    assert (rows("record_view"), rows("record_view_place")) == (2, 3)
    clock.move(days=730, hours=-3)  # the second place is an hour too young, its look is not
    retention.apply(now=clock(), today=clock().date())
    db.session.commit()
    assert (rows("record_view"), rows("record_view_place")) == (0, 0)


def test_leavers_of_long_ago_are_erased_without_being_asked_and_staff_never(leaver, clock) -> None:
    stays = make_person("E-903", "Stays", "Sample")
    make_post(stays, make_unit("OTHER"), starts=TODAY - dt.timedelta(days=9000))
    clock.move(days=6 * 365 + 10)
    retention.apply(now=clock(), today=clock().date())
    db.session.commit()
    names = dict(db.session.execute(select(Person.id, Person.display_name)).all())
    assert (names[leaver], names[stays]) == ("Erased person", "")


def test_a_dry_run_of_retention_counts_and_changes_nothing(leaver, clock) -> None:
    clock.move(days=800)
    found = {each.table: each.rows for each in retention.due(clock(), clock().date())}
    assert found["record_view"] == found["record_view_place"] == 1
    assert found["mail"] == 1
    assert db.session.scalar(select(func.count()).select_from(tables()["record_view"])) == 1
