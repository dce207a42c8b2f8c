"""Retired items: out of new papers, refused where an exam needs them, back whenever somebody says so."""

from __future__ import annotations

import pytest

from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.items import retiring
from lms.quizzes import queries as quizzes
from lms.quizzes import services as attempts
from tests.support.courses import CODE, ITEMS
from tests.support.hospital import load_framework, make_person
from tests.support.signing import make_account
from tests.support.taking import put_course, read_all

DRAWN = {"title": "Final", "pass": 80, "attempts": 3, "draw": [{"count": 4}]}


@pytest.fixture
def editor(app, clock) -> int:
    """The account of an educator, with the sample course published."""
    load_framework()
    put_course(clock())
    return make_account(app, "ed@example.org", ["educator"]).id


@pytest.fixture
def version(editor):
    """What learners see."""
    return catalog.current_version(CODE)


def test_a_new_paper_leaves_a_retired_item_out_and_an_old_one_keeps_it(version, editor, clock) -> None:
    before, after = (make_person(f"E-7{n}", "Taker", f"Sample {n}", "nurse", f"t{n}@example.org") for n in range(2))
    read_all(before, CODE, clock())
    read_all(after, CODE, clock())
    first = attempts.start(before, CODE, actor=None, now=clock())
    assert retiring.retire(version, "alert-override", "Two keys are right.", actor=editor, now=clock())
    db.session.commit()
    second = attempts.start(after, CODE, actor=None, now=clock())
    assert "alert-override" in quizzes.any_attempt(first).paper
    assert set(quizzes.any_attempt(second).paper) == set(ITEMS) - {"alert-override"}
    assert "alert-override" in items.bank(version.id), "lesson checks still find it"


def test_retiring_twice_is_once_and_what_is_restored_may_be_retired_again(version, editor, clock) -> None:
    say = {"actor": editor, "now": clock()}
    assert retiring.retire(version, "cpoe-abbr", "Trivia.", **say)
    assert not retiring.retire(version, "cpoe-abbr", "Trivia, again.", **say)
    assert retiring.retired_everywhere() == {version.course_id: frozenset({"cpoe-abbr"})}
    assert retiring.restore(version, "cpoe-abbr", **say)
    assert not retiring.restore(version, "cpoe-abbr", **say)
    assert retiring.retire(version, "cpoe-abbr", "Still trivia.", **say)
    said = [(each.reason, each.restored_at is None) for each in retiring.history(version.course_id, "cpoe-abbr")]
    assert said == [("Still trivia.", True), ("Trivia.", False)]


@pytest.mark.parametrize(
    ("item", "reason", "said"),
    [
        ("cpoe-abbr", " ", "Give the reason"),
        ("cpoe-abbr", "x" * 1001, "at most 1000 characters"),
        ("no-such-item", "Gone.", "does not hold"),
    ],
)
def test_what_cannot_be_retired_is_refused_with_what_was_expected(version, editor, clock, item, reason, said) -> None:
    with pytest.raises(retiring.RetireRefused, match=said):
        retiring.retire(version, item, reason, actor=editor, now=clock())
    assert retiring.retired(version.course_id) == frozenset()


def test_an_item_that_the_draw_needs_is_not_retired(editor, clock) -> None:
    put_course(clock(), code="DRAW-101", exam=DRAWN)
    version = catalog.current_version("DRAW-101")
    for item in ITEMS[:2]:
        retiring.retire(version, item, "Old.", actor=editor, now=clock())
    with pytest.raises(retiring.RetireRefused, match="asks for 4 items of any kind, but the bank has 3"):
        retiring.retire(version, ITEMS[2], "Old.", actor=editor, now=clock())
    for seed in ("a", "b", "c"):
        assert set(retiring.draw(version, seed, ITEMS)) == set(ITEMS[2:]), "seen items come before retired ones"


def test_the_last_item_of_an_exam_without_draws_stays(version, editor, clock) -> None:
    for item in ITEMS[:-1]:
        retiring.retire(version, item, "Old.", actor=editor, now=clock())
    with pytest.raises(retiring.RetireRefused, match="no question left"):
        retiring.retire(version, ITEMS[-1], "Old.", actor=editor, now=clock())


def test_a_later_text_that_needs_retired_items_is_still_drawn(editor, clock) -> None:
    put_course(clock(), code="DRAW-101", exam=DRAWN)
    for item in ITEMS[:2]:
        retiring.retire(catalog.current_version("DRAW-101"), item, "Old.", actor=editor, now=clock())
    put_course(clock(), code="DRAW-101", edition="2027.1", exam=DRAWN | {"draw": [{"count": 6}]})
    version = catalog.current_version("DRAW-101")
    assert set(retiring.draw(version, "a", ())) == set(ITEMS)
    assert retiring.shortage(version, retiring.retired(version.course_id))
