"""Reading a file of measures: lines become values, and every fault is told with its line and column.

Judges the file by itself; what is stored already is compared in `services`. The format is in docs/measures.md.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lms.measures.facts import DIRECTIONS
from lms.measures.periods import read_period
from lms.measures.spc import KINDS
from lms.rostering.sheet import Row, Sheet, read_sheet
from lms.rostering.words import _

REQUIRED = ("code", "title", "unit", "period", "direction", "kind")
OPTIONAL = ("numerator", "denominator", "value", "per", "of", "owner", "source", "definition")
LENGTHS = {"code": 40, "title": 200, "of": 80, "owner": 200, "source": 300, "definition": 4000}
MOST = Decimal(10) ** 12
PLACES = 6
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]*", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Definition:
    """What a file says of a measure, from the first line that names it."""

    code: str
    title: str
    kind: str
    direction: str
    span: str
    per: int
    of: str
    owner: str
    source: str
    definition: str


@dataclass(frozen=True)
class Line:
    """A value as its line states it."""

    line: int
    code: str
    unit: str
    period: dt.date
    numerator: Decimal
    denominator: Decimal | None


@dataclass
class Listing:
    """The file as read, faults and all."""

    sheet: Sheet
    definitions: dict[str, Definition]
    lines: list[Line]


def fault(sheet: Sheet, row: Row, column: str, message: str) -> None:
    """Add a fault of a cell: the column by number and name, and what was expected."""
    place = list(row.cells).index(column) + 1 if column in row.cells else 0
    where = _("Column %(place)s, %(name)s:", place=place, name=column) if place else f"{column}:"
    sheet.fault(row.line, f"{where} {message}")


def read_listing(data: bytes, file: str, *, today: dt.date) -> Listing:
    """Read the bytes of a CSV file. The listing holds what could be read and every fault of the file itself."""
    sheet = read_sheet(data, file, REQUIRED, OPTIONAL)
    listing = Listing(sheet, {}, [])
    seen: dict[tuple[str, str, dt.date], int] = {}
    for row in sheet.rows:
        before = len(sheet.faults)
        definition = _definition(sheet, row)
        period = _period(sheet, row, today)
        numbers = _numbers(sheet, row)
        if not row["unit"]:
            fault(sheet, row, "unit", _("expected the code of a unit of the hospital."))
        if len(sheet.faults) > before or definition is None or period is None or numbers is None:
            continue
        _same(sheet, row, definition, period[1], listing.definitions)
        key = (row["code"], row["unit"], period[0])
        if key in seen:
            message = _("this measure, unit and period stand on line %(line)s already: expected them once.",
                        line=seen[key])  # fmt: skip
            fault(sheet, row, "period", message)
            continue
        seen[key] = row.line
        listing.lines.append(Line(row.line, row["code"], row["unit"], period[0], *numbers))
    return listing


def _definition(sheet: Sheet, row: Row) -> Definition | None:
    before = len(sheet.faults)
    if not _CODE.fullmatch(row["code"]):
        fault(sheet, row, "code", _("“%(value)s” is no code: expected A–Z, 0–9 and hyphens.", value=row["code"][:60]))
    if not row["title"]:
        fault(sheet, row, "title", _("expected the name of the measure."))
    for name, most in LENGTHS.items():
        if len(row[name]) > most:
            fault(sheet, row, name, _("expected at most %(most)s characters.", most=most))
    kind, direction = row["kind"].lower(), row["direction"].lower()
    kind = "xmr" if kind in ("i", "i-mr", "imr", "x") else kind
    for name, value, allowed in (("kind", kind, KINDS), ("direction", direction, DIRECTIONS)):
        if value not in allowed:
            one_of = ", ".join(allowed)
            message = _("“%(value)s” is not known: expected one of %(allowed)s.", value=row[name][:40], allowed=one_of)
            fault(sheet, row, name, message)
    per = 100 if kind == "p" else 1
    if row["per"]:
        if row["per"].isascii() and row["per"].isdigit() and 0 < int(row["per"][:10]) <= 10**9:
            per = int(row["per"])
        else:
            fault(sheet, row, "per", _("expected a whole number above 0, such as 100 or 100000."))
    if len(sheet.faults) > before:
        return None
    words = {name: row[name] for name in ("of", "owner", "source", "definition")}
    return Definition(row["code"], row["title"], kind, direction, "", per, **words)


def _period(sheet: Sheet, row: Row, today: dt.date) -> tuple[dt.date, str] | None:
    try:
        first, span = read_period(row["period"])
    except ValueError as refused:
        fault(sheet, row, "period", f"{refused}.")
        return None
    if first > today:
        fault(sheet, row, "period", _("%(value)s has not begun: expected a past period.", value=row["period"]))
        return None
    return first, span


def _same(sheet: Sheet, row: Row, found: Definition, span: str, known: dict[str, Definition]) -> None:
    """All lines of a measure define it alike; the first one counts."""
    mine = Definition(**{**found.__dict__, "span": span})
    first = known.setdefault(found.code, mine)
    for name in ("title", "kind", "direction", "span", "per", "of", "owner", "source", "definition"):
        if getattr(first, name) != getattr(mine, name):
            column = "period" if name == "span" else name
            message = _("another value than on the first line of %(code)s, “%(value)s”: expected the same.",
                        code=found.code, value=str(getattr(first, name))[:80])  # fmt: skip
            fault(sheet, row, column, message)


def _numbers(sheet: Sheet, row: Row) -> tuple[Decimal, Decimal | None] | None:
    """Numerator and denominator, or a single value; which of them the kind of chart needs."""
    kind = row["kind"].lower()
    before = len(sheet.faults)
    value, top, foot = (_number(sheet, row, name) for name in ("value", "numerator", "denominator"))
    if len(sheet.faults) > before:
        return None
    if value is not None and (top is not None or foot is not None):
        fault(sheet, row, "value", _("expected either a value or numerator and denominator, not both."))
    elif kind in ("p", "u") and (top is None or foot is None):
        name = "numerator" if top is None else "denominator"
        fault(sheet, row, name, _("expected a number: a %(kind)s chart needs numerator and denominator.", kind=kind))
    elif kind == "c" and foot is not None:
        fault(sheet, row, "denominator", _("expected none: a c chart counts events on an equal opportunity."))
    elif top is None and value is None:
        fault(sheet, row, "value", _("expected a number."))
    if len(sheet.faults) > before:
        return None
    _ranges(sheet, row, kind, top, foot, value)
    numerator = value if value is not None else top
    return None if len(sheet.faults) > before or numerator is None else (numerator, foot)


def _ranges(
    sheet: Sheet, row: Row, kind: str, top: Decimal | None, foot: Decimal | None, value: Decimal | None
) -> None:
    named: Mapping[str, Decimal | None] = {"numerator": top, "denominator": foot, "value": value}
    if kind in ("p", "u", "c"):
        for name, number in named.items():
            if number is not None and number < 0:
                fault(sheet, row, name, _("a count is never below 0."))
            elif number is not None and name != "denominator" and number != number.to_integral_value():
                fault(sheet, row, name, _("expected a whole number: this chart counts."))
    if kind == "xmr" and foot is not None and foot <= 0:
        fault(sheet, row, "denominator", _("expected a number above 0."))
    if kind == "p" and top is not None and foot is not None and top > foot:
        message = _("%(top)s is more than the denominator %(foot)s: expected a part of it.", top=top, foot=foot)
        fault(sheet, row, "numerator", message)


def _number(sheet: Sheet, row: Row, name: str) -> Decimal | None:
    text = row[name]
    if not text:
        return None
    try:
        if not _NUMBER.fullmatch(text):
            raise InvalidOperation
        number = Decimal(text)
    except InvalidOperation:
        message = _("“%(value)s” is no number: expected digits with a decimal point, such as 12.5.", value=text[:40])
        fault(sheet, row, name, message)
        return None
    if abs(number) >= MOST or number != round(number, PLACES):
        fault(sheet, row, name, _("expected a number below 10^12 with at most six decimals."))
        return None
    return number
