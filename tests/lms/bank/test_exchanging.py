"""Questions from other systems: a dry run first, then a draft of a course through the usual check, and the way out."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assessments.exchange.conversion import read_items
from lms.bank import exchanging
from lms.catalog import queries as catalog
from lms.items import queries as items
from tests.support.courses import CODE, ITEMS
from tests.support.signing import sign_in

FILES = Path(__file__).resolve().parents[2] / "assessments" / "exchange" / "files"
GIFT = b"""::First::What comes first?{=Look ~Guess}

::First::{=Look ~Guess}

::Sum::Add {1:SHORTANSWER:=two} and more {1:MULTICHOICE:=a~b} {=x

::Dose::How many mL?{#12:0.1}
"""


@pytest.fixture
def educator(client, app, version):
    return sign_in(client, app, "ed.ucator@example.org", ["educator"])


def bring(client, data, name="alerts.gift"):
    return client.post("/bank/import", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_a_file_is_looked_at_added_checked_and_published(client, educator, version) -> None:
    answer = bring(client, (FILES / "course.gift").read_bytes())
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Nothing has been added to a course yet" in page
    assert "read as GIFT" in page
    came = read_items((FILES / "course.gift").read_bytes())
    assert f"<h1>{len(came.bank.items)} questions come in" in page
    for one in came.record.outcomes:
        for reason in one.reasons[:1]:
            assert reason[:30].replace("'", "&#39;").replace('"', "&#34;") in page
    data = {"course": CODE, "competency": "B4", "level": "2"}
    drafted = client.post(f"{answer.location}/draft", data=data)
    assert drafted.status_code == 303
    assert len(items.bank(catalog.current_version(CODE).id).items) == 6, "nothing is published yet"
    page = client.get(drafted.location).text
    assert "Ready to publish" in page
    assert "questions/90-imported-alerts.md" in page
    assert client.post(f"{drafted.location}/publish").status_code == 303
    bank = items.bank(catalog.current_version(CODE).id)
    assert len(bank.items) == 6 + len(came.bank.items)
    added = bank.items[-1]
    assert (added.competency, added.level) == ("B4", 2)
    assert added.path.endswith("questions/90-imported-alerts.md")


def test_the_markdown_of_a_file_reads_back_as_the_same_questions(client, educator) -> None:
    place = bring(client, (FILES / "course.gift").read_bytes()).location
    answer = client.get(f"{place}/markdown")
    assert 'filename="questions.md"' in answer.headers["Content-Disposition"]
    again = read_items(answer.data, name="questions.md").bank
    came = read_items((FILES / "course.gift").read_bytes()).bank
    assert [one.id for one in again.items] == [one.id for one in came.items]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "empty.gift", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n....", "picture.png", "no known format"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><quiz/>", "bomb.xml", "could not be read"),
        (b"PK\x03\x04broken", "broken.zip", "could not be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(client, educator, data, name, said) -> None:
    answer = bring(client, data, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Nothing was kept" in answer.text


def test_no_file_is_said_to_be_missing(client, educator) -> None:
    answer = client.post("/bank/import", data={}, content_type="multipart/form-data")
    assert (answer.status_code, "No file was chosen" in answer.text) == (422, True)


def test_a_file_without_one_good_question_says_why_and_offers_nothing(client, educator) -> None:
    place = bring(client, b"::Slider::Pick{#}\n\n::Essay::x{=}\n").location
    page = client.get(place).text
    assert "No question of this file comes in" in page
    assert "Make the draft" not in page
    answer = client.post(f"{place}/draft", data={"course": CODE})
    assert (answer.status_code, "nothing to add" in answer.text) == (422, True)


def test_a_draft_for_no_course_is_refused_and_the_file_stays(client, educator) -> None:
    place = bring(client, GIFT).location
    answer = client.post(f"{place}/draft", data={"course": "NONE-101"})
    assert (answer.status_code, "Choose the course" in answer.text) == (422, True)
    assert client.get(place).status_code == 200


def test_what_one_educator_brought_is_not_there_for_another_nor_as_a_course(client, app, educator) -> None:
    place = bring(client, GIFT).location
    key = place.rsplit("/", 1)[1]
    assert client.get(f"/teach/uploads/{key}").status_code == 404, "it is no course"
    sign_in(client, app, "other@example.org", ["educator"])
    assert client.get(place).status_code == 404
    sign_in(client, app, "asha@example.org")
    assert client.get("/bank/import").status_code == 403


def test_an_id_that_the_course_has_already_gets_a_number(version) -> None:
    text = b"## Again {#two-identifiers}\n\nWhich?\n\n- [x] One\n- [ ] Two\n"
    found = exchanging.look("again.md", text)
    done = exchanging.draft(version, found, "again.md", "B1", 2)
    assert done.renamed == {"two-identifiers": "two-identifiers-2"}
    assert b"{#two-identifiers-2" in done.files[done.path]
    other = exchanging.draft(version, found, "../../etc/passwd.md")
    assert re.fullmatch(r"questions/90-imported-[a-z0-9-]+\.md", other.path)


@pytest.mark.parametrize("target", exchanging.TARGETS)
def test_a_course_goes_out_in_every_format_with_its_losses(client, educator, version, target) -> None:
    page = client.get(f"/bank/export?course={CODE}&format={target}").text
    made = exchanging.write(version, ITEMS, target)
    out = made.record.count("imported") + made.record.count("changed")
    assert f"<h1>{out} questions" in page or "<h1>One question" in page
    answer = client.get(f"/bank/export/file?course={CODE}&format={target}")
    assert f'filename="{CODE.lower()}-{target}' in answer.headers["Content-Disposition"]
    back = read_items(answer.data, name="x.md" if target == "markdown" else "x").bank
    assert len(back.items) == out


def test_only_what_the_filter_finds_goes_out(client, educator) -> None:
    answer = client.get(f"/bank/export/file?course={CODE}&kind=numeric&format=markdown")
    assert [one.id for one in read_items(answer.data, name="x.md").bank.items] == ["heparin-rate"]
    assert client.get("/bank/export?format=gift").status_code == 404, "one course at a time"
    assert client.get(f"/bank/export?course={CODE}&format=word").status_code == 422
    assert client.get(f"/bank/export/file?course={CODE}&format=word").status_code == 404


def test_a_package_of_another_system_goes_out_as_a_zip(version) -> None:
    assert zipfile.is_zipfile(io.BytesIO(exchanging.write(version, ITEMS, "qti30").data))


def test_a_picture_that_comes_with_a_question_is_there_in_the_draft_and_goes_out_again(client, educator) -> None:
    dot = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="  # one pixel
    text = f"<p>What is this? <img src='data:image/gif;base64,{dot}' alt='A pump'></p>"
    answers = "".join(f"<answer fraction='{n}'><text>{w}</text></answer>" for n, w in ((100, "A pump"), (0, "A bed")))
    quiz = "<quiz><question type='multichoice'><name><text>The pump</text></name><questiontext format='html'><text>"
    quiz += f"<![CDATA[{text}]]></text></questiontext><single>true</single>{answers}</question></quiz>"
    place = bring(client, quiz.encode(), "pump.xml").location
    drafted = client.post(f"{place}/draft", data={"course": CODE, "competency": "B1", "level": "2"})
    assert "Ready to publish" in client.get(drafted.location).text
    assert client.post(f"{drafted.location}/publish").status_code == 303
    page = client.get(f"/bank/{CODE}/the-pump").text
    assert 'alt="A pump"' in page
    for target in ("moodle-xml", "qti30", "markdown"):
        back = read_items(client.get(f"/bank/export/file?course={CODE}&text=pump&format={target}").data, name="x.md")
        assert [item.id for item in back.bank.items] == ["the-pump"]
        assert [data[:6] for data in back.media.values()] == [b"GIF89a"], target


def test_a_picture_under_a_name_that_the_course_has_for_another_one_gets_a_number(version) -> None:
    text = b"## Pump {#pump}\n\n![A pump](media/pump.gif)\n\nOn?\n\n- [x] Yes\n- [ ] No\n"
    found = exchanging.look("pump.md", text)
    first = replace(found, media={"media/pump.gif": b"GIF87a"})
    before = dict(catalog.source_files(version.id))
    done = exchanging.draft(version, first, "pump.md")
    assert (done.files["media/pump.gif"], b"](../media/pump.gif)" in done.files[done.path]) == (b"GIF87a", True)
    files = {**before, "media/pump.gif": b"GIF89a"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchanging.catalog, "source_files", lambda version_id: files)
        done = exchanging.draft(version, first, "pump.md")
    assert (done.files["media/pump.gif"], done.files["media/pump-2.gif"]) == (b"GIF89a", b"GIF87a")
    assert b"](../media/pump-2.gif)" in done.files[done.path]
