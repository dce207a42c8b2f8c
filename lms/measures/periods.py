"""Months and weeks as they are written, `2026-03` and `2026-W14`, and as days. Pure."""

from __future__ import annotations

import datetime as dt
import re

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)


def read_period(text: str) -> tuple[dt.date, str]:
    """First day and span, `month` or `week`, of a written period. Raises ValueError that says what was expected."""
    expected = "expected a month such as 2026-03 or an ISO week such as 2026-W14"
    try:
        if found := _MONTH.fullmatch(text):
            return dt.date(int(found[1]), int(found[2]), 1), "month"
        if found := _WEEK.fullmatch(text.upper()):
            return dt.date.fromisocalendar(int(found[1]), int(found[2]), 1), "week"
    except ValueError:
        raise ValueError(f"“{text}” is not in the calendar: {expected}") from None
    raise ValueError(f"“{text}” is no period: {expected}")


def write_period(first: dt.date, span: str) -> str:
    """The period as it is written in files."""
    if span == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{first:%Y-%m}"


def show_period(first: dt.date, span: str) -> str:
    """The period as people read it: Mar 2026, or week 14 of 2026."""
    if span == "week":
        year, week, _ = first.isocalendar()
        return f"{year} week {week}"
    return f"{first:%b %Y}"


def last_day(first: dt.date, span: str) -> dt.date:
    """The last day of a period."""
    if span == "week":
        return first + dt.timedelta(days=6)
    return later(first, 1) - dt.timedelta(days=1)


def later(first: dt.date, months: int) -> dt.date:
    """The first day of the month that is some months later (or, below 0, earlier)."""
    number = first.year * 12 + first.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)
