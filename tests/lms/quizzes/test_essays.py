"""Texts that people mark: blind, by turns, and settled once for the taker."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.credentials.models import Credential
from lms.db import db
from lms.quizzes import essays, marks, queries
from lms.quizzes.models import EssayMark
from tests.lms.quizzes.conftest import WITH_ESSAY
from tests.support.courses import CODE, EXAM
from tests.support.marking import ITEM, hand_in, mark
from tests.support.taking import put_course


@pytest.fixture
def one_marker(takers, clock) -> str:
    """A text that one marker decides on."""
    put_course(clock(), questions=WITH_ESSAY)
    return hand_in(takers[0], clock())


@pytest.fixture
def two_markers(takers, clock) -> str:
    """A text that two markers mark without seeing each other."""
    put_course(clock(), questions=WITH_ESSAY, exam=dict(EXAM) | {"markers": 2})
    return hand_in(takers[0], clock())


def result(public_id: str, taker: int):
    return queries.result(queries.attempt(public_id, taker))


def test_a_text_waits_without_a_result_or_a_name(one_marker, takers, markers) -> None:
    assert result(one_marker, takers[0]).passed is None
    (waits,) = essays.queue(markers[0].id, markers[0].person_id)
    assert (waits.item.id, waits.turn, waits.earlier) == (ITEM, 1, ())
    assert "Sample" not in waits.label


def test_one_marker_settles_it_and_the_certificate_follows(one_marker, takers, markers, clock) -> None:
    mark(one_marker, markers[0], (2, 1), clock(), "Name the system that should change.")
    found = result(one_marker, takers[0])
    assert (float(found.score), found.passed) == (90.0, True)
    assert found.serial is not None
    given = marks.given(found.attempt)[ITEM]
    assert (given.points, given.comments) == ((2, 1), ("Name the system that should change.",))
    assert essays.queue(markers[1].id, markers[1].person_id) == ()


def test_two_markers_who_agree_give_their_mean(two_markers, takers, markers, clock) -> None:
    mark(two_markers, markers[0], (2, 2), clock())
    assert result(two_markers, takers[0]).passed is None
    assert essays.queue(markers[0].id, markers[0].person_id) == (), "nobody marks a text twice"
    (waits,) = essays.queue(markers[1].id, markers[1].person_id)
    assert (waits.turn, waits.earlier) == (2, ()), "the second marker sees nothing of the first"
    mark(two_markers, markers[1], (2, 2), clock())
    assert float(result(two_markers, takers[0]).score) == 100.0


def test_where_two_markers_differ_a_third_decides(two_markers, takers, markers, clock) -> None:
    mark(two_markers, markers[0], (2, 2), clock())
    mark(two_markers, markers[1], (0, 1), clock())
    assert result(two_markers, takers[0]).passed is None
    (waits,) = essays.queue(markers[2].id, markers[2].person_id)
    assert (waits.turn, len(waits.earlier)) == (3, 2)
    mark(two_markers, markers[2], (1, 1), clock())
    assert float(result(two_markers, takers[0]).score) == 80.0
    assert essays.pairs(CODE) == ((1.0, 0.25),)


def test_the_same_marks_sent_twice_are_kept_once(two_markers, markers, clock) -> None:
    mark(two_markers, markers[0], (2, 2), clock())
    mark(two_markers, markers[0], (0, 0), clock())
    assert db.session.scalar(select(func.count()).select_from(EssayMark)) == 1


def test_nobody_marks_their_own_text(one_marker, takers, markers, clock) -> None:
    own = type("Own", (), {"id": markers[0].id, "person_id": takers[0]})
    assert essays.queue(own.id, own.person_id) == ()
    with pytest.raises(essays.MarkRefused, match="no such text"):
        mark(one_marker, own, (2, 2), clock())


@pytest.mark.parametrize("points", [(3, 0), (-1, 1), (1,), (1, 1, 1)])
def test_points_outside_the_rubric_are_refused_and_nothing_is_kept(one_marker, takers, markers, clock, points) -> None:
    with pytest.raises(essays.MarkRefused, match="expected"):
        mark(one_marker, markers[0], points, clock())
    db.session.rollback()
    assert result(one_marker, takers[0]).passed is None
    assert db.session.scalar(select(func.count()).select_from(EssayMark)) == 0


def test_a_marker_who_comes_too_late_is_told_so(one_marker, markers, clock) -> None:
    mark(one_marker, markers[0], (2, 2), clock())
    with pytest.raises(essays.MarkRefused, match="marked already"):
        mark(one_marker, markers[1], (0, 0), clock())


def test_a_text_left_empty_earns_nothing_and_waits_for_nobody(takers, markers, clock) -> None:
    put_course(clock(), questions=WITH_ESSAY)
    public_id = hand_in(takers[0], clock(), text=None)
    found = result(public_id, takers[0])
    assert (float(found.score), found.passed) == (60.0, False)
    assert essays.queue(markers[0].id, markers[0].person_id) == ()


def test_marks_below_the_pass_mark_issue_no_certificate(one_marker, takers, markers, clock) -> None:
    mark(one_marker, markers[0], (0, 1), clock())
    assert result(one_marker, takers[0]).passed is False
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0
