"""A CSV file is read as spreadsheets write it, and what cannot be read is said with its line."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.rostering.sheet import read_sheet

COLUMNS = ("code", "name")


def rows(data: bytes | str) -> list[dict[str, str]]:
    sheet = read_sheet(data.encode() if isinstance(data, str) else data, "f.csv", COLUMNS, ("extra",))
    assert not sheet.broken, [str(fault) for fault in sheet.faults]
    return [row.cells for row in sheet.rows]


def told(data: bytes | str) -> list[str]:
    sheet = read_sheet(data.encode() if isinstance(data, str) else data, "f.csv", COLUMNS, ("extra",))
    return [str(fault) for fault in sheet.faults]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_end_and_a_byte_order_mark_are_read(app, end, mark):
    assert rows(mark + end.join(["code,name", "A,Älpha", "B,Beta", ""])) == [
        {"code": "A", "name": "Älpha"},
        {"code": "B", "name": "Beta"},
    ]


def test_quotes_hold_commas_and_space_around_values_and_names_is_dropped(app):
    assert rows(' Code , NAME\n A ,"Ward ""A"", left"\n') == [{"code": "A", "name": 'Ward "A", left'}]


def test_empty_lines_and_empty_columns_at_the_end_are_passed_over(app):
    assert rows("code,name\n\nA,Alpha,,\n,\n") == [{"code": "A", "name": "Alpha"}]


def test_lines_are_counted_as_an_editor_counts_them(app):
    sheet = read_sheet(b'code,name\n\n"A","one"\n"B","two"\n', "f.csv", COLUMNS)
    assert [row.line for row in sheet.rows] == [3, 4]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "f.csv:1: error: The file is empty: expected the header code,name."),
        ("code,name\n", "f.csv:2: error: There is no line below the header"),
        ("code;name\nA;B\n", "f.csv:1: error: The values are parted by semicolons: expected commas."),
        ("code\tname\nA\tB\n", "f.csv:1: error: The values are parted by tabs: expected commas."),
        ("name\nA\n", "f.csv:1: error: The column code is missing: expected code,name."),
        ("code,name,code\nA,B,C\n", "f.csv:1: error: The column code stands twice"),
        ("code,name\nA\n", "f.csv:2: error: 1 values, but the header has 2 columns"),
        ("code,name\nA,B,C\n", "f.csv:2: error: 3 values, but the header has 2 columns"),
        ('code,name\nA,"B\n', "f.csv:2: error: The line cannot be read"),
        ('code,name\nA,"two\nlines"\n', "f.csv:2: error: name holds a line break"),
        ("code,name\nA,x\0y\n", "f.csv:2: error: A zero byte"),
        ("code,name\nA,B\n".encode("utf-16"), "f.csv:1: error: This is UTF-16: expected CSV in UTF-8."),
        (b"PK\x03\x04rest", "f.csv:1: error: This is XLSX: expected CSV in UTF-8."),
        (b"code,name\nA,ok\nB,M\xfcller\n", "f.csv:3: error: The byte 0xFC after “B,M” is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_was_expected(app, data, words):
    assert any(each.startswith(words) for each in told(data)), told(data)


def test_every_line_that_is_not_utf_8_is_named(app):
    assert [each.split(":")[1] for each in told(b"code,name\n\xe9,a\nb,b\nc,\xe8\n")] == ["2", "4"]


def test_an_unknown_column_is_told_and_the_rest_is_read(app):
    sheet = read_sheet(b"code,name,colour\nA,B,red\n", "f.csv", COLUMNS)
    assert [str(fault) for fault in sheet.faults] == [
        "f.csv:1: warning: The column colour is not known and was not read."
    ]
    assert sheet.rows[0]["code"] == "A"
    assert not sheet.broken


plain = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\u2028\u2029"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(plain, plain), min_size=1, max_size=6))
def test_whatever_a_spreadsheet_writes_is_read_back(app, cells):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(cells)
    sheet = read_sheet(out.getvalue().encode(), "f.csv", COLUMNS)
    found = [(row["code"], row["name"]) for row in sheet.rows]
    wanted = [tuple(unicodedata.normalize("NFC", cell.strip()) for cell in pair) for pair in cells]
    assert found == [pair for pair in wanted if any(pair)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_bring_the_reader_down(app, data):
    sheet = read_sheet(b"code,name\n" + data, "f.csv", COLUMNS)
    assert sheet.broken or sheet.rows
