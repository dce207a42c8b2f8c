"""Every export of a report, made from its one value: JSON, CSV, XLSX and a tagged PDF."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lms.reports.paper import report_pdf
from lms.reports.value import Report, Table
from lms.web.texts import said
from lms.web.texts import text as _

HIDDEN = _("too few")
NAMES = ("name", "title", "largest_gaps")  # columns of text, which need room
# What filters are called, which in JSON and in the digest keep their names.
FILTERS = {
    "unit": _("Unit"), "profession": _("Profession"), "competencies": _("Competencies"), "rows": _("Rows"),
    "people": _("People"), "compared with": _("Compared with"), "not counted anew yet": _("Not counted anew yet"),
    "measure": _("Measure"), "course": _("Course"), "units": _("Units"), "beside": _("Beside"), "lag": _("Lag"),
}  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Format:
    """How a format is written, and what its file is called."""

    name: str
    media_type: str
    write: Callable[[Report], bytes]


def shown(value: Any) -> Any:
    """A cell as people read it: hidden figures say so."""
    return HIDDEN if value is None else value


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is marked as text."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return "'" + value
    return value


def write_json(report: Report) -> bytes:
    """The same document that the API answers."""
    return json.dumps(report.payload(), ensure_ascii=False, indent=2, default=str).encode() + b"\n"


def write_csv(report: Report) -> bytes:
    """The first table, one line a row, with date and digest on every line; for programs, so in the source language."""
    table = report.tables[0]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(key for key, _ in table.columns), "as_of", "digest"])
    for row in table.rows:
        writer.writerow([*(harmless(shown(cell)) for cell in row), report.as_of.isoformat(), report.digest])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(report: Report) -> bytes:
    """A workbook: one sheet a table, and a first sheet that says what the figures mean."""
    import xlsxwriter  # heavy; only an export needs it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    set_properties(book, report.title, report.finding, report.digest, report.as_of)
    head = [(_("Report"), report.title), (_("Finding"), report.finding), (_("As of"), report.as_of.isoformat())]
    add_about(book, "About", [*head, *filter_lines(report), (_("Digest"), report.digest), *report.definitions])
    add_tables(book, report.tables)
    book.close()
    return out.getvalue()


def filter_lines(report: Report) -> list[tuple[str, str]]:
    """The filters of a report as lines of a sheet about it."""
    return [(FILTERS.get(name, name.capitalize()), value) for name, value in report.filters]


def set_properties(book: Any, title: str, subject: str, comments: str, as_of: dt.date) -> None:
    """What a workbook says of itself, dated with the date of its figures so that the same again is alike."""
    made = dt.datetime.combine(as_of, dt.time(), dt.UTC)
    book.set_properties({"title": said(title), "subject": said(subject), "comments": comments, "created": made})


def add_about(book: Any, name: str, lines: Sequence[tuple[str, str]]) -> None:
    """A sheet of terms and texts, in the language of the one who asks."""
    strong = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (term, text) in enumerate(lines):
        sheet.write_string(row, 0, said(term), strong)
        sheet.write_string(row, 1, said(text), wrap)


def add_tables(book: Any, tables: Sequence[Table], prefix: str = "") -> None:
    """A sheet for each table; `prefix` tells those of several reports apart."""
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for table in tables:
        _sheet(book, table, f"{prefix} {table.key}".strip()[:31], bold)


def _sheet(book: Any, table: Table, name: str, bold: Any) -> None:
    sheet = book.add_worksheet(name)
    for column, (key, title) in enumerate(table.columns):
        sheet.set_column(column, column, 40 if key in NAMES else 12)
        sheet.write_string(0, column, said(title), bold)
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(map(shown, row)):
            # Texts are written as texts whatever they begin with, so that none becomes a formula or a link.
            if isinstance(value, str):
                sheet.write_string(number, column, said(value))
            else:
                sheet.write(number, column, value)
    sheet.freeze_panes(1, 2)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


FORMATS = {
    "json": Format("json", "application/json", write_json),
    "csv": Format("csv", "text/csv; charset=utf-8", write_csv),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "pdf": Format("pdf", "application/pdf", report_pdf),
}
