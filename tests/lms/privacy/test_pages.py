"""Who looked at my record, my copy, and the audit trail, in the browser and on the command line."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile

import pytest

from lms.audit.services import record
from lms.db import db
from lms.people.queries import person
from tests.support.courses import CODE
from tests.support.hospital import load_framework, make_person
from tests.support.signing import sign_in
from tests.support.taking import put_course, read_all, take

NURSE = "asha.sample@example.org"


@pytest.fixture
def nurse(app, client, clock) -> int:
    """Asha, a nurse with a certificate."""
    load_framework()
    found = make_person("E-901", "Asha", "Sample", "nurse", NURSE)
    db.session.commit()
    put_course(clock())
    read_all(found, CODE, clock())
    take(found, CODE, clock())
    return found


def test_a_nurse_reads_that_an_administrator_opened_her_record(client, app, nurse) -> None:
    sign_in(client, app, NURSE)
    assert "Nobody has looked at your record" in client.get("/record/looks").text
    sign_in(client, app, "ada.admin@example.org", ["administrator"])
    page = f"/admin/people/{person(nurse).public_id}"
    assert client.get(page).status_code == 200
    sign_in(client, app, NURSE)
    shown = client.get("/record/looks").text
    assert "Ada Admin" in shown
    assert "administrator" in shown


def test_one_s_own_pages_leave_no_look(client, app, nurse) -> None:
    sign_in(client, app, NURSE)
    client.get("/record")
    client.get(client.get("/record").text.split('href="/certificates/')[1].split('"')[0].join(("/certificates/", "")))
    assert "Nobody has looked at your record" in client.get("/record/looks").text


def test_everybody_may_download_a_copy_of_their_own_data(client, app, nurse, tmp_path) -> None:
    sign_in(client, app, NURSE)
    answer = client.post("/record/copy")
    assert answer.status_code == 200
    file = tmp_path / "mine.zip"
    file.write_bytes(answer.data)
    assert {"README.txt", "data.json"} <= set(zipfile.ZipFile(file).namelist())


def test_the_trail_is_searched_and_the_search_is_itself_kept(client, app, nurse) -> None:
    sign_in(client, app, "cmio@example.org", ["cmio"])
    page = client.get("/audit?action=course.publish").text
    assert "published a course" in page
    assert CODE in page
    assert "handed in an assessment" in client.get("/audit").text.split("<tbody>")[1]
    shown = client.get("/audit?action=privacy.search").text
    assert "read the audit trail" in shown.split("<tbody>")[1]
    sheet = client.get("/audit?format=csv&action=course.publish")
    assert sheet.mimetype == "text/csv"
    assert CODE in sheet.text


@pytest.mark.parametrize("role", ["cmio", "administrator"])
def test_the_trail_says_in_words_what_an_act_was_about_and_whom_it_concerned(client, app, nurse, role) -> None:
    sign_in(client, app, "reader@example.org", [role])
    page = client.get("/audit").text.split("<tbody>")[1].split("</tbody>")[0]
    assert "Asha Sample" in page
    assert re.search(r">Safer orders, a sample \(SAFE-101\)</a>", page)
    assert "assessment of Safer orders, a sample, attempt 1" in page
    assert "certificate of Safer orders, a sample" in page
    said = re.sub(r"<[^>]*>", " ", page)
    assert not re.search(r"\b[0-9a-f]{20,}\b", said), "ids and digests say nothing to a reader"
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links
    for address in links:
        assert client.get(html.unescape(address)).status_code == 200, address


def test_the_trail_stands_in_the_order_of_the_times_shown_over_all_its_pages(client, app, nurse, clock) -> None:
    for days in (3, 1, 2, 5, 4) * 12:
        moment = clock() - dt.timedelta(days=days)
        record("course.publish", "course", f"D{days}", actor=None, now=moment)
    db.session.commit()
    sign_in(client, app, "reader@example.org", ["cmio"])
    address, found = "/audit?action=course.publish", []
    while address:
        page = client.get(address).text
        found += re.findall(r"course D(\d)", page)
        onward = re.search(r'href="(/audit\?before=[^"]+)"', page)
        address = html.unescape(onward[1]) if onward else ""
    assert found == sorted(found)
    assert len(found) == 60


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-40", "actor=nobody", "before=x", "action=no"])
def test_what_cannot_be_read_in_a_search_finds_something_or_nothing_and_never_fails(client, app, nurse, query) -> None:
    sign_in(client, app, "cmio@example.org", ["cmio"])
    assert client.get(f"/audit?{query}").status_code == 200


def test_looks_are_found_by_whom_and_at_whom(client, app, nurse) -> None:
    who = sign_in(client, app, "ada.admin@example.org", ["administrator"])
    client.get(f"/admin/people/{person(nurse).public_id}")
    assert "Asha Sample" in client.get("/audit/looks?q=asha").text
    assert "Ada Admin" in client.get(f"/audit/looks?person={person(nurse).public_id}").text
    assert "Asha Sample" in client.get(f"/audit/looks?person={who.person_public_id}&as=viewer").text
    assert "Nothing found" in client.get(f"/audit/looks?person={who.person_public_id}").text


def test_the_commands_plan_refuse_and_carry_out(app, nurse, tmp_path) -> None:
    run = app.test_cli_runner().invoke
    assert "person" in run(args=["privacy", "inventory"]).output
    plan = run(args=["privacy", "erase", "E-901", "--dry-run"])
    assert "Nothing was changed." in plan.output
    unknown = run(args=["privacy", "erase", "E-999"])
    assert (unknown.exit_code, "knows nobody" in unknown.output) == (1, True)
    out = tmp_path / "copy.zip"
    assert run(args=["privacy", "export", NURSE, "-o", str(out)]).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    assert "Erased." in run(args=["privacy", "erase", "E-901"]).output
    assert run(args=["privacy", "erase", "E-901"]).exit_code == 1, "an erased person is found by no number"
    assert run(args=["privacy", "retention", "--dry-run"]).exit_code == 0
    assert run(args=["privacy", "retention"]).exit_code == 0
