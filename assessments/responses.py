"""A table of responses: one row a taker, one column an item, 1 for right, 0 for wrong, empty for not reached.

Columns are kept as bits of whole numbers, so that counting over many takers is one operation.
"""

import csv
import io
from dataclasses import dataclass

from assessments.model import Fault

# A first column of one of these names says who the taker is and is left out.
TAKER_COLUMNS = ("", "taker", "taker_id", "id")


@dataclass(frozen=True)
class Column:
    """The responses to one item: bit n of `reached` and `right` belongs to taker n."""

    id: str
    reached: int
    right: int


@dataclass(frozen=True)
class Responses:
    """The whole table."""

    takers: int
    columns: tuple[Column, ...]


def read_responses(text: str, path: str) -> tuple[Responses, list[Fault]]:
    """Read a CSV table with a header of item ids; every bad cell is a fault, whose column counts cells."""
    faults: list[Fault] = []
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] | None = None
    skip = 0
    reached: list[int] = []
    right: list[int] = []
    takers = 0
    try:
        for row in rows:
            if header is None:
                header = [cell.strip() for cell in row]
                skip = int(bool(header) and header[0].lower() in TAKER_COLUMNS)
                faults += _header_faults(header, skip, path)
                reached, right = [0] * len(header), [0] * len(header)
                continue
            if not row:
                continue
            line = rows.line_num
            if len(row) != len(header):
                message = f"this row has {len(row)} cells; expected {len(header)}, one for each column of the header"
                faults.append(Fault(path, line, 1, "error", message))
                continue
            for at, cell in enumerate(row[skip:], skip):
                value = cell.strip()
                if value not in ("", "0", "1"):
                    message = f"{value!r} is no response; expected 1 for right, 0 for wrong, or nothing for not reached"
                    faults.append(Fault(path, line, at + 1, "error", message))
                    continue
                reached[at] |= bool(value) << takers
                right[at] |= (value == "1") << takers
            takers += 1
    except csv.Error as error:
        faults.append(Fault(path, rows.line_num, 1, "error", f"this is not CSV: {error}"))
    if header is None:
        faults.append(Fault(path, 1, 1, "error", "the file is empty; expected a header of item ids"))
    columns = [Column(name, reached[at], right[at]) for at, name in enumerate(header or []) if at >= skip]
    return Responses(takers, tuple(columns)), faults


def _header_faults(header: list[str], skip: int, path: str) -> list[Fault]:
    faults = []
    if len(header) <= skip:
        faults.append(Fault(path, 1, 1, "error", "the header names no item; expected one column an item"))
    for at, name in enumerate(header[skip:], skip):
        if not name:
            faults.append(Fault(path, 1, at + 1, "error", "this column has no name; expected an item id"))
        elif name in header[skip:at]:
            faults.append(Fault(path, 1, at + 1, "error", f"the item {name!r} has two columns; expected one"))
    return faults
