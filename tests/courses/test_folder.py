"""Which files belong to a course, and reading a folder that wants to harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assessments.archive import safe_path
from courses.folder import UnreadableFolder, arrange, read_folder, scan_folder


def layout_of(*paths: str) -> tuple[list[str], list[tuple[str, str]]]:
    layout, faults = arrange(dict.fromkeys(paths, b""), "c")
    return [slug for slug, _ in layout.lessons], [(fault.path, fault.severity) for fault in faults]


def test_lessons_stand_in_the_order_of_their_numbers() -> None:
    slugs, faults = layout_of("100-last.md", "20-second.md", "9-first.md", "course.md")
    assert slugs == ["first", "second", "last"]
    assert not faults


def test_two_lessons_cannot_share_their_lasting_id() -> None:
    assert layout_of("10-a.md", "20-a.md")[1] == [("c/20-a.md", "error")]
    assert layout_of("10-a.md", "20-b.md")[1] == []


@pytest.mark.parametrize("path", ["10_right.md", "10-Right.md", "10-.md", "10-right patient.md", "10right.md"])
def test_a_name_that_was_meant_as_a_lesson_is_an_error(path: str) -> None:
    assert layout_of(path) == ([], [(f"c/{path}", "error")])


@pytest.mark.parametrize("path", ["intro.md", "notes.txt", "questions/deep/a.md", "drafts/10-a.md"])
def test_a_file_outside_the_format_is_a_warning(path: str) -> None:
    assert layout_of(path) == ([], [(f"c/{path}", "warning")])


@pytest.mark.parametrize("path", ["README.md", "LICENSE", "CHANGELOG.md"])
def test_what_every_repository_has_is_passed_over(path: str) -> None:
    assert layout_of(path) == ([], [])


@pytest.mark.parametrize(
    "path",
    ["../x.md", "/etc/passwd", "media/../../x", "a//x.png", "media/./x.png", "C:\\x.png", "media\\x.png", "a\x00.md",
     "media/a\nb.png", "media/.", "", "media/" + "x" * 300, "media/con?.png", "media/trailing."],
)  # fmt: skip
def test_paths_that_leave_the_folder_or_break_a_system_are_refused(path: str) -> None:
    assert not safe_path(path)
    layout, faults = arrange({path: b""}, "")
    assert [fault.severity for fault in faults] == ["error"]
    assert not layout.paths


@pytest.mark.parametrize("path", ["course.md", "media/Bild größe.png", "media/deep/er/x.png", "media/a..b.png"])
def test_ordinary_paths_are_safe(path: str) -> None:
    assert safe_path(path)


def test_questions_may_be_one_file_or_several() -> None:
    layout, faults = arrange(dict.fromkeys(["questions.md", "questions/10-a.md", "questions/b.md"], b""), "")
    assert layout.questions == ("questions.md", "questions/10-a.md", "questions/b.md")
    assert not faults


def test_a_folder_is_read_with_media_and_questions_below(tmp_path: Path) -> None:
    for name in ("course.md", "media/a/b.png", "questions/x.md", ".git/config", "media/.DS_Store", "course.md~"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert read_folder(tmp_path) == {name: name.encode() for name in ("course.md", "media/a/b.png", "questions/x.md")}


def test_another_folder_is_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "10-a.md").write_text("x")
    files, faults = scan_folder(tmp_path)
    assert not files
    assert [fault.severity for fault in faults] == ["warning"]


def test_a_link_out_of_the_folder_is_refused_and_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    course = tmp_path / "course"
    (course / "media").mkdir(parents=True)
    (course / "10-a.md").symlink_to(secret)
    (course / "media" / "a.png").symlink_to("../../secret.md")
    with pytest.raises(UnreadableFolder) as caught:
        read_folder(course)
    assert len(caught.value.faults) == 2
    assert all("leads out of the course folder" in fault.message for fault in caught.value.faults)


def test_a_link_to_a_folder_is_refused_even_inside(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "media").symlink_to("pictures")
    files, faults = scan_folder(tmp_path)
    assert not files
    assert any("is a link to a folder" in fault.message for fault in faults)


def test_a_link_inside_the_folder_is_read_as_its_file(tmp_path: Path) -> None:
    (tmp_path / "10-a.md").write_text("text")
    (tmp_path / "20-b.md").symlink_to("10-a.md")
    assert read_folder(tmp_path)["20-b.md"] == b"text"


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "10-a.md")
    _, faults = scan_folder(tmp_path)
    assert [fault.message for fault in faults] == ["is not an ordinary file"]


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.folder.LARGEST_FILE", 10)
    (tmp_path / "10-a.md").write_bytes(b"x" * 11)
    (tmp_path / "20-b.md").write_bytes(b"x" * 10)
    files, faults = scan_folder(tmp_path)
    assert list(files) == ["20-b.md"]
    assert "is too large" in faults[0].message


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFolder, match="is not a folder"):
        read_folder(tmp_path / "nothing")
