"""Pages of go-live plans by role, and the same value in every format."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from sqlalchemy import event, func, select

from lms.accounts.models import UnitGrant
from lms.audit.models import AuditEntry
from lms.db import db
from lms.golive import queries, services
from lms.people.queries import people_by_ids
from tests.lms.golive.conftest import COURSE, DAY, GO_LIVE, PLAN, changed, noon
from tests.support.hospital import NOW, TODAY
from tests.support.looking import seen_at
from tests.support.signing import api_token, sign_in

BASE = "/workforce/golive"
FORM = {
    "plan": "cd" * 10, "name": "Downtime viewer", "system": "Downtime", "date": GO_LIVE.isoformat(), "aim": "95",
    "ratio": "12", "weeks": "8", "unit": ["ED"], "level-code-0": "K1", "level-level-0": "2", "level-whose-0": "nurse",
    "shift-name-0": "Early", "shift-starts-0": "07:00", "shift-ends-0": "15:00", "shift-share-0": "30",
    "item-title-0": "Paper packs", "item-owner-0": "Ward managers", "item-due-0": TODAY.isoformat(),
    "item-key-0": "ef" * 10,
}  # fmt: skip


def cmio(client, app):
    return sign_in(client, app, "c.mio@example.org", ["cmio"])


def lead(client, app, plan, code: str):
    who = sign_in(client, app, "unit.lead@example.org", ["supervisor"])
    db.session.add(UnitGrant(account_id=who.account_id, unit_id=plan.units[code]))
    db.session.commit()
    return who


def public(plan, name: str) -> str:
    return people_by_ids([plan.people[name]])[plan.people[name]].public_id


@pytest.mark.parametrize("roles", [["learner"], ["educator"]])
@pytest.mark.parametrize("place", ["", f"/{PLAN}", f"/{PLAN}/units/ED", f"/{PLAN}/what-if", f"/{PLAN}/report.csv"])
def test_others_see_nothing_of_plans(client, app, plan, roles, place) -> None:
    sign_in(client, app, "some.body@example.org", roles)
    assert client.get(BASE + place).status_code == 403


@pytest.mark.parametrize("place", ["/new", f"/{PLAN}/edit", f"/{PLAN}/cover"])
def test_a_supervisor_reads_plans_and_writes_none(client, app, plan, place) -> None:
    lead(client, app, plan, "ED")
    assert client.get(BASE + place).status_code == 403
    assert client.post(f"{BASE}/{PLAN}/state", data={"state": "active"}).status_code == 403
    page = client.get(f"{BASE}/{PLAN}").text
    assert "Emergency" in page
    assert "Make active" not in page


def test_a_supervisor_sees_names_of_the_own_unit_alone(client, app, plan) -> None:
    lead(client, app, plan, "ED")
    assert client.get(f"{BASE}/{PLAN}/units/ED").status_code == 200
    assert client.get(f"{BASE}/{PLAN}/units/MED").status_code == 403
    assert client.get(f"{BASE}/{PLAN}/what-if", query_string={"person": public(plan, "m0")}).status_code == 404


def test_the_heading_says_the_finding(client, app, plan) -> None:
    cmio(client, app)
    page = client.get(f"{BASE}/{PLAN}").text
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading
    assert heading.group(1).startswith("No unit is ready for 14 December 2026")


def test_blockers_are_named_shortest_way_first_and_looking_is_recorded(client, app, plan) -> None:
    plan.certify("e7")  # lacks only the level
    for number in (0, 1, 2, 3, 4, 5, 6):
        plan.train(f"e{number}")
    cmio(client, app)
    page = client.get(f"{BASE}/{PLAN}/units/ED").text
    assert page.index("E7 Sample") < page.index("E8 Sample") < page.index("E9 Sample")
    assert "E0 Sample" not in page
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "golive.people")).one()
    assert (entry.subject, entry.detail) == ("ED", {"plan": PLAN, "people": 3})
    assert seen_at() == {("list", "golive", "Wave 2", "Emergency")}


def test_a_small_unit_names_nobody(client, app, plan) -> None:
    plan.unit("TINY", "SGH")
    for number in range(3):
        plan.person(f"tiny{number}", "TINY")
    services.save(PLAN, changed(units=("ED", "TINY", "MED")), 1, actor=None, now=NOW)
    db.session.commit()
    cmio(client, app)
    page = client.get(f"{BASE}/{PLAN}/units/TINY").text
    assert "Too few people in Tiny to show" in page
    assert "Tiny0 Sample" not in page


def rows_in_all() -> dict[str, int]:
    tables = [table for table in db.metadata.sorted_tables if table.name not in ("sign_in", "audit_entry")]
    return {each.name: db.session.scalar(select(func.count()).select_from(each)) for each in tables}


def test_what_if_shows_before_and_after_and_writes_nothing(client, app, plan) -> None:
    for number in range(7):
        plan.train(f"e{number}")
    plan.skill("e7")  # lacks the course alone
    cmio(client, app)
    before, audits = rows_in_all(), db.session.scalar(select(func.count(AuditEntry.id)))
    question = {
        "person": [public(plan, "e8")], "only": f"course:{COURSE}", "unit": "ED", "place": "ED~early", "count": "2",
    }  # fmt: skip
    page = client.get(f"{BASE}/{PLAN}/what-if", query_string=question)
    assert page.status_code == 200
    assert "2 people more would be ready" in page.text
    assert "7 of 10" in page.text
    assert re.search(r"<strong>9</strong> <span class=\"muted\">\+2</span>", page.text)
    assert 'value="ED~early~2" checked' in page.text
    assert (rows_in_all(), db.session.scalar(select(func.count(AuditEntry.id)))) == (before, audits)
    assert plan.frame().total.ready == 7


@pytest.mark.parametrize(
    ("question", "status"),
    [({"person": "0" * 20}, 404), ({"only": "course:NONE"}, 422), ({"only": f"course:{COURSE}", "unit": "XX"}, 404),
     ({"add": "ED~early~99999999"}, 422), ({"add": "ED~early"}, 404), ({"place": "XX~early", "count": "1"}, 404),
     ({"place": "ED~early", "count": "x"}, 422), ({"as_of": "soon"}, 422), ({"as_of": "2027-01-01"}, 422)],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(client, app, plan, question, status) -> None:
    cmio(client, app)
    assert client.get(f"{BASE}/{PLAN}/what-if", query_string=question).status_code == status


def test_a_plan_is_written_changed_and_carried_through_its_states(client, app, hospital) -> None:
    cmio(client, app)
    assert "item-key-0" in client.get(f"{BASE}/new").text
    for _twice in range(2):
        assert client.post(f"{BASE}/new", data=FORM).status_code == 303
    held = queries.plan(FORM["plan"])
    assert (held.text.aim, held.text.units, held.edition) == (95, ("ED",), 1)
    place = f"{BASE}/{held.public_id}"
    for _twice in range(2):
        assert client.post(f"{place}/edit", data=FORM | {"edition": "1", "aim": "85"}).status_code == 303
    assert client.post(f"{place}/edit", data=FORM | {"edition": "1", "aim": "70"}).status_code == 409
    cover = {"edition": "2", "staff-ED-early": "8", "supers-ED-early": "1"}
    assert client.post(f"{place}/cover", data=cover).status_code == 303
    assert client.post(f"{place}/cover", data=cover | {"staff-ED-early": "many"}).status_code == 422
    for state in ("active", "done", "active"):
        assert client.post(f"{place}/state", data={"state": state}).status_code == 303
    held = queries.plan(FORM["plan"])
    assert (held.state, held.text.aim, held.text.places["ED"]["early"].staff) == ("active", 85, 8)
    assert [each.label for each in queries.snapshots(held.id)] == ["active"]
    assert client.post(f"{place}/checklist", data={"item": "ef" * 10, "done": "yes"}).status_code == 303
    assert "The checklist is done" in client.get(place).text
    assert "The aim changed from 95 to 85." in client.get(f"{place}/history").text


@pytest.mark.parametrize(
    ("change", "words"),
    [({"name": " "}, "A name was expected"), ({"date": "soon"}, "is not a date"), ({"aim": "101"}, "from 50 to 100"),
     ({"unit": ["SGH", "ED"]}, "already holds"), ({"level-code-0": "XX"}, "A competency of the framework"),
     ({"shift-starts-0": "25:00"}, "A time such as 07:00"), ({"item-due-0": ""}, "A date was expected"),
     ({"plan": "../x"}, "The form is damaged"), ({"name": "x" * 500}, "at most 120")],
)  # fmt: skip
def test_a_form_with_a_fault_says_what_was_expected_and_keeps_what_was_typed(
    client, app, hospital, change, words
) -> None:
    cmio(client, app)
    answer = client.post(f"{BASE}/new", data=FORM | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Paper packs" in answer.text
    assert not queries.plans()


def test_all_that_is_amiss_in_a_form_is_said_at_once_with_the_name_of_each_field(client, app, hospital) -> None:
    cmio(client, app)
    wrong = {"name": "", "system": " ", "date": "2020-01-01", "aim": "5", "ratio": "0", "unit": [], "item-due-0": "x"}
    page = client.post(f"{BASE}/new", data=FORM | wrong).text
    assert "7 things need your attention" in page
    for words in (
        "Name: A name was expected", "System: What goes live was expected",
        "Go-live: This day is past; today or a later day was expected.",
        "Aim, per cent ready: A whole number from 50 to 100", "People for one super-user: A whole number from 1 to 500",
        "Units that go live: At least one unit was expected.", "Line 1 is due:",
    ):  # fmt: skip
        assert words in page


def test_a_plan_whose_day_has_passed_can_still_be_changed(client, app, plan, clock) -> None:
    clock.move(days=60)
    cmio(client, app)
    form = FORM | {"date": queries.plan(PLAN).text.date.isoformat(), "edition": "1"}
    assert client.post(f"{BASE}/{PLAN}/edit", data=form).status_code == 303
    assert client.post(f"{BASE}/{PLAN}/edit", data=form | {"date": "2020-01-01", "edition": "2"}).status_code == 422


@pytest.mark.parametrize(
    ("day", "why"),
    [("2031-01-01", "as of today or a past day"), ("1999-01-01", "not yet written"), ("soon", "is not a date")],
)
def test_a_day_that_cannot_be_shown_keeps_the_plan_and_says_which_days_can(client, app, plan, day, why) -> None:
    cmio(client, app)
    answer = client.get(f"{BASE}/{PLAN}?as_of={day}")
    assert answer.status_code == 422
    assert why in answer.text
    assert "Wave 2" in answer.text
    assert f'action="{BASE}/{PLAN}"' in answer.text
    assert f'max="{TODAY}"' in answer.text
    sign_in(client, app, "elsewhere@example.org", ["supervisor"])
    assert "Wave 2" not in client.get(f"{BASE}/{PLAN}?as_of={day}").text


def test_a_past_day_shows_the_plan_as_it_was(client, app, plan) -> None:
    services.save(PLAN, changed(name="Another name"), 1, actor=None, now=noon(TODAY - 2 * DAY))
    db.session.commit()
    cmio(client, app)
    page = client.get(f"{BASE}/{PLAN}?as_of={TODAY - 5 * DAY}").text
    assert "Wave 2, CPOE" in page
    assert "This is what was planned and known on" in page
    assert "Another name, CPOE" in client.get(f"{BASE}/{PLAN}").text


def test_outcomes_are_typed_and_refused_with_their_lines(client, app, plan) -> None:
    cmio(client, app)
    place = f"{BASE}/{PLAN}/afterwards"
    answer = client.post(place, data={"lines": "unit,tickets_per_100\nXX,1"})
    assert answer.status_code == 422
    assert "Line 2" in answer.text
    file = (io.BytesIO(b"unit,tickets_per_100,note\r\nED,14.5,Printers\r\n"), "calls.csv")
    assert client.post(place, data={"file": file}, content_type="multipart/form-data").status_code == 303
    assert "Printers" in client.get(place).text
    assert client.post(place, data={"file": (io.BytesIO(b"\xff\xfe"), "x.csv")}).status_code == 422


def test_every_format_carries_the_same_digest_and_figures(client, app, plan, tmp_path) -> None:
    for number in range(7):
        plan.train(f"e{number}")
    cmio(client, app)
    page = client.get(f"{BASE}/{PLAN}").text
    files = {form: client.get(f"{BASE}/{PLAN}/report.{form}") for form in ("json", "csv", "xlsx", "pdf")}
    report = json.loads(files["json"].data)
    assert report["digest"] in page
    assert {each.headers["X-Report-Digest"] for each in files.values()} == {report["digest"]}
    lines = list(csv.DictReader(io.StringIO(files["csv"].data.decode("utf-8-sig"))))
    assert [(line["unit"], line["ready"], line["of"]) for line in lines] == [
        ("all", "7", "16"), ("ED", "7", "10"), ("MED", "0", "6"),
    ]  # fmt: skip
    assert files["pdf"].data.startswith(b"%PDF-")
    token = api_token(app, "c.mio@example.org", ["cmio"])
    answer = client.get(f"/api/v1/reports/golive?plan={PLAN}", headers={"Authorization": f"Bearer {token}"})
    assert answer.json == report
    done = app.test_cli_runner().invoke(
        args=["golive", "report", PLAN, "--format", "json", "-o", str(tmp_path / "plan.json")]
    )
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "plan.json").read_text()) == report


@pytest.mark.parametrize(
    ("query", "status"),
    [("plan=00", 404), ("", 422), (f"plan={PLAN}&as_of=x", 422), (f"plan={PLAN}&as_of=2030-01-01", 422)],
)
def test_the_api_refuses_with_a_problem_document(client, app, plan, query, status) -> None:
    token = api_token(app, "c.mio@example.org", ["cmio"])
    answer = client.get(f"/api/v1/reports/golive?{query}", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_plan_costs_the_same_number_of_statements_whatever_its_size(client, app, plan) -> None:
    cmio(client, app)
    counts = []

    def count() -> int:
        seen: list[str] = []
        listen = lambda *words: seen.append(words[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assert client.get(f"{BASE}/{PLAN}").status_code == 200
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    count()
    counts.append(count())
    for number in range(12):
        plan.person(f"more{number}", "ED")
        plan.train(f"more{number}")
    counts.append(count())
    assert counts[0] == counts[1] <= 25, counts
