"""The framework desk in the browser of a CMIO: read, plan, decide, withdraw, export, import."""

from __future__ import annotations

import datetime as dt
import html
import io
import json

import pytest
from sqlalchemy import select

from courses.framework import default_framework, read_framework
from courses.frameworkfiles import KINDS, read_file
from courses.frameworktext import write_yaml
from lms.audit.models import RecordView
from lms.competency.editions import decisions, in_force
from lms.competency.queries import profile
from lms.competency.services import import_framework, record_evidence
from lms.db import db
from tests.support.hospital import (
    NOW,
    TODAY,
    email_of,
    load_framework,
    load_small_framework,
    sample_hospital,
    small_framework,
)
from tests.support.looking import seen_at
from tests.support.signing import sign_in

LATER = TODAY + dt.timedelta(days=30)
PLAN = {"code": "A5", "subject": "nurse", "unit": "ED", "way": "at-least", "level": "4", "starts": LATER.isoformat()}
CMIO = "chief.sample@example.org"


@pytest.fixture
def hospital(app):
    """The sample hospital under the product's framework."""
    load_framework()
    return sample_hospital()


@pytest.fixture
def chief(client, app, hospital):
    """The browser of the CMIO."""
    sign_in(client, app, CMIO, ["cmio"])
    return client


def show_level(person: int, level: int = 3) -> None:
    """An observation in A5 that holds for long."""
    record_evidence(person, "A5", "observation", level, TODAY, key="a5", actor=None, now=NOW, signed_off=True)
    db.session.commit()


def put(client, text: str, name: str = "f.yaml"):
    return client.post("/framework/import", data={"file": (io.BytesIO(text.encode()), name)})


def hidden(page: str, name: str) -> str:
    return html.unescape(page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0])


@pytest.mark.parametrize("path", ["", "/targets", "/targets/new", "/history", "/import", "/export/yaml"])
def test_the_desk_is_for_those_who_answer_for_it(client, app, hospital, path):
    sign_in(client, app, "super.visor@example.org", ["supervisor", "educator"])
    assert client.get(f"/framework{path}").status_code == 403


def test_the_heading_says_how_many_and_what_is_planned(chief):
    assert "38 competencies, no change planned" in chief.get("/framework").text
    chief.post("/framework/targets", data={**PLAN, "reason": "Downtime drills."})
    page = chief.get("/framework").text
    assert "38 competencies, one change planned" in page
    assert "at least 4" in page


def test_an_empty_database_is_told_how_to_begin(client, app):
    sign_in(client, app, CMIO, ["cmio"])
    assert "No framework is in force" in client.get("/framework").text
    assert client.get("/framework/export/yaml").status_code == 404
    assert client.get("/framework/targets/new").status_code == 404
    assert client.get("/framework/history").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_read_again_is_the_framework(chief, kind):
    answer = chief.get(f"/framework/export/{kind}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="framework-CIW-2026.1.')
    assert read_file(answer.get_data(as_text=True), "f") == (default_framework(), [], kind)
    assert chief.get("/framework/export/docx").status_code == 404


def test_a_preview_writes_nothing_and_names_who_falls_below(chief, hospital):
    page = chief.get("/framework/targets/new", query_string={**PLAN, "show": "1"}).text
    assert "One person would need another level" in page
    assert "Nobody falls below target" in page
    assert "One is below target already." in page
    assert "Olga Sample" not in page
    show_level(hospital.people["E-008"])
    page = chief.get("/framework/targets/new", query_string={**PLAN, "show": "1"}).text
    assert "One of them falls below target" in page
    assert "Olga Sample" in page
    assert db.session.scalar(select(RecordView.subject_id)) == hospital.people["E-008"]
    assert {(place, bool(about), unit) for _, place, about, unit in seen_at()} == {
        ("target-preview", True, "Emergency")
    }
    assert decisions(TODAY) == ()


def test_a_decision_is_shown_made_once_and_withdrawn(chief, hospital):
    for _ in range(2):
        assert chief.post("/framework/targets", data={**PLAN, "reason": "Downtime drills."}).status_code == 303
    (made,) = decisions(TODAY)
    assert (made.state, made.level, made.starts) == ("planned", 4, LATER)
    page = chief.get("/framework/targets").text
    assert "One change is planned" in page
    assert "Downtime drills." in page
    assert "Emergency" in page
    assert chief.post(f"/framework/targets/{made.public_id}/withdraw").status_code == 303
    assert decisions(TODAY)[0].state == "withdrawn"
    assert "No change is planned" in chief.get("/framework/targets").text
    chief.post("/framework/targets/unknown/withdraw")
    assert "Nothing was withdrawn" in chief.get("/framework/targets").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"level": "9"}, "expected 1 to 5"),
        ({"unit": "NOPE"}, "No unit has the code"),
        ({"starts": "soon"}, "expected one such as"),
        ({"code": "<b>"}, "is no competency"),
    ],
)
def test_what_cannot_be_planned_is_said_and_nothing_is_written(chief, wrong, said):
    answer = chief.get("/framework/targets/new", query_string={**PLAN, **wrong, "show": "1"})
    assert (answer.status_code, said in answer.text) == (422, True)
    answer = chief.post("/framework/targets", data={**PLAN, **wrong, "reason": "x"})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert chief.post("/framework/targets", data=PLAN).status_code == 422  # without a reason
    assert decisions(TODAY) == ()


def test_an_import_is_shown_first_and_then_put_in_force(chief, hospital):
    changed = write_yaml(default_framework()).replace('"2026.1"', '"2027.1"')
    changed = changed.replace("[3, 3, 3, 4, 4]", "[3, 4, 3, 4, 4]", 1)
    page = put(chief, changed).text
    assert "2 things would change" in page
    assert "A1 Nurse: 3 to 4" in page
    assert in_force(TODAY).edition == "2026.1"
    form = {name: hidden(page, name) for name in ("text", "name", "basis")}
    assert chief.post("/framework/import/apply", data=form).status_code == 303
    assert in_force(TODAY) == read_framework(changed, "f")[0]
    assert "2027.1" in chief.get("/framework/history").text
    again = chief.post("/framework/import/apply", data=form)
    assert "This framework changes nothing" in again.text


def test_a_framework_that_came_between_is_not_overwritten_unseen(chief, hospital):
    changed = write_yaml(default_framework()).replace('"2026.1"', '"2027.1"')
    page = put(chief, changed).text
    form = {name: hidden(page, name) for name in ("text", "name", "basis")}
    load_small_framework((1, 1, 1, 1, 1), now=NOW + dt.timedelta(hours=1))
    db.session.commit()
    assert "Nothing was imported" in chief.post("/framework/import/apply", data=form).text
    assert in_force(TODAY).code == "SMALL"


def test_a_file_that_cannot_be_read_is_refused_with_its_lines(chief):
    answer = put(chief, small_framework((9, 1, 1, 1, 1)))
    assert (answer.status_code, "f.yaml:17" in answer.text) == (422, True)
    assert chief.post("/framework/import", data={}).status_code == 422
    broken = {"file": (io.BytesIO(b"\xff\xfe"), "f.csv")}
    assert "Byte 0" in chief.post("/framework/import", data=broken).text


def test_a_profile_says_why_a_target_applies(client, app, hospital):
    sign_in(client, app, email_of("E-008"))
    assert "Needed as nurse." in client.get("/record/competencies").text
    import_framework(write_yaml(default_framework()), "f", actor=None, now=NOW)
    sign_in(client, app, CMIO, ["cmio"])
    client.post("/framework/targets", data={**PLAN, "starts": TODAY.isoformat(), "reason": "Drills."})
    sign_in(client, app, email_of("E-008"))
    assert "Needed as nurse in Emergency." in client.get("/record/competencies").text
    assert next(each for each in profile(hospital.people["E-008"], TODAY) if each.code == "A5").target == 4


@pytest.fixture
def run(app, hospital):
    """A command of the application."""
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


def test_the_commands_export_plan_decide_and_withdraw(run, tmp_path, hospital):
    show_level(hospital.people["E-008"])
    for kind in KINDS:
        done = run("framework", "export", str(tmp_path / kind), "--format", kind)
        assert done.stdout == f"CIW 2026.1: 38 competencies as {kind} in {tmp_path / kind}\n"
        assert read_file((tmp_path / kind).read_bytes().decode(), "f")[0] == default_framework()
    assert json.loads((tmp_path / "case").read_text())["CFDocument"]["creator"] == "Sample General Hospital"
    done = run("framework", "import", str(tmp_path / "csv"), "--dry-run")
    assert "read as csv: 38 competencies." in done.stdout
    assert "It changes nothing." in done.stdout
    words = ("target", "set", "A5", "nurse", "4", "--unit", "ED", "--from", str(LATER))
    done = run(*words, "--dry-run")
    assert "1 people need another level, 1 more, 0 less; 1 fall below target" in done.stdout
    assert "ED: 1 affected, 1 fall below target" in done.stdout
    assert decisions(TODAY) == ()
    assert run(*words).exit_code == 1  # no reason
    assert "holds from" in run(*words, "--reason", "Drills.").stdout
    listed = run("target", "list").stdout.split("\t")
    assert listed[1:6] == ["planned", "A5", "nurse", "ED", "at-least"]
    assert run("target", "withdraw", listed[0]).stdout == "Withdrawn.\n"
    assert run("target", "withdraw", listed[0]).stdout == "Withdrawn before.\n"
    assert "no competency" in run("target", "set", "Z1", "nurse", "4", "--reason", "x").stderr
    (tmp_path / "bad").write_text("code: 1\n")
    done = run("framework", "import", str(tmp_path / "bad"), "--dry-run")
    assert done.exit_code == 1
    assert "bad:1:" in done.stderr
