"""Writing plans: editions add up, repeats change nothing, snapshots are taken once, outcomes are all or none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.db import db
from lms.golive import queries, services, tasks
from lms.golive.outcomes import compare, read_outcomes
from lms.golive.text import PlanText, from_json
from tests.lms.golive.conftest import DAY, GO_LIVE, PLAN, TEXT, changed, noon
from tests.support.hospital import NOW, TODAY


def test_a_plan_reads_back_as_it_was_written(plan) -> None:
    assert from_json(TEXT.to_json()) == TEXT
    assert services.held(PLAN).text == TEXT


def test_the_same_form_sent_twice_makes_one_plan_and_one_edition(plan) -> None:
    services.create(PLAN, changed(name="Other"), actor=None, now=NOW)
    services.save(PLAN, TEXT, 1, actor=None, now=NOW)
    services.save(PLAN, changed(aim=95), 1, actor=None, now=NOW)
    services.save(PLAN, changed(aim=95), 1, actor=None, now=NOW)
    assert [each.number for each in queries.editions(services.held(PLAN).id)] == [2, 1]


def test_of_two_who_change_an_edition_the_second_is_told(plan) -> None:
    services.save(PLAN, changed(aim=95), 1, actor=None, now=NOW)
    with pytest.raises(services.GoLiveRefused, match="Somebody saved edition 2"):
        services.save(PLAN, changed(aim=80), 1, actor=None, now=NOW)
    assert services.held(PLAN).text.aim == 95


def test_the_history_says_what_changed(plan) -> None:
    services.save(PLAN, changed(date=GO_LIVE + 7 * DAY, units=("ED",)), 1, actor=None, now=NOW)
    services.move(PLAN, "active", actor=None, now=NOW)
    newest, second, first = queries.editions(services.held(PLAN).id)
    assert first.changes == ("The plan was written.",)
    assert second.changes == (
        f"The date changed from {GO_LIVE} to {GO_LIVE + 7 * DAY}.", "Units: taken away MED.",
    )  # fmt: skip
    assert newest.changes == ("The plan became active.",)


@pytest.mark.parametrize(("text", "why"), [(changed(units=()), "a unit"), (changed(requirements=()), "required")])
def test_an_empty_plan_does_not_become_active(hospital, text: PlanText, why: str) -> None:
    services.create(PLAN, text, actor=None, now=NOW)
    with pytest.raises(services.GoLiveRefused, match=why):
        services.move(PLAN, "active", actor=None, now=NOW)


def test_a_plan_goes_only_the_steps_that_there_are(plan) -> None:
    with pytest.raises(services.GoLiveRefused, match="cannot become"):
        services.move(PLAN, "done", actor=None, now=NOW)
    for state in ("active", "active", "done"):
        assert services.move(PLAN, state, actor=None, now=NOW).state == state
    with pytest.raises(services.GoLiveRefused, match="is done"):
        services.save(PLAN, changed(aim=70), 3, actor=None, now=NOW)
    assert services.move(PLAN, "active", actor=None, now=NOW).state == "active"


def test_a_tick_may_be_taken_back_and_repeated(plan) -> None:
    key, held = TEXT.checklist[0].key, services.held(PLAN)
    for done in (True, True, False, False, True):
        services.tick(PLAN, key, done, actor=None, now=NOW)
    assert list(queries.done_items(held.id)) == [key]
    with pytest.raises(services.GoLiveRefused, match="not on the checklist"):
        services.tick(PLAN, "ff" * 10, True, actor=None, now=NOW)


def test_snapshots_are_taken_once_a_day_that_matters_also_when_late(plan, clock) -> None:
    services.move(PLAN, "active", actor=None, now=noon(TODAY - 5 * DAY))
    db.session.commit()
    assert tasks.take_snapshots(now=NOW) == 0  # 28 days before was before the activation, 14 days is to come
    clock.move(days=9)
    assert tasks.take_snapshots(now=clock.now) == 1
    assert tasks.take_snapshots(now=clock.now) == 0
    clock.move(days=13)  # nobody was there on the last days and on the day itself
    assert tasks.take_snapshots(now=clock.now) == 3
    held = services.held(PLAN)
    taken = queries.snapshots(held.id)
    assert [(each.label, each.as_of) for each in taken] == [
        ("T-14", GO_LIVE - 14 * DAY), ("T-7", GO_LIVE - 7 * DAY), ("T-1", GO_LIVE - DAY), ("T-0", GO_LIVE),
    ]  # fmt: skip
    services.save(PLAN, changed(date=GO_LIVE + 3 * DAY), held.edition, actor=None, now=clock.now)
    assert tasks.take_snapshots(now=clock.now) >= 1  # a plan that is moved is watched anew


def test_a_draft_and_a_finished_plan_are_not_watched(plan) -> None:
    assert tasks.take_snapshots(now=noon(GO_LIVE)) == 0


def test_a_snapshot_keeps_its_figures_and_its_digest(plan) -> None:
    plan.train("e0")
    held = services.move(PLAN, "active", actor=None, now=NOW)
    services.freeze(held, "active", TODAY, NOW, today=TODAY, now=NOW, smallest=5)
    plan.train("e1")
    services.freeze(held, "active", TODAY, NOW, today=TODAY, now=NOW, smallest=5)
    (taken,) = queries.snapshots(held.id)
    assert taken.report["total"]["ready"] == 1
    assert len(taken.report["digest"]) == 64


def test_forecasts_are_held_against_the_day(plan) -> None:
    for number in range(4):
        plan.train(f"e{number}", on=TODAY - (40 - 7 * number) * DAY)
    held = services.move(PLAN, "active", actor=None, now=NOW)
    services.freeze(held, "T-7", TODAY, NOW, today=TODAY, now=NOW, smallest=5)
    for number in range(4, 10):
        plan.train(f"e{number}", on=TODAY)
    services.freeze(held, "T-0", TODAY, NOW, today=TODAY, now=NOW, smallest=5)
    taken = list(queries.snapshots(held.id))
    total, emergency, _medicine = compare(taken, None)
    assert (emergency.ready, emergency.of, emergency.foretold[0].ready) == (10, 10, 4)
    assert total.judged == 1
    assert total.foretold[0].low is not None
    assert [each.code for each in compare(taken, {"ED"})] == ["ED"]


def test_outcomes_are_kept_all_or_none_and_replaced(plan) -> None:
    held = services.held(PLAN)
    lines = "unit,tickets_per_100,note\nED,14.5,Printers\nMED,3\n"
    assert services.import_outcomes(PLAN, lines, actor=None, now=NOW) == 2
    with pytest.raises(services.GoLiveRefused) as refused:
        services.import_outcomes(PLAN, "unit,tickets_per_100\nED,1\nXX,2\nMED,many\n", actor=None, now=NOW)
    assert all(line in str(refused.value) for line in ("Line 3", "Line 4"))
    assert str(queries.outcomes(held.id)["ED"].tickets) == "14.50"
    services.import_outcomes(PLAN, "unit,tickets_per_100\nED,2\n", actor=None, now=NOW + dt.timedelta(days=1))
    assert str(queries.outcomes(held.id)["ED"].tickets) == "2.00"


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_words(text: str) -> None:
    rows, faults = read_outcomes(text, ("ED",))
    assert rows or faults


@pytest.mark.parametrize("text", ["unit,tickets_per_100\nED,NaN\n", "unit,tickets_per_100\nED,-1\n", "ED,1\n", "", '"'])
def test_what_is_no_number_of_calls_is_refused(text: str) -> None:
    assert read_outcomes(text, ("ED",))[1]
