"""`course publish` and `course export` on the command line."""

from __future__ import annotations

import pytest

from lms.catalog import queries as catalog
from lms.cli.courses import group
from lms.db import db
from tests.support.courses import CODE, as_zip, course_files, write_folder


@pytest.fixture
def run(app):
    """Run a command of the group as the shell would."""
    runner = app.test_cli_runner()

    def call(*arguments: object):
        db.session.commit()
        return runner.invoke(group, [str(each) for each in arguments])

    return call


def test_a_folder_and_a_zip_are_published(run, tmp_path) -> None:
    folder = write_folder(tmp_path / "one", course_files())
    archive = tmp_path / "two.zip"
    archive.write_bytes(as_zip(course_files("TWO-2", title="Two"), "two"))
    done = run("publish", folder, archive)
    assert done.exit_code == 0, done.output
    assert "SAFE-101 edition 2026.1: published" in done.output
    assert "TWO-2 edition 2026.1: published" in done.output
    assert "unchanged" in run("publish", folder).output
    assert catalog.current_version("TWO-2") is not None


def test_one_bad_course_keeps_all_of_them_out(run, tmp_path) -> None:
    good = write_folder(tmp_path / "good", course_files())
    bad = write_folder(tmp_path / "bad", course_files("BAD-1", extra={"exam.md": b"---\npass: many\n---\n"}))
    done = run("publish", good, bad)
    assert done.exit_code == 1
    assert f"{bad}/exam.md:2" in done.output
    assert "error:" in done.output
    assert "Nothing was published" in done.output
    assert catalog.courses() == ()


def test_a_prerequisite_may_come_later_in_the_same_command(run, tmp_path) -> None:
    later = write_folder(tmp_path / "later", course_files("LATE-1", prerequisites=[CODE, "EHR-999"]))
    done = run("publish", later, write_folder(tmp_path / "first", course_files()))
    assert done.exit_code == 0, done.output
    assert "prerequisite EHR-999 is not published here" in done.output
    assert f"prerequisite {CODE}" not in done.output


@pytest.mark.parametrize("name", ["missing", "empty", "no.zip"])
def test_what_is_no_course_is_refused_with_words(run, tmp_path, name) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.zip").write_bytes(b"no zip")
    done = run("publish", tmp_path / name)
    assert done.exit_code != 0
    assert name in done.output
    assert "expected" in done.output


def test_a_course_comes_back_as_a_folder(run, tmp_path) -> None:
    files = course_files()
    run("publish", write_folder(tmp_path / "in", files))
    done = run("export", CODE, tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = {str(p.relative_to(tmp_path / "out")): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert found == files
    again = run("publish", tmp_path / "out")
    assert "unchanged" in again.output
    assert run("export", CODE, tmp_path / "out").exit_code == 1
    unknown = run("export", "NO-1", tmp_path / "new")
    assert unknown.exit_code == 1
    assert "published are: SAFE-101" in unknown.output
