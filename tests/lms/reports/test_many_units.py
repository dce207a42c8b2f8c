"""With thousands of units a page reads and offers what is around it, and no unit is ever an old one."""

from __future__ import annotations

import re

from lms.db import db
from lms.people.queries import units
from lms.people.units import UnitEntry, save_units
from tests.support.hospital import TODAY
from tests.support.signing import sign_in
from tests.support.taking import statements


def test_units_are_read_once_and_again_after_any_change(app, wards):
    first = units()
    with statements() as asked:
        assert units() is first
    assert len(asked) == 1
    save_units([UnitEntry("ED", "Emergency, renamed", "SGH")], today=TODAY)
    db.session.commit()
    assert "Emergency, renamed" in {unit.name for unit in units()}
    assert wards.rows(unit="SGH")["ED"]["name"] == "Emergency, renamed"


def test_a_change_that_is_taken_back_is_forgotten(app, wards):
    before = units()
    save_units([UnitEntry("ED", "Never", "SGH")], today=TODAY)
    assert "Never" in {unit.name for unit in units()}
    db.session.rollback()
    assert units() == before


def test_of_very_many_units_the_filter_offers_those_around(app, wards, client, monkeypatch):
    sign_in(client, app, "cmio@example.org", ["cmio"])
    monkeypatch.setattr("lms.reports.asking.MOST_OFFERED", 2)
    offered = re.findall(r'<option value="([A-Z-]+)"', client.get("/workforce/units/ED").text)
    assert {"SGH", "ED"} <= set(offered)
    assert "MED-A" not in offered
    assert {"MED-A", "MED-B"} <= set(re.findall(r'<option value="([A-Z-]+)"', client.get("/workforce/units/MED").text))
