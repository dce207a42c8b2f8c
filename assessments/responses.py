"""A table of responses: one row a taker, one column an item, 1 for right, 0 for wrong, empty for not reached.

Columns are kept as bits of whole numbers, so that counting over many takers is one operation.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.model import Fault

# A first column of one of these names says who the taker is and is left out.
TAKER_COLUMNS = ("", "taker", "taker_id", "id")
_VALUES = frozenset(("", "0", "1"))


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


def collect(takers: Sequence[Mapping[str, bool]], items: Sequence[str] | None = None) -> Responses:
    """Return a table from one mapping a taker of item id to right or wrong; what is not in it was not reached.

    `items` gives the columns and their order, by default the order in which items are first met. Raises ValueError
    on an item that is not among them.
    """
    names = list(dict.fromkeys(name for one in takers for name in one)) if items is None else list(items)
    known = set(names)
    for one in takers:
        if not known.issuperset(one):
            raise ValueError(f"expected items among {sorted(known)}, not {sorted(set(one) - known)}")
    columns = (_column(name, [_cell(one.get(name)) for one in takers]) for name in names)
    return Responses(len(takers), tuple(columns))


def _cell(right: bool | None) -> str:
    return "" if right is None else "1" if right else "0"


def read_responses(text: str, path: str) -> tuple[Responses, list[Fault]]:
    """Read a CSV table with a header of item ids; every bad cell is a fault, whose column counts cells."""
    faults: list[Fault] = []
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] | None = None
    skip = 0
    answers: list[list[str]] = []
    try:
        for row in rows:
            if header is None:
                header = [cell.strip() for cell in row]
                skip = int(bool(header) and header[0].lower() in TAKER_COLUMNS)
                faults += _header_faults(header, skip, path)
                continue
            if not row:
                continue
            line = rows.line_num
            if len(row) != len(header):
                message = f"this row has {len(row)} cells; expected {len(header)}, one for each column of the header"
                faults.append(Fault(path, line, 1, "error", message))
                continue
            cells = row[skip:]
            if not _VALUES.issuperset(cells):
                cells = [cell.strip() for cell in cells]
                for at, value in enumerate(cells, skip):
                    if value not in _VALUES:
                        message = f"{value!r} is no response; expected 1 for right, 0 for wrong, or nothing"
                        faults.append(Fault(path, line, at + 1, "error", f"{message} for not reached"))
            answers.append(cells)
    except csv.Error as error:
        faults.append(Fault(path, rows.line_num, 1, "error", f"this is not CSV: {error}"))
    if header is None:
        faults.append(Fault(path, 1, 1, "error", "the file is empty; expected a header of item ids"))
    names = (header or [])[skip:]
    if faults:
        return Responses(len(answers), tuple(Column(name, 0, 0) for name in names)), faults
    by_item = zip(*answers, strict=True) if answers else ((),) * len(names)
    columns = tuple(_column(name, cells) for name, cells in zip(names, by_item, strict=True))
    return Responses(len(answers), columns), faults


def _column(name: str, cells: Sequence[str]) -> Column:
    """Pack the cells of an item into bits, the last taker's first, as digits are written."""
    reached = "".join(["1" if cell else "0" for cell in reversed(cells)])
    right = "".join([cell if cell == "1" else "0" for cell in reversed(cells)])
    return Column(name, int(reached or "0", 2), int(right or "0", 2))


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
