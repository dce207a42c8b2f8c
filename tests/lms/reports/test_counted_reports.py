"""What counts of units answer is what everybody, read one by one, would have answered."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.reports.plans import Plan
from tests.support.hospital import TODAY

DAY = dt.timedelta(days=1)
DAYS = (TODAY, TODAY - 3 * DAY, TODAY - 30 * DAY)


@pytest.mark.parametrize("kind", ["heatmap", "readiness", "compliance", "expiry", "trend"])
@pytest.mark.parametrize("profession", [None, "nurse", "physician"])
def test_a_report_from_counts_equals_the_one_from_people(wards, monkeypatch, kind, profession):
    wards.staff(7, "MED-B", "physician")
    wards.staff(6, "MED-A", "physician")
    for number, name in enumerate(list(wards.people)[:16]):
        wards.evidence(name, "K1", 1 + number % 3, TODAY - (300 + number * 5) * DAY, source="observation")
        wards.evidence(name, "K2", 2, TODAY - (640 + number * 7) * DAY)
    asked = [
        {"unit": unit, "as_of": day, "profession": profession, "flat": flat, "compare_to": before}
        for unit in (None, "SGH", "MED")
        for day in DAYS
        for flat, before in ((False, None), (True, None), (False, TODAY - 60 * DAY))
    ]
    asked += [
        {"unit": "SGH", "as_of": day, "profession": profession, "competencies": choice}
        for day in DAYS[:2]
        for choice in ("critical", "K", "K1", "K2")
    ]
    with monkeypatch.context() as alone:  # nobody is read, but for the seats to plan
        alone.setattr("lms.reports.queries._people", None)
        counted = [wards.ask(kind, **each).payload() for each in asked]
    monkeypatch.setattr(Plan, "counted", property(lambda self: False))
    assert counted == [wards.ask(kind, **each).payload() for each in asked]
    if kind == "expiry" and profession is None:
        assert any(row["ending"] and row["ending"]["365"] for each in counted for row in each["units"])


def test_a_unit_of_very_many_leaves_its_seats_to_the_units_below(wards, monkeypatch):
    wards.evidence("b2", "K1", 3, TODAY - 300 * DAY, source="observation")
    assert wards.ask("expiry", "MED").data["seats"]
    monkeypatch.setattr("lms.reports.queries.MOST_SEATED", 3)
    assert wards.ask("expiry", "MED").data["seats"] == []
