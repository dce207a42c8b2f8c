"""The trend says on each day what a report of that day says."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from lms.competency.history import standings_on_days
from lms.competency.queries import people_on
from lms.competency.services import set_target, wish
from lms.db import db
from lms.reports.gathering.trend import days_of
from tests.support.hospital import NOW, TODAY, make_leave
from tests.support.taking import statements

DAY = dt.timedelta(days=1)


@pytest.fixture
def years(wards):
    """The wards with two years of chance: evidence, leave, joiners and leavers, a ward that moves, targets too."""
    rng = random.Random(7)
    for number in range(24):
        starts = TODAY - rng.randint(0, 700) * DAY
        ends = starts + rng.randint(30, 900) * DAY if rng.random() < 0.4 else None
        name = f"x{number}"
        wards.person(name, rng.choice(("MED-A", "MED-B", "ED")), profession=rng.choice(("nurse", "physician")),
                     starts=starts, ends=ends)  # fmt: skip
        for _ in range(rng.randint(0, 5)):
            source = rng.choice(("test", "observation", "self", "panel"))
            on = TODAY - rng.randint(0, 800) * DAY
            wards.evidence(name, rng.choice(("K1", "K2")), rng.randint(0, 5), on, source, passed=rng.random() < 0.9)
        if rng.random() < 0.3:
            away = TODAY - rng.randint(0, 300) * DAY
            make_leave(wards.people[name], away, away + rng.randint(1, 60) * DAY)
    wards.unit("MED-B", "ED")
    for ago, unit, way, level in ((400, "ED", "at-least", 4), (200, "MED", "exactly", 1), (90, "ED", "none", 0)):
        day = TODAY - ago * DAY
        asked = wish("K1", "nurse", unit, way, str(level), "", today=day)
        set_target(asked, "A target that changes.", actor=None, now=NOW - ago * DAY, today=day)
    db.session.commit()
    return wards


def stood(person) -> tuple:
    """What a trend reckons with of a person on a day."""
    return person.profession, person.units, person.levels, person.targets


def test_the_history_of_many_days_is_the_recount_of_each(years) -> None:
    days = days_of(TODAY)
    found = {day: {} for day in days}
    for person_id, standings in standings_on_days(days, person_ids=years.people.values()):
        for day, held in zip(days, standings, strict=True):
            if held is not None:
                found[day][person_id] = held
    for day in days:
        assert {key: stood(each) for key, each in found[day].items()} == {
            each.person_id: stood(each) for each in people_on(day)
        }


@pytest.mark.parametrize("filters", [{}, {"competencies": "K1"}, {"profession": "nurse"}])
def test_each_point_is_the_readiness_of_its_day(years, filters) -> None:
    trend = years.ask("trend", "SGH", **filters)
    assert len(trend.data["units"][0]["points"]) == 13
    for place, day in enumerate(days_of(TODAY)):
        rows = years.rows("readiness", "SGH", as_of=day, **filters)
        for row in trend.data["units"]:
            point, ready = row["points"][place], rows.get(row["code"])
            if ready is None:
                continue  # the unit was not below this one on that day
            assert (point["met"], point["of"], point["share"]) == (ready["ready"], ready["of"], ready["share"]), day


@pytest.mark.parametrize("filters", [{}, {"competencies": "K1"}, {"profession": "nurse"}])
def test_it_asks_a_few_statements_a_day_and_reads_nobody(years, monkeypatch, filters) -> None:
    years.ask("trend", "SGH", **filters)
    monkeypatch.setattr("lms.reports.gathering.trend.standings_on_days", None)
    monkeypatch.setattr("lms.reports.queries.standings", None)
    monkeypatch.setattr("lms.reports.queries.people_on", None)
    with statements() as asked:
        years.ask("trend", "SGH", **filters)
    assert len(asked) <= 13 * 12, len(asked)


def test_the_finding_says_from_where_to_where(wards) -> None:
    for name in ("e2", "e3", "e4"):
        wards.evidence(name, "K1", 2, TODAY - 40 * DAY)
    assert wards.ask("trend", "ED").finding == "Unit ED: 50% at every target, up from 0% on 23 November 2025"
    assert wards.ask("trend", "MED").finding.startswith("Unit MED:")


def test_a_trend_compares_with_no_date_and_its_filters_say_so(wards) -> None:
    report = wards.ask("trend", "MED", compare_to=TODAY - DAY)
    assert "compared with" not in dict(report.filters)


def test_the_trend_of_a_past_day_is_reproduced_after_later_changes(years) -> None:
    first = years.ask("trend", "ED", as_of=TODAY - 3 * DAY)
    years.evidence("e4", "K1", 2, TODAY)
    years.person("later", "ED", starts=TODAY)
    db.session.commit()
    assert years.ask("trend", "ED", as_of=TODAY - 3 * DAY).digest == first.digest
