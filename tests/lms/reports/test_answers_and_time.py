"""Sure and wrong, item quality and time spent: counted by hand, of groups alone, and rebuilt for a past day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from lms.db import db
from lms.people.scope import Scope
from lms.quizzes import queries as quizzes
from lms.quizzes import services as attempts
from lms.quizzes.models import Regrade
from lms.reports.frame import SureAnswers
from lms.reports.kinds import misconceptions
from lms.reports.making import asked_of
from lms.reports.plans import Question, ReportRefused
from lms.reports.queries import frame
from tests.lms.reports.conftest import EVERYTHING
from tests.support.courses import CODE, ITEMS
from tests.support.hospital import NOW, TODAY, load_framework
from tests.support.taking import put_course, read_all, right_answer, statements, wrong_answer

DAY = dt.timedelta(days=1)
WRONG = "two-identifiers"


def sit(person_id: int, *, wrong: bool, sure: int | None, now: dt.datetime = NOW) -> None:
    """Take the course: the first item wrong or right with a certainty, all others right; commits."""
    read_all(person_id, CODE, now - dt.timedelta(minutes=40))
    public_id = attempts.start(person_id, CODE, actor=None, now=now - dt.timedelta(minutes=10))
    attempt = quizzes.attempt(public_id, person_id)
    assert attempt is not None
    for item in quizzes.paper(attempt):
        make = wrong_answer if wrong and item.id == WRONG else right_answer
        more = {"confidence": sure} if item.id == WRONG else {}
        attempts.save(public_id, item.id, make(item, attempt.seed), person_id=person_id, now=now, **more)
    attempts.submit(public_id, person_id=person_id, actor=None, now=now)
    db.session.commit()


@pytest.fixture
def takers(empty):
    """Two wards: of eight takers in A three were sure and wrong; of three in B one was."""
    load_framework()
    put_course(NOW - 30 * DAY)
    for code, parent in (("SGH", None), ("A", "SGH"), ("B", "SGH"), ("C", "SGH")):
        empty.unit(code, parent)
    for ward, count in (("A", 8), ("B", 3), ("C", 6)):
        for number in range(count):
            empty.person(f"{ward}{number}", ward)
    db.session.commit()
    for number in range(8):
        sit(empty.people[f"A{number}"], wrong=number < 4, sure=3 if number != 3 else 2)
    for number in range(3):
        sit(empty.people[f"B{number}"], wrong=number < 1, sure=3)
    for number in range(5):
        sit(empty.people[f"C{number}"], wrong=False, sure=1, now=NOW - 2 * DAY)
    return empty


def asked(takers, unit: str = "SGH", **more):
    report = takers.ask("misconceptions", unit, **more)
    code = next(each["code"] for each in report.data["competencies"])
    return report, {row["code"]: row["cells"][code] for row in report.data["units"]}


def test_people_who_were_sure_and_wrong_are_counted_among_those_who_said_how_sure_they_were(takers) -> None:
    report, cells = asked(takers)
    assert (cells["SGH"]["people"], cells["SGH"]["of"]) == (4, 16)
    assert cells["B"] | {"suppressed": True, "of": None} == cells["B"], "three takers are too few"
    assert cells["A"]["of"] is None, "and another ward keeps them from being worked out"
    assert (cells["C"]["people"], cells["C"]["of"], cells["C"]["answers"]) == (0, 5, 0)
    assert report.data["competencies"][0]["critical"]
    assert cells["SGH"]["signal"] is False, "with 4 of 16 it may be fewer than one in ten"
    item = report.data["items"][0]
    assert (item["course"], item["item"], item["people"], item["of"]) == (CODE, WRONG, 4, 16)


def test_an_item_of_a_ward_too_small_to_show_is_in_no_list(takers) -> None:
    report, _ = asked(takers, "B")
    assert report.data["items"] == []
    assert not re.search("A0|Any Sample", report.body.decode()), "and nobody is named"


def test_the_latest_answer_of_a_year_counts_and_a_regraded_item_does_not(takers) -> None:
    assert asked(takers, as_of=TODAY - DAY)[1]["SGH"]["of"] == 5
    assert takers.ask("misconceptions", "SGH", as_of=TODAY + 370 * DAY).data["competencies"] == []
    first = asked(takers, as_of=TODAY)[0].digest
    course_id = db.session.execute(db.text("select id from course")).scalar_one()
    db.session.add(
        Regrade(key="r", course_id=course_id, item=WRONG, rule="credit", reason="", made_at=NOW + 2 * DAY, made_by=None)
    )
    db.session.commit()
    assert asked(takers, as_of=TODAY)[0].digest == first, "the decision came later"
    assert takers.ask("misconceptions", "SGH", as_of=TODAY + 3 * DAY).data["items"] == []


def test_only_those_who_answer_for_the_hospital_read_it(takers) -> None:
    for kind in ("misconceptions", "items"):
        with pytest.raises(ReportRefused, match="whole hospital"):
            takers.ask(kind, "A", scope=Scope(unit_ids=frozenset(takers.units.values())))


def test_items_are_judged_from_thirty_takers_on_and_not_before(takers) -> None:
    report = takers.ask("items")
    course = report.data["courses"][0]
    assert (course["code"], course["takers"], course["items"], course["judged"]) == (CODE, 16, len(ITEMS), 0)
    assert course["flags"]["too_easy"] is None
    assert course["alpha"] is None
    assert report.finding == "No course has 30 takers yet, so no item is judged"
    for number in range(20):
        sit(takers.person(f"more{number}", "A"), wrong=number < 10, sure=None)
    course = takers.ask("items").data["courses"][0]
    assert (course["takers"], course["judged"], course["flags"]["too_easy"]) == (36, len(ITEMS), len(ITEMS) - 1)
    assert takers.ask("items", as_of=TODAY - DAY).data["courses"][0]["takers"] == 5


def test_time_is_lessons_by_their_minutes_and_exams_by_the_clock(takers) -> None:
    report = takers.ask("time", "SGH")
    rows = {row["code"]: row for row in report.data["units"]}
    each = 1 + 1 + 10  # two lessons of a minute and ten minutes of exam
    assert (rows["C"]["minutes"], rows["C"]["of"], rows["C"]["learners"]) == (5 * each, 6, 5)
    assert rows["SGH"]["minutes"] == 16 * each
    assert rows["B"]["minutes"] is None
    assert set(rows["B"]["months"]) == {None}
    assert rows["C"]["months"][-1] == 5 * each
    assert sum(rows["C"]["months"][:-1]) == 0
    assert [(part["profession"], part["minutes"]) for part in report.data["professions"]] == [("nurse", 16 * each)]
    takers.person("doctor", "A", profession="physician")
    db.session.commit()
    assert all(part["minutes"] is None for part in takers.ask("time", "SGH").data["professions"])


def test_the_kinds_ask_a_few_statements_however_many_answers_there_are(takers) -> None:
    for kind in ("misconceptions", "items", "time"):
        takers.ask(kind, "SGH")
        with statements() as said:
            takers.ask(kind, "SGH")
        assert len(said) <= 16, (kind, len(said))


def test_who_works_on_two_wards_counts_on_each_and_once_above(takers, monkeypatch) -> None:
    """Nobody is read for it: the database finds latest answers, minutes and units by itself."""
    monkeypatch.setattr("lms.reports.queries.standings", None)
    monkeypatch.setattr("lms.reports.queries.people_on", None)
    both = takers.person("both", "A", "C", profession="physician")
    db.session.commit()
    sit(both, wrong=True, sure=3)
    more = {"smallest": 1}
    cells = asked(takers, **more)[1]
    assert [(cells[code]["people"], cells[code]["of"]) for code in ("SGH", "A", "C")] == [(5, 17), (4, 9), (1, 6)]
    alone = asked(takers, profession="physician", **more)[1]
    assert [(alone[code]["people"], alone[code]["of"]) for code in ("SGH", "A", "C")] == [(1, 1)] * 3
    each = 1 + 1 + 10
    rows = takers.rows("time", "SGH", **more)
    found = {code: (row["minutes"], row["of"], row["learners"]) for code, row in rows.items()}
    assert found == {
        "SGH": (17 * each, 18, 17), "A": (9 * each, 9, 9), "B": (3 * each, 3, 3), "C": (6 * each, 7, 6)
    }  # fmt: skip
    rows = takers.rows("time", "SGH", profession="physician", **more)
    assert {code: (row["minutes"], row["of"]) for code, row in rows.items() if row["of"]} == dict.fromkeys(
        ("SGH", "A", "C"), (each, 1)
    )
    before = takers.rows("time", "SGH", as_of=TODAY - DAY, **more)
    assert (before["SGH"]["minutes"], before["SGH"]["of"], before["SGH"]["learners"]) == (5 * each, 18, 5)


def test_the_time_of_people_whom_somebody_manages_is_theirs_alone(takers) -> None:
    mine = Scope(person_ids=frozenset({takers.people["A1"], takers.people["C1"], takers.people["C5"]}))
    row = takers.rows("time", "SGH", scope=mine, smallest=1)["SGH"]
    assert (row["minutes"], row["of"], row["learners"]) == (2 * 12, 3, 2)


def test_small_groups_stand_behind_large_ones_and_few_are_no_safety_signal(takers) -> None:
    question = Question(unit="SGH", as_of=TODAY, today=TODAY, scope=EVERYTHING)
    found = frame(asked_of("misconceptions", question))
    code = next(each.code for each in found.competencies if each.critical)
    items = (
        (("C", "one-of-five", code, "One of five"), (5, 1, 1)),
        (("C", "nine-of-many", code, "Nine of 136"), (136, 9, 9)),
        (("C", "a-quarter", code, "A quarter"), (260, 66, 85)),
    )
    cells = {found.rows[0].id: {code: (18, 1, 1)}}
    report = misconceptions.build(replace(found, answers=SureAnswers(cells, items, {}), hidden={}))
    assert [row["item"] for row in report.data["items"]] == ["a-quarter", "nine-of-many", "one-of-five"]
    assert [row["signal"] for row in report.data["items"]] == [True, False, False]
    assert report.data["units"][0]["cells"][code]["signal"] is False
    assert "safety signal" not in report.finding
    assert "Newcombe 1998" in dict(report.definitions)["Order"]
