"""Days and moments of reports: from when until when something counts, in the hospital's zone."""

from __future__ import annotations

import datetime as dt

from lms.web.clock import local


def moment(day: dt.date) -> dt.datetime:
    """The moment at which a day begins in the hospital's zone, in UTC."""
    guess = dt.datetime.combine(day, dt.time(), dt.UTC)
    zone = local(guess).tzinfo
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day is over."""
    return moment(day + dt.timedelta(days=1))
