"""The desk of training in the browser of those who answer for it, and what others may not see."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest

from lms.assignments import queries, services
from lms.assignments.terms import Audience
from lms.db import db
from lms.people.queries import person
from lms.policies import queries as policies
from tests.support.hospital import TODAY, email_of, load_framework, make_person, make_post, sample_hospital
from tests.support.signing import sign_in
from tests.support.taking import put_course
from tests.support.training import certify, make_rule, put_policy

DAY = dt.timedelta(days=1)
FORM = {
    "key": "one", "target": "course:SAFE-101", "kind": "mandatory", "unit": "MED", "professions": ["nurse"],
    "due_days": "14", "again": "once", "because": "It keeps patients safe.",
}  # fmt: skip


@pytest.fixture
def hospital(app, clock):
    load_framework()
    found = sample_hospital()
    put_course(clock())
    return found


def as_role(client, app, *roles: str, email: str = "reader@hospital.example"):
    return sign_in(client, app, email, roles)


def test_a_desk_without_rules_offers_the_first(client, app, hospital) -> None:
    as_role(client, app, "cmio")
    page = client.get("/assignments").text
    assert "No rule asks anything yet" in page
    assert "Make the first rule" in page
    as_role(client, app, "educator", email="ed@hospital.example")
    assert "Make the first rule" not in client.get("/assignments").text


def test_the_cmio_makes_a_rule_and_the_nurse_does_what_it_asks(client, app, hospital, clock) -> None:
    as_role(client, app, "cmio")
    preview = client.post("/assignments/new/preview", data=FORM | {"unit": ""}).text
    assert "5 people join" in preview
    assert "Noor Example" in preview
    assert queries.rules() == ()
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview))
    kept.pop("csrf_token", None)
    answers = [client.post("/assignments/new/save", data=kept) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    (rule,) = queries.rules()
    assert all(answer.location.endswith(rule.public_id) for answer in answers)
    page = client.get("/assignments").text
    assert "One rule, nobody overdue" in page
    assert "Nurses in the whole hospital" in page
    sign_in(client, app, email_of("E-003"))
    home = client.get("/").text
    assert "Due 7 Dec" in home
    assert "It keeps patients safe." in home
    assert "Choose a course" not in home  # what is assigned is the next thing to do
    assert re.search(r'<h2 id="go-on">Safer.*?</h2>', home)
    course = client.get("/courses/SAFE-101").text
    assert "This course is assigned to you." in course
    assert "Due 7 Dec" in course
    certify(hospital.people["E-003"], clock())
    assert "Due 7 Dec" not in client.get("/").text
    assert "Done" in client.get("/assigned").text
    clock.move(days=20)
    as_role(client, app, "cmio")
    assert "One rule, 4 people overdue" in client.get("/assignments").text


def test_a_form_that_cannot_be_followed_comes_back_with_what_was_expected(client, app, hospital) -> None:
    as_role(client, app, "administrator")
    for change, words in (
        ({"target": ""}, "Choose what the rule asks."),
        ({"due_days": "soon"}, "Not a valid integer value"),
        ({"due_days": ""}, "needs a day or a number of days"),
        ({"unit": "NOWHERE"}, "Not a valid choice"),
        ({"due_on": "2020-01-01"}, "The day is past"),
        ({"target": "competency:A1"}, "Give the level"),
        ({"because": "x" * 301}, "At most 300 characters"),
    ):
        answer = client.post("/assignments/new/preview", data=FORM | change)
        assert answer.status_code == 422, change
        assert words in answer.text, change
        assert client.post("/assignments/new/save", data=FORM | change).status_code == 422, change
    assert queries.rules() == ()
    back = client.post("/assignments/new/preview", data=FORM | {"back": "1"})
    assert back.status_code == 200
    assert 'value="14"' in back.text


def test_only_those_entitled_write_and_only_staff_of_the_desk_read(client, app, hospital) -> None:
    rule = make_rule(TODAY)
    person = "x" * 20
    as_role(client, app, email="learner@hospital.example")
    for place in ("/assignments", f"/assignments/{rule}", "/assignments/policies", f"/assign/{person}"):
        assert client.get(place).status_code == 403, place
    as_role(client, app, "educator", email="ed@hospital.example")
    assert client.get(f"/assignments/{rule}").status_code == 200
    assert client.get("/assignments/new/edit").status_code == 403
    assert client.get(f"/assignments/{rule}/people.csv").status_code == 403
    for place in ("new/save", f"{rule}/end", f"{rule}/people/{person}/exempt", "policies/USE-1/withdraw"):
        assert client.post(f"/assignments/{place}", data=FORM).status_code == 403, place
    as_role(client, app, "cmio", email="c@hospital.example")
    for place in ("unknown", "unknown/edit", "unknown/people.csv", f"{rule}/people/{person}"):
        assert client.get(f"/assignments/{place}").status_code == 404, place


def test_an_educator_reads_figures_and_no_name(client, app, hospital) -> None:
    rule = make_rule(TODAY)
    as_role(client, app, "educator")
    page = client.get(f"/assignments/{rule}").text
    assert "You see figures." in page
    assert "Noor Example" not in page
    as_role(client, app, "cmio", email="c@hospital.example")
    assert "Noor Example" in client.get(f"/assignments/{rule}").text


def test_a_supervisor_sees_the_people_in_scope_alone(client, app, hospital) -> None:
    rule = make_rule(TODAY)
    sign_in(client, app, email_of("E-001"), ["supervisor"])
    page = client.get(f"/assignments/{rule}").text
    assert "Noor Example" in page
    assert "Li Example" not in page
    lines = list(csv.DictReader(io.StringIO(client.get(f"/assignments/{rule}/people.csv").text.lstrip("\ufeff"))))
    assert {line["employee_id"] for line in lines} == {"E-002", "E-003", "E-004", "E-005"}


def test_small_groups_and_what_would_give_them_away_stay_hidden(client, app, hospital) -> None:
    for number in range(8):
        unit = hospital.units["MED-A" if number < 4 else "MED-B"]
        make_post(make_person(f"N-{number}"), unit)
    db.session.commit()
    rule = make_rule(TODAY)
    as_role(client, app, "educator")
    page = client.get(f"/assignments/{rule}").text
    row = re.search(r"Emergency</a></th>(.*?)</tr>", page, re.DOTALL)[1]
    assert "too few people to show" in row
    pharmacy = re.search(r"Pharmacy</a></th>(.*?)</tr>", page, re.DOTALL)[1]
    assert "too few people to show" in pharmacy
    assert "too few people to show" not in re.search(r"Medicine</a></th>(.*?)</tr>", page, re.DOTALL)[1]


def test_an_exemption_is_given_with_a_reason_and_taken_back(client, app, hospital) -> None:
    rule = make_rule(TODAY)
    as_role(client, app, "cmio")
    page = client.get(f"/assignments/{rule}").text
    person = re.search(rf"/assignments/{rule}/people/(\w{{20}})", page)[1]
    place = f"/assignments/{rule}/people/{person}"
    refused = client.post(f"{place}/exempt", data={"ends": (TODAY + DAY).isoformat(), "reason": " "})
    assert refused.status_code == 422
    late = client.post(f"{place}/exempt", data={"ends": (TODAY - DAY).isoformat(), "reason": "Knows it."})
    assert late.status_code == 422
    assert "today or later" in late.text
    for _ in range(2):
        data = {"ends": (TODAY + 9 * DAY).isoformat(), "reason": "Knows it."}
        assert client.post(f"{place}/exempt", data=data).status_code == 303
    assert "is exempt until 2 December 2026" in client.get(place).text
    (held,) = queries.exemptions(on=TODAY)
    assert client.post(f"{place}/exemptions/{held.public_id}/end").status_code == 303
    assert "is exempt until" not in client.get(place).text


def test_a_rule_is_changed_with_its_old_words_kept_and_ended(client, app, hospital) -> None:
    rule = make_rule(TODAY - 5 * DAY, audience=Audience(unit_id=hospital.units["MED"]))
    as_role(client, app, "cmio")
    assert "Change this rule" in client.get(f"/assignments/{rule}/edit").text
    page = client.post(f"/assignments/{rule}/preview", data=FORM).text
    assert "2 people leave" in page
    assert client.post(f"/assignments/{rule}/save", data=FORM).status_code == 303
    page = client.get(f"/assignments/{rule}").text
    assert "18 November 2026 – 22 November 2026" in page
    assert client.post(f"/assignments/{rule}/end").status_code == 303
    assert "this rule ended" in client.get(f"/assignments/{rule}").text
    assert "One rule that ended" in client.get("/assignments").text


def test_the_desk_shows_who_confirmed_a_policy_by_unit(client, app, hospital, clock) -> None:
    put_policy(clock(), audience="nurse, physician, pharmacist, other")
    digest = policies.page("USE-1").facts.digest
    sign_in(client, app, email_of("E-003"))
    client.post("/policies/USE-1/attest", data={"digest": digest, "agreed": "yes"})
    as_role(client, app, "cmio")
    assert "1 of 11" in client.get("/assignments/policies").text
    page = client.get("/assignments/policies/USE-1?unit=MED").text
    assert "1 of 6 have confirmed" in page
    assert "5 people have not confirmed it" in page
    as_role(client, app, "educator", email="ed@hospital.example")
    assert "have not confirmed it" not in client.get("/assignments/policies/USE-1?unit=MED").text
    as_role(client, app, "cmio")
    assert client.post("/assignments/policies/USE-1/withdraw", data={"reason": ""}).status_code == 422
    assert client.post("/assignments/policies/USE-1/withdraw", data={"reason": "Old."}).status_code == 303
    assert "is withdrawn" in client.get("/assignments/policies/USE-1").text


def test_a_supervisor_assigns_a_course_and_takes_it_back(client, app, hospital, clock) -> None:
    put_policy(clock())
    nurse, other = person(hospital.people["E-003"]).public_id, person(hospital.people["E-007"]).public_id
    sign_in(client, app, email_of("E-001"), ["supervisor"])
    assert client.get(f"/assign/{other}").status_code == 403
    assert client.post(f"/assign/{other}", data={}).status_code == 403
    assert "Nothing waits for Noor Example" in client.get(f"/assign/{nurse}").text
    data = {"target": "course:SAFE-101", "kind": "mandatory", "note": "Before the new bay."}
    refused = client.post(f"/assign/{nurse}", data=data)
    assert refused.status_code == 422
    assert "What is mandatory needs a day." in refused.text
    data["due_on"] = (TODAY + 5 * DAY).isoformat()
    for _ in range(2):
        assert client.post(f"/assign/{nurse}", data=data).status_code == 303
    assert "One thing waits for Noor Example" in client.get(f"/assign/{nurse}").text
    sign_in(client, app, email_of("E-003"))
    assert "Assigned by Mona Manager: Before the new bay." in client.get("/").text
    sign_in(client, app, email_of("E-001"), ["supervisor"])
    (held,) = queries.directs(TODAY)[hospital.people["E-003"]]
    assert client.post(f"/assign/{other}/{held.public_id}/end").status_code == 403
    assert client.post(f"/assign/{nurse}/unknown/end").status_code == 404
    assert client.post(f"/assign/{nurse}/{held.public_id}/end").status_code == 303
    assert queries.directs(TODAY) == {}


def test_a_rule_cannot_be_exempted_from_by_a_service_without_rule_or_person(hospital, clock) -> None:
    with pytest.raises(services.AssignmentRefused, match="no such rule or person"):
        services.exempt("none", 1, TODAY, "x", actor=None, now=clock(), today=TODAY)
