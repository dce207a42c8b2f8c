"""The texts beside the courses, read together and checked by the same command."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.programme import read_programme, scan_programme
from tests.courses.sample import course_files
from tests.courses.test_check_command import check, written
from tests.courses.test_evaluations import FORM
from tests.courses.test_pathways import PATHWAY
from tests.courses.test_policies import POLICY


def texts(**changes: str) -> dict[str, bytes]:
    files = {
        "pathways/first-week.md": PATHWAY,
        "policies/emr-use.md": POLICY,
        "evaluations/end-of-course.md": FORM,
    } | changes
    return {path: text.encode() for path, text in files.items()}


def test_every_text_is_read_from_its_folder() -> None:
    programme, faults = read_programme(texts(**{"policies/notes.txt": "x"}), competencies={"A1", "E1"})
    assert faults == []
    assert [one.code for one in programme.pathways] == ["FIRST-WEEK"]
    assert [one.code for one in programme.policies] == ["EMR-USE"]
    assert [one.code for one in programme.evaluations] == ["COURSE-EVALUATION"]


def test_a_code_is_taken_once_in_its_folder() -> None:
    _, faults = read_programme(texts(**{"pathways/second.md": PATHWAY}), "here")
    assert [(one.path, one.severity) for one in faults] == [("here/pathways/second.md", "error")]
    assert "the code FIRST-WEEK is taken by here/pathways/first-week.md" in faults[0].message


def test_a_file_that_is_no_text_is_a_fault_and_the_others_are_read() -> None:
    programme, faults = read_programme(texts() | {"policies/bad.md": b"\xff"})
    assert [one.path for one in faults] == ["policies/bad.md"]
    assert len(programme.policies) == 1


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(POLICY)
    (tmp_path / "here" / "policies").mkdir(parents=True)
    (tmp_path / "here" / "policies" / "a.md").symlink_to(tmp_path / "secret.md")
    files, faults = scan_programme(tmp_path / "here")
    assert files == {}
    assert len(faults) == 1


def test_the_check_reads_texts_beside_courses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "sample", course_files())
    written(tmp_path, texts())
    code, faults = check(capsys, str(tmp_path))
    assert code == 0
    assert {fault["path"] for fault in faults} == {f"{tmp_path}/pathways/first-week.md"}
    assert all("no course" in fault["message"] for fault in faults)
    assert check(capsys, str(tmp_path), "--strict")[0] == 1


@pytest.mark.parametrize("path", ["policies", "policies/emr-use.md"])
def test_a_folder_of_texts_and_a_single_text_can_be_checked_alone(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, texts(**{"pathways/first-week.md": "x"}))
    assert check(capsys, str(tmp_path / path), "--strict") == (0, [])
    (tmp_path / "policies/emr-use.md").write_text(POLICY.replace("2027-01-01", "soon"))
    code, faults = check(capsys, str(tmp_path / path))
    assert code == 1
    assert {fault["path"] for fault in faults} == {f"{tmp_path}/policies/emr-use.md"}
    assert faults[0]["line"] == "7"
