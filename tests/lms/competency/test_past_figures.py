"""Any past day can be counted again, also as it was known at a moment, and by the database as by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.competency import queries, services
from lms.competency.facts import UnitCounts
from lms.competency.reckoning import Tally
from lms.competency.snapshot import forget, snapshot
from lms.db import db
from tests.support.hospital import NOW, TODAY, load_framework, sample_hospital
from tests.support.world import DAY, World, acts


def counted_by_people(on: dt.date, known_by: dt.datetime | None = None) -> dict[int, UnitCounts]:
    """The counts of a day from everybody's standing on it, reckoned in the process."""
    tally = Tally()
    for each in queries.people_on(on, known_by=known_by):
        tally.add(each.levels, each.targets, each.units, compliant=each.compliant, endings=each.endings)
    return tally.counts([each.code for each in snapshot().everything])


def without_cover(counts: dict[int, UnitCounts]) -> dict[int, UnitCounts]:
    """Super-users on leave count as cover and are no standing of anybody who counts."""
    plain = {unit: replace(each, super_users=0) for unit, each in counts.items()}
    return {unit: each for unit, each in plain.items() if each != queries.NOBODY}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts, st.integers(0, 700), st.integers(0, 700))
def test_any_past_day_counted_by_the_database_is_what_everybody_s_standing_gives(app, sequence, back, known):
    world = World()
    try:
        for *act, _ in sequence:
            world.act(*act)
        day, moment = world.today - back * DAY, world.now - known * DAY
        assert without_cover(queries.recount(day)) == counted_by_people(day)
        assert without_cover(queries.recount(day, known_by=moment)) == counted_by_people(day, moment)
        shown = [world.units[1]]
        whole = queries.recount(day, unit_ids=world.units)
        part = queries.recount(day, unit_ids=world.units, shown=shown)
        assert part.get(shown[0]) == whole.get(shown[0])
        assert sized(part) == sized(whole)
    finally:
        db.session.rollback()
        forget()


def sized(counts: dict[int, UnitCounts]) -> dict[int, tuple]:
    """What decides about small groups."""
    return {
        unit: (each.staff, each.targeted, each.critical, {code: cell.of for code, cell in each.cells.items()})
        for unit, each in counts.items()
    }


def test_a_figure_is_found_again_as_it_was_known_before_later_corrections(app):
    hospital = sample_hospital(commit=False)
    load_framework()
    person, unit = hospital.people["E-003"], hospital.units["SGH"]
    first = {"key": "first", "actor": None, "now": NOW, "signed_off": True}
    services.record_evidence(person, "A1", "observation", 3, TODAY - 40 * DAY, **first)
    before = queries.recount(TODAY - 30 * DAY)
    late = NOW + DAY
    services.record_evidence(
        person, "A1", "observation", 1, TODAY - 35 * DAY, key="late", actor=None, now=late, signed_off=True
    )
    assert queries.recount(TODAY - 30 * DAY)[unit].cell("A1") != before[unit].cell("A1")
    assert queries.recount(TODAY - 30 * DAY, known_by=NOW) == before
