"""A roster import does what its files say, once, and says before what it will do."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from lms.changes.services import marked_people
from lms.db import db
from lms.people import queries as people
from lms.people.models import Leave, Person, Post
from lms.people.posts import held_posts
from lms.people.services import ensure_person
from lms.people.spans import professions_on
from lms.rostering.faults import FileRefused
from lms.rostering.services import PlanChanged, TooManyEnded, import_roster, plan_roster, read_share
from tests.support.hospital import NOW, TODAY

DAY = dt.timedelta(days=1)
HEADER = "employee_id,given_name,family_name,email,profession,unit,post,roles,manager,starts,ends"
UNITS = "code,name,parent,site\nH,Hospital,,Main\nA,Ward A,H,Main\nB,Ward B,H,Main\n"


def line(number: str, unit: str = "A", **changes: str) -> str:
    """A line of people.csv for a sample person; keywords change single columns."""
    facts = {
        "employee_id": number, "given_name": "Sample", "family_name": f"Person {number}",
        "email": f"{number.lower()}@h.example", "profession": "nurse", "unit": unit, "post": "Staff nurse",
        "roles": "clinician", "manager": "", "starts": "2025-01-01", "ends": "",
    } | changes  # fmt: skip
    return ",".join(facts.values())


def sheet(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


def load(text: str, units: str = UNITS, *, today: dt.date = TODAY, **more):
    return import_roster(
        units.encode(), text.encode(), units_file="units.csv", people_file="people.csv", actor=None,
        now=NOW, today=today, **more,
    )  # fmt: skip


def refused(text: str, units: str = UNITS) -> list[str]:
    with pytest.raises(FileRefused) as fault:
        load(text, units)
    return [str(each) for each in fault.value.faults if not each.warning]


def posts_of(number: str, on: dt.date = TODAY):
    return people.posts_on(people.person_by_employee_id(number).id, on)


def test_a_first_import_writes_units_people_posts_and_managers(app):
    plan = load(sheet(line("E1"), line("E2", "B", manager="E1", roles="clinician;super-user")))
    assert {kind: n for kind, n in plan.counts.items() if n} == {"unit-new": 3, "person-new": 2, "post-opened": 2}
    (post,) = posts_of("E2")
    assert (post.unit_code, post.title, post.super_user, post.informaticist) == ("B", "Staff nurse", True, False)
    assert post.manager_id == people.person_by_employee_id("E1").id
    assert [unit.code for unit in people.ancestors(people.unit_by_code("B").id)] == ["H", "B"]
    assert set(marked_people()) == {people.person_by_employee_id(n).id for n in ("E1", "E2")}


def test_the_same_files_again_change_nothing(app):
    text = sheet(line("E1"), line("E2", manager="E1", ends="2027-03-01"), line("E1", "B", post="Second post"))
    load(text)
    db.session.commit()
    again = load(text)
    assert not again.steps
    assert (again.unchanged, again.posts.same) == (2, 3)


def test_a_plan_changes_nothing_and_names_every_step(app):
    load(sheet(line("E1"), line("E2")))
    db.session.commit()
    text = sheet(line("E1", given_name="Changed"), line("E3", "B"))
    plan = plan_roster(UNITS.encode(), text.encode(), units_file="u", people_file="people.csv", today=TODAY)
    told = [(step.kind, step.subject, step.detail, step.line) for step in plan.steps]
    assert told == [
        ("person-changed", "E1 Changed Person E1", "given_name: Sample → Changed", 2),
        ("person-new", "E3 Sample Person E3", "nurse, e3@h.example", 3),
        ("post-opened", "E3 Sample Person E3, Staff nurse, B", "from 2025-01-01", 3),
        ("post-ended", "E2 Sample Person E2, Staff nurse, A", f"not listed, ends {TODAY}", 0),
    ]
    db.session.rollback()
    assert people.person_by_employee_id("E3") is None
    assert people.person_by_employee_id("E1").given_name == "Sample"


def test_an_omitted_post_ends_today_and_a_listed_end_is_kept(app):
    load(sheet(*(line(f"E{n}") for n in range(6))))
    load(sheet(*(line(f"E{n}") for n in range(1, 5)), line("E5", ends="2026-12-31")))
    assert posts_of("E0", TODAY)
    assert not posts_of("E0", TODAY + DAY)
    assert posts_of("E5", dt.date(2026, 12, 31))
    assert not posts_of("E5", dt.date(2027, 1, 1))


def test_an_omitted_post_that_has_not_begun_is_taken_back(app):
    load(sheet(*(line(f"E{n}") for n in range(5)), line("E9", starts="2026-12-01")))
    load(sheet(*(line(f"E{n}") for n in range(5))))
    assert people.all_posts(people.person_by_employee_id("E9").id) == ()


def test_only_the_trees_of_the_units_file_are_spoken_for(app):
    load(sheet(line("E1"), line("E2", "B")))
    load(sheet(line("X1", "C")), "code,name,parent,site\nC,Other clinic,,East\n")
    assert posts_of("E1", TODAY + DAY)
    ward_only = "code,name,parent,site\nA,Ward A,H,Main\n"
    plan = load(sheet(line("E3")), ward_only, allow_ended=Fraction(1))
    assert [step.subject for step in plan.steps if step.kind == "post-ended"] == ["E1 Sample Person E1, Staff nurse, A"]
    assert posts_of("E2", TODAY + DAY)
    assert people.unit_by_code("A").parent_id == people.unit_by_code("H").id


def test_above_a_fifth_the_import_stops_and_names_share_and_option(app):
    load(sheet(*(line(f"E{n}") for n in range(10))))
    db.session.commit()
    fewer = sheet(*(line(f"E{n}") for n in range(7)))
    with pytest.raises(TooManyEnded, match=r"3 of 10 open posts \(30 %\).*at most 20 %.*--allow-ended 0\.3\."):
        load(fewer)
    db.session.rollback()
    assert posts_of("E9", TODAY + DAY)
    with pytest.raises(TooManyEnded):
        load(fewer, allow_ended=Fraction(29, 100))
    load(fewer, allow_ended=read_share("0.3"))
    assert not posts_of("E9", TODAY + DAY)


def test_exactly_a_fifth_may_end_without_being_asked(app):
    load(sheet(*(line(f"E{n}") for n in range(10))))
    assert load(sheet(*(line(f"E{n}") for n in range(8)))).counts["post-ended"] == 2


@pytest.mark.parametrize(
    ("text", "share"), [("0.35", "7/20"), ("35%", "7/20"), ("1", "1"), (" 100 % ", "1"), ("0", "0")]
)
def test_a_share_is_read_as_a_number_or_per_cent(app, text, share):
    assert read_share(text) == Fraction(share)


@pytest.mark.parametrize("text", ["", "half", "1.01", "-0.1", "120%", "1/0", "nan"])
def test_what_is_no_share_is_refused_with_what_was_expected(app, text):
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        read_share(text)


def test_an_unrostered_person_is_adopted_by_e_mail_whatever_its_case(app, clock):
    person = ensure_person("e1@H.example", now=clock())
    plan = load(sheet(line("E1", email="E1@h.Example", profession="physician")))
    assert plan.counts["person-adopted"] == 1
    assert people.person_by_employee_id("E1").id == person
    assert professions_on([person], TODAY - 300 * DAY) == {person: "physician"}


def test_new_roles_hold_from_today_and_the_past_keeps_the_old_ones(app):
    load(sheet(line("E1")), today=TODAY - 30 * DAY)
    plan = load(sheet(line("E1", roles="super-user")))
    assert [(s.kind, s.detail) for s in plan.steps] == [("post-changed", "roles")]
    assert [post.super_user for post in posts_of("E1", TODAY - DAY)] == [False]
    assert [post.super_user for post in posts_of("E1", TODAY)] == [True]
    assert not load(sheet(line("E1", roles="super-user"))).steps
    load(sheet(line("E1", roles="informaticist")))
    assert [(p.super_user, p.informaticist) for p in posts_of("E1", TODAY)] == [(False, True)]
    load(sheet(line("E1", ends=str(TODAY - 10 * DAY))))
    assert posts_of("E1", TODAY - 10 * DAY)
    assert not posts_of("E1", TODAY - 9 * DAY)
    assert not load(sheet(line("E1", ends=str(TODAY - 10 * DAY)))).steps


def test_a_changed_profession_holds_from_today(app):
    load(sheet(line("E1")))
    load(sheet(line("E1", profession="pharmacist")))
    person = people.person_by_employee_id("E1").id
    assert professions_on([person], TODAY - DAY) == {person: "nurse"}
    assert professions_on([person], TODAY) == {person: "pharmacist"}


def test_a_corrected_first_day_moves_the_post_instead_of_ending_it(app):
    load(sheet(line("E1")))
    plan = load(sheet(line("E1", starts="2024-06-01")))
    assert [(s.kind, s.detail) for s in plan.steps] == [("post-changed", "starts")]
    assert [p.starts for p in posts_of("E1")] == [dt.date(2024, 6, 1)]


def test_a_reopened_post_goes_on(app):
    load(sheet(*(line(f"E{n}") for n in range(5))))
    load(sheet(*(line(f"E{n}") for n in range(4))))
    assert not posts_of("E4", TODAY + DAY)
    plan = load(sheet(*(line(f"E{n}") for n in range(5))))
    assert [(s.kind, s.detail) for s in plan.steps] == [("post-changed", "ends")]
    assert posts_of("E4", TODAY + DAY)


def test_two_people_may_swap_their_addresses_and_numbers_stay(app):
    load(sheet(line("E1"), line("E2")))
    load(sheet(line("E1", email="e2@h.example"), line("E2", email="e1@h.example")))
    assert people.person_by_email("e2@h.example").employee_id == "E1"
    assert people.person_by_email("e1@h.example").employee_id == "E2"


def test_leave_columns_are_followed_and_without_them_leave_stays(app):
    header = HEADER + ",leave_from,leave_until"

    def state() -> list[tuple[dt.date, dt.date | None]]:
        rows = db.session.execute(select(Leave.starts, Leave.ends).order_by(Leave.starts))
        return [tuple(row) for row in rows]

    load(sheet(line("E1") + ",2026-11-01,", header=header))
    assert state() == [(dt.date(2026, 11, 1), None)]
    load(sheet(line("E1")))
    assert state() == [(dt.date(2026, 11, 1), None)]
    plan = load(sheet(line("E1") + ",2026-11-01,2027-01-31", header=header))
    assert [step.kind for step in plan.steps] == ["leave-changed"]
    load(sheet(line("E1") + ",,", header=header))
    assert state() == [(dt.date(2026, 11, 1), TODAY - DAY)]
    load(sheet(line("E1") + ",2026-12-24,2026-12-31", header=header))
    load(sheet(line("E1") + ",,", header=header))
    assert state() == [(dt.date(2026, 11, 1), TODAY - DAY)]


def test_a_display_name_is_printed_as_given_and_without_the_column_kept(app):
    load(sheet(line("E1") + ",Dr Sample X", header=HEADER + ",display_name"))
    assert people.person_by_employee_id("E1").name == "Dr Sample X"
    load(sheet(line("E1")))
    assert people.person_by_employee_id("E1").name == "Dr Sample X"


def test_units_move_and_are_renamed(app):
    load(sheet(line("E1")))
    moved = "code,name,parent,site\nH,Hospital,,Main\nA,Ward Alpha,B,Main\nB,Ward B,H,Main\n"
    plan = load(sheet(line("E1")), moved)
    assert [(s.kind, s.detail) for s in plan.steps] == [("unit-changed", "name: Ward A → Ward Alpha; parent: H → B")]
    assert people.unit_by_code("A").id in people.subtree_ids([people.unit_by_code("B").id])


def test_a_unit_left_out_below_the_listed_ones_is_told_and_stays(app):
    load(sheet(*(line(f"E{n}") for n in range(9)), line("E9", "B")))
    without_b = "code,name,parent,site\nH,Hospital,,Main\nA,Ward A,H,Main\n"
    plan = load(sheet(*(line(f"E{n}") for n in range(9))), without_b)
    assert plan.counts["post-ended"] == 1
    assert any("The unit B Ward B is stored below the listed units" in str(fault) for fault in plan.roster.faults)
    assert people.unit_by_code("B") is not None


def test_a_plan_that_was_shown_is_not_carried_out_when_the_hospital_has_changed(app):
    text = sheet(line("E1"))
    plan = plan_roster(UNITS.encode(), text.encode(), units_file="units.csv", people_file="people.csv", today=TODAY)
    load(sheet(line("E2")))
    with pytest.raises(PlanChanged):
        load(text, expected=plan.digest)


def test_every_bad_line_is_told_at_once_and_nothing_is_written(app):
    load(sheet(line("E1")))
    db.session.commit()
    rows = db.session.scalar(select(func.count()).select_from(Person)), len(held_posts(people=[1]))
    told = refused(
        sheet(
            line("E2", profession="doctor"),
            line("E3", email="not-an-address"),
            line("E4", starts="01/02/2025"),
            line("E5", unit="ZZ"),
            line("E6", roles="wizard"),
            line("E7", manager="E99"),
            line("E8", starts="2025-02-01", ends="2025-01-01"),
            line("", email="e14@h.example"),
            "E9,too,few",
            line("E10", email="e1@h.example"),
            line("E11", email="e12@h.example"),
            line("E12", post=""),
            line("E13", manager="E13"),
        ),
        "code,name,parent,site\nH,Hospital,,Main\nH,Twice,,\nA,Ward A,NOWHERE,\nB,,H,\nC,C,D,\nD,D,C,\n",
    )
    expected = [
        "units.csv:3: error: The unit H stands on line 2 already.",
        "units.csv:4: error: parent is “NOWHERE”: expected the code of a unit of this file",
        "units.csv:5: error: name is empty",
        "units.csv:6: error: Units contain each other: C → D → C.",
        "people.csv:2: error: profession is “doctor”: expected one of physician, nurse, pharmacist, other.",
        "people.csv:3: error: email is “not-an-address”: expected one address",
        "people.csv:4: error: starts is “01/02/2025”: expected a date as year-month-day, such as 2026-02-01.",
        "people.csv:5: error: unit is “ZZ”: expected a code of units.csv.",
        "people.csv:6: error: roles is “wizard”: expected one of clinician, super-user, informaticist.",
        "people.csv:7: error: manager is “E99”: expected an employee_id of this file or of a known person.",
        "people.csv:8: error: ends is 2025-01-01, before starts, 2025-02-01",
        "people.csv:9: error: employee_id is empty",
        "people.csv:10: error: 3 values, but the header has 11 columns",
        "people.csv:11: error: email e1@h.example belongs to E1 Sample Person E1 already",
        "people.csv:13: error: email e12@h.example stands on line 12 for E11",
        "people.csv:13: error: post is empty",
        "people.csv:14: error: manager is the person's own number",
    ]
    for words in expected:
        assert any(each.startswith(words) for each in told), (words, told)
    assert len(told) == len(expected)
    assert rows == (db.session.scalar(select(func.count()).select_from(Person)), len(held_posts(people=[1])))
    assert [unit.code for unit in people.units()] == ["H", "A", "B"]


def test_lines_of_one_person_must_agree_and_one_post_stands_once(app):
    told = refused(sheet(line("E1"), line("E1", "B", profession="physician"), line("E1")))
    assert told == [
        "people.csv:3: error: profession of E1 is another than on line 2: expected the same on every line of a person.",
        "people.csv:4: error: The same post of E1, with the same first day, stands on line 2 already.",
    ]


def test_units_may_not_contain_each_other_through_stored_ones(app):
    load(sheet(line("E1")))
    told = refused(sheet(line("E1", "H")), "code,name,parent,site\nH,Hospital,A,Main\n")
    assert told == [
        "units.csv:2: error: With the units that are stored already, units contain each other: H → A → H. Expected one "
        "of them to have another parent."
    ]


def test_history_is_imported_as_history(app):
    load(sheet(line("E1", starts="2020-01-01", ends="2022-12-31"), line("E1", "B")))
    assert [p.unit_code for p in posts_of("E1", dt.date(2021, 5, 5))] == ["A"]
    assert [p.unit_code for p in posts_of("E1")] == ["B"]
    assert db.session.scalar(select(func.count()).select_from(Post)) == 2
