"""Staff read on which list they were seen, after colleagues opened one."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile

import pytest

from lms.audit.models import RecordViewPlace
from lms.audit.reading import looks_at
from lms.competency.services import fold
from lms.db import db
from lms.people.queries import person, unit_by_code
from lms.people.units import UnitEntry, save_units
from tests.support.courses import CODE
from tests.support.hospital import TODAY, email_of, load_framework, sample_hospital
from tests.support.signing import sign_in
from tests.support.taking import put_course, read_all, take

MONA, NOOR, CMIO = email_of("E-001"), email_of("E-003"), "cmio@example.org"


@pytest.fixture
def noor(app, clock) -> int:
    """A nurse of Medicine ward A, managed by Mona."""
    found = sample_hospital().people["E-003"]
    load_framework()
    fold(today=TODAY)
    db.session.commit()
    return found


def rename(name: str) -> None:
    save_units([UnitEntry("SGH", name, None, "Main")], today=TODAY)
    db.session.commit()


def read(client, app) -> list[str]:
    """At what and where somebody looked, as the nurse reads it, the latest look first."""
    sign_in(client, app, NOOR)
    shown = re.findall(r"</p><div>(.*?)</div></div><span", client.get("/record/looks").text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", each)).split()) for each in shown]


def test_a_nurse_reads_on_which_team_list_her_supervisor_saw_her(client, app, noor) -> None:
    sign_in(client, app, MONA, ["supervisor"])
    assert client.get("/team").status_code == 200
    assert read(client, app) == ["a list with your name: the team list"]


def test_a_team_list_of_one_unit_is_named_by_it_and_so_is_its_file(client, app, noor) -> None:
    unit = unit_by_code("MED-A")
    sign_in(client, app, MONA, ["supervisor"])
    for _time in range(2):
        assert client.get(f"/team?unit={unit.id}").status_code == 200
    assert client.get(f"/team.csv?unit={unit.id}").status_code == 200
    listed, filed = (
        f"{what}: the team list, Medicine ward A" for what in ("a list with your name", "a copy of your data")
    )
    assert read(client, app) == [filed, listed]


def test_a_nurse_reads_what_the_cmio_drilled_down_to_with_the_time_of_each_list(client, app, noor, clock) -> None:
    sign_in(client, app, CMIO, ["cmio"])
    for address in ("/workforce/units/SGH/B1", "/workforce/units/SGH/not-ready", "/workforce/units/SGH/B1"):
        assert "Noor Example" in client.get(address).text
        clock.move(minutes=5)
    (said,) = read(client, app)
    first, second = looks_at(noor)[0].places
    assert said.startswith("a list with your name ")
    assert f"the people behind “{first.about}” in the heat map, " in said
    assert said.endswith(f"who is not ready, {second.unit}")
    assert len(re.findall(r"\d\d:\d\d, ", said)) == 2


def test_a_unit_that_is_renamed_keeps_the_name_it_had_when_the_list_was_seen(client, app, noor, clock) -> None:
    sign_in(client, app, CMIO, ["cmio"])
    client.get("/workforce/units/SGH/not-ready")
    rename("Another name")
    clock.move(minutes=1)
    client.get("/workforce/units/SGH/not-ready")
    first, second = looks_at(noor)[0].places
    assert (first.unit, second.unit) == ("Sample General Hospital", "Another name")
    assert "who is not ready, Sample General Hospital" in read(client, app)[0]


def test_a_part_of_a_record_and_a_certificate_are_named(client, app, noor, clock) -> None:
    put_course(clock())
    read_all(noor, CODE, clock())
    take(noor, CODE, clock())
    sign_in(client, app, NOOR)
    serial = client.get("/record").text.split('href="/certificates/')[1].split('"')[0]
    public = person(noor).public_id
    sign_in(client, app, MONA, ["supervisor"])
    for address in (f"/team/{public}", f"/assign/{public}", f"/certificates/{serial}"):
        assert client.get(address).status_code == 200
    certificate, record = read(client, app)
    assert certificate == "a certificate of yours: “Safer orders, a sample”"
    assert re.fullmatch(r"your record( \d\d:\d\d, (competence and observations|what is assigned)){2}", record), record


def test_those_who_answer_for_privacy_read_the_place_too(client, app, noor) -> None:
    sign_in(client, app, MONA, ["supervisor"])
    client.get("/team?q=noor")
    sign_in(client, app, CMIO, ["cmio"])
    assert "in a list: the team list" in client.get(f"/audit/looks?person={person(noor).public_id}").text


def test_a_look_of_before_places_were_kept_reads_as_it_did(client, app, noor) -> None:
    sign_in(client, app, MONA, ["supervisor"])
    client.get("/team")
    db.session.execute(RecordViewPlace.__table__.delete())
    db.session.commit()
    assert read(client, app) == ["a list with your name"]


def test_the_name_of_a_unit_is_text_on_the_page_and_nothing_else(client, app, noor) -> None:
    rename("<b>100%(s)d</b> {{ 7 * 7 }}")
    sign_in(client, app, CMIO, ["cmio"])
    client.get("/workforce/units/SGH/not-ready")
    assert read(client, app) == ["a list with your name: who is not ready, <b>100%(s)d</b> {{ 7 * 7 }}"]


def test_the_copy_for_the_owner_holds_the_places(client, app, noor) -> None:
    sign_in(client, app, MONA, ["supervisor"])
    client.get("/team")
    sign_in(client, app, NOOR)
    book = zipfile.ZipFile(io.BytesIO(client.post("/record/copy").data))
    (place,) = json.loads(book.read("data.json"))["record_view_place"]
    assert place["place"] == "team"
