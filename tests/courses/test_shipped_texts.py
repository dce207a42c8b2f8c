"""The pathways, policies and the evaluation form that the product ships with."""

from __future__ import annotations

from courses.policies import STATEMENT
from courses.prose import reading_grade
from courses.rendering.headings import plain_text
from tests.courses.shipped import programme
from tests.courses.test_curriculum import PROGRAMME


def test_nothing_is_wrong_with_them_and_pathways_lead_only_to_courses_that_are_here() -> None:
    assert list(programme()[1]) == []


def test_three_pathways_lead_through_the_programme() -> None:
    found = {one.code: one for one in programme()[0].pathways}
    assert set(found) >= {"FIRST-WEEK", "SUPER-USER", "INFORMATICIST"}
    assert {code for one in found.values() for code in one.courses} <= set(PROGRAMME)
    assert set(found["INFORMATICIST"].courses) == set(PROGRAMME)
    assert set(found["FIRST-WEEK"].audience) == {"physician", "nurse", "pharmacist"}
    assert found["SUPER-USER"].audience == ("super-user",)
    for one in found.values():
        assert all(step.due_days for step in one.steps), one.code
        assert len(one.html) > 1_000


def test_the_first_week_holds_what_cannot_wait_and_no_more() -> None:
    first = next(one for one in programme()[0].pathways if one.code == "FIRST-WEEK")
    early = {code for step in first.steps if (step.due_days or 0) <= 7 for code in step.courses}
    assert early == {"EHR-101", "SEC-101", "CPOE-101", "MED-101", "DOC-101", "DOWN-101"}


def test_two_policies_are_ready_to_be_read_and_attested() -> None:
    found = {one.code: one for one in programme()[0].policies}
    assert set(found) >= {"EMR-USE", "COPY-PASTE"}
    for one in found.values():
        assert 500 <= one.words <= 1_300, one.code
        assert one.reattest_months
        assert one.review_by
        assert one.competencies
        assert one.responsibilities == ("R2",)
        assert one.statement != STATEMENT
        assert len(one.changes_html) > 200
        grade = reading_grade(plain_text(one.html.replace("</p>", "\n").replace("</li>", "\n")))
        assert grade is not None
        assert grade < 12, one.code


def test_the_evaluation_asks_for_bias_relevance_and_intention_and_later_for_practice() -> None:
    form = next(one for one in programme()[0].evaluations if one.code == "COURSE-EVALUATION")
    assert [one.days for one in form.rounds] == [(0,), (30, 90)]
    at_once, later = form.rounds
    assert {one.asks for one in at_once.questions} >= {"relevance", "commercial-bias", "intention"}
    assert {one.kind for one in at_once.questions} >= {"rating", "choice", "text"}
    assert sum(one.level == 3 for one in later.questions) >= 3
    assert {one.asks for one in later.questions} >= {"practice", "barriers"}
    assert len(at_once.questions) <= 12
    assert all(one.required is False for one in form.rounds[0].questions if one.kind == "text")
