"""Educators' pages: upload, messages, what would change, publish, download."""

from __future__ import annotations

import io
import zipfile

import pytest

from lms.catalog import queries as catalog
from lms.db import db
from lms.learning import services as learning
from lms.publishing.models import Upload
from tests.support.courses import CODE, as_zip, course_files
from tests.support.hospital import load_framework
from tests.support.signing import sign_in
from tests.support.taking import put_course


@pytest.fixture
def educator(app, client):
    """Edda, an educator, signed in, with the framework in force."""
    load_framework()
    db.session.commit()
    return sign_in(client, app, "edda.sample@example.org", ["educator"])


def upload(client, files, name="safe-orders.zip", folder="safe-orders"):
    data = files if isinstance(files, bytes) else as_zip(files, folder)
    return client.post("/teach", data={"file": (io.BytesIO(data), name)})


def published(code: str = CODE):
    db.session.expire_all()
    return catalog.current_version(code)


def test_a_learner_does_not_publish(app, client) -> None:
    sign_in(client, app, "asha.sample@example.org")
    for address in ("/teach", f"/teach/{CODE}", f"/teach/{CODE}/export", "/teach/uploads/x"):
        assert client.get(address).status_code == 403
    assert upload(client, course_files()).status_code == 403
    assert client.post("/teach/uploads/x/publish").status_code == 403


def test_a_zip_is_checked_shown_and_published(client, educator) -> None:
    assert "Nothing is published yet" in client.get("/teach").text
    answer = upload(client, course_files())
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Ready to publish" in page
    assert "A new course: Safer orders, a sample" in page
    assert published() is None
    done = client.post(f"{answer.location}/publish")
    assert (done.status_code, done.location) == (303, f"/teach/{CODE}")
    page = client.get(done.location).text
    assert "Learners see SAFE-101, edition 2026.1, from now on." in page
    assert "One version" in page
    assert published().published_by == educator.account_id
    back = client.get(answer.location)
    assert back.status_code == 200
    assert "This upload was published" in back.text
    assert f"/teach/{CODE}" in back.text
    assert client.post(f"{answer.location}/publish").location == f"/teach/{CODE}", "sent again it changes nothing"
    assert len(catalog.versions_of(CODE)) == 1
    assert db.session.query(Upload).one().data == b"", "the bytes are gone"
    assert "Safer orders, a sample" in client.get("/teach").text


def test_what_nobody_could_start_is_said_beside_other_errors_and_is_not_ready(client, educator) -> None:
    questions = b"## No key {#no-key}\n\nWhich?\n\n- [ ] a\n- [ ] b\n"
    files = course_files(prerequisites=["NOPE-101"])
    page = client.get(upload(client, files | {"questions.md": questions}).location).text
    assert "no option is right" in page
    line = next(n for n, text in enumerate(files["course.md"].decode().splitlines(), 1) if "NOPE-101" in text)
    said = f"safe-orders/course.md:{line}</span><span>prerequisite NOPE-101 is not published here"
    assert said in page
    page = client.get(upload(client, files).location).text
    assert said in page
    assert "Nobody could start the assessment of this course" in page
    assert "Ready to publish" not in page
    assert "Publish all the same" in page
    page = client.get(upload(client, course_files(prerequisites=["NOPE-101"], exam=None)).location).text
    assert "NOPE-101 is not published" not in page, "without an assessment nothing is closed"


def test_paths_are_named_after_the_author_s_folder_and_not_after_the_zip(client, educator) -> None:
    files = course_files(extra={"questions.md": b"## No key {#no-key}\n\nWhich?\n\n- [ ] a\n- [ ] b\n"})
    page = client.get(upload(client, files, name="final2.zip", folder="my-orders").location).text
    assert "my-orders/questions.md:5" in page
    assert "final2/" not in page


def test_an_edition_with_a_lower_number_is_warned_about(client, educator, clock) -> None:
    put_course(clock(), edition="2026.1")
    page = client.get(upload(client, course_files(edition="2025.9", text="Old.")).location).text
    assert "This edition is older than the one that learners see" in page
    assert "Edition 2025.9 would take the place of 2026.1" in page
    assert "Ready to publish" not in page
    page = client.get(upload(client, course_files(edition="2026.10", text="New.")).location).text
    assert "Ready to publish" in page


def test_errors_are_listed_with_file_and_line_and_keep_it_from_being_published(client, educator) -> None:
    questions = b"## No key {#no-key}\n\nWhich?\n\n- [ ] a\n- [ ] b\n"
    answer = upload(client, course_files(extra={"questions.md": questions}))
    page = client.get(answer.location).text
    assert "keep this course from being published" in page
    assert "safe-orders/questions.md:5" in page
    assert "no option is right" in page
    assert "/publish" not in page
    assert client.post(f"{answer.location}/publish").location == answer.location
    assert published() is None


def test_the_preview_says_what_would_change_for_whom(client, educator, clock) -> None:
    put_course(clock())
    learning.enrol(educator.person_id, CODE, now=clock())
    db.session.commit()
    questions = course_files()["questions.md"].replace(
        b"## Wrong chart {#wrong-chart}", b"## Wrong chart {#other-chart}"
    )
    lesson = b"---\ntitle: A third lesson\nminutes: 1\n---\n\nShort.\n"
    extra = {"questions.md": questions, "30-third.md": lesson}
    answer = upload(client, course_files(edition="2026.2", text="Fewer.", extra=extra))
    page = client.get(answer.location).text
    for words in (
        "A new edition of Safer orders", "2026.2, now 2026.1", "A third lesson", "Alerts worth reading",
        "Learners keep the lessons they have completed", "<dt>Learners enrolled</dt><dd>1</dd>",
    ):  # fmt: skip
        assert words in page, words
    same = upload(client, course_files())
    assert "This text is published already" in client.get(same.location).text
    corrected = upload(client, course_files(text="Corrected."))
    assert "A correction of Safer orders" in client.get(corrected.location).text


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_zip_is_refused_with_words(client, educator, data) -> None:
    answer = upload(client, data)
    assert answer.status_code == 422
    assert "could not be read" in answer.text
    assert db.session.query(Upload).count() == 0


def test_no_file_is_said_to_be_missing(client, educator) -> None:
    answer = client.post("/teach", data={})
    assert answer.status_code == 422
    assert "No file was chosen" in answer.text


def test_a_zip_that_climbs_out_of_its_folder_is_refused(client, educator) -> None:
    assert upload(client, as_zip(course_files() | {"../evil.md": b"x"})).status_code == 422


def test_an_upload_belongs_to_its_educator_and_is_gone_after_a_week(app, client, educator, clock) -> None:
    answer = upload(client, course_files())
    other = app.test_client()
    sign_in(other, app, "ed.sample@example.org", ["educator"])
    assert other.get(answer.location).status_code == 404
    clock.move(days=8)
    sign_in(client, app, "edda.sample@example.org")
    upload(client, course_files())
    assert client.get(answer.location).status_code == 404


def test_a_version_is_downloaded_as_it_was_published(client, educator, clock) -> None:
    files = course_files()
    put_course(clock())
    put_course(clock(), edition="2026.2", text="Second.")
    answer = client.get(f"/teach/{CODE}/export?version=1")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {name.partition("/")[2]: archive.read(name) for name in archive.namelist()} == files
    newest = client.get(f"/teach/{CODE}/export")
    assert b"2026.2" in zipfile.ZipFile(io.BytesIO(newest.data)).read("safe-101/course.md")
    assert newest.data == client.get(f"/teach/{CODE}/export").data
    assert client.get(f"/teach/{CODE}/export?version=9").status_code == 404
    assert client.get("/teach/NO-1").status_code == 404
    assert "2 versions" in client.get(f"/teach/{CODE}").text
