"""Equal contents have one digest, other contents another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from courses.digest import course_digest
from tests.courses.sample import course_files

FILES = course_files()


def test_a_digest_is_a_sha256_in_hex() -> None:
    assert len(course_digest(FILES)) == 64
    assert set(course_digest(FILES)) <= set("0123456789abcdef")


def test_the_order_of_files_and_the_editor_do_not_matter() -> None:
    turned = {
        path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if path.endswith(".md") else data
        for path, data in reversed(FILES.items())
    }
    assert course_digest(turned) == course_digest(FILES)


def test_what_is_not_part_of_a_course_does_not_count() -> None:
    assert course_digest({**FILES, "README.md": b"x", "notes.txt": b"x", "../x": b"x"}) == course_digest(FILES)


@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_other_byte_is_another_digest(path: str, data: st.DataObject) -> None:
    old = FILES[path]
    position = data.draw(st.integers(0, len(old) - 1))
    new = old[:position] + (b"x" if old[position : position + 1] != b"x" else b"y") + old[position + 1 :]
    assert course_digest({**FILES, path: new}) != course_digest(FILES)


def test_moving_bytes_between_files_is_another_digest() -> None:
    one = {"course.md": b"ab", "exam.md": b"c"}
    other = {"course.md": b"a", "exam.md": b"bc"}
    assert course_digest(one) != course_digest(other)


def test_a_renamed_file_is_another_digest() -> None:
    renamed = {("30-alerts.md" if path == "20-alerts.md" else path): data for path, data in FILES.items()}
    assert course_digest(renamed) != course_digest(FILES)
