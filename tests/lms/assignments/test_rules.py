"""Rules are versioned, previewed, exempted from and ended; any past day is asked again from dated rows."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.assignments import queries, services
from lms.assignments.compliance import count
from lms.assignments.gathering import of_everybody
from lms.assignments.personal import personal
from lms.assignments.terms import Audience, Target, Terms
from lms.competency.services import record_evidence
from lms.credentials.services import revoke
from lms.db import db
from lms.mandates.preview import preview
from lms.pathways import services as pathways
from tests.support.hospital import TODAY, load_framework, make_leave, make_person, make_post, sample_hospital
from tests.support.taking import put_course, statements
from tests.support.training import COURSE, PATHWAY, certify, make_rule, put_policy

DAY = dt.timedelta(days=1)


@pytest.fixture
def hospital(app, clock):
    load_framework()
    found = sample_hospital()
    put_course(clock())
    return found


def states(hospital, on: dt.date = TODAY, **more) -> dict[str, str]:
    """The state of the first obligation by employee number."""
    _, people = of_everybody(on, today=TODAY, **more)
    names = {key: number for number, key in hospital.people.items()}
    return {names[each.person_id]: each.obligations[0].state for each in people if each.obligations}


def test_a_rule_concerns_the_people_of_a_subtree_and_profession(hospital) -> None:
    make_rule(TODAY, audience=Audience(unit_id=hospital.units["MED"], professions=frozenset({"nurse"})))
    assert set(states(hospital)) == {"E-001", "E-003", "E-004", "E-005"}


def test_completion_exemption_and_leave_show_as_such(hospital, clock) -> None:
    rule = make_rule(TODAY, audience=Audience(unit_id=hospital.units["MED-A"]))
    certify(hospital.people["E-002"], clock())
    make_leave(hospital.people["E-003"], TODAY - DAY)
    services.exempt(rule, hospital.people["E-004"], TODAY + 30 * DAY, "Knows it.", actor=None, now=clock(), today=TODAY)
    db.session.commit()
    assert states(hospital) == {"E-001": "soon", "E-002": "done", "E-003": "away", "E-004": "exempt"}
    (held,) = queries.exemptions(on=TODAY)
    assert services.end_exemption(held.public_id, actor=None, now=clock(), today=TODAY)
    assert not services.end_exemption(held.public_id, actor=None, now=clock(), today=TODAY)
    assert states(hospital)["E-004"] == "soon"


def test_a_revoked_certificate_no_longer_counts(hospital, clock) -> None:
    make_rule(TODAY, audience=Audience(unit_id=hospital.units["MED-A"]))
    serial = certify(hospital.people["E-002"], clock())
    assert states(hospital)["E-002"] == "done"
    revoke(serial, "Taken by somebody else.", actor=None, now=clock.move(hours=1))
    db.session.commit()
    assert states(hospital)["E-002"] == "soon"


def test_a_change_closes_the_old_version_and_rewrites_nothing(hospital) -> None:
    begin = TODAY - 60 * DAY
    rule = make_rule(begin, audience=Audience(unit_id=hospital.units["MED-A"]))
    before = states(hospital, begin + 10 * DAY)
    make_rule(TODAY, public=rule, audience=Audience(unit_id=hospital.units["ED"]))
    held = queries.rule(rule)
    assert [(each.starts, each.ends) for each in held.versions] == [(begin, TODAY - DAY), (TODAY, None)]
    assert set(states(hospital)) == {"E-007", "E-008"}
    assert states(hospital, begin + 10 * DAY) == before
    assert services.end_rule(rule, actor=None, now=dt.datetime.now(dt.UTC), today=TODAY)
    assert not services.end_rule(rule, actor=None, now=dt.datetime.now(dt.UTC), today=TODAY)
    assert states(hospital) == {}
    assert states(hospital, begin + 10 * DAY) == before


def test_the_same_form_sent_twice_is_one_rule(hospital, clock) -> None:
    def save() -> str:
        return services.save_rule(
            COURSE, Audience(), Terms(due_days=30), "", public=None, key="one", actor=None, now=clock(), today=TODAY
        )

    assert save() == save()
    assert len(queries.rules()) == 1


@pytest.mark.parametrize(
    ("target", "terms", "field"),
    [
        (Target("course", "NO-1"), Terms(due_days=3), "target"),
        (Target("song", "NO-1"), Terms(due_days=3), "target"),
        (Target("competency", "A1"), Terms(due_days=3), "level"),
        (Target("competency", "Z9", 2), Terms(due_days=3), "target"),
        (Target("course", "SAFE-101", 2), Terms(due_days=3), "level"),
        (COURSE, Terms(), "due_days"),
        (COURSE, Terms(due_on=TODAY - DAY), "due_on"),
        (COURSE, Terms(due_days=-1), "due_days"),
        (COURSE, Terms(due_days=3, recur_months=0), "recur_months"),
        (COURSE, Terms(due_days=3, grace_days=999), "grace_days"),
        (Target("competency", "A1", 2), Terms(due_days=3, recur_months=3), "recurrence"),
        (Target("competency", "A1", 2), Terms(due_days=3, follows_expiry=True), "recurrence"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_and_nothing_written(hospital, target, terms, field) -> None:
    with pytest.raises(services.AssignmentRefused) as refused:
        make_rule(TODAY, target=target, **{k: getattr(terms, k) for k in terms.__dataclass_fields__})
    assert refused.value.field == field
    db.session.rollback()
    assert queries.rules() == ()


def test_the_preview_names_who_joins_and_leaves_and_equals_what_saving_does(hospital) -> None:
    rule = make_rule(TODAY - 10 * DAY, audience=Audience(unit_id=hospital.units["MED"]))
    before = set(states(hospital))
    audience = Audience(professions=frozenset({"nurse"}))
    held = queries.rule(rule)
    version = services.draft(COURSE, audience, Terms(due_days=30), "", held=held.newest, today=TODAY)
    found = preview(held, version, TODAY)
    names = {key: number for number, key in hospital.people.items()}
    joins, leaves = ({names[each.person_id] for each in some} for some in (found.joins, found.leaves))
    assert states(hospital).keys() == before, "a preview writes nothing"
    make_rule(TODAY, public=rule, audience=audience)
    after = set(states(hospital))
    assert (joins, leaves) == (after - before, before - after)
    assert joins == {"E-008"}
    assert found.stays == len(before & after)
    assert found.moved == 0, "who stays keeps the day"


def compliance(unit_ids, on: dt.date):
    """The counts of these units, or of all, on a day."""
    return count(of_everybody(on, today=TODAY)[1], unit_ids)


def test_compliance_counts_subtrees_and_rebuilds_past_days(hospital, clock) -> None:
    make_rule(TODAY - 40 * DAY, audience=Audience(unit_id=hospital.units["MED"]), due_days=30, grace_days=5)
    before = compliance(None, TODAY - 20 * DAY)[hospital.units["SGH"]]
    assert (before.people, before.of, before.on_time, before.overdue) == (6, 6, 6, 0)
    certify(hospital.people["E-005"], clock())
    now = compliance([hospital.units["MED"], hospital.units["MED-B"]], TODAY)
    assert set(now) == {hospital.units["MED"], hospital.units["MED-B"]}
    medicine = now[hospital.units["MED"]]
    assert (medicine.of, medicine.done, medicine.overdue, medicine.people_overdue) == (6, 1, 5, 5)
    grace = compliance(None, TODAY - 6 * DAY)[hospital.units["MED"]]
    assert (grace.grace, grace.overdue, grace.done) == (6, 0, 0)
    assert compliance(None, TODAY - 20 * DAY)[hospital.units["SGH"]] == before


def test_who_left_counts_on_past_days_alone(hospital) -> None:
    gone = make_person("E-700", "Gone", "Sample")
    make_post(gone, hospital.units["MED-A"], ends=TODAY - 5 * DAY)
    hospital.people["E-700"] = gone
    make_rule(TODAY - 30 * DAY, audience=Audience(unit_id=hospital.units["MED-A"]))
    assert "E-700" not in states(hospital)
    assert "E-700" in states(hospital, TODAY - 5 * DAY)


def test_a_level_of_a_competency_can_be_asked(hospital, clock) -> None:
    make_rule(TODAY, target=Target("competency", "B1", 2), audience=Audience(unit_id=hospital.units["ED"]))
    record_evidence(
        hospital.people["E-007"], "B1", "observation", 2, TODAY, key="seen", actor=None, now=clock(), signed_off=True
    )
    db.session.commit()
    assert states(hospital) == {"E-007": "done", "E-008": "soon"}


def test_one_person_and_everybody_are_derived_alike(hospital, clock) -> None:
    put_policy(clock())
    pathways.publish(PATHWAY, "p.md", actor=None, now=clock())
    for target in (COURSE, Target("policy", "USE-1"), Target("pathway", "FIRST-DAYS")):
        make_rule(TODAY - 3 * DAY, target=target)
    certify(hospital.people["E-003"], clock())
    services.assign(
        hospital.people["E-003"], COURSE, mandatory=True, due_on=TODAY + DAY, note="Soon.", actor=None, now=clock(),
        today=TODAY,
    )  # fmt: skip
    db.session.commit()
    _, everybody = of_everybody(TODAY, today=TODAY)
    for each in everybody:
        assert personal(each.person_id, each.profession, TODAY).obligations == each
    mine = personal(hospital.people["E-003"], "nurse", TODAY).obligations.obligations
    path = next(each for each in mine if each.target.kind == "pathway")
    assert path.steps == (1, 1), "a step whose courses are not offered is asked of nobody"


def test_a_direct_assignment_is_asked_once_and_taken_back(hospital, clock) -> None:
    person = hospital.people["E-007"]

    def ask(due: dt.date | None) -> str:
        return services.assign(
            person, COURSE, mandatory=True, due_on=due, note="Please.", actor=None, now=clock(), today=TODAY
        )

    with pytest.raises(services.AssignmentRefused, match="needs a day"):
        ask(None)
    first = ask(TODAY + 5 * DAY)
    assert ask(TODAY + 9 * DAY) == first
    assert [each.due_on for each in personal(person, "physician", TODAY).obligations.obligations] == [TODAY + 5 * DAY]
    assert services.take_back(first, actor=None, now=clock(), today=TODAY)
    assert not services.take_back(first, actor=None, now=clock(), today=TODAY)
    assert queries.directs(TODAY) == {}
    assert ask(TODAY + 9 * DAY) != first


def test_bulk_reading_does_not_ask_person_by_person(hospital, clock) -> None:
    make_rule(TODAY)
    of_everybody(TODAY, today=TODAY)  # the tree of units is read once and kept
    with statements() as few:
        of_everybody(TODAY, today=TODAY)
    for number in range(40):
        make_post(make_person(f"N-{number}"), hospital.units["ED"])
    db.session.commit()
    with statements() as many:
        _, people = of_everybody(TODAY, today=TODAY)
    assert len(people) > 40
    assert len(many) == len(few)
