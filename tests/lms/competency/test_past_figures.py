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
from tests.support.hospital import NOW, TODAY, load_framework, make_post, sample_hospital
from tests.support.world import DAY, World, acts


def counted_by_people(
    on: dt.date, known_by: dt.datetime | None = None, profession: str | None = None
) -> dict[int, UnitCounts]:
    """The counts of a day from everybody's standing on it, reckoned in the process."""
    tally = Tally()
    for each in queries.people_on(on, known_by=known_by, profession=profession):
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


WAYS = ("at-least", "exactly", "none")
decided = st.tuples(
    st.sampled_from(("physician", "nurse", "super-user", "informaticist")), st.sampled_from(("", "U1", "U2", "U3")),
    st.sampled_from(WAYS), st.integers(1, 5), st.integers(0, 30), st.sampled_from(("K1", "K2")),
)  # fmt: skip
worked = st.tuples(
    st.integers(0, 2), st.integers(0, 2), st.sampled_from(("", "super-user", "informaticist")), st.integers(0, 60),
)  # fmt: skip
shown_to = st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(0, 60))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(decided, min_size=1, max_size=6),
    st.lists(worked, min_size=1, max_size=9),
    st.lists(shown_to, max_size=6),
    st.integers(0, 60),
)
def test_targets_of_units_count_for_every_post_of_everybody_in_the_database_too(app, decisions, posts, shown, back):
    """Somebody may work in all three units with other roles in each, and each post has targets of its own."""
    world = World()
    world.today = TODAY - 40 * DAY
    try:
        for subject, unit, way, level, later, code in decisions:
            asked = services.wish(
                code, subject, unit, way, str(level), str(world.today + later * DAY), today=world.today
            )
            services.set_target(asked, "Drawn.", actor=None, now=world.now, today=world.today)
        for number, (who, unit, roles, ago) in enumerate(posts):
            starts = TODAY - ago * DAY
            make_post(world.people[who], world.units[unit], f"P{number}", roles=roles, starts=starts)
        for who, what, ago in shown:
            world.evidence(world.people[who], world.units[0], what, TODAY - ago * DAY)
        day = TODAY + 10 * DAY - back * DAY
        assert without_cover(queries.recount(day)) == counted_by_people(day)
        assert queries.recount(day, unit_ids=world.units[1:2]) == only(queries.recount(day), world.units[1])
        whole = queries.counts_by_profession(day)
        for profession in ("physician", "nurse", "other"):
            assert without_cover(whole[profession]) == counted_by_people(day, profession=profession)
    finally:
        db.session.rollback()
        forget()


def only(counts: dict[int, UnitCounts], unit: int) -> dict[int, UnitCounts]:
    """The counts of one unit alone."""
    return {unit: counts[unit]} if unit in counts else {}


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
