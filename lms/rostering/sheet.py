"""Reading a CSV file of a hospital: bytes become rows with line numbers, and faults that a person can mend.

UTF-8 with or without a byte order mark, commas, a header row; any line ends. Knows no database and
no column's meaning.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lms.rostering.faults import FileFault
from lms.rostering.words import _

LONGEST = 20_000_000  # bytes; a roster of 100,000 people has about 15 million
SHOWN = 20  # faults of one kind, such as unreadable bytes, before the rest is counted
_OTHER_ENCODINGS = (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"PK\x03\x04", "XLSX"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
)


@dataclass(frozen=True)
class Row:
    """One line of a sheet; `line` is where it begins in the file."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Sheet:
    """The rows of a file, the columns it has, and everything that was wrong with its form."""

    file: str
    rows: list[Row] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    faults: list[FileFault] = field(default_factory=list)

    def fault(self, line: int, message: str, *, warning: bool = False) -> None:
        """Add a fault or a piece of advice."""
        self.faults.append(FileFault(self.file, line, message, warning))

    @property
    def broken(self) -> bool:
        """Whether an error stands against the file."""
        return any(not fault.warning for fault in self.faults)


def read_sheet(data: bytes, file: str, required: Sequence[str], optional: Sequence[str] = ()) -> Sheet:
    """Read a sheet; `required` and `optional` are its columns. A sheet with faults holds what could be read."""
    sheet = Sheet(file)
    text = _decode(sheet, data)
    if text is None:
        return sheet
    records = _records(sheet, text)
    header = next(records, None)
    if header is None:
        sheet.fault(1, _("The file is empty: expected the header %(columns)s.", columns=",".join(required)))
        return sheet
    columns = _columns(sheet, header[1], required, optional)
    if not columns:
        return sheet
    sheet.columns = frozenset(columns)
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns) and not any(cell.strip() for cell in cells[len(columns) :]):
            cells = cells[: len(columns)]
        if len(cells) != len(columns):
            expected = _("%(found)s values, but the header has %(expected)s columns: expected one value a column, "
                         "and quotes around a value that holds a comma.",
                         found=len(cells), expected=len(columns))  # fmt: skip
            sheet.fault(line, expected)
            continue
        sheet.rows.append(Row(line, _clean(sheet, line, columns, cells)))
    if not sheet.rows and not sheet.faults:
        sheet.fault(2, _("There is no line below the header: expected one line an entry."))
    return sheet


def _decode(sheet: Sheet, data: bytes) -> str | None:
    if len(data) > LONGEST:
        sheet.fault(1, _("The file has %(size)s bytes: at most %(most)s were expected.", size=len(data), most=LONGEST))
        return None
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            wanted = _("This is %(name)s: expected CSV in UTF-8. In a spreadsheet choose “CSV UTF-8”.", name=name)
            sheet.fault(1, wanted)
            return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _tell_bytes(sheet, data)
        return None
    if "\0" in text:
        sheet.fault(text[: text.index("\0")].count("\n") + 1, _("A zero byte: expected text in UTF-8."))
        return None
    return text


def _tell_bytes(sheet: Sheet, data: bytes) -> None:
    """Name every line that is not UTF-8, so that all of them can be mended at once."""
    told = 0
    for line, piece in enumerate(data.split(b"\n"), start=1):
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError as fault:
            told += 1
            if told <= SHOWN:
                before = piece[: fault.start].decode("utf-8", "replace")[-20:]
                byte = f"0x{piece[fault.start]:02X}"
                message = _(
                    "The byte %(byte)s after “%(before)s” is not UTF-8: expected a file saved as UTF-8. "
                    "In a spreadsheet choose “CSV UTF-8”.",
                    byte=byte,
                    before=before,
                )
                sheet.fault(line, message)
    if told > SHOWN:
        sheet.fault(1, _("%(count)s more lines are not UTF-8.", count=told - SHOWN))


def _records(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    """The records with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            sheet.fault(line, _("The line cannot be read (%(why)s): expected quotes that open and close around a "
                                "value, and two quotes for one inside it.", why=str(fault)))  # fmt: skip
            return
        if cells:
            yield line, cells


def _columns(sheet: Sheet, cells: list[str], required: Sequence[str], optional: Sequence[str]) -> list[str]:
    """The names of the header, or nothing where the file cannot be read by them."""
    names = [cell.strip().lower() for cell in cells]
    if len(names) == 1:
        for mark, word in ((";", _("semicolons")), ("\t", _("tabs")), ("|", _("bars"))):
            if mark in names[0]:
                sheet.fault(1, _("The values are parted by %(word)s: expected commas. In a spreadsheet choose "
                                 "“CSV UTF-8 (comma delimited)”.", word=word))  # fmt: skip
                return []
    missing = [name for name in required if name not in names]
    for name in missing:
        expected = ",".join(required)
        sheet.fault(1, _("The column %(name)s is missing: expected %(expected)s.", name=name, expected=expected))
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        sheet.fault(1, _("The column %(name)s stands twice: expected it once.", name=name))
    for place, name in enumerate(names, start=1):
        if name not in (*required, *optional):
            shown = name or _("number %(place)s without a name", place=place)
            sheet.fault(1, _("The column %(name)s is not known and was not read.", name=shown), warning=True)
    return [] if sheet.broken else names


def _clean(sheet: Sheet, line: int, columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    found = {}
    for name, cell in zip(columns, cells, strict=True):
        value = unicodedata.normalize("NFC", cell.strip())
        if any(unicodedata.category(sign) == "Cc" for sign in value):
            message = _("%(name)s holds a line break or another control character: expected plain text.", name=name)
            sheet.fault(line, message)
        found[name] = value
    return found
