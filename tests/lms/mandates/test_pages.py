"""The desk of training in the browser of those who answer for it, and what others may not see."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re

import pytest

from lms.assignments import queries, services
from lms.assignments.terms import Audience, Target
from lms.db import db
from lms.people.queries import person
from lms.policies import queries as policies
from tests.support.hospital import TODAY, email_of, load_framework, make_person, make_post, sample_hospital
from tests.support.looking import seen_at
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


def shown(client, public: str, form: dict[str, object]) -> str:
    """The page to which a form sent to preview leads."""
    answer = client.post(f"/assignments/{public}/preview", data=form)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_a_desk_without_rules_offers_the_first(client, app, hospital) -> None:
    as_role(client, app, "cmio")
    page = client.get("/assignments").text
    assert "No rule asks anything yet" in page
    assert "Make the first rule" in page
    as_role(client, app, "educator", email="ed@hospital.example")
    assert "Make the first rule" not in client.get("/assignments").text


def test_the_cmio_makes_a_rule_and_the_nurse_does_what_it_asks(client, app, hospital, clock) -> None:
    as_role(client, app, "cmio")
    preview = shown(client, "new", FORM | {"unit": ""})
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
    asked = client.get("/assignments/new/preview?target=course:SAFE-101&due_days=soon")
    assert asked.status_code == 422
    assert "Not a valid integer value" in asked.text


def test_a_preview_is_a_page_that_one_can_come_back_to_and_leads_back_to_the_form(client, app, hospital) -> None:
    as_role(client, app, "cmio")
    address = client.post("/assignments/new/preview", data=FORM | {"unit": ""}).location
    for _ in range(2):
        page = client.get(address)
        assert page.status_code == 200
        assert "5 people join" in page.text
    assert queries.rules() == ()
    back = html.unescape(re.search(r'href="(/assignments/new/edit\?[^"]+)"', page.text)[1])
    form = client.get(back).text
    assert 'value="14"' in form
    assert "It keeps patients safe." in form
    assert re.search(r'value="nurse" checked', form)


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
    assert seen_at() == {(what, "rule", "Safer orders, a sample", "") for what in ("list", "export")}


def test_each_page_of_the_desk_says_where_people_were_seen(client, app, hospital, clock) -> None:
    put_policy(clock())
    rule = make_rule(TODAY)
    as_role(client, app, "cmio")
    client.get(f"/assignments/{rule}?unit=MED-A")
    client.get(f"/assignments/{rule}/people/{person(hospital.people['E-003']).public_id}")
    client.get("/assignments/policies/USE-1?unit=MED-A")
    shown(client, "new", FORM)
    assert seen_at() == {
        ("list", "rule", "Safer orders, a sample", "Medicine ward A"),
        ("record", "rule-person", "Safer orders, a sample", ""),
        ("list", "policy", "Use of the record", "Medicine ward A"),
        ("list", "rule-preview", "Safer orders, a sample", "Medicine"),
    }


def test_small_groups_and_what_would_give_them_away_stay_hidden(client, app, hospital) -> None:
    for number in range(8):
        unit = hospital.units["MED-A" if number < 4 else "MED-B"]
        make_post(make_person(f"N-{number}"), unit)
    db.session.commit()
    rule = make_rule(TODAY)
    as_role(client, app, "educator")
    page = client.get(f"/assignments/{rule}").text
    row = re.search(r"Emergency</a></th>(.*?)</tr>", page, re.DOTALL)[1]
    assert "fewer than 5 people" in row
    pharmacy = re.search(r"Pharmacy</a></th>(.*?)</tr>", page, re.DOTALL)[1]
    assert "fewer than 5 people" in pharmacy
    assert "fewer than 5 people" not in re.search(r"Medicine</a></th>(.*?)</tr>", page, re.DOTALL)[1]


def cells(page: str, name: str) -> list[str]:
    """The cells of the row with this name."""
    row = re.search(rf">{name}(?:</a>)?(?:<br>.*?)?</th>(.*?)</tr>", page, re.DOTALL)[1]
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<td[^>]*>(.*?)</td>", row)]


def test_one_person_on_leave_or_exempt_is_told_on_no_page_of_figures(client, app, hospital, clock) -> None:
    rule = make_rule(TODAY, audience=Audience(unit_id=hospital.units["MED"]))
    services.exempt(rule, hospital.people["E-004"], TODAY + 9 * DAY, "Knows it.", actor=None, now=clock(), today=TODAY)
    db.session.commit()
    as_role(client, app, "educator")
    page = client.get(f"/assignments/{rule}").text
    assert cells(page, "Medicine") == ["5", "0", "5", "0", "0", "hidden"]
    desk = client.get("/assignments").text
    assert re.search(r'<td class="n">5</td>.*<td class="n">hidden</td>', desk)
    assert "They ask something of 5 people at work." in desk
    for shown_page in (page, desk):
        assert not re.search(r"\b6 people", shown_page), "the sum of both groups would give the small one away"
        assert '<td class="n">6</td>' not in shown_page


def test_a_rule_for_one_unit_shows_that_unit_though_somebody_has_a_second_post_elsewhere(client, app, hospital) -> None:
    for number in range(5):
        person_id = make_person(f"N-{number}")
        make_post(person_id, hospital.units["ED"])
        if number == 0:
            make_post(person_id, hospital.units["MED-B"])
    db.session.commit()
    rule = make_rule(TODAY, audience=Audience(unit_id=hospital.units["ED"]))
    as_role(client, app, "cmio")
    page = client.get(f"/assignments/{rule}").text
    assert cells(page, "Emergency") == ["7", "0", "7", "0", "0", "0"]
    table = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    assert table.count("<tr>") == 1, "neither the units above nor the second post's unit have a row"
    before = shown(client, "new", FORM | {"unit": "ED", "professions": ["nurse", "physician"]})
    units = re.search(r'id="byunit".*?<tbody>(.*?)</tbody>', before, re.DOTALL)[1]
    assert "Emergency" in units
    assert "Medicine" not in units


def test_whoever_assigns_a_course_that_nobody_can_finish_is_told(client, app, hospital, clock) -> None:
    put_course(clock(), code="LOST-101", title="After something", prerequisites=["NOPE-101"])
    as_role(client, app, "cmio")
    page = shown(client, "new", FORM | {"unit": "", "target": "course:LOST-101"})
    assert "Nobody who has not finished NOPE-101 before can finish this course" in page
    rule = make_rule(TODAY, target=Target("course", "LOST-101"))
    assert "Nobody who has not finished NOPE-101" in client.get(f"/assignments/{rule}").text
    assert "Cannot be finished" in client.get("/assignments").text
    assert "Nobody who has not finished" not in shown(client, "new", FORM | {"unit": ""})


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
    page = shown(client, rule, FORM)
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
