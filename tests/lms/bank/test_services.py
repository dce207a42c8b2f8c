"""Figures of items: made by a job from first answers, with their number of takers, and never from too few."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from lms.bank import queries, reckoning, services, tasks
from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.jobs.registry import TaskRefused
from lms.jobs.worker import Worker
from lms.quizzes.models import Attempt
from lms.quizzes.sittings import FirstSitting, Given
from tests.lms.bank.conftest import sit
from tests.support.courses import CODE, ITEMS, QUESTIONS
from tests.support.taking import put_course


def analyse(version, now):
    services.analyse(version.course_id, now=now)
    db.session.commit()
    return queries.analyses()[version.course_id]


def test_the_job_makes_the_figures_once_for_each_state_of_the_answers(sat, clock) -> None:
    worker = Worker(clock)
    assert services.ask_where_behind(now=clock()) == 1
    assert services.ask_where_behind(now=clock()) == 0, "it is queued already"
    db.session.commit()
    assert worker.drain() == 1
    (state,) = queries.states()
    assert not state.behind
    assert (state.analysis.takers, state.analysis.attempts, state.analysis.papers) == (90, 90, 90)
    assert state.analysis.enough
    assert state.analysis.alpha is not None
    assert services.ask_where_behind(now=clock()) == 0
    sit(sat, 1, clock(), first=500)
    assert services.ask_where_behind(now=clock()) == 1


def test_easier_items_have_a_higher_share_right_and_a_wrong_key_is_seen(sat, clock) -> None:
    analyse(sat, clock())
    found = {item: queries.of_item(sat.course_id, item) for item in ITEMS}
    shares = [found[item].difficulty for item in ITEMS[:-1]]
    assert shares == sorted(shares, reverse=True)
    assert found[ITEMS[1]].discrimination > 0.3
    assert found[ITEMS[-1]].discrimination < 0
    assert "key" in found[ITEMS[-1]].look
    assert not found[ITEMS[1]].look


def test_an_item_page_has_options_professions_a_place_on_a_scale_and_confidence(sat, clock) -> None:
    analyse(sat, clock())
    figures = queries.of_item(sat.course_id, "two-identifiers")
    rows = figures.document["options"]["rows"]
    assert [row["option"] for row in rows] == [0, 1, 2, None]
    assert sum(row["picks"] for row in rows) == 90
    (dif,) = figures.document["dif"]
    assert (dif["reference"], dif["focal"], dif["n_reference"], dif["n_focal"]) == ("nurse", "physician", 60, 30)
    assert "too few" in dif["reason"], "thirty are not enough to compare professions"
    irt = figures.document["irt"]
    assert (irt["model"], irt["takers"], irt["enough"], irt["a"]) == ("rasch", 90, True, 1.0)
    assert irt["se_b"] > 0
    assert sum(row[1] for row in figures.document["confidence"]) == 90


def test_too_few_takers_raise_no_flag(version, clock) -> None:
    sit(version, 29, clock())
    found = analyse(version, clock())
    assert not found.enough
    for item in ITEMS:
        figures = queries.of_item(version.course_id, item)
        assert (figures.takers, figures.enough, figures.flags) == (29, False, ())
        assert figures.document["irt"] is None


def test_answers_to_another_wording_are_not_counted_and_the_others_are(sat, clock) -> None:
    reworded = QUESTIONS.replace("Which two identifiers do you compare", "Which two identifiers must you compare")
    put_course(clock(), edition="2027.1", questions=reworded)
    new = catalog.current_version(CODE)
    (state,) = queries.states()
    assert state.behind
    analyse(new, clock())
    assert queries.of_item(new.course_id, "two-identifiers") is None
    assert queries.of_item(new.course_id, "checked-twice").takers == 90


def test_the_digest_names_the_answers_and_a_second_look_gives_the_same(sat, clock) -> None:
    first = analyse(sat, clock())
    clock.move(hours=1)
    second = analyse(sat, clock())
    assert (first.digest, first.as_of != second.as_of) == (second.digest, True)


def test_a_second_attempt_is_not_counted(sat, clock) -> None:
    db.session.execute(update(Attempt).where(Attempt.seed == "s", Attempt.person_id % 9 == 0).values(number=2))
    db.session.commit()
    found = analyse(sat, clock())
    assert (found.takers, found.attempts) == (80, 90)


def test_a_text_that_nobody_has_marked_is_not_counted(version) -> None:
    bank = items.bank(version.id)
    same = reckoning.comparable(bank, {version.id: bank})
    sat = [FirstSitting(1, 1, version.id, {"wrong-chart": Given(0, True, None), "essay": Given("x", None, None)})]
    found = reckoning.reckon(bank, sat, same, {1: "nurse"})
    assert [one.item for one in found.items] == ["wrong-chart"]
    assert found.items[0].takers == 1


def test_an_erased_answer_still_counts_as_right_or_wrong_but_not_as_an_option(version) -> None:
    bank = items.bank(version.id)
    same = reckoning.comparable(bank, {version.id: bank})
    sat = [
        FirstSitting(n, n, version.id, {"two-identifiers": Given(None if n == 1 else 0, True, None)}) for n in (1, 2)
    ]
    (figures,) = reckoning.reckon(bank, sat, same, {}).items
    assert (figures.takers, figures.difficulty) == (2, 1.0)
    assert figures.document["options"]["takers"] == 1


def test_a_course_that_is_gone_is_not_tried_again(app, clock) -> None:
    with pytest.raises(TaskRefused):
        tasks.analyse({"course": 99}, now=clock())
