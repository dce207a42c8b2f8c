"""People, posts and units are read as the roster states them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.db import db
from lms.people import queries
from lms.people.posts import end_posts, held_posts
from lms.people.services import UnknownPerson, ensure_person, rename
from lms.people.tree import closure, cycles
from lms.people.units import UnitEntry, UnitFault, save_units
from tests.support.hospital import TODAY, make_leave, make_person, make_post, make_unit, sample_hospital

DAY = dt.timedelta(days=1)


def test_a_person_is_found_by_every_name_they_go_by(app):
    hospital = sample_hospital()
    asha = queries.person(hospital.people["E-002"])
    assert asha.name == "Asha Sample"
    assert asha.profession == "physician"
    assert queries.person_by_public_id(asha.public_id) == asha
    assert queries.person_by_employee_id(" E-002 ") == asha
    assert queries.person_by_email("E-002@Hospital.Example") == asha
    assert queries.person_by_email("nobody@hospital.example") is None


def test_a_post_covers_its_first_and_its_last_day(app):
    unit = make_unit("W")
    person = make_person("X-1")
    make_post(person, unit, starts=TODAY, ends=TODAY + DAY)
    held = [bool(queries.posts_on(person, TODAY + offset * DAY)) for offset in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]
    assert [p.id for p in queries.people_in([unit], TODAY + DAY)] == [person]
    assert queries.people_in([unit], TODAY + 2 * DAY) == ()


def test_leave_covers_both_its_days_and_may_be_open(app):
    person = make_person("X-1")
    make_leave(person, TODAY, TODAY + DAY)
    assert [queries.on_leave(person, TODAY + n * DAY) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    make_leave(person, TODAY + 10 * DAY)
    assert queries.on_leave(person, TODAY + 500 * DAY)


def test_a_subtree_is_the_unit_and_all_below_it(app):
    ids = sample_hospital().units
    assert queries.subtree_ids([ids["MED"]]) == {ids["MED"], ids["MED-A"], ids["MED-B"]}
    assert queries.subtree_ids([ids["SGH"]]) == frozenset(ids.values())
    assert queries.subtree_ids([]) == frozenset()
    assert [u.code for u in queries.roots()] == ["SGH"]
    assert [u.code for u in queries.children(ids["SGH"])] == ["ED", "MED", "PHA"]
    assert [u.code for u in queries.ancestors(ids["MED-A"])] == ["SGH", "MED", "MED-A"]


def test_a_manager_manages_those_whose_current_post_names_them(app):
    people = sample_hospital().people
    managed = queries.managed_people(people["E-001"], TODAY)
    assert managed == {people[n] for n in ("E-002", "E-003", "E-004", "E-005")}
    (post,) = held_posts(people=[people["E-005"]])
    end_posts([post.id], last_day=TODAY - DAY)
    assert people["E-005"] not in queries.managed_people(people["E-001"], TODAY)


def test_a_moved_unit_takes_its_subtree_along_and_a_circle_is_refused(app):
    ids = sample_hospital().units
    save_units([UnitEntry("MED", "Medicine", "ED")], today=TODAY)
    assert ids["MED-A"] in queries.subtree_ids([ids["ED"]])
    with pytest.raises(UnitFault, match=r"may not contain each other: .*ED"):
        save_units([UnitEntry("ED", "Emergency", "MED-A")], today=TODAY)
    with pytest.raises(UnitFault, match="'NOWHERE' of unit 'ED' is not a unit"):
        save_units([UnitEntry("ED", "Emergency", "NOWHERE")], today=TODAY)


def test_an_unrostered_person_is_made_once_and_matched_without_case(app, clock):
    first = ensure_person("New.Person@Hospital.example", now=clock())
    assert ensure_person("new.person@hospital.EXAMPLE", now=clock()) == first
    assert queries.person(first).name == "new.person@hospital.example"
    assert queries.person(first).employee_id is None


def test_a_corrected_name_is_printed_as_given(app, clock):
    person = make_person("X-1", "Ana", "Sample")
    rename(person, " Ana ", "Sample", "Dr Ana Sample", actor=None, now=clock())
    assert queries.person(person).name == "Dr Ana Sample"
    with pytest.raises(UnknownPerson):
        rename(person + 1, "a", "b", "", actor=None, now=clock())


def test_people_are_searched_by_every_word_and_read_page_by_page(app):
    sample_hospital()
    assert {p.employee_id for p in queries.search("sample ASHA")} == {"E-002"}
    assert queries.search("100%") == ()
    seen: list[str] = []
    after = None
    while page := queries.search(after=after, limit=4):
        seen += [p.employee_id for p in page]
        after = (page[-1].family_name, page[-1].id)
    assert sorted(seen) == [f"E-{n:03}" for n in range(1, 12)]


parent_maps = st.integers(1, 8).flatmap(
    lambda n: st.fixed_dictionaries({i: st.one_of(st.none(), st.integers(0, n - 1)) for i in range(n)})
)


@given(parent_maps)
def test_circles_are_found_exactly_where_a_walk_upward_never_ends(parents):
    def ends(unit):
        seen = set()
        while unit is not None and unit not in seen:
            seen.add(unit)
            unit = parents[unit]
        return unit is None

    circles = cycles(parents)
    assert bool(circles) == any(not ends(unit) for unit in parents)
    for circle in circles:
        assert [parents[unit] for unit in circle] == [*circle[1:], circle[0]]
    if not circles:
        rows = closure(parents)
        assert {(u, u, 0) for u in parents} <= rows
        for above, unit, depth in rows:
            at = unit
            for _ in range(depth):
                at = parents[at]
            assert at == above


def test_the_stored_closure_follows_any_sequence_of_moves(app):
    codes = ["A", "B", "C", "D", "E"]
    save_units([UnitEntry(code, code) for code in codes], today=TODAY)
    moves = [("B", "A"), ("C", "B"), ("D", "C"), ("B", "E"), ("E", "A"), ("D", None), ("A", "D")]
    for code, parent in moves:
        save_units([UnitEntry(code, code, parent)], today=TODAY)
        parents = {unit.id: unit.parent_id for unit in queries.units()}
        for unit_id in parents:
            below = {u for a, u, _ in closure(parents) if a == unit_id}
            assert queries.subtree_ids([unit_id]) == below
    db.session.rollback()
