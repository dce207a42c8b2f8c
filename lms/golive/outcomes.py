"""Reading the small CSV of what happened after go-live, and holding it beside the forecasts. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.golive.queries import SnapshotFacts

COLUMNS = ("unit", "tickets_per_100", "note")
MOST = Decimal(100000)
LONGEST_NOTE = 500


@dataclass(frozen=True)
class OutcomeRow:
    """One line: a unit of the plan, calls for help per 100 staff, and a note."""

    unit: str
    tickets: Decimal
    note: str


def read_outcomes(text: str, units: Collection[str]) -> tuple[list[OutcomeRow], list[str]]:
    """The lines of the CSV `unit,tickets_per_100,note`, and every fault with its line."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff").strip().replace("\x00", "")), strict=True)
    rows: list[OutcomeRow] = []
    faults: list[str] = []
    try:
        header = [each.strip().lower() for each in next(reader, [])]
        if header[:2] != list(COLUMNS[:2]) or header[2:] not in ([], ["note"]):
            return [], [f"Line 1: the columns {', '.join(COLUMNS)} were expected, the last may be left out."]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _read(reader.line_num, [*map(str.strip, cells), "", ""], units, rows, faults)
    except csv.Error as fault:
        faults.append(f"Line {reader.line_num}: this is not CSV ({fault}).")
    if not rows and not faults:
        faults.append("No unit was given; at least one line below the columns was expected.")
    return rows, faults


def _read(line: int, cells: Sequence[str], units: Collection[str], rows: list[OutcomeRow], faults: list[str]) -> None:
    unit, number, note = cells[:3]
    if unit not in units:
        faults.append(f"Line {line}: {unit[:40]!r} is not a unit of this plan; one of {', '.join(units)} was expected.")
        return
    if unit in {row.unit for row in rows}:
        faults.append(f"Line {line}: {unit} stands there twice.")
        return
    try:
        tickets = Decimal(number.replace(",", "."))
    except InvalidOperation:
        tickets = Decimal(-1)
    if not (tickets.is_finite() and 0 <= tickets <= MOST):
        faults.append(
            f"Line {line}: {number[:20]!r} is no number of calls per 100 staff; one such as 14.5 was expected."
        )
        return
    if len(note) > LONGEST_NOTE:
        faults.append(f"Line {line}: the note has {len(note)} characters; at most {LONGEST_NOTE} were expected.")
        return
    rows.append(OutcomeRow(unit, tickets, note))


@dataclass(frozen=True)
class Foretold:
    """What a snapshot said of a group: ready then, and the forecast for the day; None where hidden or unsaid."""

    label: str
    days: int  # before the go-live
    ready: int | None
    of: int | None
    forecast: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Compared:
    """A unit (or all, with an empty code) on its day beside what was foretold, the earliest first."""

    code: str
    name: str
    ready: int | None
    of: int | None
    foretold: tuple[Foretold, ...]

    @property
    def hit(self) -> int:
        """How many forecasts held the figure of the day in their range."""
        return sum(each.low <= self.ready <= (each.high or 0) for each in self.foretold if self._judged(each))  # type: ignore[operator]

    @property
    def judged(self) -> int:
        """How many forecasts can be held against the figure of the day."""
        return sum(self._judged(each) for each in self.foretold)

    def _judged(self, each: Foretold) -> bool:
        return self.ready is not None and each.low is not None and each.days > 0


def compare(taken: Sequence[SnapshotFacts], codes: Collection[str] | None) -> tuple[Compared, ...]:
    """The snapshots of the last go-live day side by side, by unit; `codes` the units that may be seen, None for all.

    Only with all units is there a line for the whole. Without a snapshot of the day itself its figures are None.
    """
    if not taken:
        return ()
    mine = [each for each in taken if each.go_live == taken[-1].go_live]
    last = mine[-1]
    day = last if last.label == "T-0" else None
    rows = []
    if codes is None:
        total = day.report["total"] if day else None
        foretold = [_foretold(each, each.report["total"]) for each in mine if each is not day]
        rows.append(_compared("", "All units, each person once", total, foretold))
    for unit in last.report["units"]:
        if codes is not None and unit["code"] not in codes:
            continue
        foretold = [
            _foretold(each, row) for each in mine if each is not day for row in each.report["units"]
            if row["code"] == unit["code"]
        ]  # fmt: skip
        rows.append(_compared(unit["code"], unit["name"], unit if day else None, foretold))
    return tuple(rows)


def _compared(code: str, name: str, day: Mapping[str, Any] | None, foretold: Sequence[Foretold]) -> Compared:
    return Compared(code, name, day["ready"] if day else None, day["of"] if day else None, tuple(foretold))


def _foretold(taken: SnapshotFacts, group: Mapping[str, Any]) -> Foretold:
    ahead = group["forecast"] or {}
    days = (taken.go_live - taken.as_of).days
    return Foretold(
        taken.label, days, group["ready"], group["of"], ahead.get("ready"), ahead.get("low"), ahead.get("high")
    )
