"""Zip files, harmless and hostile, and writing a course out."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.archive import ArchiveError, read_archive, write_folder


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_an_archive_gives_its_files_and_leaves_litter_out() -> None:
    data = zipped({"course.md": b"a", "media/x.png": b"b", "__MACOSX/y": b"c", ".git/config": b"d"})
    assert read_archive(data) == {"course.md": b"a", "media/x.png": b"b"}


def test_a_single_top_folder_is_taken_off() -> None:
    assert read_archive(zipped({"cpoe/course.md": b"a", "cpoe/10-a.md": b"b"})) == {"course.md": b"a", "10-a.md": b"b"}


def test_two_top_folders_stay() -> None:
    assert set(read_archive(zipped({"a/course.md": b"a", "b/course.md": b"b"}))) == {"a/course.md", "b/course.md"}


@pytest.mark.parametrize("name", ["../x.md", "/x.md", "a/../../x.md", "C:/x.md", "a\\..\\x.md", "a//b.md", "a\x01.md"])
def test_names_that_leave_the_folder_are_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="inside the course folder"):
        read_archive(zipped({"course.md": b"a", name: b"b"}))


def test_a_name_cut_by_a_nul_is_refused() -> None:
    data = zipped({"course.md": b"a", "media/a.pngXhtml": b"b"}).replace(b"media/a.pngXhtml", b"media/a.png\x00html")
    with pytest.raises(ArchiveError):
        read_archive(data)


def test_a_link_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        entry = zipfile.ZipInfo("10-a.md")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(ArchiveError, match="the link"):
        read_archive(stream.getvalue())


def test_a_bomb_is_stopped_while_unpacking() -> None:
    data = zipped({"course.md": b"a", "media/x.txt": b"\0" * 5_000_000})
    assert len(data) < 10_000
    with pytest.raises(ArchiveError, match="unpacks to more"):
        read_archive(data)


def test_an_archive_with_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.archive.MOST_FILES", 2)
    assert len(read_archive(zipped({"a.md": b"", "b.md": b""}))) == 2
    with pytest.raises(ArchiveError, match="holds 3 files"):
        read_archive(zipped({"a.md": b"", "b.md": b"", "c.md": b""}))


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(zipped({"course.md": b"a"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveError, match="encrypted"):
        read_archive(bytes(data))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("course.md", b"a")
        archive.writestr("course.md", b"b")
    with pytest.raises(ArchiveError, match="twice"):
        read_archive(stream.getvalue())


def test_an_empty_archive_and_other_files_say_what_was_expected() -> None:
    with pytest.raises(ArchiveError, match="empty"):
        read_archive(zipped({}))
    with pytest.raises(ArchiveError, match="not a readable zip"):
        read_archive(b"%PDF-1.7")
    with pytest.raises(ArchiveError, match="not a readable zip"):
        read_archive(zipped({"course.md": b"a" * 100})[:-10])


WHOLE = zipped({"course.md": b"title: x" * 20, "media/a.txt": b"abc"})


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(position: int, value: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[position] = value
    try:
        files = read_archive(bytes(damaged))
    except ArchiveError:
        return
    assert all(isinstance(data, bytes) for data in files.values())


def test_a_course_is_written_out_as_it_was(tmp_path: Path) -> None:
    files = {"course.md": b"a", "media/deep/x.png": b"\x00\xff"}
    write_folder(files, tmp_path / "out" / "course")
    assert (tmp_path / "out/course/media/deep/x.png").read_bytes() == b"\x00\xff"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["course"]


def test_an_empty_folder_may_take_a_course(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    write_folder({"course.md": b"a"}, tmp_path / "course")
    assert (tmp_path / "course" / "course.md").read_bytes() == b"a"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        write_folder({"course.md": b"a"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_is_written_where_one_name_is_bad(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a path"):
        write_folder({"course.md": b"a", "../x": b"b"}, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_where_writing_fails_half_way(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_folder({"a": b"1", "a/b": b"2"}, tmp_path / "out")
    assert not list(tmp_path.iterdir())
