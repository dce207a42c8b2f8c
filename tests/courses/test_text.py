"""Bytes that are not quite text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from courses.text import LARGEST_TEXT, LONGEST_BLOCK, read_text


def test_a_byte_order_mark_and_other_line_ends_are_read_silently() -> None:
    assert read_text("\ufeffa\r\nb\rc".encode(), "f") == ("a\nb\nc", [])


def test_bytes_that_are_not_utf8_are_an_error_at_their_place() -> None:
    text, faults = read_text("Grüße\nund ".encode() + b"Gr\xfc\xdfe", "f")
    assert text is None
    assert [(fault.line, fault.column, fault.severity) for fault in faults] == [(2, 7, "error")]
    assert "save it again as UTF-8" in faults[0].message


def test_utf16_is_recognised() -> None:
    assert "looks like UTF-16" in read_text("abc".encode("utf-16"), "f")[1][0].message


def test_control_characters_are_errors_with_their_place() -> None:
    for sign in "\x00\x02\x03\x0b\x1b\u2028":
        text, faults = read_text(f"a\nb{sign}c".encode(), "f")
        assert text is None
        assert [(fault.line, fault.column) for fault in faults] == [(2, 2)]
    assert read_text(b"a\tb\n", "f") == ("a\tb\n", [])


def test_signs_that_turn_text_around_are_a_warning() -> None:
    text, faults = read_text("a\u202eb".encode(), "f")
    assert text == "a\u202eb"
    assert [fault.severity for fault in faults] == ["warning"]


def test_a_huge_file_or_passage_is_refused_before_anything_works_on_it() -> None:
    assert read_text(b"a" * (LARGEST_TEXT + 1), "f")[0] is None
    for passage in ("a" * (LONGEST_BLOCK + 1), "[" * 3_000, "a" + " " * 1_000):
        text, faults = read_text(f"short\n\n{passage}".encode(), "f")
        assert text is None
        assert faults[0].line == 3
    assert read_text(("- [ ] A task of a list\n" * 500).encode(), "f")[1] == []
    assert read_text(("a" * LONGEST_BLOCK + "\n\n" + "b" * LONGEST_BLOCK).encode(), "f")[1] == []


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_an_error(data: bytes) -> None:
    text, faults = read_text(data, "f")
    assert (text is None) == any(fault.severity == "error" for fault in faults)
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)
