"""Reading the date of a report, for page, export and command alike. Pure."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

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
        raise BadDate(_("%(what)r is not a date; one such as 2026-11-23 was expected.", what=text[:40])) from None
    if not FIRST <= day <= LAST:
        raise BadDate(
            _(
                "%(text)s is too far away; a date between %(first)s and %(last)s was expected.",
                text=text,
                first=FIRST,
                last=LAST,
            )
        )
    return day
