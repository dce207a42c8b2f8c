"""Reading the date of a report, for page, export and command alike. Pure."""

from __future__ import annotations

import datetime as dt

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2199, 12, 31)  # spans are added to the date


class BadDate(ValueError):
    """A text that is no date of a report; the message says what was expected."""


def read_date(text: str, today: dt.date) -> dt.date:
    """The date that a text names, today for an empty one. Raises BadDate."""
    if not text:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadDate(f"{text[:40]!r} is not a date; one such as 2026-11-23 was expected.") from None
    if not FIRST <= day <= LAST:
        raise BadDate(f"{text} is too far away; a date between {FIRST} and {LAST} was expected.")
    return day
